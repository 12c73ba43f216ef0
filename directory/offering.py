"""The facets of a page of results: which values to choose from, with how many hits each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from directory.facets import BY_NAME, WHERE, Asked, Facet, counts_of, of_kinds
from directory.found import Counted, Found
from directory.known import Known
from organisations.models import Organisation
from regions.sorting import alphabetical

SHOWN: Final = 8
"""Values of a facet that are shown at once; the chosen ones always are."""

FOLDED: Final = 60
"""Further values that can be unfolded."""


@dataclass(frozen=True)
class Choice:
    """One value to choose: as addresses write it, as it is called, and how many hits have it, or
    with ``is_least`` how many at least; of a country, its regions in ``within``."""

    written: str
    label: str
    count: int
    is_chosen: bool
    is_least: bool = False
    within: tuple["Choice", ...] = ()


@dataclass(frozen=True)
class Offered:
    """A facet with its values: those shown at once, and those to be unfolded; ``more`` are left
    out, since fewer hits have them."""

    facet: Facet
    choices: list[Choice]
    folded: list[Choice] = field(default_factory=list)
    more: int = 0


def offered(found: Found, asked: Asked, known: Known, what: Iterable[str]) -> list[Offered]:
    """The facets of these kinds of entry that tell hits apart, with the values that most have."""
    made = []
    for facet in of_kinds(what):
        if facet.name == "region":  # within its country
            continue
        chosen = asked.values.get(facet.name, [])
        if facet.is_quiet and not chosen:
            continue
        counts = found.counted_for(facet.together)
        by_value = counts_of(facet, counts.by_number, known)
        if facet.is_quiet:
            by_value = {value: by_value.get(value, 0) for value in chosen}
        for value in chosen:
            by_value.setdefault(value, 0)
        if not by_value or (len(by_value) == 1 and not chosen and facet.group != WHERE):
            continue
        if facet.name == "country":
            made.append(_places(facet, by_value, counts, asked, known))
        elif facet.name == "network":
            made += _clusters(facet, by_value, counts, chosen, known)
        else:
            made.append(_plain(facet, by_value, counts, chosen, known))
    return made


def _plain(
    facet: Facet, by_value: dict[str, int], counts: Counted, chosen: list[str], known: Known
) -> Offered:
    choices = [
        Choice(
            facet.written(known, value),
            facet.called(known, value),
            count,
            value in chosen,
            counts.is_least(facet.number(known, value)),
        )
        for value, count in sorted(by_value.items(), key=lambda row: (-row[1], row[0]))
    ]
    if facet.name == "year":
        choices.sort(key=lambda choice: choice.written, reverse=True)
    elif facet.order:
        choices.sort(key=lambda choice: facet.order.index(choice.written))
    return _folded(facet, choices)


def _folded(facet: Facet, choices: list[Choice]) -> Offered:
    """The first values, and those chosen, before the rest. A rest of two is not worth folding."""
    most = SHOWN if len(choices) > SHOWN + 2 else len(choices)
    shown = [choice for place, choice in enumerate(choices) if place < most or choice.is_chosen]
    rest = [choice for choice in choices[most:] if not choice.is_chosen]
    return Offered(facet, shown, rest[:FOLDED], more=len(rest[FOLDED:]))


def _places(
    facet: Facet, by_value: dict[str, int], counts: Counted, asked: Asked, known: Known
) -> Offered:
    """Countries by name in the reader's language; below those that are chosen, or that are the only
    ones, their regions by name."""
    of_region = BY_NAME["region"]
    countries = asked.values.get("country", [])
    regions = asked.values.get("region", [])
    by_region = counts_of(of_region, counts.by_number, known)
    for value in regions:
        by_region.setdefault(value, 0)
        by_value.setdefault(known.regions[int(value)].country or "", 0)
    opened = {*countries, *(known.regions[int(value)].country for value in regions)}
    if len(by_value) == 1:
        opened |= set(by_value)

    def is_least(country: str) -> bool:
        return counts.is_least(facet.number(known, country))

    def within(country: str) -> tuple[Choice, ...]:
        if country not in opened:
            return ()
        rows = [
            Choice(
                known.regions[int(value)].slug,
                of_region.called(known, value),
                count,
                value in regions,
                # of a country that was counted whole, each region was
                is_least(country) and counts.is_least(of_region.number(known, value)),
            )
            for value, count in by_region.items()
            if int(value) in known.regions and known.regions[int(value)].country == country
        ]
        return tuple(sorted(rows, key=lambda choice: alphabetical(choice.label)))

    choices = [
        Choice(
            value,
            facet.called(known, value),
            count,
            value in countries,
            is_least(value),
            within(value),
        )
        for value, count in by_value.items()
        if value
    ]
    choices.sort(key=lambda choice: alphabetical(choice.label))
    most = sorted(choices, key=lambda choice: -choice.count)[:SHOWN]
    if len(choices) <= SHOWN + 2:
        return Offered(facet, choices)
    shown = [c for c in choices if c in most or c.is_chosen or c.within]
    return Offered(facet, shown, [choice for choice in choices if choice not in shown])


def _clusters(
    facet: Facet, by_value: dict[str, int], counts: Counted, chosen: list[str], known: Known
) -> list[Offered]:
    """The clusters with the most members among the hits; one query, public ones alone."""
    order = sorted(by_value, key=lambda value: (value not in chosen, -by_value[value], int(value)))
    rows = Organisation.objects.verified().in_bulk([int(value) for value in order[:FOLDED]])
    choices = [
        Choice(
            value,
            rows[int(value)].known_as,
            by_value[value],
            value in chosen,
            counts.is_least(facet.number(known, value)),
        )
        for value in order
        if int(value) in rows
    ]
    return [_folded(facet, choices)] if choices else []
