"""An index together with how far it follows the database."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Self

from django.db import connection
from django.utils import timezone

from matching import facts
from matching.engine import BuildError, IndexUnreadable, MatchIndex
from matching.exposure import HEAD, top
from matching.facts import Cursor
from matching.outbox import cursor as outbox
from matching.outbox.cursor import Position, PositionLost
from matching.outbox.models import Change

logger = logging.getLogger(__name__)

MOST_CHANGES: Final = 5_000
"""Organisations that are added to an index at once. More wait for the next build, which is due by
then; they are found among the withdrawn ones, where they are."""


class IndexNotBuilt(RuntimeError):
    """There is no match index yet, or none that may be used; ``manage.py build_index`` makes it."""


@dataclass(frozen=True)
class Snapshot:
    """An index, and the position in the outbox up to which all changes are in it.

    `waiting` organisations changed since and are too many to be added; after a table was emptied
    the snapshot is `void`: nothing in it may be shown.
    """

    index: MatchIndex
    folder: Path
    checksum: str
    position: Position
    database: str
    built_on: date
    waiting: int = 0
    void: bool = False

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The saved index as it was built. Raises `IndexNotBuilt` with the reason."""
        try:
            index = MatchIndex.load(folder)
        except IndexUnreadable as error:
            raise IndexNotBuilt(f"{error}; run: manage.py build_index") from error
        try:
            return cls(index, folder, index.checksum, **read_extra(index.extra))
        except (KeyError, TypeError, ValueError) as error:
            raise IndexNotBuilt(
                f"the match index in {folder} does not say which changes it contains;"
                " run: manage.py build_index"
            ) from error

    def caught_up(self) -> "Snapshot":
        """The same with all that was committed until now; itself where nothing was.

        Reads with this thread's connection of Django, and writes nothing. Raises `IndexNotBuilt`
        where that cannot be.
        """
        with connection.cursor() as cursor, outbox.one_moment(cursor):
            now = outbox.position(cursor)
            try:
                outbox.check(cursor, self.position)
            except PositionLost as error:
                raise IndexNotBuilt(
                    f"the match index is too old: {error}; run: manage.py build_index"
                ) from error
            if outbox.database(cursor) != self.database:
                raise IndexNotBuilt(
                    "the match index was built from another database; run: manage.py build_index"
                )
            changed = outbox.changed_since(cursor, self.position, limit=MOST_CHANGES + 1)
            if Change.Mark.EVERYTHING in changed:
                return replace(self, void=True)
            organisations = {each for each in changed if each > 0}
            if len(organisations) > MOST_CHANGES:
                # the position stays, so that withdrawn() goes on to know them
                return replace(self, waiting=len(organisations))
            if not organisations:
                return replace(self, position=now, waiting=0)
            found = facts.of(cursor, organisations, today=timezone.localdate())
        try:
            index = self.index.with_changes(
                profiles=found.profiles,
                participations=found.participations,
                places=found.places,
                removed=[each for each in found.removed if each in self.index],
            )
        except BuildError:
            # one profile that no index can hold must not take the suggestions from all others
            logger.exception("Changes of %d organisations cannot be matched.", len(organisations))
            return replace(self, waiting=len(organisations))
        return replace(self, index=index, position=now, waiting=0)

    def warm_up(self) -> None:
        """Have the kernels of the engine ready, from disk where an earlier process kept them: ask
        for two organisations, and once more with a change that is thrown away."""
        with connection.cursor() as cursor, outbox.one_moment(cursor):
            cursor.execute(
                "SELECT id FROM organisations_organisation WHERE status = 'verified'"
                " ORDER BY id LIMIT 2"
            )
            asking = [each for (each,) in cursor.fetchall() if each in self.index]
            found = facts.of(cursor, asking, today=timezone.localdate())
        changed = self.index.with_changes(
            profiles=found.profiles, participations=found.participations, places=found.places
        )
        for organisation in asking:
            for index in (self.index, changed):
                top(index, organisation, HEAD + 1)

    def usable(self) -> "Snapshot":
        """Itself. Raises `IndexNotBuilt` after a table was emptied."""
        if self.void:
            raise IndexNotBuilt(
                "so much was deleted that the match index has to be built again;"
                " run: manage.py build_index"
            )
        return self

    def withdrawn(self) -> list[int]:
        """Who must not be suggested although this index lists them: withdrawn or deleted since its
        position. One query over the newest changes alone."""
        with connection.cursor() as cursor:
            return outbox.withdrawn_since(cursor, self.position)


def extra(cursor: Cursor, *, today: date) -> dict[str, Any]:
    """What an index says about itself that is built from what this transaction sees."""
    return {
        "position": str(outbox.position(cursor)),
        "database": outbox.database(cursor),
        "built_on": today.isoformat(),
    }


def read_extra(found: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse of `extra`. Raises `KeyError`, `TypeError` or `ValueError`."""
    return {
        "position": Position.parse(found["position"]),
        "database": str(found["database"]),
        "built_on": date.fromisoformat(found["built_on"]),
    }
