"""Folders and processes for tests that run real embedded servers."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psycopg
import pytest

from config.embedded import Cluster
from config.embedded.cluster import CHECKOUT
from config.embedded.server import is_alive

USE = """
import select
import sys
from pathlib import Path
from config.embedded import Cluster
data, outside, short = map(Path, sys.argv[1:])
cluster = Cluster(data, outside=outside, short=short)
cluster.ensure_running()
print(cluster.pid(), flush=True)
"""
# looks up now and then: Python handles a signal that comes just before a blocking read after it
USER = f"""{USE}
while not select.select([sys.stdin], [], [], 0.1)[0]:
    pass
"""


@dataclass
class Sandbox:
    """A folder that every user can enter, as /tmp is, and the clusters and processes made in it."""

    folder: Path
    clusters: list[Cluster] = field(default_factory=list)
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def outside(self) -> Path:
        return self.folder / "outside"

    @property
    def short(self) -> Path:
        return self.folder / "short"

    def cluster(self, name: str | Path = "data", **options: object) -> Cluster:
        options = {"outside": self.outside, "short": self.short, "seconds": 60.0, **options}
        cluster = Cluster(self.folder / name, **options)  # type: ignore[arg-type]
        self.clusters.append(cluster)
        return cluster

    def start_user(self, name: str = "data", script: str = USER) -> subprocess.Popen[str]:
        """Start a process that uses the cluster until its input ends; it prints the server pid."""
        process = subprocess.Popen(
            [sys.executable, "-c", script, self.folder / name, self.outside, self.short],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
        )
        self.processes.append(process)
        return process

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.communicate()
        for cluster in self.clusters:
            cluster.destroy()
        shutil.rmtree(self.folder)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(Path(tempfile.mkdtemp(prefix="rm-", dir="/tmp")))
    made.folder.chmod(0o755)
    for folder in (made.outside, made.short):
        folder.mkdir()
        folder.chmod(0o755)
    yield made
    made.end()


@pytest.fixture
def connect() -> Callable[..., psycopg.Connection[tuple[object, ...]]]:
    def connect(cluster: Cluster, **changes: object) -> psycopg.Connection[tuple[object, ...]]:
        info = {**asdict(cluster.ensure_running()), **changes}
        return psycopg.connect(**info, autocommit=True)  # type: ignore[arg-type]

    return connect


def pid_of(process: subprocess.Popen[str]) -> int:
    """The server's process id, as the user process printed it."""
    assert process.stdout is not None
    return int(process.stdout.readline())


def leave(process: subprocess.Popen[str]) -> None:
    """Let a user process end by itself."""
    process.communicate("\n", timeout=30)


def wait_until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    """Whether no such process works any more; one that nobody has reaped yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return not is_alive(pid)
    return state == "Z"


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: all(map(gone, pids)))
