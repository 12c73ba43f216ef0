"""Reading the outbox without losing a row.

Numbers from a sequence are handed out when rows are written, and rows become visible when their
transaction commits: who remembers the highest number read so far never sees the row of a
transaction that took a lower one and committed later. Waiting until no older transaction is under
way (``xid < pg_snapshot_xmin``) is safe, but one long import would hold up everybody's changes. So
a reader remembers the PostgreSQL snapshot it read with, which names the transactions that had not
ended, and next time takes the rows that are visible now and were not visible then: exactly those,
whatever the order of commits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Self

from django.db import connection, transaction

from matching.facts import Cursor
from matching.outbox.models import Change

CHANNEL: Final = "matching_outbox"
"""Where the database says that there is something to read; only ever a reason to look earlier."""


class PositionLost(RuntimeError):
    """Rows after this position are pruned, or it is a position in another database."""


@dataclass(frozen=True)
class Position:
    """What a reader has read: the rows of all transactions visible in this snapshot.

    Transactions below `xmax` had ended, except those in `running`.
    """

    xmin: int
    xmax: int
    running: frozenset[int] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Self:
        """From PostgreSQL's own notation, ``xmin:xmax:running,…``. Raises `ValueError`."""
        xmin, xmax, running = text.split(":")
        return cls(int(xmin), int(xmax), frozenset(map(int, running.split(",") if running else ())))

    def __str__(self) -> str:
        return f"{self.xmin}:{self.xmax}:{','.join(map(str, sorted(self.running)))}"

    def covers(self, other: "Position") -> bool:
        """Whether all that was read there was read here, too."""
        # ends at the first transaction that was read there alone, however far apart the two are
        return all(xid in other.running for xid in range(self.xmax, other.xmax)) and all(
            xid >= other.xmax or xid in other.running for xid in self.running
        )

    def without(self, xid: int) -> "Position":
        """The same before this transaction and all later ones.

        A transaction's snapshot may or may not count the transaction itself as visible; what it
        writes after it looked must not count as read.
        """
        xmax = min(self.xmax, xid)
        return Position(
            min(self.xmin, xmax), xmax, frozenset(each for each in self.running if each < xmax)
        )


@contextmanager
def one_moment(cursor: Cursor) -> Iterator[None]:
    """Everything read within belongs to one moment, and nothing is written.

    Needs a cursor outside of any transaction. Within one (as in most tests) the level cannot be
    chosen any more; then each query sees what was committed before it, and a change that comes
    between two of them is read again from the outbox, since the position was taken first.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def position(cursor: Cursor) -> Position:
    """Where a reader stands that has seen what this transaction sees."""
    found, own = _one(
        cursor, "SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned()::text"
    )
    here = Position.parse(found)
    return here.without(int(own)) if own else here


def database(cursor: Cursor) -> str:
    """Which database this is, on which server: transaction numbers mean nothing in another."""
    (found,) = _one(
        cursor,
        "SELECT system_identifier || '/' || (SELECT oid FROM pg_database"
        " WHERE datname = current_database()) FROM pg_control_system()",
    )
    return str(found)


def check(cursor: Cursor, since: Position) -> None:
    """Raise `PositionLost` where a reader cannot go on from this position."""
    lost, ahead = _one(
        cursor,
        "SELECT coalesce((SELECT below > %s::xid8 FROM matching_outbox_pruning), false),"
        " %s::xid8 > pg_snapshot_xmax(pg_current_snapshot())",
        [str(since.xmin), str(since.xmax)],
    )
    if lost or ahead:
        raise PositionLost(
            "the changes since then are not kept any more"
            if lost
            else "the database was put back to an earlier state"
        )


SINCE: Final = (
    "FROM matching_outbox"
    " WHERE xid >= %s::xid8 AND NOT pg_visible_in_snapshot(xid, %s::pg_snapshot)"
)


def changed_since(cursor: Cursor, since: Position, *, limit: int | None = None) -> set[int]:
    """Ids of the organisations that changed since then, and marks (`Change.Mark`); marks are always
    there, organisations up to a limit."""
    cursor.execute(
        f"SELECT DISTINCT organisation_id {SINCE} ORDER BY 1 LIMIT %s",
        [str(since.xmin), str(since), None if limit is None else limit + len(Change.Mark)],
    )
    return {organisation for (organisation,) in cursor.fetchall()}


def count_since(cursor: Cursor, since: Position) -> int:
    """How many organisations changed since then."""
    (count,) = _one(
        cursor,
        f"SELECT count(DISTINCT organisation_id) {SINCE} AND organisation_id > 0",
        [str(since.xmin), str(since)],
    )
    return int(count)


def withdrawn_since(cursor: Cursor, since: Position) -> list[int]:
    """Ids of the organisations that changed since then and may not be suggested now: deleted, or
    not verified (any more)."""
    cursor.execute(
        f"SELECT DISTINCT organisation_id {SINCE} AND NOT EXISTS ("
        " SELECT FROM organisations_organisation o"
        " WHERE o.id = organisation_id AND o.status = 'verified')",
        [str(since.xmin), str(since)],
    )
    return [organisation for (organisation,) in cursor.fetchall() if organisation > 0]


def prune(cursor: Cursor, upto: Position) -> int:
    """Delete the rows that nobody needs who starts from this position; returns how many.

    Rows of the last hour stay, for readers that are still on an older index.
    """
    (below,) = _one(
        cursor,
        "SELECT least(%s::xid8, (SELECT xid FROM matching_outbox"
        " WHERE changed_at > now() - INTERVAL '1 hour' ORDER BY xid LIMIT 1))::text",
        [str(upto.xmin)],
    )
    # said before it is done, and in one transaction: a reader sees both or neither
    with transaction.atomic():
        cursor.execute(
            "INSERT INTO matching_outbox_pruning (id, below) VALUES (1, %s::xid8)"
            " ON CONFLICT (id) DO UPDATE SET below = greatest("
            "matching_outbox_pruning.below, excluded.below)",
            [below],
        )
        (count,) = _one(
            cursor,
            "WITH gone AS (DELETE FROM matching_outbox WHERE xid < %s::xid8 RETURNING 1)"
            " SELECT count(*) FROM gone",
            [below],
        )
    return int(count)


def expired_between(cursor: Cursor, first: date, today: date) -> bool:
    """Whether a statement was valid on the first day and is not today: a change that nobody
    writes."""
    (found,) = _one(
        cursor,
        "SELECT EXISTS (SELECT FROM organisations_statement"
        " WHERE valid_until >= %s AND valid_until < %s)",
        [first, today],
    )
    return bool(found)


def _one(cursor: Cursor, query: str, params: list[Any] | None = None) -> tuple[Any, ...]:
    cursor.execute(query, params)
    row = cursor.fetchone()
    assert row is not None
    return row
