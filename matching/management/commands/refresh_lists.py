"""Make the lists of suggestions for digests anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from matching import digests
from matching.index import IndexNotBuilt


class Command(BaseCommand):
    help = (
        "Make the lists of suggestions for digests anew: of organisations that have people here, "
        "or of all."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="of all organisations")

    def handle(self, *args: Any, **options: Any) -> None:
        now, everyone = timezone.now(), options["all"]
        with tqdm(
            total=digests.count(since=now, everyone=everyone),
            desc="Suggestions",
            unit=" organisations",
            disable=not options["verbosity"],
        ) as bar:
            try:
                made = digests.refresh(since=now, everyone=everyone, progress=bar.update)
            except IndexNotBuilt as error:
                raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(f"{made:,} lists made.")
