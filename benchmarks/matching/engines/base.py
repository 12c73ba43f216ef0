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

    def world(self, *, mapped: bool = True) -> World:
        return World.load(self.world_folder, mapped=mapped)

    def facts(self) -> Facts:
        return Facts.load(self.facts_folder)


@dataclass(frozen=True)
class Narrowed:
    """A filter: home countries, kinds, and organisations to leave out."""

    countries: tuple[str, ...]
    kinds: tuple[int, ...]
    exclude: tuple[int, ...]


class Engine(ABC):
    """One way to answer "the best 20 for this organisation", single-threaded.

    `build` turns arrays into files of a folder; `open` makes a new process ready to answer from
    them; `top` answers; `close` ends what `open` began. `most` is the size up to which this engine
    stays within reason, `why` what is unreasonable beyond.
    """

    name: ClassVar[str]
    most: ClassVar[int] = 10_000_000
    why: ClassVar[str] = ""

    @abstractmethod
    def build(self, data: Data, folder: Path) -> None: ...

    @abstractmethod
    def open(self, data: Data, folder: Path) -> None: ...

    @abstractmethod
    def top(self, organisation: int) -> Ranked: ...

    def close(self) -> None:  # noqa: B027 (most engines have nothing to end)
        """End what `open` began."""

    def prepare(self, data: Data, folder: Path) -> None:  # noqa: B027 (most need nothing)
        """Whatever must be there before anything is measured: a server, arrays in memory, compiled
        functions."""

    def filtered(self, organisation: int, wanted: Narrowed) -> Ranked | None:
        """The answer within a filter; None where the engine has none."""
        return None

    def processes(self) -> list[int]:
        """Processes of its own whose memory counts."""
        return []

    def index_bytes(self, folder: Path) -> int:
        """Size of its files."""
        return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())

    def timed(self, organisation: int) -> float:
        """The milliseconds that an answer takes."""
        began = time.perf_counter()
        self.top(organisation)
        return (time.perf_counter() - began) * 1000
