"""A question in identifiers, put in the numbers of one segment."""

from array import array
from collections.abc import Collection, Mapping
from typing import Any, Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from matching.engine.asking import ELSEWHERE, Limits
from matching.engine.population import MAX_KIND
from matching.engine.segment import Integers
from matching.engine.sides import NOBODY, Lookup, Side
from matching.engine.types import PERFECT, Int64s

KINDS: Final = frozenset(range(MAX_KIND + 1))
EVERY_KIND: Final = np.uint64((1 << 64) - 1)
ANYONE: Final = np.zeros(0, dtype=np.bool_)


class Filters(TypedDict, total=False):
    """To whom answers are restricted: home `regions`, `countries`, `kinds`, and the ids in `among`
    (an area, a search), where these are given and not None."""

    regions: Collection[int] | None
    countries: Collection[str] | None
    kinds: Collection[int] | None
    among: Collection[int] | None


class Narrowing(Filters, total=False):
    """Filters, whom never to suggest, and in which order.

    `exposure` reorders and never changes a score: so many hundredths of a point, at most 750, are
    taken off the rank for every doubling of how well known an organisation is
    (`quantise.familiarity`); a negative one favours the well-known.
    """

    exclude: Collection[int]
    exposure: int


def question_of(side: Side, lookup: Lookup, exclude: Collection[int] = ()) -> Int64s:
    """What one organisation asks of a segment, as `asking.opened` reads it; never for itself, nor
    for any of `exclude`."""
    home = 0 if side.home is None else 1 + lookup.region_number.get(side.home, ELSEWHERE)
    country = 0 if side.country is None else 1 + lookup.country_number.get(side.country, ELSEWHERE)
    record, needs, interests = side.record, side.needs, side.interests
    partners, ties = NOBODY, NOBODY
    if len(record.partners):
        partners, known = lookup.partner_numbers(record.partners)
        ties = record.ties[known]
    packed = [
        *(side.id, record.level, home, country, len(needs), len(side.offers), len(interests)),
        *(len(side.segments), len(partners), 1 + len(exclude)),
        *needs,
        *needs.values(),
        *side.offers,
        *interests,
        *interests.values(),
        *side.segments,
    ]
    if len(partners):
        return np.concatenate([packed, partners, ties, [side.id, *exclude]], dtype=np.int64)
    packed += (side.id, *exclude)
    # quicker than an array of numpy's own, which looks at every number twice
    return np.frombuffer(array("q", packed), dtype=np.int64)


def fit_points(lookup: Lookup, home: int | None, weight: int) -> Int64s:
    """What the regional fit with each home of a segment brings to one of `home`: hundredths by
    number of the home, none for the unknown."""
    total = lookup.segment.frame.fit_total
    fit = np.zeros(len(total) + 1, dtype=np.int64)
    number = -1 if home is None else lookup.region_number.get(home, -1)
    if 0 <= number < len(total):
        mass = total[number].astype(np.int64)
        fit[1:] = (2 * weight * mass + PERFECT) // (2 * PERFECT)
    return fit


def limits_of(
    home: int | None,
    lookup: Lookup,
    dead: Integers,
    among: NDArray[np.bool_],
    narrowed: Narrowing,
) -> Limits:
    """Who of a segment may be suggested: nobody of the asker's own home."""
    homes = _allowed(lookup.everywhere, lookup.region_number, narrowed.get("regions"))
    own = -1 if home is None else lookup.region_number.get(home, -1)
    if own >= 0:
        homes = homes.copy()
        homes[1 + own] = False
    kinds = narrowed.get("kinds")
    return Limits(
        homes=homes,
        countries=_allowed(lookup.every_country, lookup.country_number, narrowed.get("countries")),
        kinds=EVERY_KIND
        if kinds is None
        else np.uint64(sum(1 << kind for kind in set(kinds) & KINDS)),
        dead=dead,
        among=among,
    )


def _allowed(
    every: NDArray[np.bool_], number: Mapping[Any, int], chosen: Collection[Any] | None
) -> NDArray[np.bool_]:
    """Which numbers, counted from 1, are chosen; 0, the unknown, only where nothing was chosen."""
    if chosen is None:
        return every
    allowed = np.zeros(len(every), dtype=np.bool_)
    for one in set(chosen):
        if one in number:
            allowed[1 + number[one]] = True
    return allowed
