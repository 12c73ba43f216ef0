"""Reads the data files row by row, and remembers where each row stands for its error message."""

import csv
import gzip
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from regions.reference.errors import DataFileError

DATA = Path(__file__).resolve().parent.parent / "data"
LANGUAGES = ("en", "fr", "pl", "de", "es", "it")
YES_NO = {"yes": True, "no": False, "": False}

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One row of a data file. Every reader raises DataFileError for a bad value."""

    file: str
    line: int
    values: Mapping[str, str]

    def error(self, reason: str) -> DataFileError:
        return DataFileError(self.file, self.line, reason)

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def required(self, column: str) -> str:
        value = self.values[column]
        if not value:
            raise self.error(f"{column} is missing")
        return value

    def choice(self, column: str, allowed: Sequence[str]) -> str:
        value = self.values[column]
        if value not in allowed:
            raise self.error(f"{column} is {value!r}, not one of {', '.join(allowed)}")
        return value

    def found(self, column: str, known: Mapping[str, T]) -> T:
        """Return what the column's value names."""
        value = self.required(column)
        try:
            return known[value]
        except KeyError:
            raise self.error(f"{column} {value!r} is unknown") from None

    def integer(self, column: str) -> int:
        try:
            return int(self.required(column))
        except ValueError:
            raise self.error(f"{column} {self[column]!r} is no whole number") from None

    def optional_integer(self, column: str) -> int | None:
        return self.integer(column) if self[column] else None

    def year(self, column: str = "year") -> int | None:
        value = self.optional_integer(column)
        if value is not None and not 1900 <= value <= 2100:
            raise self.error(f"{column} {value} is not from 1900 to 2100")
        return value

    def decimal(self, column: str) -> Decimal:
        try:
            value = Decimal(self.required(column))
        except InvalidOperation:
            raise self.error(f"{column} {self[column]!r} is no number") from None
        if not value.is_finite():
            raise self.error(f"{column} {self[column]!r} is no number")
        return value.quantize(Decimal("0.01"))

    def number(self, column: str) -> float:
        try:
            value = float(self.required(column))
        except ValueError:
            raise self.error(f"{column} {self[column]!r} is no number") from None
        if not math.isfinite(value):
            raise self.error(f"{column} {self[column]!r} is no number")
        return value

    def optional_number(self, column: str) -> float | None:
        return self.number(column) if self[column] else None

    def yes(self, column: str) -> bool:
        value = self[column]
        if value not in YES_NO:
            raise self.error(f"{column} is {value!r}, not yes or no")
        return YES_NO[value]

    def labels(self) -> dict[str, str]:
        """Return the labels by language; English at least."""
        self.required("en")
        return {
            language: self.values[language] for language in LANGUAGES if self.values.get(language)
        }


def rows(path: Path, columns: str) -> Iterator[Row]:
    """Yield the rows of a CSV file (gzipped if its name says so), which has these columns."""
    name = path.name
    # A boundary may be longer than the 131,072 characters that the csv module allows.
    csv.field_size_limit(10_000_000)
    expected = columns.split()
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise DataFileError(name, 1, f"{path} does not exist") from error
    try:
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataFileError(name, line, "it is not UTF-8") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        if list(reader.fieldnames or []) != expected:
            raise DataFileError(name, 1, f"the columns are not {', '.join(expected)}")
        for values in reader:
            if None in values or None in values.values():
                raise DataFileError(name, reader.line_num, f"there are not {len(expected)} values")
            yield Row(name, reader.line_num, values)
    except csv.Error as error:
        raise DataFileError(name, reader.line_num, str(error)) from error
