"""Build the match index from the database."""

import time
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from matching import index
from matching.engine import Profile


class Command(BaseCommand):
    help = "Build the match index from the database and make it the one in use."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()

        def progress(profiles: Iterable[Profile], total: int) -> Iterable[Profile]:
            return tqdm(profiles, total=total, desc="Reading profiles", unit=" profiles")

        built = index.build(progress=progress if options["verbosity"] else None)
        if options["verbosity"]:
            seconds = time.monotonic() - began
            self.stdout.write(
                f"Match index of {len(built):,} organisations built in {seconds:.1f} s."
            )
