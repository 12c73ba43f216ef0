"""Commands about regions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from regions.models import Indicator, KeyFigure, Region

STATISTICAL_SOURCES = ("eurostat-2020", "jrc-crosswalk", "gisco")
"""Sources whose figures cover all regions alike, so that a rank means something."""

MINIMUM_RANKED = 5
"""Fewer regions than this make no ranking: "3rd of 3" tells a reader nothing."""


@dataclass(frozen=True)
class Standing:
    """A rank, among whom it was computed, and how many they are."""

    rank: int
    scope: KeyFigure.Scope
    out_of: int


def standings(
    figures: Iterable[KeyFigure], *, countries: Mapping[int, str], highest_first: bool
) -> dict[int, Standing]:
    """Rank figures of one indicator and year by region.

    Policy: a regional authority first asks how it stands in its own country, so a region is ranked
    among the home regions of its country. Where fewer than five of them have the figure (Slovenia
    is one region, Ireland three) it is ranked among all home regions that have it. Equal values
    share the better rank (1, 2, 2, 4). Areas overlap the home regions and are not ranked.

    ``countries`` holds the country code of every home region, by its key; a figure of any other
    region is left out. Returns the standing by the region's key.
    """
    ranked = [figure for figure in figures if figure.region_id in countries]
    at_home: dict[str, list[KeyFigure]] = defaultdict(list)
    for figure in ranked:
        at_home[countries[figure.region_id]].append(figure)
    result = {}
    for country in at_home.values():
        if len(country) >= MINIMUM_RANKED:
            scope, among = KeyFigure.Scope.COUNTRY, country
        elif len(ranked) >= MINIMUM_RANKED:
            scope, among = KeyFigure.Scope.EUROPE, ranked
        else:
            continue
        for figure in country:
            better = sum(
                other.value > figure.value if highest_first else other.value < figure.value
                for other in among
            )
            result[figure.region_id] = Standing(better + 1, scope, len(among))
    return result


def assign_ranks(figures: Iterable[KeyFigure]) -> None:
    """Set rank, scope and number ranked of figures of any indicators, without saving them.

    Figures of the same indicator and year are compared, so a figure of 2017 is never ranked
    against one of 2018.
    """
    countries = dict(Region.objects.homes().values_list("pk", "country_id"))
    highest_first = dict(Indicator.objects.values_list("pk", "higher_is_first"))
    groups: dict[tuple[int, int | None], list[KeyFigure]] = defaultdict(list)
    for figure in figures:
        groups[figure.indicator_id, figure.year].append(figure)
    for (indicator, _year), group in groups.items():
        standing_of = standings(group, countries=countries, highest_first=highest_first[indicator])
        for figure in group:
            standing = standing_of.get(figure.region_id)
            figure.rank = standing.rank if standing else None
            figure.rank_scope = standing.scope if standing else KeyFigure.Scope.NONE
            figure.rank_of = standing.out_of if standing else None


@transaction.atomic
def rank_key_figures(
    *, indicator: Indicator, sources: Collection[str] = STATISTICAL_SOURCES
) -> int:
    """Compute the ranks of an indicator's figures anew; return how many changed.

    Figures of other sources keep the rank that their source gives them.
    """
    figures = list(
        KeyFigure.objects.select_for_update(of=["self"])
        .filter(indicator=indicator, source__slug__in=sources)
        .order_by("pk")
    )
    before = [(figure.rank, figure.rank_scope, figure.rank_of) for figure in figures]
    assign_ranks(figures)
    changed = [
        figure
        for figure, old in zip(figures, before, strict=True)
        if (figure.rank, figure.rank_scope, figure.rank_of) != old
    ]
    KeyFigure.objects.bulk_update(changed, ["rank", "rank_scope", "rank_of"])
    return len(changed)
