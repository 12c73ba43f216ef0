"""Regions: figures, maps, the value chain, and how two belong together."""

from decimal import Decimal
from types import SimpleNamespace as Made

from config.design.registry import example
from config.design.world import (
    ELECTROLYSIS,
    INVENTED,
    NORTH,
    OFFICIAL,
    REFORMING,
    SOUTH,
    figure,
)
from regions.citations import Citations
from regions.maps import Frame, Map, Shape
from regions.models import KeyFigure
from regions.templatetags.charts import year_chart


def _citations() -> Citations:
    """With both sources cited."""
    citations = Citations()
    for source in (OFFICIAL, INVENTED):
        citations.number(source)
    return citations


_OLD = figure(year=2015, rank=None, note="provisional")
_ABOUT = figure(qualifier=KeyFigure.Qualifier.values[0], year=None, rank=None)

for state, shown in (("with rank", figure()), ("old", _OLD), ("without a year", _ABOUT)):
    example("figure_year", state, figure=shown)
    example("figure_cell", state, lambda shown=shown: {"figure": shown, "citations": _citations()})
    example(
        "key_figure",
        state,
        lambda shown=shown: {"figures": [shown], "citations": _citations()},
        within="dl",
    )
    example("dossier_figure", state, figure=shown, region=NORTH, by_site=[])
example("figure_cell", "nothing", lambda: {"figure": None, "citations": _citations()})
example(
    "key_figure",
    "of two sources",
    lambda: {"figures": [figure(), figure(value=59_800, rank=5)], "citations": _citations()},
    within="dl",
)
example(
    "dossier_figure", "loaded by the site", figure=figure(), region=NORTH, by_site=[OFFICIAL.slug]
)
example("dossier_actions", "always", region=NORTH, section="figures", pk=1, name="GDP")
example("sources", "two", lambda: {"citations": _citations()})

_LAND = "M0 0H40L52 30L20 60L0 44Z"
_NEIGHBOUR = "M40 0H90V50L52 30Z"
_FAR = "M20 60L52 30L90 50V90H10Z"
_FRAME = Frame(-10, -10, 100, 100)
example(
    "map",
    "one region, no links",
    map=Map(_FRAME, (Shape(_NEIGHBOUR), Shape(_FAR), Shape(_LAND, css_class="is-here"))),
    label="Where the region lies",
    credit=True,
)
example(
    "map",
    "regions as links",
    map=Map(
        _FRAME,
        (
            Shape(_NEIGHBOUR, "One", "/regions/example-one/"),
            Shape(_FAR, "Two", "/regions/example-two/"),
            Shape(_LAND, "Three", "/regions/example-three/", "is-lead"),
        ),
    ),
    label="Map of regions; each is a link",
)
example(
    "map",
    "two regions and a line",
    map=Map(
        _FRAME,
        (Shape(_NEIGHBOUR), Shape(_LAND, css_class="side-a"), Shape(_FAR, css_class="side-b")),
    ),
    line=("20", "25", "50", "65"),
    label="The two regions",
)
example(
    "year_chart",
    "seven years",
    lambda: year_chart(
        [(2018, 3), (2019, 5), (2020, 0), (2021, 8), (2022, 12), (2023, 9), (2024, 4)],
        "Joint projects by year of start",
    ),
)
example("year_chart", "one year", lambda: year_chart([(2024, 1)], "Joint projects"))

example("holders", "both", initiatives=2, organisations=11)
example("holders", "organisations only", initiatives=0, organisations=1)
for state, real, illustrative in (
    ("real", 4, 0),
    ("both", 4, 2),
    ("illustrative only", 0, 2),
    ("nobody", 0, 0),
):
    example("holder_count", state, real=real, illustrative=illustrative)


def _complement(reason: str, *, b_holders: int = 3) -> Made:
    return Made(
        a_segment=ELECTROLYSIS,
        b_segment=REFORMING,
        a_holders=2,
        b_holders=b_holders,
        a_illustrative=0,
        b_illustrative=1,
        is_illustrative=not b_holders,
        reason=reason,
    )


example(
    "complements",
    "two",
    a=NORTH,
    b=SOUTH,
    complements=[_complement("One makes what the other uses."), _complement("", b_holders=0)],
)
example(
    "complements",
    "more than ten",
    a=NORTH,
    b=SOUTH,
    complements=[_complement("One makes what the other uses.")] * 12,
)
example(
    "fitting_region",
    "always",
    within="li",
    region=NORTH,
    fit=Made(
        region=SOUTH,
        score=Decimal("62.40"),
        reasons=("12 joint projects", "Both give priority to hydrogen"),
    ),
)
