"""``manage.py load_profiles``"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisations.profiles import DATA, load_profiles
from regions.reference import DataFileError


class Command(BaseCommand):
    help = "Load or update the real clusters and the illustrative profiles of the demonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=DATA, help="data files to load instead of those here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            change = load_profiles(folder=options["folder"])
        except DataFileError as error:
            raise CommandError(str(error), returncode=2) from error
        if options["verbosity"]:
            self.stdout.write(f"Profiles: {change.added} rows added, {change.changed} changed.")
