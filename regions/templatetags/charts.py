"""Charts drawn as SVG on the server: every length is an attribute, none needs a style."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any, Protocol

from django import template

register = template.Library()


class Part(Protocol):
    """What a score bar needs of a signal's share."""

    signal: str
    points: Decimal

    @property
    def possible(self) -> Decimal: ...


@dataclass(frozen=True)
class Segment:
    """A stretch of a score bar; lengths are SVG units as text, so that no locale changes them."""

    signal: str
    x: str
    width: str


@dataclass(frozen=True)
class Bar:
    """One year of a bar chart, in SVG units."""

    year: int
    value: int
    x: str
    y: str
    width: str
    height: str
    middle: str
    value_y: str
    shows_year: bool
    shows_year_when_narrow: bool


CHART_WIDTH = 640
CHART_HEIGHT = 200
BASELINE = 172
TOP = 24

NARROW_YEAR = 64
"""SVG units that a year takes up on a narrow screen, where the lettering is larger."""


@register.inclusion_tag("components/score_bar.html")
def score_bar(parts: Sequence[Part]) -> dict[str, Any]:
    """The six signals of a score, end to end on a scale of 100, and after them, in outline, the
    most that each could gain if what is not known became known."""
    segments, x = [], Decimal(0)
    for part in parts:
        if part.points:
            segments.append(Segment(part.signal, f"{x:.2f}", f"{part.points:.2f}"))
            x += part.points
    unknown = sum((part.possible for part in parts), Decimal(0))
    return {
        "segments": segments,
        "unknown": Segment("unknown", f"{x:.2f}", f"{unknown:.2f}") if unknown else None,
    }


@register.inclusion_tag("components/year_chart.html")
def year_chart(by_year: Sequence[tuple[int, int]], caption: str) -> dict[str, Any]:
    """A bar for each year, with the same numbers as a table for those who prefer one."""
    highest = max((value for _, value in by_year), default=0) or 1
    step = CHART_WIDTH / max(len(by_year), 6)
    every = 2 * ceil(NARROW_YEAR / step / 2) if step < NARROW_YEAR else 1
    bars = []
    for place, (year, value) in enumerate(by_year):
        height = value / highest * (BASELINE - TOP)
        x = place * step + step * 0.14
        bars.append(
            Bar(
                year=year,
                value=value,
                x=f"{x:.1f}",
                y=f"{BASELINE - height:.1f}",
                width=f"{step * 0.72:.1f}",
                height=f"{height:.1f}",
                middle=f"{place * step + step / 2:.1f}",
                value_y=f"{BASELINE - height - 6:.1f}",
                shows_year=step >= 34 or year % 2 == 0,
                shows_year_when_narrow=year % every == 0,
            )
        )
    return {
        "bars": bars,
        "by_year": by_year,
        "caption": caption,
        "view_box": f"0 0 {CHART_WIDTH} {CHART_HEIGHT}",
        "baseline": str(BASELINE),
        "label_y": str(BASELINE + 18),
        "right": str(CHART_WIDTH),
    }
