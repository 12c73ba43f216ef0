"""Reviewed data files of this room: initiatives, examples, and what words in texts mean."""

import csv
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """Rows of one of the CSV files here, by column."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
