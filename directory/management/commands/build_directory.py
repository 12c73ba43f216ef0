"""``manage.py build_directory``"""

import sys
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from directory import filling


class Command(BaseCommand):
    help = "Fills the search anew. Triggers keep it true; this is for after a bulk load."

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["verbosity"] == 0
        began = monotonic()
        entries = filling.fill(
            progress=lambda chunks, title: tqdm(
                chunks, desc=title, unit="chunk", file=sys.stderr, disable=quiet
            )
        )
        if not quiet:
            self.stdout.write(f"Directory of {entries:,} entries in {monotonic() - began:.1f} s.")
