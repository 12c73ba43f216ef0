"""What an import read, changed and refused."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

# A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Writer(Protocol):
    """Something with ``write``, such as an open text file."""

    def write(self, text: str, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was left out, or (``is_note``) one that was kept without one of its values."""

    file: str
    line: int
    reason: str
    is_note: bool = False

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


@dataclass(slots=True)
class Count:
    """Of one table: rows read, and what became of them.

    ``new``, ``changed`` and ``unchanged`` count records (an organisation named in ten rows is one
    record); ``bad`` counts rows left out, ``notes`` values left out.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    notes: int = 0


@dataclass(slots=True)
class Report:
    """Counts by table, the first problems, and the way to all of them.

    Memory stays constant however many rows are bad: ``log`` takes them as they come.
    """

    TABLES = ("organisations", "projects", "participations", "concepts of projects")
    SHOWN = 20

    log: Writer | None = None
    counts: dict[str, Count] = field(
        default_factory=lambda: {table: Count() for table in Report.TABLES}
    )
    linked: int = 0
    first: list[Problem] = field(default_factory=list)
    first_notes: list[Problem] = field(default_factory=list)
    by_file: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        if self.log is not None:
            csv.writer(self.log).writerow(["file", "line", "left out", "reason"])

    @property
    def bad(self) -> int:
        return sum(count.bad for count in self.counts.values())

    @property
    def notes(self) -> int:
        return sum(count.notes for count in self.counts.values())

    def refuse(self, table: str, file: str, line: int, reason: str) -> None:
        """Record a row that is left out."""
        self.counts[table].bad += 1
        self._keep(self.first, Problem(file, line, reason))

    def note(self, table: str, file: str, line: int, reason: str) -> None:
        """Record a value that is left out of a row that is kept."""
        self.counts[table].notes += 1
        self._keep(self.first_notes, Problem(file, line, reason, is_note=True))

    def _keep(self, first: list[Problem], problem: Problem) -> None:
        if len(first) < self.SHOWN:
            first.append(problem)
        if self.log is not None:
            csv.writer(self.log).writerow(
                [
                    plain_cell(problem.file),
                    problem.line,
                    "value" if problem.is_note else "row",
                    plain_cell(problem.reason),
                ]
            )


def plain_cell(text: str) -> str:
    """Return the text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
