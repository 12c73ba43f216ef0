"""Small bars for the rows of a table: how much, and in which years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext as _

register = template.Library()

COLUMN, GAP, HEIGHT = 12, 3, 30


@dataclass(frozen=True)
class Column:
    """One year's column, in SVG units as text, so that no locale changes them."""

    x: str
    y: str
    height: str


@register.inclusion_tag("components/row_bar.html")
def row_bar(value: int, highest: int) -> dict[str, Any]:
    """A bar as long as the value's share of the highest; the number stands beside it."""
    return {"width": f"{100 * value / max(highest, value, 1):.1f}"}


@register.inclusion_tag("components/year_columns.html")
def year_columns(
    by_year: Mapping[int | None, int], years: Sequence[int], highest: int
) -> dict[str, Any]:
    """A narrow column for each of the years, on a scale that all rows share."""
    step = COLUMN + GAP
    columns = []
    for place, year in enumerate(years):
        height = HEIGHT * by_year.get(year, 0) / max(highest, 1)
        columns.append(Column(str(place * step), f"{HEIGHT - height:.1f}", f"{height:.1f}"))
    return {
        "columns": columns,
        "width": len(years) * step - GAP if years else 0,
        "height": HEIGHT,
        "column_width": COLUMN,
        "label": ", ".join(
            _("%(year)d: %(number)d") % {"year": year, "number": by_year.get(year, 0)}
            for year in years
        ),
    }
