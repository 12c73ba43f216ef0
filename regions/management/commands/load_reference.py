"""``manage.py load_reference``: countries, NUTS, regions, vocabularies and facts about regions."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from regions.reference import DataFileError, load_reference
from regions.reference.files import DATA
from regions.reference.upsert import Change


class Command(BaseCommand):
    help = "Load or update the reference data that comes with Regions Meet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=DATA, help="data files to load instead of those here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["verbosity"] == 0
        try:
            loaded = load_reference(
                folder=options["folder"],
                progress=lambda steps: tqdm(
                    list(steps), desc="Reference data", unit="table", file=sys.stderr, disable=quiet
                ),
            )
        except DataFileError as error:
            raise CommandError(str(error)) from error
        if not quiet:
            total = sum(loaded.values(), Change())
            self.stdout.write(f"Reference data: {total.added} rows added, {total.changed} changed.")
