"""Hits in the order of their text and of their fit to the reader's organisation."""

from collections.abc import Sequence
from typing import Final

from directory.found import Found, Hit
from matching import index
from matching.index import IndexNotBuilt
from matching.services import present
from organisations.models import Organisation

MOST_FITTED: Final = 200
"""Hits whose fit is looked at: the best by their text."""

POINTS_OF_TEXT: Final = 25
"""So many points of fit weigh as much as one of the text's: a name that is the question keeps its
place, and among many that answer alike the best partners come first."""


def fits(organisation: Organisation, hits: Sequence[Hit]) -> dict[int, float]:
    """The points of each organisation among the first hits as a partner of this one. Empty without
    an index."""
    others = [
        hit.object_id
        for hit in hits[:MOST_FITTED]
        if hit.of == "organisation" and hit.object_id != organisation.pk
    ]
    try:
        scores = index.in_use().scores(present(organisation), others) if others else {}
    except IndexNotBuilt:
        return {}
    return {other: score / 100 for other, score in scores.items()}


def ordered(found: Found, points: dict[int, float], order: str) -> list[Hit]:
    """The hits by text and fit together, by text alone, or by fit alone; those beyond the first
    `MOST_FITTED` stay behind them."""
    first, rest = found.hits[:MOST_FITTED], found.hits[MOST_FITTED:]

    def of(hit: Hit) -> float:
        return points.get(hit.object_id, 0.0) if hit.of == "organisation" else 0.0

    if order == "fit":
        first = sorted(first, key=lambda hit: -of(hit))
    elif order == "best" and points:
        first = sorted(first, key=lambda hit: -(hit.score + of(hit) / POINTS_OF_TEXT))
    return [*first, *rest]
