"""Whole columns out of PostgreSQL, by COPY in its binary format, without a Python object per row.

A row costs the driver more than PostgreSQL takes to find it, so rows do not travel one by one:
each query aggregates its columns into arrays of ``bigint``, and numpy reads those as they come.
Measured on 1.7 million statements: 2 µs a row, against 13 µs for a COPY of single rows.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

import numpy as np

from matching.engine.types import Int64s

SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0"
HEADER: Final = len(SIGNATURE) + 8
ELEMENT: Final = np.dtype([("length", ">i4"), ("value", ">i8")])
BIGINT: Final = 20
"""Object identifier of the type in PostgreSQL's catalogue."""

PAGES_AT_ONCE: Final = 4096
"""32 MB of a table: a few hundred thousand rows, and so the most that one answer holds."""


class Cursor(Protocol):
    """A cursor of psycopg, or Django's around one."""

    def execute(self, query: str, params: Sequence[Any] | None = None, /) -> Any: ...
    def fetchall(self) -> list[tuple[Any, ...]]: ...
    def fetchone(self) -> tuple[Any, ...] | None: ...
    def copy(self, statement: str, params: Sequence[Any] | None = None, /) -> Any: ...


class CopyError(RuntimeError):
    """PostgreSQL answered in another shape than the one asked for."""


def columns(
    cursor: Cursor, expressions: Sequence[str], source: str, params: Sequence[Any] = ()
) -> list[Int64s]:
    """One array per expression over the rows of ``source`` (a FROM and what follows it).

    Every expression is a ``bigint`` that is never null; all arrays have the same order.
    """
    aggregates = ", ".join(f"array_agg(({each})::bigint)" for each in expressions)
    query = f"COPY (SELECT {aggregates} FROM {source}) TO STDOUT (FORMAT BINARY)"
    # Django's cursor, where it notes queries (DEBUG), takes no parameters for a COPY
    driver: Cursor = getattr(cursor, "cursor", cursor)
    with driver.copy(query, params) as answer:
        received = b"".join(answer)
    return _parsed(received, len(expressions))


def pages(cursor: Cursor, table: str) -> Iterator[str]:
    """Conditions that cut a table into parts, in the order in which it lies on disk.

    The last part has no end: the table may have grown since its size was asked. Parts read in one
    transaction of the level REPEATABLE READ are the whole table, each row once.
    """
    cursor.execute(
        "SELECT pg_relation_size(%s::regclass) / current_setting('block_size')::int", [table]
    )
    row = cursor.fetchone()
    assert row is not None
    for first in range(0, max(1, row[0]), PAGES_AT_ONCE):
        last = first + PAGES_AT_ONCE
        condition = f"{table}.ctid >= '({first},0)'"
        yield condition if last >= row[0] else f"{condition} AND {table}.ctid < '({last},0)'"


def _parsed(received: bytes, width: int) -> list[Int64s]:
    """The arrays of the single row of a binary COPY."""
    if not received.startswith(SIGNATURE):
        raise CopyError("PostgreSQL did not answer in the binary format of COPY")
    at = HEADER
    if int.from_bytes(received[at : at + 2], "big") != width:
        raise CopyError(f"PostgreSQL did not answer with a row of {width} columns")
    at += 2
    found: list[Int64s] = []
    for _ in range(width):
        size = int.from_bytes(received[at : at + 4], "big", signed=True)
        at += 4
        # without any row there is no array at all
        found.append(_array(received[at : at + size]) if size >= 0 else np.zeros(0, np.int64))
        at += max(size, 0)
    return found


def _array(data: bytes) -> Int64s:
    """A one-dimensional ``bigint[]`` in the binary form of PostgreSQL's ``array_send``."""
    dimensions, nulls, kind, count, _ = np.frombuffer(data, ">i4", count=5).tolist()
    if (dimensions, nulls, kind) != (1, 0, BIGINT):
        raise CopyError(f"an array of {dimensions} dimensions, nulls {nulls}, type {kind}")
    elements = np.frombuffer(data, ELEMENT, offset=20)
    if len(elements) != count or not (elements["length"] == 8).all():
        raise CopyError("an array of bigint is not as long as it says")
    return elements["value"].astype(np.int64)
