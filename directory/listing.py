"""The rows behind hits, as a page shows them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models.expressions import RawSQL

from accounts.models import User
from directory.asking import folded
from directory.found import Hit
from directory.searching import Reader
from initiatives.models import Initiative
from organisations.models import Organisation, Statement
from regions.models import Region

MOST_STATED = 3
"""Statements that a hit shows."""


@dataclass(frozen=True)
class Row:
    """A hit, the organisation, initiative or region that it is, and its points as a partner of the
    reader's organisation, where they are known; ``stated`` is what it says of the concepts that the
    words mean."""

    hit: Hit
    row: Organisation | Initiative | Region
    points: float | None = None
    stated: Sequence[Statement] = ()

    @property
    def short_name(self) -> str:
        """How it is called in short, where the name does not say it."""
        row = self.row
        short = (
            row.short_name
            if isinstance(row, Organisation)
            else row.acronym
            if isinstance(row, Initiative)
            else ""
        )
        return "" if set(folded(short)) <= set(folded(row.name)) else short


def reader(user: User | AnonymousUser) -> Reader:
    """What this user may find, by the rule of `OrganisationQuerySet.visible_to`."""
    if not user.is_authenticated:
        return Reader()
    if user.has_perm("organisations.view_organisation"):
        return Reader(sees_all=True)
    hidden = Organisation.objects.visible_to(user).exclude(status=Organisation.Status.VERIFIED)
    return Reader(organisations=tuple(hidden.order_by().values_list("pk", flat=True)))


def own_organisation(user: User | AnonymousUser) -> Organisation | None:
    """The one that fit is told for: the first of the user's teams."""
    if not user.is_authenticated:
        return None
    return Organisation.objects.filter(team__user=user).order_by("name", "pk").first()


def rows(
    hits: Sequence[Hit],
    points: Mapping[int, float] | None = None,
    concepts: Collection[int] = (),
    *,
    user: User | AnonymousUser,
) -> list[Row]:
    """One for each hit that is there still and that the user may see, in their order; a query for
    each kind at most, and one for what organisations state."""
    sources: dict[str, Any] = {
        "organisation": Organisation.objects.visible_to(user).select_related(
            "home_region", "country"
        ),
        "initiative": Initiative.objects.all(),
        "region": Region.objects.select_related("country"),
    }
    found: dict[tuple[str, int], Organisation | Initiative | Region] = {}
    for of, source in sources.items():
        keys = [hit.object_id for hit in hits if hit.of == of]
        if keys:
            found |= {(of, key): row for key, row in source.in_bulk(keys).items()}
    stated = _stated([hit.object_id for hit in hits if hit.of == "organisation"], concepts)
    return [
        Row(hit, found[hit.of, hit.object_id])
        if hit.of != "organisation"
        else Row(
            hit,
            found[hit.of, hit.object_id],
            (points or {}).get(hit.object_id),
            stated.get(hit.object_id, ()),
        )
        for hit in hits
        if (hit.of, hit.object_id) in found
    ]


def _stated(organisations: list[int], concepts: Collection[int]) -> dict[int, list[Statement]]:
    if not organisations or not concepts:
        return {}
    found: dict[int, list[Statement]] = defaultdict(list)
    meant = RawSQL(
        "SELECT concept_id FROM directory_concept_up WHERE up_id = ANY (%s)", [list(concepts)]
    )
    statements = (
        Statement.objects.holding()
        .filter(organisation__in=organisations, concept__in=meant)
        .select_related("concept")
        .order_by("organisation_id", "role", "-weight", "concept_id")
        .distinct("organisation_id", "role", "weight", "concept_id")
    )
    for statement in statements:
        if len(found[statement.organisation_id]) < MOST_STATED:
            found[statement.organisation_id].append(statement)
    return found
