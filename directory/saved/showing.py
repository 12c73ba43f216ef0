"""What a saved search has found, as messages, feeds and pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from directory import fitting, listing
from directory.found import Hit
from directory.saved import finding, links, wanted
from directory.saved.models import SavedSearch, SearchItem
from initiatives.models import Initiative
from matching import digests
from matching.sentences import sentence
from matching.services import IndexNotBuilt, match_of
from organisations.models import Organisation, Statement


@dataclass(frozen=True)
class Item:
    """One thing found: what it is called, of which kind and where; ``reason`` says why it is
    here, and ``points`` how well it fits the organisation of the search, if that is known."""

    of: str
    object_id: int
    found_at: datetime
    title: str
    about: str
    address: str
    reason: str = ""
    points: float | None = None
    updated_at: datetime | None = None


def in_words(search: SavedSearch) -> str:
    return wanted.read(search.query).in_words()


def results(
    search: SavedSearch, items: Iterable[SearchItem], *, with_fit: bool = True
) -> list[Item]:
    """Those of the items that everyone may see today, in their order."""
    chosen = list(items)
    hits = [Hit(item.of, item.object_id, "", "", 0.0) for item in chosen]
    found_at = {(item.of, item.object_id): item.found_at for item in chosen}
    mine = finding.organisation_of(search) if with_fit and hits else None
    points = fitting.fits(mine, hits) if mine else {}
    concepts = wanted.read(search.query).concepts() if hits else set()
    return [
        Item(
            of=each.hit.of,
            object_id=each.hit.object_id,
            found_at=found_at[each.hit.of, each.hit.object_id] or search.created_at,
            title=str(each.row),
            about=_about(each.row),
            address=links.absolute(_address(each.row)),
            reason=_stated(each.stated),
            points=each.points,
        )
        for each in listing.rows(hits, points, concepts, user=AnonymousUser())
    ]


def suggestions(search: SavedSearch, items: Iterable[SearchItem]) -> list[Item]:
    """Those suggested to its organisation that may be suggested still, each with its points and one
    sentence that says why; none where its owner may not edit the organisation any more."""
    mine = finding.organisation_of(search)
    if mine is None:
        return []
    chosen = list(items)
    allowed = {item["id"] for item in digests.read(organisation=mine, limit=digests.LISTED)}
    others = (
        Organisation.objects.verified()
        .select_related("home_region", "country")
        .in_bulk([item.object_id for item in chosen if item.object_id in allowed])
    )
    made = []
    for item in chosen:
        other = others.get(item.object_id)
        if other is None:
            continue
        points, why = _fit(mine, other)
        made.append(
            Item(
                of=item.of,
                object_id=item.object_id,
                found_at=item.found_at or search.created_at,
                title=str(other),
                about=_about(other),
                address=links.absolute(f"{mine.get_absolute_url()}with/{other.slug}/"),
                reason=why,
                points=points,
            )
        )
    return made


def _fit(mine: Organisation, other: Organisation) -> tuple[float | None, str]:
    try:
        match = match_of(a=mine, b=other)
    except IndexNotBuilt:
        return None, ""
    return float(match.score), sentence(match, to_you=True)


def _about(row: Any) -> str:
    """Kind and place, in one line."""
    if isinstance(row, Organisation):
        country = row.country.label if row.country else ""
        return " · ".join(filter(None, [capfirst(row.get_kind_display()), row.city, country]))
    if isinstance(row, Initiative):
        return " · ".join(filter(None, [capfirst(row.get_kind_display()), row.place]))
    return " · ".join(filter(None, [_("Region"), row.country.label if row.country else ""]))


def _address(row: Any) -> str:
    address: str = row.get_absolute_url()
    return address


def _stated(stated: Iterable[Statement]) -> str:
    return " · ".join(
        f"{capfirst(each.get_role_display())}: {each.concept.label}" for each in stated
    )
