"""Draws the hydrogen value chain as SVG."""

from collections.abc import Sequence
from typing import Any

from django import template

from regions.chains import ChainSegment, Links, State, drawings

register = template.Library()


@register.inclusion_tag("components/chain_diagram.html")
def chain_diagram(
    segments: Sequence[ChainSegment],
    links: Links,
    label: str,
    legend: Sequence[tuple[State, str]],
) -> dict[str, Any]:
    """The chain for a wide and for a narrow page, of which the stylesheet shows one.

    ``links`` are those of `regions.chains.links_between_stages`; ``label`` says in one sentence
    what the picture shows; ``legend`` explains each state. The data as a table are the caller's:
    each knows its own columns.
    """
    return {
        "drawings": drawings(segments, links) if segments else (),
        "label": label,
        "legend": legend,
        "has_links": any(segment.href for segment in segments),
    }
