"""Dossiers and briefings: chains, joint projects, gaps, offices, agendas, sister clusters."""

from decimal import Decimal
from types import SimpleNamespace as Made

from config.design.examples.matching import MATCH
from config.design.registry import example
from config.design.world import (
    CHAIN,
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
from matching.briefing.results import OpenInitiative, Reason
from matching.dossier import Holders, SegmentCoverage
from matching.next_door import ChainAround, NextDoor, SegmentAround
from regions.chain_segments import ChainSegment, State
from regions.citations import Citations
from regions.models import Concept, KeyFigure, RegionNeighbour
from regions.templatetags.bars import row_bar, year_columns
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

_STORAGE, _REFUELLING = (
    Concept(pk=pk, vocabulary=CHAIN, code=label.lower(), labels={"en": label})
    for pk, label in ((91, "Storage"), (92, "Refuelling"))
)
_LEGEND = [
    (State.HERE, "held here: 1"),
    (State.NEAR, "next door: 1"),
    (State.EXAMPLE, "example only: 1"),
    (State.ABSENT, "missing: 1"),
]
_REGION = [
    ChainSegment(ELECTROLYSIS, State.HERE, "held by 3", "#a"),
    ChainSegment(REFORMING, State.NEAR, SOUTH.name, "#b"),
    ChainSegment(_STORAGE, State.EXAMPLE, "example only", "#c"),
    ChainSegment(_REFUELLING, State.ABSENT, "nobody near"),
]
_INITIATIVE = [
    ChainSegment(PRODUCTION, State.HELD, "2 participants", share=0.4, is_whole=True),
    ChainSegment(ELECTROLYSIS, State.COVERED, is_illustrative=True, share=1.0),
    ChainSegment(REFORMING, State.GAP, href="#gap"),
    ChainSegment(_STORAGE, State.COVERED),
    ChainSegment(_REFUELLING, State.BEYOND),
]
_LINKS = {(PRODUCTION.pk, _STORAGE.pk), (_STORAGE.pk, _REFUELLING.pk)}
for state, segments, legend in (
    ("of a region, with links", _REGION, _LEGEND),
    ("of an initiative, with a table", _INITIATIVE, []),
    ("one segment", _INITIATIVE[-1:], []),
):
    example(
        "chain_diagram",
        state,
        lambda segments=segments, legend=legend: chain_diagram(
            segments, _LINKS, "The value chain", legend, with_table=not legend
        ),
    )

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
    example("segment_holders", state, item=item, is_silent=False)
example("segment_holders", "nothing declared in the region", item=_AROUND[1], is_silent=True)
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
            "item": OpenInitiative(
                initiative=PROJECT,
                host=NORTH,
                guest=SOUTH,
                reasons=(Reason("segment", "It covers electrolysis.", not lead),),
                lead=lead,
                lead_name=lead.name if lead else "",
                office=office,
                role="lead" if office else "",
                leading=(NORTH, SOUTH) if office else (),
            ),
            "citations": Citations(),
        },
        within="li",
    )
