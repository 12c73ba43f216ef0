"""The key figures of one region, and of two side by side."""

from matching.briefing.results import FigureRow
from regions.models import KeyFigure, Region


def latest_figures(region: Region) -> list[KeyFigure]:
    """The region's figures, by indicator; of each source the latest year only."""
    figures: dict[tuple[int, int], KeyFigure] = {}
    for figure in region.key_figures.select_related("indicator", "source").order_by(
        "indicator__position", "indicator__slug", "-year", "pk"
    ):
        figure.region = region
        figures.setdefault((figure.indicator_id, figure.source_id), figure)
    return list(figures.values())


def figures_side_by_side(a: Region, b: Region) -> tuple[FigureRow, ...]:
    """Each indicator that either region has, with both latest figures."""
    sides: list[dict[int, KeyFigure]] = []
    for region in (a, b):
        side: dict[int, KeyFigure] = {}
        for figure in latest_figures(region):
            known = side.get(figure.indicator_id)
            if known is None or (figure.year or 0) > (known.year or 0):
                side[figure.indicator_id] = figure
        sides.append(side)
    indicators = {
        figure.indicator_id: figure.indicator for side in sides for figure in side.values()
    }
    return tuple(
        FigureRow(indicator, sides[0].get(pk), sides[1].get(pk))
        for pk, indicator in sorted(
            indicators.items(), key=lambda item: (item[1].position, item[1].slug)
        )
    )
