"""The exposure-aware order of suggestions: one parameter, on by default.

Popular institutes fit nearly everybody a little, and would fill the first places of every list.
So the *order* of a list takes some hundredths of a point off for each doubling of (1 + the number
of partners that an organisation has on record); the score that is shown, and its explanation,
stay what they are. A user turns it up (*less* of the well-known) or off (*more* of them).
"""

from enum import StrEnum
from typing import Final

DEFAULT: Final = 100
"""Hundredths of a point per doubling, where nobody said otherwise."""


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
"""What `MatchIndex.top` is told; *more* is the plain order by score."""
