"""Delete accounts that were never verified."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import services


class Command(BaseCommand):
    help = (
        f"Delete accounts whose e-mail address was not confirmed within "
        f"{services.UNVERIFIED_FOR.days} days. A background job does this every night."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count them")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self.stdout.write(f"{services.unverified().count()} accounts would be deleted.")
        else:
            self.stdout.write(f"{services.delete_unverified()} accounts deleted.")
