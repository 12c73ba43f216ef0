"""Reads organisations, participations, programme parts and texts from CSV files.

Files end in ``.csv`` or ``.csv.gz`` and are UTF-8; ``NA`` and an empty field are *missing*. A row
that cannot be used is left out and listed with its file and line; a file that cannot be read, or
lacks a column, raises `FileProblem`.
"""

import csv
import gzip
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Final, cast

import numpy as np
from numpy.typing import NDArray

from matching.evaluation.columns import Int64s

MISSING: Final = frozenset({"", "NA"})
MAX_PIC: Final = 10**15
LISTED_PROBLEMS: Final = 20
GZIP_MAGIC: Final = b"\x1f\x8b"


class FileProblem(ValueError):
    """A file that is not there, is not readable, or lacks a column; the message names it."""


@dataclass
class Problems:
    """Rows left out: all are counted, the first are kept as "file:line: reason"."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, path: Path, line: int, reason: str) -> None:
        """Note one row."""
        self.count += 1
        if len(self.first) < LISTED_PROBLEMS:
            self.first.append(f"{path.name}:{line}: {reason}")


@dataclass(frozen=True, slots=True)
class Organisations:
    """The organisations file as columns of one length, by ascending PIC; '' is unknown."""

    pic: Int64s
    name: NDArray[np.str_]
    kind: NDArray[np.str_]
    country: NDArray[np.str_]
    nuts2: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.pic)


@dataclass(frozen=True, slots=True)
class Rows:
    """Participations as columns of one length, in the order of the file.

    `project` numbers the projects of the file from 0, `codes[project]` is what the file calls them;
    `pic` is who took part, `country` where from ('' unknown), `start` the ordinal of the start.
    """

    project: Int64s
    pic: Int64s
    start: Int64s
    country: NDArray[np.str_]
    codes: tuple[str, ...]

    def where(self, kept: NDArray[np.bool_]) -> "Rows":
        """Some of the rows, under the same numbers of projects."""
        return Rows(
            self.project[kept], self.pic[kept], self.start[kept], self.country[kept], self.codes
        )


def read_organisations(path: Path, problems: Problems) -> Organisations:
    """Columns ``pic, name, activityType, country, nuts2``; of a repeated PIC the first row
    counts."""
    found: dict[int, tuple[str, str, str, str]] = {}
    for line, (pic, *rest) in _rows(
        path, ("pic", "name", "activityType", "country", "nuts2"), problems
    ):
        number = _pic(pic)
        if number is None:
            problems.add(path, line, f"{pic!r} is no PIC")
        elif number in found:
            problems.add(path, line, f"PIC {number} is there twice")
        else:
            name, kind, country, nuts2 = rest
            found[number] = (name, kind, country, nuts2)
    pics = sorted(found)
    columns = list(zip(*(found[pic] for pic in pics), strict=True)) or [()] * 4
    texts = [np.array(column, dtype=np.str_) for column in columns]
    return Organisations(np.array(pics, dtype=np.int64), *texts)


def read_participations(path: Path, problems: Problems) -> Rows:
    """Columns ``rcn, pic, country, start_date``; a row without one of project, PIC or start has no
    place in time and is left out."""
    codes: dict[str, int] = {}
    table: list[tuple[int, int, int]] = []
    countries: list[str] = []
    for line, (rcn, pic, country, start) in _rows(
        path, ("rcn", "pic", "country", "start_date"), problems
    ):
        number, day = _pic(pic), _day(start)
        if not rcn:
            problems.add(path, line, "no project")
        elif number is None:
            problems.add(path, line, f"{pic!r} is no PIC")
        elif day is None:
            problems.add(path, line, f"{start!r} is no date (year-month-day)")
        else:
            table.append((codes.setdefault(rcn, len(codes)), number, day))
            countries.append(country)
    columns = np.array(table, dtype=np.int64).reshape(-1, 3)
    return Rows(
        columns[:, 0].copy(),
        columns[:, 1].copy(),
        columns[:, 2].copy(),
        np.array(countries, dtype=np.str_),
        tuple(codes),
    )


def read_parts(path: Path, problems: Problems) -> dict[str, frozenset[str]]:
    """Columns ``rcn, programme_part``: the programme parts of each project."""
    parts: dict[str, set[str]] = {}
    for line, (rcn, part) in _rows(path, ("rcn", "programme_part"), problems):
        if not rcn or not part:
            problems.add(path, line, "no project" if not rcn else "no programme part")
        else:
            parts.setdefault(rcn, set()).add(part)
    return {rcn: frozenset(found) for rcn, found in parts.items()}


def read_texts(path: Path, problems: Problems) -> dict[str, str]:
    """Columns ``rcn, title, objective``: what each project says of itself."""
    texts: dict[str, str] = {}
    for line, (rcn, title, objective) in _rows(path, ("rcn", "title", "objective"), problems):
        if not rcn:
            problems.add(path, line, "no project")
        else:
            texts[rcn] = f"{title} {objective}".strip()
    return texts


def checksum(path: Path) -> str:
    """SHA-256 of the uncompressed content, in hexadecimal; raises `FileProblem`."""
    digest = hashlib.sha256()
    try:
        with _opened(path) as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except (OSError, EOFError) as error:
        raise FileProblem(f"{path} cannot be read: {error}") from error
    return digest.hexdigest()


def _opened(path: Path) -> IO[bytes]:
    """The bytes of a file, unpacked where it begins as gzip does, whatever it is called."""
    with path.open("rb") as file:
        packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    return cast(IO[bytes], gzip.open(path)) if packed else path.open("rb")


def _rows(
    path: Path, columns: tuple[str, ...], problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    """The line on which each row ends, and its fields of these columns, '' where missing."""
    try:
        with io.TextIOWrapper(_opened(path), encoding="utf-8-sig", newline="") as text:
            yield from _parsed(path, text, columns, problems)
    except (OSError, EOFError) as error:
        raise FileProblem(f"{path} cannot be read: {error}") from error
    except UnicodeDecodeError as error:
        raise FileProblem(f"{path} is not UTF-8: {error}") from error
    except csv.Error as error:
        raise FileProblem(f"{path} is not CSV: {error}") from error


def _parsed(
    path: Path, text: IO[str], columns: tuple[str, ...], problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text)
    header = next(reader, [])
    absent = [column for column in columns if column not in header]
    if absent:
        raise FileProblem(f"{path} lacks the column {', '.join(absent)}")
    places = [header.index(column) for column in columns]
    for row in reader:
        if not row:
            continue
        if len(row) != len(header):
            problems.add(path, reader.line_num, f"{len(row)} fields instead of {len(header)}")
            continue
        fields = [row[place].strip() for place in places]
        yield reader.line_num, ["" if value in MISSING else value for value in fields]


def _pic(text: str) -> int | None:
    """The number of an organisation, positive; None if it is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        return None
    number = int(text)
    return number if 0 < number < MAX_PIC else None


def _day(text: str) -> int | None:
    """The ordinal of an ISO date, with or without a time of day behind it."""
    try:
        return date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return None
