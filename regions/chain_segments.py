"""What a diagram of the hydrogen value chain says of each segment, in a colour and in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regions.models import Concept


class State(StrEnum):
    """How a segment stands; each has a look of its own."""

    # in a region, beside its neighbours
    HERE = "here"
    NEAR = "near"
    EXAMPLE = "example"
    ABSENT = "absent"
    # in an initiative or a cluster
    COVERED = "covered"
    HELD = "held"
    GAP = "gap"
    UNDECLARED = "undeclared"
    BEYOND = "beyond"


HOLDING = frozenset({State.HERE, State.COVERED, State.HELD})
"""The states of a segment that somebody has."""

MEANINGS = {
    State.COVERED: gettext_lazy("covered"),
    State.HELD: gettext_lazy("held by participants"),
    State.GAP: gettext_lazy("gap"),
    State.UNDECLARED: gettext_lazy("not declared yet"),
    State.BEYOND: gettext_lazy("not covered"),
}
"""What the states of an initiative or a cluster are called; a region says more in its notes."""


@dataclass(frozen=True)
class ChainSegment:
    """One segment as a chain shows it: how it stands, and a few words or a number to go with it."""

    concept: Concept
    state: State
    note: str = ""
    """The state in other words than its own."""
    href: str = ""
    is_illustrative: bool = False
    is_whole: bool = False
    """Whether it is a stage as a whole, beside the segments of that stage."""
    share: float = 0.0
    """The length of the bar in its box, from none to as long as the box."""

    @property
    def stage(self) -> Concept:
        return self.concept.broader or self.concept

    @property
    def name(self) -> str:
        """What its box is called below the heading of its stage."""
        return _("as a whole") if self.is_whole else self.concept.label

    @property
    def words(self) -> str:
        """How it stands, in words."""
        said = self.note or str(MEANINGS.get(self.state, ""))
        return _("%(said)s (illustrative)") % {"said": said} if self.is_illustrative else said

    @property
    def is_held(self) -> bool:
        return self.state in HOLDING


def summary(segments: Iterable[ChainSegment]) -> str:
    """The chain in a sentence for each state of `MEANINGS`, for those who do not see it."""
    rows = list(segments)
    said = []
    for state, name in MEANINGS.items():
        if labels := [row.concept.label for row in rows if row.state == state]:
            said.append(f"{name}: {', '.join(labels)}.")
    return " ".join(said)
