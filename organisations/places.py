"""Finding the NUTS 3 unit of a place that somebody names."""

from dataclasses import dataclass, field
from typing import Final

from django.db.models import Case, Count, QuerySet, When

from organisations.models import Organisation
from regions.models import NutsUnit
from regions.querysets import words_in

MOST: Final = 20
MOST_BY_CITY: Final = 5
NAMED_BY: Final = (
    *("name", "code", "parent__name", "parent__parent__name"),
    *("home_region__name", "home_region__local_name", "home_region__capital"),
)


@dataclass(frozen=True)
class Place:
    """A unit, and why it is offered: how many organisations with a seat of that name are in it."""

    unit: NutsUnit
    organisations: int = 0


@dataclass(frozen=True)
class Group:
    """A unit of NUTS 2 with the units of NUTS 3 that it is made of."""

    unit: NutsUnit
    areas: list[NutsUnit] = field(default_factory=list)


def units() -> QuerySet[NutsUnit]:
    """The units of NUTS 2021, level 3, that a seat may be in, with their regions and countries."""
    return NutsUnit.objects.filter(version=NutsUnit.Version.V2021, level=3).select_related(
        "home_region", "country"
    )


def areas_of(country: str) -> list[Group]:
    """All units of a country, to choose from a list; by name, inside of what they are in. One
    query."""
    groups: dict[int, Group] = {}
    if country:
        rows = units().filter(country=country, parent__isnull=False).select_related("parent")
        for unit in rows.order_by("parent__name", "parent__code", "name", "code"):
            assert unit.parent is not None
            groups.setdefault(unit.parent.pk, Group(unit.parent)).areas.append(unit)
    return list(groups.values())


def places_named(text: str, *, country: str = "") -> list[Place]:
    """Units of NUTS 2021, level 3, for a place, a code or the name of a unit or of what it is in;
    the home region's in any language.

    Few towns give their name to a unit, so those come first in which organisations with a seat in
    such a town are; then the units by code, those of ``country`` first. Three queries at most.
    """
    words = text.strip()
    if not words:
        return []
    seats = Organisation.objects.verified().filter(
        city__unaccented__contains=words, nuts3__isnull=False
    )
    counted = dict(
        seats.order_by()
        .values_list("nuts3")
        .annotate(total=Count("pk"))
        .order_by("-total", "nuts3")[:MOST_BY_CITY]
    )
    by_city = units().in_bulk(list(counted))
    found = [Place(by_city[pk], total) for pk, total in counted.items() if pk in by_city]
    here = [Case(When(country=country, then=0), default=1)] if country else []
    named = (
        units()
        .filter(words_in(words, *NAMED_BY, region="home_region__name"))
        .order_by(*here, "code", "pk")
    )
    return found + [Place(unit) for unit in named.exclude(pk__in=by_city)[: MOST - len(found)]]
