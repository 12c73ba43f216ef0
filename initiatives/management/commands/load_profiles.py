"""``manage.py load_profiles``: real clusters, and illustrative organisations and projects."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from initiatives.illustrative import load_profiles
from organisations.profiles import DATA
from regions.reference import DataFileError
from regions.reference.upsert import Change


class Command(BaseCommand):
    help = "Load or update the clusters and illustrative profiles that come with Regions Meet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=DATA, help="data files to load instead of those here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["verbosity"] == 0
        try:
            loaded = load_profiles(
                folder=options["folder"],
                progress=lambda steps: tqdm(
                    list(steps), desc="Profiles", unit="table", file=sys.stderr, disable=quiet
                ),
            )
        except DataFileError as error:
            raise CommandError(str(error)) from error
        if not quiet:
            total = sum(loaded.values(), Change())
            self.stdout.write(f"Profiles: {total.added} rows added, {total.changed} changed.")
