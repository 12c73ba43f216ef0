"""A question in identifiers, put in the numbers of one segment."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.asking import ELSEWHERE, Limits, Question
from matching.engine.segment import Integers
from matching.engine.sides import NOBODY, Lookup, Side
from matching.engine.types import PERFECT, Int64s


def question_of(side: Side, lookup: Lookup, fit: Int64s) -> Question:
    """What one organisation asks of a segment; `fit` as `fit_points` gives it."""
    number = lookup.concept_number
    needs = [c for c in side.needs if c in number]
    interests = [c for c in side.interests if c in number]
    partners, ties = NOBODY, NOBODY
    if len(side.partners):
        partners, known = lookup.partner_numbers(side.partners)
        ties = side.ties[known]
    country = lookup.country_number.get
    return Question(
        needs=_integers([number[c] for c in needs]),
        needs_value=_integers([side.needs[c] for c in needs]),
        needs_total=side.needs_total,
        offers=_integers([number[c] for c in side.offers if c in number]),
        interests=_integers([number[c] for c in interests]),
        interests_value=_integers([side.interests[c] for c in interests]),
        segments=_integers([number[c] for c in side.segments if c in number]),
        partners=partners,
        ties=ties,
        level=side.level,
        home=_home(lookup, side.home),
        country=0 if side.country is None else 1 + country(side.country, ELSEWHERE),
        fit=fit,
    )


def fit_points(lookup: Lookup, home: int | None, weight: int) -> Int64s:
    """What the regional fit with each home of a segment brings to one of `home`: hundredths by
    number of the home, none for the unknown."""
    total = lookup.segment.frame.fit_total
    fit = np.zeros(len(total) + 1, dtype=np.int64)
    number = _home(lookup, home)
    if 0 < number <= len(total):
        mass = total[number - 1].astype(np.int64)
        fit[1:] = (2 * weight * mass + PERFECT) // (2 * PERFECT)
    return fit


def limits_of(
    question: Question,
    lookup: Lookup,
    regions: Collection[int] | None,
    countries: Collection[str] | None,
    kinds: np.uint64,
    excluded: Integers,
    dead: Integers,
    among: NDArray[np.bool_],
) -> Limits:
    """Who of a segment may be suggested: nobody of the asker's own home."""
    homes = _allowed(lookup.region_number, regions)
    if 0 < question.home < len(homes):
        homes[question.home] = False
    return Limits(
        homes=homes,
        countries=_allowed(lookup.country_number, countries),
        kinds=kinds,
        excluded=excluded,
        dead=dead,
        among=among,
    )


def _home(lookup: Lookup, home: int | None) -> int:
    return 0 if home is None else 1 + lookup.region_number.get(home, ELSEWHERE)


def _integers(values: list[int]) -> Int64s:
    return np.array(values, dtype=np.int64) if values else NOBODY


def _allowed(number: Mapping[Any, int], chosen: Collection[Any] | None) -> np.ndarray[Any, Any]:
    """Which numbers, counted from 1, are chosen; 0, the unknown, only where nothing was chosen."""
    if chosen is None:
        return np.ones(len(number) + 1, dtype=np.bool_)
    allowed = np.zeros(len(number) + 1, dtype=np.bool_)
    for one in set(chosen):
        if one in number:
            allowed[1 + number[one]] = True
    return allowed
