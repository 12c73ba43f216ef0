"""Reads the raw tables and writes the committed ones, the same bytes for the same content."""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file, gzipped or not, with surrounding blanks removed."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    for row in csv.DictReader(io.StringIO(text, newline="")):
        yield {key: " ".join(value.split()) for key, value in row.items()}


def features(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield properties and geometry of every feature of a gzipped GeoJSON file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for feature in json.load(file)["features"]:
            yield feature["properties"], feature["geometry"]


def write(path: Path, header: str, lines: Iterable[Sequence[object]]) -> None:
    """Write a CSV file; gzipped, without a time stamp, when its name ends in ``.gz``.

    The header is given as words, one for each column.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split())
    writer.writerows(lines)
    content = text.getvalue().encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, 9, mtime=0) if path.suffix == ".gz" else content)
