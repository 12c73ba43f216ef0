"""How the match index of this installation stands, for people who look after it."""

from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db import connection

from matching.outbox import cursor as outbox
from matching.outbox.cursor import PositionLost
from matching.outbox.snapshot import IndexNotBuilt, Snapshot


@dataclass(frozen=True)
class IndexState:
    """When the saved index was built, of how many organisations, and how many changed since."""

    built_on: date | None = None
    organisations: int = 0
    changed: int = 0
    problem: str = ""


def index_state() -> IndexState:
    """Read the saved index and the outbox; two queries, whatever their size."""
    try:
        saved = Snapshot.open(settings.MATCH_INDEX_DIR)
    except IndexNotBuilt as error:
        return IndexState(problem=str(error))
    known = IndexState(saved.built_on, len(saved.index))
    with connection.cursor() as cursor:
        try:
            outbox.check(cursor, saved.position)
        except PositionLost as error:
            return replace(known, problem=str(error))
        return replace(known, changed=outbox.count_since(cursor, saved.position))
