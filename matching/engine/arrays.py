"""The immutable arrays an index consists of, and the few operations on sparse tables all of the
engine shares."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.types import Int64s

Integers = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """A sparse table by rows: row i has the entries `ptr[i]` to `ptr[i + 1]` of `key` (ascending)
    and `value`."""

    ptr: Integers
    key: Integers
    value: Integers

    def row(self, i: int) -> slice:
        """Where the entries of row i are."""
        return slice(int(self.ptr[i]), int(self.ptr[i + 1]))

    def keys_of(self, i: int) -> Integers:
        return self.key[self.row(i)]

    def pairs_of(self, i: int) -> list[tuple[int, int]]:
        """The (key, value) entries of row i as Python integers."""
        where = self.row(i)
        return list(zip(self.key[where].tolist(), self.value[where].tolist(), strict=True))

    @classmethod
    def of(cls, rows: Integers, keys: Integers, values: Integers, height: int) -> "Table":
        """Gather (row, key, value) entries in any order; keys below 2³¹."""
        order = np.lexsort((keys, rows))
        ptr = np.zeros(height + 1, dtype=np.int64)
        np.cumsum(np.bincount(rows, minlength=height), out=ptr[1:])
        return cls(ptr, keys[order].astype(np.int32), values[order])


def expand(ptr: Integers, rows: Integers) -> tuple[Int64s, Int64s]:
    """The positions of all entries of some rows, and for each the number in `rows` that it belongs
    to."""
    starts = ptr[rows].astype(np.int64)
    counts = ptr[rows + 1].astype(np.int64) - starts
    ends = np.cumsum(counts)
    owner = np.repeat(np.arange(len(rows), dtype=np.int64), counts)
    total = int(ends[-1]) if len(rows) else 0
    position = np.arange(total, dtype=np.int64) + np.repeat(starts - ends + counts, counts)
    return position, owner


def entries(table: Table, rows: Integers) -> tuple[Int64s, Integers, Integers]:
    """All entries of some rows as (number within `rows`, key, value)."""
    position, owner = expand(table.ptr, rows)
    return owner, table.key[position], table.value[position]


@dataclass(frozen=True, slots=True)
class Arrays:
    """Everything a match needs. Documents are the organisations, numbered by (home region, id),
    unknown homes first.

    Concepts, home regions, countries and partners are numbered by their sorted identifiers; -1 is
    unknown. Values of `needs`, `needed`, `interests` and `interested` are statement weight × idf, 1
    to 255; those of `ties` and `tied` are quantised ties; a partner's selectivity is 1 to 255.
    `fit_total` is the mass of every pair of home regions, `fit_key` the sorted `low × regions +
    high` of the pairs that have reasons, the entries of pair i standing in row i of `fit`.
    """

    document_id: Integers
    document_home: Integers
    document_country: Integers
    document_projects: Integers
    document_experience: Integers
    document_partner: Integers
    region_id: Integers
    country_code: NDArray[np.str_]
    concept_id: Integers
    needs: Table
    offers: Table
    interests: Table
    segments: Table
    needed: Table
    offered: Table
    interested: Table
    held: Table
    edge_low: Integers
    edge_high: Integers
    edge_weight: Integers
    partner_key: Integers
    partner_selectivity: Integers
    partner_document: Integers
    ties: Table
    tied: Table
    ties_projects: Integers
    ties_last: Integers
    fit_total: Integers
    fit_key: Integers
    fit: Table


TABLE_PARTS: Final = ("ptr", "key", "value")


def named_arrays(arrays: Arrays) -> Iterator[tuple[str, NDArray[Any]]]:
    """Every array with the name of its file, tables as three: `needs.ptr`, `needs.key`,
    `needs.value`."""
    for item in fields(arrays):
        value = getattr(arrays, item.name)
        if isinstance(value, Table):
            for part in TABLE_PARTS:
                yield f"{item.name}.{part}", getattr(value, part)
        else:
            yield item.name, value


def array_names() -> list[str]:
    """The names `named_arrays` gives, in its order."""
    return [
        name
        for item in fields(Arrays)
        for name in (
            [f"{item.name}.{part}" for part in TABLE_PARTS] if item.type is Table else [item.name]
        )
    ]


def from_named(found: dict[str, NDArray[Any]]) -> Arrays:
    """The inverse of `named_arrays`."""
    parts: dict[str, Any] = {
        item.name: Table(*(found[f"{item.name}.{part}"] for part in TABLE_PARTS))
        if item.type is Table
        else found[item.name]
        for item in fields(Arrays)
    }
    return Arrays(**parts)
