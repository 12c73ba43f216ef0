"""Brute force, as an engine: how long it takes to look at everyone."""

from pathlib import Path

from benchmarks.matching.engines.base import LIMIT, Data, Engine
from benchmarks.matching.judge import Judge, Ranked


class BruteForce(Engine):
    """Every pair by itself, compiled with numba; it needs no index but the facts."""

    name = "brute-force"

    def build(self, data: Data, folder: Path) -> None:
        """The facts are its files."""

    def open(self, data: Data, folder: Path) -> None:
        self.judge = Judge(data.facts())

    def top(self, organisation: int) -> Ranked:
        return self.judge.top(organisation, LIMIT)
