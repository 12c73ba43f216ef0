"""One run: populations, the judge's answers, every engine in processes of its own."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks import populations
from benchmarks.matching import facts as quantised
from benchmarks.matching.engines import OURS, engine
from benchmarks.matching.engines.base import LIMIT, Data
from benchmarks.matching.facts import INTERESTS, NEEDS, OFFERS, SEGMENTS, Facts
from benchmarks.matching.judge import Judge
from benchmarks.matching.memory import bandwidth, resident

CHECKOUT: Final = Path(__file__).resolve().parents[2]
WARM_UP: Final = 20
NARROWED: Final = 20
WORKERS: Final = (1, 4)
BYTES_PER_POSTING: Final = 3
"""A local id of 16 bits and a weight of 8."""

SINGLE_THREAD: Final = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMBA_NUM_THREADS",
        "RAYON_NUM_THREADS",
    ),
    "1",
)

Row = dict[str, Any]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What is asked for on the command line."""

    organisations: int
    engines: tuple[str, ...]
    populations: tuple[str, ...]
    queries: int = 200
    seconds: float = 120
    patience: float = 3600
    memory: bool = True
    folder: Path | None = None
    """Where the files go; a temporary folder by default."""


class Skipped(Exception):
    """An engine that does not run here, and why."""


@dataclass(frozen=True)
class Result:
    """Rows of the engines that ran, and (engine, population, reason) of those that did not."""

    rows: list[Row]
    skipped: list[tuple[str, str, str]]
    bytes_per_second: float


def run(options: Options, say: Say) -> Result:
    """Measure every engine on every population."""
    speed = bandwidth()
    rows: list[Row] = []
    skipped: list[tuple[str, str, str]] = []
    for population in options.populations:
        with _folder(options.folder) as folder:
            say(f"{population}: making {options.organisations:,} organisations")
            stage = _Stage(options, population, folder)
            say(f"{population}: made in {stage.made_s:.1f} s, judged {len(stage.truth)} questions")
            for name in options.engines:
                say(f"{population}: {name}")
                try:
                    row = stage.measure(name)
                except Skipped as reason:
                    skipped.append((name, population, str(reason)))
                    say(f"{population}: {name} is skipped: {reason}")
                else:
                    row["touched_mb"] = round(stage.touched / 1e6, 4)
                    row["bandwidth_gb_s"] = round(speed / 1e9, 2)
                    row["bandwidth_ms"] = round(stage.touched / speed * 1000, 4)
                    rows.append(row)
    return Result(rows, skipped, speed)


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="rm-bench-", dir=given) as made:
        # the embedded PostgreSQL's own user must be able to pass through
        os.chmod(made, 0o755)
        yield Path(made)


class _Stage:
    """One population on disk, with the judge's answers."""

    def __init__(self, options: Options, population: str, folder: Path) -> None:
        self.options = options
        self.population = population
        self.folder = folder
        began = time.perf_counter()
        world = populations.make(population, options.organisations)
        world.save(folder / "world")
        del world
        data = Data(folder / "world", folder / "facts")
        world = data.world()
        self.made_s = time.perf_counter() - began
        # compiled before it is timed
        quantised.prepare(populations.make(population, 300))
        began = time.perf_counter()
        quantised.prepare(world).save(folder / "facts")
        self.quantised_s = time.perf_counter() - began
        facts = data.facts()
        rng = np.random.default_rng(populations.SEED)
        everyone = rng.permutation(facts.ids)
        self.questions: list[int] = everyone[: options.queries].tolist()
        warm = everyone[-WARM_UP:].tolist()
        self.touched = postings_touched(facts, self.questions) * BYTES_PER_POSTING
        judge = Judge(facts)
        self.truth = [judge.top(organisation, LIMIT) for organisation in self.questions]
        narrowed = []
        self.narrowed_truth = []
        for organisation, ranked in zip(self.questions[:NARROWED], self.truth, strict=False):
            countries = sorted(rng.choice(populations.COUNTRIES, 12, replace=False).tolist())
            kinds = sorted(rng.choice(np.arange(1, 11), 4, replace=False).tolist())
            exclude = [b for b, _ in ranked[::3]]
            narrowed.append((organisation, countries, kinds, exclude))
            keep = np.isin(world.country, countries) & np.isin(world.kind, kinds)
            self.narrowed_truth.append(judge.top(organisation, LIMIT, keep=keep, exclude=exclude))
        asked = {
            "warm": warm,
            "questions": self.questions,
            "narrowed": narrowed,
            "seconds": options.seconds,
        }
        (folder / "questions.json").write_text(json.dumps(asked))

    def measure(self, name: str) -> Row:
        """The row of one engine. Raises `Skipped`."""
        try:
            made = engine(name)
        except ImportError as error:
            raise Skipped(f"not installed: {error}") from error
        n = self.options.organisations
        if n > made.most:
            raise Skipped(f"asked of {made.most:,} organisations at most: {made.why}")
        own = self.folder / name
        own.mkdir(exist_ok=True)
        own.chmod(0o755)
        built = self._child("build", name)
        answered = self._child("ask", name)
        times = np.array(answered["times"])
        exact = [
            [tuple(one) for one in answer] == truth
            for answer, truth in zip(answered["answers"], self.truth, strict=False)
        ]
        # what the peers start from is quantised once for all; ours does that in its build
        build_s = built["build_s"] + (0 if name == OURS else self.quantised_s)
        row: Row = {
            "engine": name,
            "population": self.population,
            "n": n,
            "exact": round(sum(exact) / len(exact), 4),
            "p50_ms": round(float(np.percentile(times, 50)), 3),
            "p99_ms": round(float(np.percentile(times, 99)), 3),
            "build_s": round(build_s, 3),
            "index_mb": round(built["index_bytes"] / 1e6, 2),
            "bytes_per_organisation": round(built["index_bytes"] / n, 1),
            "build_peak_mb": round(built["peak_bytes"] / 1e6),
            "open_ms": round(answered["open_s"] * 1000, 1),
            "queries": len(times),
        }
        if any(answer is not None for answer in answered["narrowed"]):
            right = [
                [tuple(one) for one in answer] == truth
                for answer, truth in zip(answered["narrowed"], self.narrowed_truth, strict=True)
            ]
            row["filtered_exact"] = round(sum(right) / len(right), 4)
        if self.options.memory:
            for workers in WORKERS:
                row[f"workers_{workers}_mb"] = round(self._held(name, workers) / 1e6, 1)
        return row

    def _command(self, action: str, name: str) -> list[str]:
        module = "benchmarks.matching.child"
        return [
            sys.executable,
            "-m",
            module,
            action,
            name,
            str(self.folder),
            str(self.folder / name),
        ]

    def _child(self, action: str, name: str) -> dict[str, Any]:
        try:
            done = subprocess.run(
                self._command(action, name),
                cwd=CHECKOUT,
                env=os.environ | SINGLE_THREAD,
                capture_output=True,
                text=True,
                timeout=self.options.patience,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Skipped(f"{action} took more than {self.options.patience:.0f} s") from error
        if done.returncode:
            said = done.stderr.strip().splitlines()[-1:] or ["no message"]
            raise Skipped(f"{action} failed ({done.returncode}): {said[0]}")
        answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return answer

    def _held(self, name: str, workers: int) -> int:
        """Proportional bytes of so many workers that have answered, with the engine's own
        processes."""
        held = [
            subprocess.Popen(
                self._command("hold", name),
                cwd=CHECKOUT,
                env=os.environ | SINGLE_THREAD,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(workers)
        ]
        try:
            ready = []
            for process in held:
                assert process.stdout is not None
                line = process.stdout.readline()
                if not line:
                    raise Skipped("a worker ended early")
                ready.append(json.loads(line))
            pids = {pid for each in ready for pid in each["processes"]}
            pids |= {process.pid for process in held}
            return sum(resident(pid)[0] for pid in pids)
        finally:
            for process in held:
                process.communicate()


def postings_touched(facts: Facts, questions: list[int]) -> float:
    """Entries of postings that hold anything about these organisations, on average."""
    frequency = [
        np.bincount(facts.row_concept[facts.row_field == field], minlength=facts.concepts)
        for field in (NEEDS, OFFERS, INTERESTS, SEGMENTS)
    ]
    degree = np.diff(facts.tie_ptr)
    total = 0
    for organisation in questions:
        document = facts.document(organisation)
        for mine, theirs in ((NEEDS, OFFERS), (OFFERS, NEEDS), (INTERESTS, INTERESTS)):
            total += int(frequency[theirs][facts.statements(document, mine)[0]].sum())
        for segment in facts.statements(document, SEGMENTS)[0].tolist():
            ends = facts.edge_to[int(facts.edge_ptr[segment]) : int(facts.edge_ptr[segment + 1])]
            total += int(frequency[SEGMENTS][ends].sum())
        total += int(degree[facts.ties(document)[0]].sum())
    return total / len(questions)


def machine() -> str:
    """Processor, number of cores and memory, as the kernel tells them."""
    model = [
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model[0] if model else 'unknown processor'}, {os.cpu_count()} cores, {memory:.0f} GB"
