"""The match index of this installation: building it, and the one that is in use."""

from contextlib import suppress
from datetime import date

from django.conf import settings
from django.db import connection
from django.utils import timezone

from matching import facts, regional
from matching.engine import MatchIndex
from matching.outbox.cursor import one_moment
from matching.outbox.follower import follower
from matching.outbox.snapshot import IndexNotBuilt, Snapshot, extra

__all__ = [
    "IndexNotBuilt",
    "IndexNotWritten",
    "build",
    "in_use",
    "opened",
    "snapshot",
    "warm_up",
]


class IndexNotWritten(RuntimeError):
    """The folder of the match index cannot be written."""


def build(*, today: date | None = None) -> MatchIndex:
    """Build the index from the database, save it, and make it the one in use.

    All facts are of one moment, and the index keeps the position in the outbox at that moment, so
    that every process which opens it adds what was committed since. Raises `IndexNotWritten`.
    """
    day = today or timezone.localdate()
    with connection.cursor() as cursor, one_moment(cursor):
        about = extra(cursor, today=day)
        found = facts.everything(cursor, today=day)
        edges = facts.segment_edges()
        fit = regional.fit_of_all()
        scoring = facts.scoring_in_force()
    index = MatchIndex.build(
        found.population,
        found.participations,
        edges,
        fit,
        places=found.places,
        scoring=scoring,
    )
    try:
        index.save(settings.MATCH_INDEX_DIR, extra=about)
    except OSError as error:
        raise IndexNotWritten(
            f"the match index cannot be written to {settings.MATCH_INDEX_DIR}: {error.strerror}."
            " Make the folder writable for this user, or name another one in MATCH_INDEX_DIR."
        ) from error
    return index


def snapshot() -> Snapshot:
    """The index with all changes that are known in this process, and what was withdrawn since.

    Raises `IndexNotBuilt`.
    """
    return follower.snapshot()


def in_use() -> MatchIndex:
    """The index with all known changes under the weights in force. Raises `IndexNotBuilt`."""
    return opened().with_scoring(facts.scoring_in_force())


def opened() -> MatchIndex:
    """The index with all known changes under the weights it was built with.

    Raises `IndexNotBuilt`.
    """
    return snapshot().index


def warm_up() -> None:
    """Have the kernels of the engine compiled, or read from where an earlier process kept them.
    Does nothing where there is no index."""
    with suppress(IndexNotBuilt):
        snapshot().warm_up()
