"""What every engine of the benchmark does: build to files, open them, answer."""

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from benchmarks.matching.facts import Facts
from benchmarks.matching.judge import Ranked
from benchmarks.populations import World

LIMIT = 20
CANDIDATES = 1_000
"""How many an engine that is not exact fetches by its own score, to be ranked again exactly."""


@dataclass(frozen=True)
class Data:
    """One population on disk: the raw columns and the quantised facts, memory-mapped."""

    world_folder: Path
    facts_folder: Path

    def world(self) -> World:
        return World.load(self.world_folder)

    def facts(self) -> Facts:
        return Facts.load(self.facts_folder)


class Engine(ABC):
    """One way to answer "the best 20 for this organisation", single-threaded.

    `build` turns arrays into files of a folder; `open` makes a new process ready to answer from
    them; `top` answers; `close` ends what `open` began. `most` is the size up to which this engine
    stays within reason, `why` what is unreasonable beyond.
    """

    name: ClassVar[str]
    most: ClassVar[int] = 10_000_000
    why: ClassVar[str] = ""
    module: ClassVar[str] = ""
    """A package that must be installed."""

    @abstractmethod
    def build(self, data: Data, folder: Path) -> None: ...

    @abstractmethod
    def open(self, data: Data, folder: Path) -> None: ...

    @abstractmethod
    def top(self, organisation: int) -> Ranked: ...

    def close(self) -> None:
        """Nothing to end, unless an engine says so."""

    def prepare(self, folder: Path) -> None:
        """Whatever must run before anything is measured: a server, say."""

    def processes(self) -> list[int]:
        """Processes of its own whose memory counts."""
        return []

    def index_bytes(self, folder: Path) -> int:
        """Size of its files."""
        return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())

    def timed(self, organisation: int) -> tuple[Ranked, float]:
        """An answer and its milliseconds."""
        began = time.perf_counter()
        found = self.top(organisation)
        return found, (time.perf_counter() - began) * 1000
