"""Dossiers and briefings: chains, joint projects, gaps, offices, agendas, sister clusters."""

from decimal import Decimal
from types import SimpleNamespace as Made
from typing import Any

from config.design.examples.matching import MATCH
from config.design.registry import example
from config.design.world import (
    ELECTROLYSIS,
    FRANCE,
    MAKER,
    NORTH,
    OFFICIAL,
    POLAND,
    PRODUCTION,
    PROJECT,
    REFORMING,
    SOUTH,
    UNIVERSITY,
    VALLEY,
    figure,
    seen,
)
from matching.dossier import Holders, SegmentCoverage
from matching.next_door import ChainAround, NextDoor, SegmentAround
from regions.chain_coverage import ChainItem
from regions.chain_coverage import State as Standing
from regions.chains import ChainSegment
from regions.citations import Citations
from regions.models import KeyFigure, RegionNeighbour
from regions.templatetags.bars import row_bar, year_columns
from regions.templatetags.chain_coverage import chain_coverage
from regions.templatetags.chains import chain_diagram

for state, shown in (
    ("with rank", figure()),
    ("old", figure(year=2015, rank=None)),
    ("without a year", figure(qualifier=KeyFigure.Qualifier.values[0], year=None, rank=None)),
):
    example(
        "figure_brief",
        state,
        lambda shown=shown: {"figure": shown, "citations": Citations()},
        within="dl",
    )

example("row_bar", "a part of the highest", lambda: row_bar(12, 40))
example("row_bar", "none", lambda: row_bar(0, 40))
_BY_YEAR: dict[int | None, int] = {2021: 8, 2022: 12, 2024: 4}
_YEARS = [2021, 2022, 2023, 2024]
example("year_columns", "four years", lambda: year_columns(_BY_YEAR, _YEARS, 12))


def _joint(years: list[int]) -> Made:
    partners = [
        Made(
            region=region,
            total=total,
            by_year=_BY_YEAR,
            numbers=[_BY_YEAR.get(year, 0) for year in years],
        )
        for region, total in ((SOUTH, 24), (NORTH, 7))
    ]
    return Made(
        partners=partners,
        totals=dict.fromkeys(("south", "north"), 24),
        projects=1_204,
        years=years,
        most_with_one=24,
        most_in_a_year=12,
    )


example("collaborations", "over the years", region=NORTH, joint=_joint(_YEARS))
example("collaborations", "all of one year", region=NORTH, joint=_joint([2022]))

_STATES = [("here", "held here: 1"), ("near", "next door: 1"), ("absent", "missing: 1")]
_SEGMENTS = [
    ChainSegment(ELECTROLYSIS, "here", "held by 3", is_held=True, href="#a"),
    ChainSegment(REFORMING, "near", SOUTH.name, is_held=False, href="#b"),
    ChainSegment(PRODUCTION, "absent", "nobody near", is_held=False),
]
for state, segments in (
    ("with links", _SEGMENTS),
    ("without", [ChainSegment(PRODUCTION, "both", "in both", is_held=True)]),
):
    example(
        "chain_diagram",
        state,
        lambda segments=segments: chain_diagram(segments, set(), "The value chain", _STATES),
    )


def _covered() -> dict[str, Any]:
    items = [
        ChainItem(ELECTROLYSIS, Standing.COVERED, is_illustrative=True),
        ChainItem(REFORMING, Standing.HELD, "2 participants", url="#gap", share=0.4),
        ChainItem(PRODUCTION, Standing.GAP, is_whole=True),
    ]
    return chain_coverage(items, "The value chain of the project")


example("chain_coverage", "covered, held, a gap", _covered)

_COVERAGES = (
    SegmentCoverage(ELECTROLYSIS, Holders(initiatives=1, organisations=3)),
    SegmentCoverage(REFORMING, Holders()),
    SegmentCoverage(PRODUCTION, Holders(illustrative_organisations=1)),
)
_AROUND = tuple(
    SegmentAround(NORTH, coverage, initiatives, near)
    for coverage, initiatives, near in zip(
        _COVERAGES, ((PROJECT,), (), ()), ((), (NextDoor(SOUTH, 2),), ()), strict=True
    )
)
for state, item in zip(("held", "a gap", "an illustrative example only"), _AROUND, strict=True):
    example("segment_holders", state, item=item)
for state, segments_around, km in (
    ("beside a neighbour", _AROUND, 0),
    ("nobody holds any of it", (_AROUND[1],), 240),
):
    example(
        "chain_around",
        state,
        lambda segments_around=segments_around, km=km: {
            "chain": ChainAround(
                NORTH,
                (RegionNeighbour(region=NORTH, neighbour=SOUTH, km=km),),
                segments_around,
                set(),
            )
        },
    )

_OFFICE = Made(
    office="Department of Energy",
    organisation="Marshal's Office",
    website="https://example.org/",
    region=NORTH,
    source=OFFICIAL,
)
for state, lead, name, contacts in (
    ("with a lead and an office", UNIVERSITY, "", [_OFFICE]),
    ("a lead without a profile", None, "Example Agency", []),
    ("nothing", None, "", []),
):
    example(
        "offices",
        state,
        lambda lead=lead, name=name, contacts=contacts: {
            "initiative": seen(VALLEY, lead_name=name),
            "offices": Made(
                lead=lead,
                others=[Made(organisation=MAKER, get_role_display="hosts")] if lead else [],
                contacts=contacts,
            ),
            "citations": Citations(),
        },
    )
example(
    "places_table",
    "with and without a region",
    places=[
        Made(region=NORTH, country=POLAND, count=1_204),
        Made(region=None, country=FRANCE, count=1),
    ],
)
_FILLER = Made(
    organisation=MAKER,
    points=Decimal("36.6"),
    why="they offer what you need",
    projects=3,
    match=MATCH,
)
for state, gap, fillers, holders in (
    (
        "next to what is covered",
        Made(
            concept=REFORMING,
            beside=[Made(segment=ELECTROLYSIS, reason="One makes what the other uses.")],
            is_illustrative=True,
        ),
        [_FILLER, Made(**{**vars(_FILLER), "match": None, "projects": 0})],
        1_204,
    ),
    (
        "nobody may be suggested",
        Made(concept=REFORMING, beside=[], is_illustrative=False),
        [],
        0,
    ),
):
    example("gap", state, within="li", item=Made(gap=gap, fillers=fillers, holders=holders))

for state, role in (("of one role", "offers"), ("of any", "")):
    example(
        "counted_concepts",
        state,
        organisation=UNIVERSITY,
        role=role,
        rows=[Made(concept=ELECTROLYSIS, count=1_204), Made(concept=REFORMING, count=1)],
    )
for state, match, shared in (("by its score", MATCH, [ELECTROLYSIS]), ("by its members", None, [])):
    example(
        "sister",
        state,
        within="li",
        organisation=UNIVERSITY,
        sister=Made(
            cluster=MAKER,
            match=match,
            sentence="They offer electrolysis, which you need.",
            shared=shared,
            theirs=[REFORMING] if shared else [],
        ),
    )

example(
    "agenda",
    "an initiative, partners, organisations",
    topics=[
        Made(
            title="A common project about electrolysis",
            reason="One makes what the other uses.",
            initiative=PROJECT,
            pairs=[MATCH],
            organisations=[UNIVERSITY, MAKER],
            is_illustrative=False,
        ),
        Made(
            title="Training",
            reason="Both give priority to it.",
            initiative=None,
            pairs=[],
            organisations=[],
            is_illustrative=True,
        ),
    ],
)
example(
    "briefing_sides",
    "with and without an office",
    within="tbody",
    sides=[
        Made(region=NORTH, organisations=1_204, clusters=2, contacts=[_OFFICE]),
        Made(region=SOUTH, organisations=0, clusters=0, contacts=[]),
    ],
)
for state, lead, office in (
    ("with a lead", UNIVERSITY, None),
    ("with an office to ask", None, _OFFICE),
    ("without anybody", None, None),
):
    example(
        "open_initiative",
        state,
        lambda lead=lead, office=office: {
            "item": Made(
                initiative=PROJECT,
                host=NORTH,
                guest=SOUTH,
                reasons=[Made(text="It covers electrolysis.", is_illustrative=lead is None)],
                lead=lead,
                lead_name=lead.name if lead else "",
                office=office,
            ),
            "citations": Citations(),
        },
        within="li",
    )
