"""``manage.py load_initiatives``"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from initiatives import derivation
from initiatives.data import FOLDER
from initiatives.loading import load_initiatives
from regions.reference import DataFileError


class Command(BaseCommand):
    help = (
        "Load or update the initiatives, events and illustrative projects of the demonstration, "
        "and derive what the projects demonstrate. Run load_profiles first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=FOLDER, help="data files to load instead of those here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            change = load_initiatives(folder=options["folder"])
        except DataFileError as error:
            raise CommandError(str(error), returncode=2) from error
        derived = derivation.derive()
        if options["verbosity"]:
            self.stdout.write(
                f"Initiatives: {change.added} rows added, {change.changed} changed; "
                f"{derived.new} demonstrated statements are new."
            )
