"""The top lists that digests show: made in the background, read in one query.

A list is as old as its making. Reading leaves out who was withdrawn since, and what the
organisation does not want to see by now.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, TypedDict

from django.db.models import Q
from django.utils import timezone

from matching import facts, index
from matching.engine import Match, MatchIndex, UnknownOrganisation
from matching.exposure import top
from matching.feedback.hidden import choices_of
from matching.outbox.models import SuggestionList
from organisations.models import Organisation

LISTED: Final = 30
"""Suggestions kept per organisation: those a digest shows, and some to take their place."""

AT_ONCE: Final = 100
"""Lists written in one statement, and lost when the job is killed."""


class Item(TypedDict):
    """One suggestion, in hundredths of a point."""

    id: int
    score: int
    signals: dict[str, int]


def refresh(
    *, since: datetime, everyone: bool = False, progress: Callable[[int], object] | None = None
) -> int:
    """Make the lists that were not made since then, under the weights in force; returns how many.

    Of organisations that have people here, or of ``everyone`` who is in the index. A job that was
    killed goes on where it stopped when it is called with the same ``since``. Raises
    `IndexNotBuilt`.
    """
    snapshot = index.snapshot()
    scoring = facts.scoring_in_force()
    matcher = snapshot.index.with_scoring(scoring)
    made = 0
    for organisations in _batches(since, scoring.version, everyone=everyone):
        withdrawn = snapshot.withdrawn()
        now = timezone.now()
        lists = [
            SuggestionList(
                organisation_id=organisation,
                index_checksum=snapshot.checksum,
                index_changes=matcher.changes,
                scoring_version=scoring.version,
                made_at=now,
                items=[_item(match) for match in found],
            )
            for organisation in organisations
            if (found := _top(matcher, organisation, withdrawn)) is not None
        ]
        SuggestionList.objects.bulk_create(
            lists,
            update_conflicts=True,
            unique_fields=["organisation"],
            update_fields=[
                "index_checksum",
                "index_changes",
                "scoring_version",
                "made_at",
                "items",
            ],
        )
        made += len(lists)
        if progress is not None:
            progress(len(organisations))
    return made


def read(*, organisation: Organisation, limit: int = 10) -> list[Item]:
    """The kept list of an organisation, best first; empty where none was made yet."""
    kept = SuggestionList.objects.filter(organisation=organisation).first()
    if kept is None:
        return []
    items: list[Item] = kept.items
    hidden = choices_of(organisation=organisation).hidden
    shown = set(
        Organisation.objects.verified()
        .filter(pk__in=[item["id"] for item in items])
        .exclude(pk__in=hidden.organisations)
        .exclude(home_region__in=hidden.regions)
        .exclude(kind__in=hidden.kinds)
        .values_list("pk", flat=True)
    )
    return [item for item in items if item["id"] in shown][:limit]


def count(*, since: datetime, everyone: bool = False) -> int:
    """How many lists `refresh` would look at."""
    version = facts.scoring_in_force().version
    return len(_wanted(since, version, everyone=everyone))


def _wanted(since: datetime, version: str, *, everyone: bool) -> list[int]:
    organisations = Organisation.objects.filter(status__in=facts.INDEXED)
    if not everyone:
        organisations = organisations.filter(team__isnull=False)
    fresh = Q(suggestion_list__made_at__gte=since, suggestion_list__scoring_version=version)
    return list(organisations.exclude(fresh).order_by("pk").values_list("pk", flat=True).distinct())


def _batches(since: datetime, version: str, *, everyone: bool) -> Iterator[tuple[int, ...]]:
    wanted = _wanted(since, version, everyone=everyone)
    for first in range(0, len(wanted), AT_ONCE):
        yield tuple(wanted[first : first + AT_ONCE])


def _top(matcher: MatchIndex, organisation: int, withdrawn: list[int]) -> list[Match] | None:
    """The best partners; None for an organisation that the index does not hold yet."""
    try:
        return top(matcher, organisation, LISTED, exclude=withdrawn)
    except UnknownOrganisation:
        return None


def _item(match: Match) -> dict[str, Any]:
    return {"id": match.b, "score": match.score, "signals": dict(match.signals)}
