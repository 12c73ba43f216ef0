"""Draws the hydrogen value chain as SVG."""

from collections.abc import Sequence
from typing import Any

from django import template

from regions.chain_segments import ChainSegment, State, summary
from regions.chains import Links, drawings

register = template.Library()


@register.inclusion_tag("components/chain_diagram.html")
def chain_diagram(
    segments: Sequence[ChainSegment],
    links: Links,
    label: str,
    legend: Sequence[tuple[State, str]] = (),
    *,
    with_table: bool = False,
) -> dict[str, Any]:
    """The chain for a wide and for a narrow page, of which the stylesheet shows one.

    ``links`` are those of `regions.chains.links_between_stages`; ``label`` says in one sentence
    what the picture shows; ``legend`` explains each state, where the notes do not. ``with_table``
    gives the states in words as well, and all segments as a table; without it the data as a table
    are the caller's, who knows columns of its own.
    """
    return {
        "drawings": drawings(segments, links) if segments else (),
        "label": f"{label}. {summary(segments)}" if with_table else label,
        "legend": legend,
        "has_links": any(segment.href for segment in segments),
        "caption": label,
        "rows": segments if with_table else (),
    }
