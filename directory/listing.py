"""The rows behind hits, as a page shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from accounts.models import User
from directory.searching import Hit
from initiatives.models import Initiative
from organisations.models import Organisation, TeamMember
from regions.models import Region


@dataclass(frozen=True)
class Row:
    """A hit, the organisation, initiative or region that it is, and its points as a partner of the
    reader's organisation, where they are known."""

    hit: Hit
    row: Model
    points: float | None = None


def own(user: User | AnonymousUser) -> Iterable[int]:
    """The organisations of the user's teams: found by them before they are public."""
    if not user.is_authenticated:
        return ()
    return TeamMember.objects.filter(user=user).values_list("organisation", flat=True)


def own_organisation(user: User | AnonymousUser) -> Organisation | None:
    """The one that fit is told for: the first of the user's teams."""
    if not user.is_authenticated:
        return None
    return Organisation.objects.filter(team__user=user).order_by("name", "pk").first()


def rows(hits: Sequence[Hit], points: Mapping[int, float] | None = None) -> list[Row]:
    """One for each hit that is there still, in their order; a query for each kind at most."""
    sources: dict[str, Any] = {
        "organisation": Organisation.objects.select_related("home_region", "country"),
        "initiative": Initiative.objects.all(),
        "region": Region.objects.select_related("country"),
    }
    found: dict[tuple[str, int], Model] = {}
    for of, source in sources.items():
        keys = [hit.object_id for hit in hits if hit.of == of]
        if keys:
            found |= {(of, key): row for key, row in source.in_bulk(keys).items()}
    return [
        Row(
            hit,
            found[hit.of, hit.object_id],
            (points or {}).get(hit.object_id) if hit.of == "organisation" else None,
        )
        for hit in hits
        if (hit.of, hit.object_id) in found
    ]
