"""Initiatives, who takes part in them, and what they cover."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace as Made
from typing import Any

from config.design.registry import example
from config.design.world import (
    INVENTED,
    MAKER,
    NORTH,
    OFFICIAL,
    POLAND,
    PROJECT,
    SOUTH,
    UNIVERSITY,
    VALLEY,
    seen,
)
from initiatives.models import Initiative, Participation
from regions.citations import Citations

for state, initiative in (
    ("from and to", PROJECT),
    ("in its own words", VALLEY),
    ("one day", seen(PROJECT, end_date=PROJECT.start_date)),
    ("without an end", seen(PROJECT, end_date=None)),
    ("unknown", seen(PROJECT, start_date=None, end_date=None)),
    (
        "an event with a note",
        Initiative(kind="event", start_date=date(2026, 5, 6), date_note="to be confirmed"),
    ),
):
    example("dates", state, initiative=initiative)
example("project_item", "with an acronym", within="li", project=PROJECT)
example("project_item", "illustrative", within="li", project=VALLEY)


def _part(initiative: Initiative, source: Any, note: str) -> Made:
    shown = Made(
        **{
            name: getattr(initiative, name)
            for name in (
                *("name", "kind", "start_date", "end_date", "date_note", "place"),
                *("get_absolute_url", "get_kind_display", "get_status_display"),
            )
        },
        sources=[source],
    )
    return Made(
        initiative=shown,
        region=NORTH,
        note=note,
        source=source,
        source_id=source.pk,
        get_role_display=lambda: "leads",
    )


for state, part in (
    ("with a note", _part(PROJECT, OFFICIAL, "Its university coordinates.")),
    ("illustrative", _part(VALLEY, INVENTED, "")),
):
    example(
        "initiative_item",
        state,
        lambda part=part: {"part": part, "citations": Citations()},
        within="li",
    )
example(
    "region_roles",
    "two regions",
    lambda: {
        "region_roles": [
            _part(PROJECT, OFFICIAL, "Coordinates the work on training."),
            Made(region=SOUTH, note="", source=INVENTED, get_role_display=lambda: "takes part"),
        ],
        "citations": Citations(),
    },
)


def _figure(label: str, value: str, unit: str, **more: Any) -> Made:
    usual = {
        "label": label,
        "value": Decimal(value),
        "unit": unit,
        "qualifier": "",
        "year": 2025,
        "nature": "actual",
        "get_nature_display": "planned",
        "get_qualifier_display": "about",
        "source": OFFICIAL,
    }
    return Made(**{**usual, **more})


example(
    "initiative_figures",
    "actual, planned, old, without a year",
    lambda: {
        "figures": [
            _figure("hydrogen made", "4200.50", "t a year"),
            _figure("electrolysis", "30.00", "MW", nature="planned", qualifier="about"),
            _figure("vehicles", "12.00", "", year=2016),
            _figure("budget", "25.00", "million €", year=None),
        ],
        "citations": Citations(),
    },
)


def _participation(**more: Any) -> Participation:
    return Participation(
        initiative=PROJECT, role=Participation.Role.values[0], country=POLAND, **more
    )


example(
    "participants",
    "with a profile, illustrative, by name, by PIC, unknown",
    participations=[
        _participation(organisation=UNIVERSITY, contribution=Decimal(1_250_000)),
        _participation(organisation=MAKER, contribution=None),
        _participation(name="A partner without a profile here"),
        _participation(pic="999999999"),
        _participation(),
    ],
)
example(
    "participation_table",
    "with and without a contribution",
    participations=[
        _participation(organisation=UNIVERSITY, contribution=Decimal(1_250_000)),
        Participation(initiative=VALLEY, role=Participation.Role.values[-1]),
    ],
)
