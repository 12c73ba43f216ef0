"""Identifiers to numbers, and numbers to as few bits as hold them: what a build does to columns."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.population import Population
from matching.engine.segment import Integers
from matching.engine.types import BuildError, Int64s

MAX_PLACES: Final = (1 << 16) - 2
"""Home regions, and countries, of one segment."""

DENSE: Final = 1 << 26
"""Identifiers below this are looked up in a table, others by bisection."""


def ascends(values: Integers) -> bool:
    return bool((values[1:] >= values[:-1]).all())


def narrow(values: Int64s) -> Integers:
    """The same values in few bits where they fit, which numpy sorts in linear time."""
    return values.astype(np.uint16) if values.max(initial=0) < 1 << 16 else values


def small(values: Integers) -> Integers:
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))


def distinct(values: Int64s, more: Iterable[int]) -> Int64s:
    """All of them once, ascending."""
    others = np.array(sorted(set(more)), dtype=np.int64)
    if len(values) and values.min() >= 0 and values.max() < DENSE:
        seen = np.zeros(int(values.max()) + 1, dtype=np.bool_)
        seen[values] = True
        values = np.flatnonzero(seen)
    return np.unique(np.concatenate([values, others]))


def positions(table: Int64s, values: Integers) -> NDArray[np.int32]:
    """Where each value stands in an ascending table, -1 where it does not."""
    if not len(table):
        return np.full(len(values), -1, dtype=np.int32)
    if len(values) > len(table) and table[0] >= 0 and table[-1] < DENSE:
        number = np.full(int(table[-1]) + 2, -1, dtype=np.int32)
        number[table] = np.arange(len(table), dtype=np.int32)
        inside = (values >= 0) & (values <= table[-1])
        return number[values] if inside.all() else number[np.where(inside, values, len(number) - 1)]
    at = np.minimum(np.searchsorted(table, values), len(table) - 1)
    return np.where(table[at] == values, at, -1).astype(np.int32)


def lookup(keys: Int64s, values: Integers) -> tuple[Integers, NDArray[np.int32]]:
    """(where to look for each value in a table, the table of positions among the different `keys`,
    -1 for none): the values themselves where identifiers are small, so that nothing as long as them
    is made."""
    if len(keys) and keys.min() >= 0 and keys.max() < DENSE:
        table = np.full(int(keys.max()) + 1, -1, dtype=np.int32)
        table[keys] = np.arange(len(keys), dtype=np.int32)
        return values, table
    order = np.argsort(keys, kind="stable").astype(np.int32)
    return positions(keys[order], values).astype(np.int64), order


def placed(table: NDArray[Any], values: NDArray[Any]) -> NDArray[np.uint16]:
    """1 + the position of each value in an ascending table, 0 for a value that is not there."""
    if len(table) > MAX_PLACES:
        raise BuildError(f"{len(table)} home regions or countries are more than {MAX_PLACES}")
    if not len(table):
        return np.zeros(len(values), dtype=np.uint16)
    if table.dtype.kind == "i":
        return (positions(table, values) + 1).astype(np.uint16)
    at = np.minimum(np.searchsorted(table, values), len(table) - 1)
    return np.where(table[at] == values, at + 1, 0).astype(np.uint16)


def countries(population: Population) -> NDArray[np.str_]:
    found = np.unique(population.country)
    return found[found != ""] if len(found) else np.array([], dtype="<U2")


def or_else(values: Integers, at: Integers, otherwise: int) -> Integers:
    """The values at some positions, another one where the position is -1."""
    if not len(values):
        return np.full(len(at), otherwise, dtype=values.dtype)
    return np.where(at >= 0, values[at], otherwise).astype(values.dtype)


def each(
    function: Callable[[int], int], values: Int64s, kind: type[np.unsignedinteger[Any]] = np.uint8
) -> Integers:
    """The function of each value, called once for each distinct one."""
    different, where = np.unique(values, return_inverse=True)
    return np.array([function(v) for v in different.tolist()], dtype=kind)[where]


def pointers(rows: Integers, height: int) -> Int64s:
    ptr = np.zeros(height + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=height), out=ptr[1:])
    return ptr
