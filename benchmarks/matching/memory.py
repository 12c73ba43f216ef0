"""Memory as the kernel counts it, and how fast this machine reads it."""

import time
from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray

READ_BYTES = 1 << 29


def resident(pid: int) -> tuple[int, int]:
    """(proportional, private) bytes of a process: a page shared by k processes counts 1/k in the
    first, not at all in the second."""
    proportional = private = 0
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == "Pss":
            proportional = int(value.split()[0]) * 1024
        elif name in ("Private_Clean", "Private_Dirty"):
            private += int(value.split()[0]) * 1024
    return proportional, private


def children(pid: int) -> list[int]:
    """Child processes, grandchildren left out."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += map(int, task.read_text().split())
    return found


@njit(cache=True)
def _read(array: NDArray[np.uint64]) -> int:
    total = 0
    for i in range(len(array)):
        total += array[i]
    return total


def bandwidth(runs: int = 5) -> float:
    """Bytes a second at which one thread reads an array larger than any cache; the best of some
    runs."""
    array = np.ones(READ_BYTES // 8, dtype=np.uint64)
    _read(array[:8])
    best = 0.0
    for _ in range(runs):
        began = time.perf_counter()
        _read(array)
        best = max(best, READ_BYTES / (time.perf_counter() - began))
    return best
