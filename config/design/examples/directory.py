"""The search: facets and their choices, hits, the map of the results, and how to take them away."""

from dataclasses import replace
from types import SimpleNamespace as Made

from django.http import HttpRequest, QueryDict

from config.design.registry import example
from config.design.world import (
    ELECTROLYSIS,
    MAKER,
    NORTH,
    PROJECT,
    REFORMING,
    SOUTH,
    UNIVERSITY,
    seen,
)
from directory.mapping import Number, Place, ResultMap, Step
from directory.offering import Choice, Offered
from organisations.models import Organisation


def _choice(written: str, label: str, count: int, **more: object) -> Choice:
    return Choice(written, label, count, **{"is_chosen": False, **more})  # type: ignore[arg-type]


_NORTH = _choice(NORTH.slug, NORTH.name, 1_204, is_chosen=True)
_SOUTH = _choice(SOUTH.slug, SOUTH.name, 9)
_KINDS = [
    _choice("sme", "small or medium-sized enterprise", 3_120),
    _choice("lab", "laboratory", 0),
]
for state, choice in (
    ("to be chosen", _SOUTH),
    ("chosen", _NORTH),
    ("counted in part", replace(_SOUTH, is_least=True)),
):
    example("directory/choice", state, name="region", choice=choice)


def _facet(name: str, label: str) -> Made:
    return Made(name=name, label=label)


for state, made in (
    ("few values", Offered(_facet("kind", "Kind"), _KINDS)),  # type: ignore[arg-type]
    (
        "countries with their regions",
        Offered(
            _facet("country", "Where"),  # type: ignore[arg-type]
            [_choice("PL", "Poland", 1_204, within=(_NORTH,)), _choice("FR", "France", 9)],
        ),
    ),
    (
        "more to unfold, and more still",
        Offered(_facet("kind", "Kind"), _KINDS[:1], folded=_KINDS[1:], more=1_230),  # type: ignore[arg-type]
    ),
):
    example("directory/facet", state, offered=made)

_STATED = [
    Made(concept=ELECTROLYSIS, get_role_display="offers"),
    Made(concept=REFORMING, get_role_display="needs"),
]
_AREA = seen(NORTH, kind="area")
for state, of, row, more in (
    ("an organisation", "organisation", UNIVERSITY, {"stated": _STATED}),
    ("with its fit", "organisation", MAKER, {"mine": UNIVERSITY, "points": 36.6}),
    (
        "not public yet",
        "organisation",
        seen(UNIVERSITY, status=Organisation.Status.DRAFT),
        {},
    ),
    ("an initiative", "initiative", PROJECT, {}),
    ("a region", "region", SOUTH, {}),
    ("an area", "region", _AREA, {}),
):
    example(
        "directory/hit",
        state,
        {"hit": Made(of=of), "row": row, "points": None, "stated": [], "mine": None, **more},
    )

_PLACES = [
    Place(
        name=region.label,
        country=region.country.labels["en"],
        title=f"{region.name}: {count} results",
        count=count,
        is_least=False,
        shade=shade,
        is_chosen=is_chosen,
        href="/search/",
        zoom="/search/",
        country_zoom="/search/",
        path=path,
    )
    for region, count, shade, is_chosen, path in (
        (NORTH, 1_204, 5, True, "M0 0H40L52 30L20 60L0 44Z"),
        (SOUTH, 9, 2, False, "M40 0H90V50L52 30Z"),
    )
]


def _map(*, unknown: str = "") -> ResultMap:
    return ResultMap(
        area="",
        is_wider=bool(unknown),
        unknown=unknown,
        view_box="-10 -10 120 110",
        rest="M20 60L52 30L90 50V90H10Z",
        places=_PLACES,
        table=[replace(place, is_least=bool(unknown)) for place in _PLACES],
        numbers=[Number("20", "30", "1,204"), Number("68", "25", "9")],
        font_size="6",
        legend=[(2, "up to 10"), (5, "more than 1,000")],
        above=[Step("Europe", "/search/"), Step("Poland")],
        within=[Step(NORTH.name, "/search/")],
    )


example("result_map", "two regions", lambda: {"map": _map()})
example("result_map", "not known, counted in part", lambda: {"map": _map(unknown="XX")})


def _request() -> HttpRequest:
    request = HttpRequest()
    request.path = request.path_info = "/search/"
    request.GET = QueryDict("q=wind")
    return request


for state, allowance in (
    ("all of them", Made(most=50_000, is_cut=False, more=None)),
    ("the first ones", Made(most=50_000, is_cut=True, more=None)),
    ("more once one has logged in", Made(most=1_000, is_cut=True, more=50_000)),
):
    example(
        "export_links",
        state,
        lambda allowance=allowance: {
            "allowance": allowance,
            "directory": None,
            "request": _request(),
        },
    )
