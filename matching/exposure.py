"""The exposure-aware order of suggestions: one parameter, on by default.

Popular institutes fit nearly everybody a little, and would fill the first places of every list.
So the *order* of a list takes a share of the asker's best score off for each doubling of how well
known an organisation is: how many partners, and how many projects, it has on record
(`matching.engine.quantise.familiarity`). The share is of the asker's own best score, because the
scores of a newcomer are small, and a fixed amount would turn its whole list upside down (ADR 7).
The score that is shown, and its explanation, stay what they are. A user turns it up (*less* of the
well-known) or off (*more* of them).
"""

from enum import StrEnum
from typing import Final

from matching.engine import MatchIndex
from matching.engine.searching import MAX_EXPOSURE

DEFAULT: Final = 45
"""Thousandths of the asker's best score per doubling, where nobody said otherwise."""

WHOLE: Final = 1000


class WellKnown(StrEnum):
    """How much of the well-known a reader wants to see."""

    LESS = "less"
    USUAL = "usual"
    MORE = "more"


EXPOSURES: Final = {
    WellKnown.LESS: 2 * DEFAULT,
    WellKnown.USUAL: DEFAULT,
    WellKnown.MORE: 0,
}
"""Thousandths by choice; *more* is the plain order by score."""


def hundredths(exposure: int, best_score: int) -> int:
    """What one doubling costs an asker of this best score: what `MatchIndex.top` is told."""
    cost = (2 * abs(exposure) * best_score + WHOLE) // (2 * WHOLE)
    return min(cost, MAX_EXPOSURE) * (1 if exposure >= 0 else -1)


def cost_for(index: MatchIndex, organisation: int, exposure: int) -> int:
    """The same, of an organisation in the index; raises `UnknownOrganisation`."""
    return hundredths(exposure, index.best_score(organisation)) if exposure else 0
