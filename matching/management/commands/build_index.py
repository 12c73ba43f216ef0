"""Build the match index from the database."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching import index, upkeep


class Command(BaseCommand):
    help = (
        "Build the match index from the database and make it the one in use. The one before "
        "stays in use until then."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        if options["verbosity"]:
            self.stdout.write("Reading organisations, statements and projects …")
        try:
            built = upkeep.rebuild(wait=True)
            assert built is not None
        except index.IndexNotWritten as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            seconds = time.monotonic() - began
            self.stdout.write(
                f"Match index of {len(built):,} organisations built in {seconds:.1f} s."
            )
