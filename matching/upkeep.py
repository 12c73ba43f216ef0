"""Keeping the match index of this installation young: when to build it anew, and doing so."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from matching import index
from matching.engine import MatchIndex
from matching.outbox import cursor as outbox
from matching.outbox.cursor import PositionLost
from matching.outbox.models import Change
from matching.outbox.snapshot import IndexNotBuilt, Snapshot

logger = logging.getLogger(__name__)

SHARE: Final = 0.02
"""The part of all organisations that may be changes to an index before it is built anew."""

MOST: Final = 2_000
FEWEST: Final = 200
"""Whatever the share is: never more changes than the first, always as many as the second."""

BUILDING: Final = 7_023_114
"""Key of PostgreSQL's advisory lock that the one who builds holds. It goes with the connection of a
builder that is killed, where a row of a table would stay."""


@dataclass(frozen=True)
class Due:
    """Why the index has to be built anew; no reason where it has not."""

    reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.reason)


def due(*, today: date | None = None) -> Due:
    """Whether the saved index is to be built anew, and why."""
    day = today or timezone.localdate()
    try:
        saved = Snapshot.open(settings.MATCH_INDEX_DIR)
    except IndexNotBuilt as error:
        return Due(str(error))
    with connection.cursor() as cursor, outbox.one_moment(cursor):
        if outbox.database(cursor) != saved.database:
            return Due("it was built from another database")
        try:
            outbox.check(cursor, saved.position)
        except PositionLost as error:
            return Due(str(error))
        count = outbox.count_since(cursor, saved.position)
        marks = {each for each in outbox.changed_since(cursor, saved.position, limit=0) if each < 1}
        if Change.Mark.EVERYTHING in marks:
            return Due("a table was emptied")
        if Change.Mark.SURROUNDINGS in marks:
            return Due("facts changed that all organisations share")
        if count > max(FEWEST, min(MOST, int(SHARE * len(saved.index)))):
            return Due(f"{count:,} organisations changed since")
        if saved.built_on < day and (count or outbox.expired_between(cursor, saved.built_on, day)):
            return Due("a night has passed")
    return Due()


def rebuild(*, wait: bool) -> MatchIndex | None:
    """Build the index and make it the one in use; None if somebody else is doing so.

    With ``wait``, let the other one finish and build then. Raises `index.IndexNotWritten`.
    """
    with _alone(wait=wait) as alone:
        return index.build() if alone else None


def keep_fresh() -> str:
    """Build the index anew if that is due; returns the reason, or "" where nothing was done."""
    reason = due()
    if not reason or rebuild(wait=False) is None:
        return ""
    logger.info("The match index was built anew: %s.", reason.reason)
    return reason.reason


def prune() -> int:
    """Delete what the saved index contains from the outbox; returns how many rows."""
    try:
        saved = Snapshot.open(settings.MATCH_INDEX_DIR)
    except IndexNotBuilt:
        return 0
    with connection.cursor() as cursor:
        if outbox.database(cursor) != saved.database:
            return 0
        return outbox.prune(cursor, saved.position)


@contextmanager
def _alone(*, wait: bool) -> Iterator[bool]:
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT true FROM pg_advisory_lock(%s)", [BUILDING])
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [BUILDING])
        (alone,) = cursor.fetchone()
        try:
            yield alone
        finally:
            if alone:
                # the connection goes back to a pool, not away
                cursor.execute("SELECT pg_advisory_unlock(%s)", [BUILDING])
