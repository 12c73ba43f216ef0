"""``manage.py make_synthetic --organisations N``"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from initiatives import synthetic


class Command(BaseCommand):
    help = (
        "Fills the database with invented organisations and projects, all marked as illustrative, "
        "to try the product with many profiles. --remove takes them away again. Build the match "
        "index afterwards: manage.py build_index"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--organisations", type=int, metavar="N", help="how many to add")
        what.add_argument(
            "--remove", action="store_true", help="take everything synthetic away, nothing else"
        )
        parser.add_argument("--seed", type=int, default=2026, help="same seed, same profiles")
        parser.add_argument(
            "--yes", action="store_true", help="also where real people speak for organisations"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and do nothing"
        )

    def handle(
        self,
        *,
        organisations: int | None,
        remove: bool,
        seed: int,
        yes: bool,
        dry_run: bool,
        **options: Any,
    ) -> None:
        quiet = options["verbosity"] == 0
        began = monotonic()
        try:
            wanted = synthetic.plan(
                organisations=organisations if organisations is not None else 1,
                among_members=yes or remove,
            )
        except synthetic.RealMembersError as error:
            raise CommandError(f"{error}. Add --yes if you mean it.") from error
        except synthetic.SyntheticError as error:
            raise CommandError(str(error)) from error
        if dry_run:
            self.stdout.write(
                f"Would remove {wanted.present:,} synthetic organisations and their projects."
                if remove
                else f"Would add {wanted.organisations:,} invented organisations in "
                f"{wanted.places:,} places, with statements of {wanted.concepts:,} concepts, and "
                f"{wanted.projects:,} projects; {wanted.present:,} synthetic ones are here."
            )
            return
        if remove:
            done = synthetic.remove()
        else:
            done = synthetic.fill(
                wanted=wanted,
                seed=seed,
                progress=lambda steps, title: _bar(steps, title, quiet=quiet),
            )
        if not quiet:
            self.stdout.write(
                f"{'Removed' if remove else 'Added'} {done.organisations:,} organisations, "
                f"{done.statements:,} statements, {done.projects:,} projects and "
                f"{done.participations:,} participations in {monotonic() - began:.0f} s. "
                "Now run: manage.py build_index"
            )


def _bar(steps: Iterable[int], title: str, *, quiet: bool) -> Iterable[int]:
    return tqdm(list(steps), desc=title, unit="piece", file=sys.stderr, disable=quiet)
