"""Imports a folder: which format it has, and the order in which its tables are brought in."""

from collections.abc import Callable, Sequence
from pathlib import Path

from django.db import connection, transaction
from tqdm import tqdm

from initiatives.cordis import downloads, organisations, participations, projects, tables
from initiatives.cordis.errors import FolderError, RowError
from initiatives.cordis.reading import BadRecord, Record, Table
from initiatives.cordis.reference import Reference
from initiatives.cordis.report import Report
from initiatives.cordis.staging import staged
from regions import bulk

FORMATS = {"H2020 tables": tables, "CORDIS downloads": downloads}


def recognise(folder: Path) -> str:
    """Return the format of the folder's files; FolderError naming what was looked for."""
    if not folder.is_dir():
        raise FolderError(f"{folder} is not a folder.")
    found, sought = [], []
    for name, kind in FORMATS.items():
        try:
            kind.check(folder)
            found.append(name)
        except FolderError as error:
            sought.append(f"{error} ({name})")
    if not found:
        raise FolderError(
            f"{folder} holds {' and '.join(sought)}; each may end in .csv, .csv.gz or .csv.xz."
        )
    if len(found) > 1:
        raise FolderError(f"{folder} holds both {' and '.join(found)}: import one at a time.")
    return found[0]


def import_folder(folder: Path, report: Report, *, progress: bool | None = False) -> str:
    """Bring organisations, projects and participations in; return the format that was found.

    All or nothing, in one transaction (the caller's, where there is one); bad rows do not count
    as failures, they are left out and stand in the report. ``progress``: show bars, None where
    the standard error is a terminal.
    """
    name = recognise(folder)
    kind = FORMATS[name]
    with transaction.atomic(), staged() as stage:
        reference = Reference()
        kind.read(folder, reference, stage, report, _reading(report, progress))
        stage.finish()
        is_bulk = _is_bulk()
        bulk.pause(is_bulk)
        recurs = kind is downloads
        if recurs:
            _count_organisations(report)
        organisations.merge(report, recurs=recurs)
        projects.merge(report, key=kind.KEY, sources=list(reference.sources.values()))
        projects.merge_concepts(report, recurs=recurs)
        participations.merge(report)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE matched_project")
        bulk.pause(False)
    if is_bulk:
        bulk.written.send(sender=None)
    return name


def _is_bulk() -> bool:
    """Whether so much comes in that what is derived from it is quicker made anew than followed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) > greatest(2000, ("
            "SELECT count(*) / 4 FROM organisations_organisation)) FROM staged_organisation"
        )
        row = cursor.fetchone()
    return row is not None and bool(row[0])


def refresh_statistics() -> None:
    """Let PostgreSQL count the tables anew, so that it plans well before autovacuum comes by."""
    with connection.cursor() as cursor:
        for table in (
            "organisations_organisation",
            "organisations_statement",
            "initiatives_initiative",
            "initiatives_participation",
            "initiatives_initiativeconcept",
            "initiatives_statementevidence",
        ):
            cursor.execute(f"ANALYZE {table}")


def _count_organisations(report: Report) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM staged_organisation")
        report.counts[organisations.TABLE].read = cursor.fetchone()[0]


def _reading(
    report: Report, progress: bool | None
) -> Callable[[Path, str, Sequence[str], str, Callable[[str, Record], None]], None]:
    def read(
        path: Path,
        table: str,
        columns: Sequence[str],
        delimiter: str,
        take: Callable[[str, Record], None],
    ) -> None:
        count = report.counts[table]
        with (
            Table(path, delimiter=delimiter, columns=columns) as records,
            tqdm(
                total=records.size,
                desc=path.name,
                unit="B",
                unit_scale=True,
                disable=None if progress is None else not progress,
            ) as bar,
        ):
            for number, record in enumerate(records):
                count.read += 1
                if isinstance(record, BadRecord):
                    report.refuse(table, path.name, record.line, record.reason)
                else:
                    try:
                        take(path.name, record)
                    except RowError as error:
                        report.refuse(table, path.name, record.line, str(error))
                if number % 1_000 == 0:
                    bar.update(records.position - bar.n)
            bar.update(records.size - bar.n)

    return read
