"""The value chain as a diagram with its table."""

from collections.abc import Sequence
from typing import Any

from django import template

from regions.chain_coverage import ChainItem, drawings, summary

register = template.Library()


@register.inclusion_tag("components/chain_coverage.html")
def chain_coverage(items: Sequence[ChainItem], caption: str) -> dict[str, Any]:
    """Segments in the order of the chain, drawn and as a table."""
    return {
        "items": items,
        "caption": caption,
        "drawings": drawings(items),
        "summary": summary(items),
    }
