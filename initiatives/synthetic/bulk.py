"""Tables without their indexes for as long as very many rows come in.

A million rows that each find their place in a dozen indexes take an hour; the same rows, with the
indexes built once afterwards, take minutes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

MEMORY: Final = "512MB"
"""For building one index."""

CONSTRAINTS = """
SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid)
FROM pg_constraint c
WHERE c.conrelid = ANY(%s::regclass[]) AND c.contype IN ('u', 'f')
  AND NOT EXISTS (SELECT FROM pg_constraint other WHERE other.contype = 'f'
                  AND c.contype = 'u' AND other.conindid = c.conindid)
ORDER BY c.contype DESC, c.oid
"""
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index i
WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
ORDER BY i.indexrelid
"""


@contextmanager
def without_indexes(tables: list[type[models.Model]]) -> Iterator[None]:
    """Take unique and foreign-key constraints and all indexes but the primary keys away, and make
    them again: the same, and checked.

    For use inside a transaction, which locks the tables to everyone else and brings everything back
    if it fails.
    """
    names = [model._meta.db_table for model in tables]
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{MEMORY}'")
        constraints = _rows(cursor, CONSTRAINTS, names)
        for table, name, _ in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        indexes = _rows(cursor, INDEXES, names)
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in constraints:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _rows(cursor: CursorWrapper, sql: str, names: list[str]) -> list[tuple[str, ...]]:
    cursor.execute(sql, [names])
    return [tuple(row) for row in cursor.fetchall()]
