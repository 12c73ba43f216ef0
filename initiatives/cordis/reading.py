"""Records of CSV files, each with the line on which it begins."""

import csv
import gzip
import io
import lzma
import zlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

from initiatives.cordis.errors import FolderError, RowError
from initiatives.cordis.xz import CHUNK, XzStream

SUFFIXES = (".csv", ".csv.gz", ".csv.xz")
# The longest objective in CORDIS has far fewer lines; a stray quotation mark reads on without end.
MOST_LINES = 400
# Bytes of one line, and about as many characters of lines joined by a quotation mark.
LONGEST_LINE = 4_000_000
UNREADABLE = (OSError, EOFError, lzma.LZMAError, zlib.error)
# A line, or the reason why it cannot be used.
Line = str | RowError
_NOT_UTF8 = {*(chr(code) for code in range(0xDC80, 0xDD00))}


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line where it begins, and its values by column."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that could not be read, with the line where it begins."""

    line: int
    reason: str


class Table:
    """A CSV file, plain or compressed with gzip or xz, read as a stream.

    Iteration gives a ``Record`` or ``BadRecord`` for each record. A quotation mark that is never
    closed costs its own line alone: when the lines joined by it do not make a record of the
    right number of columns, the first is reported and reading goes on with the second.
    """

    def __init__(self, path: Path, *, delimiter: str, columns: Sequence[str]) -> None:
        """Open ``path`` and check that its header has at least ``columns``.

        Raises FolderError if it has not, or if the file cannot be read.
        """
        self.path = path
        self.size = path.stat().st_size
        self._delimiter = delimiter
        self._raw = path.open("rb")
        self._lines = self._open()
        self._ahead: deque[Line] = deque()
        self._line = 0
        self._is_over = False
        try:
            self.header = self._header(columns)
        except FolderError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._lines.close()
        self._raw.close()

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def position(self) -> int:
        """Bytes of the file read so far, as stored."""
        return self._raw.tell()

    def __iter__(self) -> Iterator[Record | BadRecord]:
        while (line := self._next_line()) is not None:
            if isinstance(line, RowError):
                yield BadRecord(self._line, str(line))
            elif line.strip():
                yield self._record(line)

    def _open(self) -> IO[bytes]:
        if self.path.suffix == ".gz":
            return cast(IO[bytes], gzip.open(self._raw, "rb"))
        if self.path.suffix == ".xz":
            return cast(IO[bytes], io.BufferedReader(XzStream(self._raw), CHUNK))
        return self._raw

    def _header(self, columns: Sequence[str]) -> list[str]:
        line = self._next_line()
        try:
            if isinstance(line, RowError):
                raise line
            header = self._parse(line.removeprefix("\ufeff")) if line else []
        except RowError as error:
            raise FolderError(f"{self.name} cannot be read: {error}") from error
        if missing := [column for column in columns if column not in header]:
            raise FolderError(f"{self.name} lacks the columns {', '.join(missing)}.")
        return header

    def _next_line(self) -> Line | None:
        line = self._ahead.popleft() if self._ahead else self._read_line()
        if line is not None:
            self._line += 1
        return line

    def _read_line(self) -> Line | None:
        if self._is_over:
            return None
        try:
            part = raw = self._lines.readline(LONGEST_LINE + 1)
            if len(raw) <= LONGEST_LINE:
                return raw.decode("utf-8", errors="surrogateescape") if raw else None
            while part and not part.endswith(b"\n"):
                part = self._lines.readline(LONGEST_LINE)
        except UNREADABLE as error:
            self._is_over = True
            return RowError(f"the file ends here: {error}")
        return RowError(f"the line is longer than {LONGEST_LINE:,} bytes")

    def _record(self, first: str) -> Record | BadRecord:
        start = self._line
        lines = [first]
        is_open = first.count('"') % 2 == 1 and not self._is_whole(first)
        length = len(first)
        while is_open and len(lines) < MOST_LINES and length < LONGEST_LINE:
            line = self._next_line()
            if line is None:
                break
            if isinstance(line, RowError):
                self._ahead.appendleft(line)
                self._line -= 1
                break
            lines.append(line)
            length += len(line)
            is_open = is_open != (line.count('"') % 2 == 1)
        try:
            if not is_open:
                # strict: a mark that closes within a field shows that two rows were joined
                return self._checked(start, "".join(lines), strict=len(lines) > 1)
            failure = RowError("a quotation mark is not closed")
        except RowError as error:
            failure = error
        if len(lines) > 1:
            self._ahead.extendleft(reversed(lines[1:]))
            self._line = start
            failure = RowError(f"a quotation mark is not closed, or {failure}")
        return BadRecord(start, str(failure))

    def _is_whole(self, line: str) -> bool:
        """Whether a line with an odd number of quotation marks is a record by itself (12" pipe)."""
        try:
            return len(self._parse(line, strict=True)) == len(self.header)
        except RowError:
            return False

    def _checked(self, start: int, text: str, *, strict: bool) -> Record:
        values = self._parse(text, strict=strict)
        if len(values) != len(self.header):
            raise RowError(f"it has {len(values)} columns, the header {len(self.header)}")
        if "\0" in text:
            raise RowError("it holds a NUL character")
        if not text.isascii() and not _NOT_UTF8.isdisjoint(text):
            raise RowError("it is not valid UTF-8")
        return Record(start, dict(zip(self.header, values, strict=True)))

    def _parse(self, text: str, *, strict: bool = False) -> list[str]:
        try:
            return next(csv.reader([text], delimiter=self._delimiter, strict=strict))
        except csv.Error as error:
            raise RowError(str(error)) from error


def find(folder: Path, stem: str) -> Path | None:
    """Return the file of this name in the folder, plain or compressed; None if there is none."""
    for suffix in SUFFIXES:
        path = folder / f"{stem}{suffix}"
        if path.is_file():
            return path
    return None
