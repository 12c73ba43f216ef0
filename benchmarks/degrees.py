"""The degree distribution of Horizon 2020, measured once and committed as a small table.

    python -m benchmarks.degrees

writes ``benchmarks/data/h2020_degrees.csv`` anew from the participations that come with Regions
Meet. The table counts nobody by name: how many projects had so many participants, how many
participants took part in so many projects, how many projects started in which year (0: unknown).
"""

import csv
import lzma
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from matching.engine.types import Int64s

HERE: Final = Path(__file__).resolve().parent
TABLE: Final = HERE / "data" / "h2020_degrees.csv"
PARTICIPATIONS: Final = (
    HERE.parent / "initiatives" / "data" / "cordis" / "h2020_participations_before_2018.csv.xz"
)

CONSORTIUM_SIZE: Final = "consortium_size"
PARTICIPATION_COUNT: Final = "participation_count"
START_YEAR: Final = "start_year"

Counts = dict[str, Counter[int]]


@dataclass(frozen=True, slots=True)
class Distribution:
    """Whole numbers and how often each occurred."""

    value: Int64s
    count: Int64s

    @classmethod
    def of(cls, counter: Counter[int]) -> Self:
        items = np.array(sorted(counter.items()), dtype=np.int64)
        return cls(items[:, 0].copy(), items[:, 1].copy())

    @property
    def mean(self) -> float:
        return float((self.value * self.count).sum() / self.count.sum())

    def draw(self, rng: np.random.Generator, size: int) -> Int64s:
        """Resample: each number as often, on average, as it occurred."""
        edges: NDArray[np.float64] = np.cumsum(self.count) / self.count.sum()
        at = np.searchsorted(edges[:-1], rng.random(size), side="right")
        return self.value[at]


def measure(file: Path = PARTICIPATIONS) -> Counts:
    """Count the three distributions in a file of participations (columns rcn, pic, start_date)."""
    members: dict[str, set[str]] = {}
    year: dict[str, int] = {}
    with lzma.open(file, "rt", encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            members.setdefault(row["rcn"], set()).add(row["pic"])
            year[row["rcn"]] = max(year.get(row["rcn"], 0), int(row["start_date"][:4] or 0))
    taking_part = Counter(pic for pics in members.values() for pic in pics)
    return {
        CONSORTIUM_SIZE: Counter(len(pics) for pics in members.values()),
        PARTICIPATION_COUNT: Counter(taking_part.values()),
        START_YEAR: Counter(year.values()),
    }


def read(file: Path = TABLE) -> Counts:
    """The committed table."""
    found: Counts = {}
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            found.setdefault(row["distribution"], Counter())[int(row["value"])] = int(row["count"])
    return found


def main() -> None:
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["distribution", "value", "count"])
        for name, counter in measure().items():
            writer.writerows([name, value, count] for value, count in sorted(counter.items()))


if __name__ == "__main__":
    main()
