"""``manage.py import_cordis FOLDER``"""

from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from time import monotonic
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from initiatives import derivation
from initiatives.cordis.errors import FolderError
from initiatives.cordis.folder import import_folder, recognise, refresh_statistics
from initiatives.cordis.report import Problem, Report


class Command(BaseCommand):
    help = (
        "Imports organisations, projects and participations from the H2020 tables or from "
        "CORDIS's own downloads, and derives what the projects demonstrate. Bad rows are listed "
        "and left out; running it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder that holds the CSV files")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and change nothing"
        )
        parser.add_argument(
            "--bad-rows", type=Path, metavar="FILE", help="write every bad row and note as CSV"
        )
        parser.add_argument("--no-progress", action="store_true", help="show no progress bars")

    def handle(
        self,
        *,
        folder: Path,
        dry_run: bool,
        bad_rows: Path | None,
        no_progress: bool,
        **options: Any,
    ) -> None:
        started = monotonic()
        progress = False if no_progress or not options["verbosity"] else None
        try:
            recognise(folder)
            with opened(bad_rows, folder) if bad_rows else nullcontext() as log:
                report = Report(log=log)
                with transaction.atomic():
                    name = import_folder(folder, report, progress=progress)
                    derived = derivation.derive()
                    if dry_run:
                        transaction.set_rollback(True)
        except FolderError as error:
            raise CommandError(str(error), returncode=2) from error
        if not dry_run:
            refresh_statistics()
        if options["verbosity"]:
            self._print(report, name, derived, dry_run=dry_run, seconds=monotonic() - started)

    def _print(
        self,
        report: Report,
        name: str,
        derived: derivation.Derived,
        *,
        dry_run: bool,
        seconds: float,
    ) -> None:
        write = self.stdout.write
        columns = ("read", "new", "changed", "unchanged", "bad", "notes")
        write(f"{name}{' (dry run: nothing was kept)' if dry_run else ''}")
        write(f"{'':22}" + "".join(f"{column:>12}" for column in columns))
        for table, count in report.counts.items():
            numbers = "".join(f"{getattr(count, column):>12,}" for column in columns)
            write(f"{table:22}{numbers}")
        if report.linked:
            write(f"{report.linked:,} earlier participations linked to their organisations.")
        write(
            f"Demonstrated statements: {derived.statements:,} "
            f"({derived.new:,} new, {derived.changed:,} changed, {derived.gone:,} gone), "
            f"shown by {derived.evidence:,} pieces of evidence."
        )
        self._list("Rows left out", report.first, report.bad)
        self._list("Values left out, their rows kept", report.first_notes, report.notes)
        write(f"{seconds:.1f} s")

    def _list(self, title: str, problems: list[Problem], total: int) -> None:
        if not total:
            return
        self.stdout.write(f"{title}: {total:,}")
        for problem in problems:
            self.stdout.write(f"  {problem}")
        if total > len(problems):
            self.stdout.write(
                f"  … {total - len(problems):,} more: --bad-rows FILE writes them all"
            )


def opened(bad_rows: Path, folder: Path) -> IO[str]:
    """Open the list of bad rows for writing; CommandError where that would harm the input."""
    try:
        inside = bad_rows.resolve().is_relative_to(folder.resolve())
        if inside or is_one_of(bad_rows, folder):
            raise CommandError(
                f"{bad_rows} cannot be written: it is in {folder}, which is only read.",
                returncode=2,
            )
        return bad_rows.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(f"{bad_rows} cannot be written: {error}", returncode=2) from error


def is_one_of(file: Path, folder: Path) -> bool:
    """Whether the file is also reached, by a link, from inside the folder."""
    return file.exists() and any(file.samefile(path) for path in folder.iterdir() if path.exists())
