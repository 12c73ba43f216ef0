"""The exposure-aware order of suggestions: one parameter, on by default.

Popular institutes fit nearly everybody a little, and would fill the first places of every list. So
only the first `HEAD` places go by the score alone. The places after them go by a *flatter* reading
of the same facts, in which the tenth partner in common counts for less against the first, minus a
share of the asker's best score for each doubling of how well known an organisation is: how many
partners, and how many projects, it has on record (`matching.engine.quantise.familiarity`). The
share is of the asker's own best, because the scores of a newcomer are small, and a fixed amount
would turn its whole list upside down (ADR 7, with the measurements).

The score that is shown, and its explanation, stay what they are: this is an order. A user turns it
up (*less* of the well-known) or off (*more* of them). A longer list starts with the shorter one.
"""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import Final, Unpack

from matching.engine import Filters, Match, MatchIndex, Narrowing, Profile, Scoring
from matching.engine.searching import MAX_EXPOSURE

DEFAULT: Final = 60
"""Thousandths of the asker's best score per doubling, where nobody said otherwise."""

HEAD: Final = 3
"""Places that go by the score alone."""

WHOLE: Final = 1000


class WellKnown(StrEnum):
    """How much of the well-known a reader wants to see."""

    LESS = "less"
    USUAL = "usual"
    MORE = "more"


EXPOSURES: Final = {
    WellKnown.LESS: 3 * DEFAULT // 2,
    WellKnown.USUAL: DEFAULT,
    WellKnown.MORE: 0,
}
"""Thousandths by choice; *more* is the plain order by score."""


def flatter(scoring: Scoring) -> Scoring:
    """The reading by which the places after the first are given."""
    return replace(
        scoring,
        tau_priorities=680,
        doublings_priorities=7,
        tau_track_record=550_000,
        doublings_track_record=11,
    )


def hundredths(exposure: int, best_score: int) -> int:
    """What one doubling costs an asker of this best score: what `MatchIndex.top` is told."""
    cost = (2 * abs(exposure) * best_score + WHOLE) // (2 * WHOLE)
    return min(cost, MAX_EXPOSURE) * (1 if exposure >= 0 else -1)


def top(
    index: MatchIndex,
    organisation: int | Profile,
    limit: int,
    *,
    exposure: int = DEFAULT,
    exclude: Collection[int] = (),
    **filters: Unpack[Filters],
) -> list[Match]:
    """The suggestions for one organisation in the exposure-aware order; the plain one for an
    exposure of 0. A profile is answered as it stands now, whether or not it is indexed.

    Raises `UnknownOrganisation`.
    """
    ahead = min(limit, HEAD) if exposure else limit
    first = (
        index.top_for(organisation, ahead, exclude=exclude, **filters)
        if isinstance(organisation, Profile)
        else index.top(organisation, ahead, exclude=exclude, **filters)
    )
    if not exposure:
        return first
    if len(first) < HEAD or limit <= HEAD:
        return first
    flat = index.with_scoring(flatter(index.scoring))
    others: Narrowing = {
        **filters,
        "exclude": {*exclude, *(match.b for match in first)},
        "exposure": hundredths(exposure, flat.best_score(organisation)),
    }
    rest = (
        flat.rank_for(organisation, limit - HEAD, **others)
        if isinstance(organisation, Profile)
        else flat.rank(organisation, limit - HEAD, **others)
    )
    return first + index.matches(organisation, rest.id.tolist())
