"""Finding the NUTS 3 unit of a place that somebody names."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Count

from organisations.models import Organisation
from regions.models import NutsUnit
from regions.querysets import words_in

MOST: Final = 20
MOST_BY_CITY: Final = 5


@dataclass(frozen=True)
class Place:
    """A unit, and why it is offered: how many organisations with a seat of that name are in it."""

    unit: NutsUnit
    organisations: int = 0


def places_named(text: str, *, country: str = "") -> list[Place]:
    """Units of NUTS 2021, level 3, for a place, a code or the name of a unit or of what it is in.

    Few towns give their name to a unit, so those come first in which organisations with a seat in
    such a town are; then the units by code. Four queries at most.
    """
    words = text.strip()
    if not words:
        return []
    units = NutsUnit.objects.filter(version=NutsUnit.Version.V2021, level=3).select_related(
        "home_region", "country"
    )
    seats = Organisation.objects.verified().filter(
        city__unaccented__contains=words, nuts3__isnull=False
    )
    if country:
        units, seats = units.filter(country=country), seats.filter(country=country)
    counted = dict(
        seats.order_by()
        .values_list("nuts3")
        .annotate(total=Count("pk"))
        .order_by("-total", "nuts3")[:MOST_BY_CITY]
    )
    by_city = units.in_bulk(list(counted))
    found = [Place(by_city[pk], total) for pk, total in counted.items() if pk in by_city]
    named = units.filter(
        words_in(words, "name", "code", "parent__name", "parent__parent__name", "home_region__name")
    ).order_by("code", "pk")
    return found + [Place(unit) for unit in named.exclude(pk__in=by_city)[: MOST - len(found)]]
