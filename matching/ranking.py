"""How a reader wants suggestions weighed and ordered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from matching.engine import PERFECT, SIGNALS, Scoring
from matching.engine.scoring import apportion
from matching.exposure import EXPOSURES, WellKnown

OWN = "own"
"""The version that a reader's own weights go by."""

MOST = 100
"""The furthest that a slider goes; only the proportions of the six count."""


class NothingCounts(ValueError):
    """Every weight is zero, so that no suggestion would be better than another."""


@dataclass(frozen=True)
class Ranking:
    """The weights, and how much of the well-known to show.

    ``is_ours`` says that the weights are those in force. Weights change scores, for this reader
    alone; ``well_known`` changes the order and never a score.
    """

    scoring: Scoring = field(default_factory=Scoring)
    is_ours: bool = True
    well_known: WellKnown = WellKnown.USUAL

    @property
    def exposure(self) -> int:
        """How strongly the well-known are moved down; its unit is that of `matching.exposure`."""
        return EXPOSURES[self.well_known]

    @property
    def is_usual(self) -> bool:
        return self.is_ours and self.well_known == WellKnown.USUAL


def sliders(scoring: Scoring) -> dict[str, int]:
    """These weights as whole points, where the sliders stand."""
    return {signal: (scoring.weights[signal] + 50) // 100 for signal in SIGNALS}


def ranking(
    *,
    ours: Scoring,
    weights: Mapping[str, int | None] | None = None,
    well_known: WellKnown = WellKnown.USUAL,
) -> Ranking:
    """The ranking under relative weights from 0 to `MOST`; a signal left out keeps our weight.

    The weights are made whole hundredths that sum to `PERFECT`, by largest remainder. Where they
    all stand at ours, they are exactly ours. Raises `NothingCounts` if all are zero.
    """
    standing = sliders(ours)
    asked = {
        signal: standing[signal] if (given := (weights or {}).get(signal)) is None else given
        for signal in SIGNALS
    }
    if asked == standing:
        return Ranking(ours, True, well_known)
    if not any(asked.values()):
        raise NothingCounts
    parts = apportion(PERFECT, [asked[signal] for signal in SIGNALS])
    scoring = replace(ours, version=OWN, weights=dict(zip(SIGNALS, parts, strict=True)))
    return Ranking(scoring, False, well_known)
