"""Temporary tables that take the rows of a folder before the lasting tables see them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

Row = Sequence[object]

COLUMNS = {
    "staged_organisation": {
        "file": "text NOT NULL",
        "line": "integer NOT NULL",
        "pic": "text",
        "slug": "text NOT NULL",
        "longer_slug": "text NOT NULL",
        "name": "text NOT NULL",
        "short_name": "text NOT NULL",
        "kind": "text NOT NULL",
        "sme_known": "boolean NOT NULL",
        "website": "text NOT NULL",
        "city": "text NOT NULL",
        "country": "text",
        "nuts3": "bigint",
        "home_region": "bigint",
        "latitude": "double precision",
        "longitude": "double precision",
        "source": "bigint NOT NULL",
        "updated": "text NOT NULL",
    },
    # From the projects' own table, or (is_detail false) as participations repeat them.
    "staged_project": {
        "file": "text NOT NULL",
        "line": "integer NOT NULL",
        "key": "integer NOT NULL",
        "is_detail": "boolean NOT NULL",
        "rcn": "integer",
        "grant_id": "integer",
        "acronym": "text NOT NULL",
        "title": "text NOT NULL",
        "objective": "text NOT NULL",
        "call_topics": "text NOT NULL",
        "status": "text NOT NULL",
        "start_date": "date",
        "end_date": "date",
        "total_cost": "numeric(14, 2)",
        "max_contribution": "numeric(14, 2)",
        "source": "bigint NOT NULL",
    },
    "staged_participation": {
        "file": "text NOT NULL",
        "line": "integer NOT NULL",
        "key": "integer NOT NULL",
        "pic": "text NOT NULL",
        "name": "text NOT NULL",
        "country": "text",
        "activity_type": "text NOT NULL",
        "role": "text NOT NULL",
        "contribution": "numeric(14, 2)",
        "source": "bigint NOT NULL",
    },
    "staged_concept": {
        "file": "text NOT NULL",
        "line": "integer NOT NULL",
        "key": "integer NOT NULL",
        "concept": "bigint NOT NULL",
    },
}
BATCH = 5_000


class Stage:
    """Buffers rows of the temporary tables and sends them with COPY, a batch at a time."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {table: [] for table in COLUMNS}

    def add(self, table: str, row: Row) -> None:
        """Add one row, its values in the order of ``COLUMNS``."""
        rows = self._rows[table]
        rows.append(row)
        if len(rows) >= BATCH:
            self._flush(table)

    def finish(self) -> None:
        """Send what is left, and count it for the planner: autovacuum skips temporary tables."""
        with connection.cursor() as cursor:
            for table in COLUMNS:
                self._flush(table)
                cursor.execute(f"ANALYZE {table}")

    def _flush(self, table: str) -> None:
        rows = self._rows[table]
        if not rows:
            return
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        rows.clear()


@contextmanager
def staged() -> Iterator[Stage]:
    """Make the temporary tables, inside the caller's transaction, and drop them afterwards."""
    with connection.cursor() as cursor:
        for table, columns in COLUMNS.items():
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
            definition = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            cursor.execute(f"CREATE TEMPORARY TABLE {table} ({definition}) ON COMMIT DROP")
    yield Stage()
    with connection.cursor() as cursor:
        for table in COLUMNS:
            cursor.execute(f"DROP TABLE pg_temp.{table}")
