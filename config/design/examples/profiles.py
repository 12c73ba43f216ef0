"""The profile and its steps."""

from decimal import Decimal
from types import SimpleNamespace as Made

from config.design.registry import example
from config.design.world import CHAIN, ELECTROLYSIS, NORTH, POLAND, REFORMING, UNIVERSITY
from matching.profiles.steps import State, Step

example(
    "profile_steps",
    "done, started, current",
    label="Steps of the profile",
    steps=[
        Made(
            step=step,
            number=number,
            url="/",
            state=(State.DONE, State.STARTED, State.EMPTY)[min(number - 1, 2)],
            is_current=step is Step.NEEDS,
        )
        for number, step in enumerate(Step, start=1)
    ],
)
example("step_actions", "first step", organisation=UNIVERSITY, following=Step.OFFERS, submits=True)
example(
    "step_actions",
    "in between, nothing to save",
    organisation=UNIVERSITY,
    previous=Step.WHO,
    following=Step.NEEDS,
    submits=False,
)
example("step_actions", "last step", organisation=UNIVERSITY, previous=Step.LANGUAGES, submits=True)
_COMPLETE = {
    "is_computed": True,
    "percent": 45,
    "opened": Decimal("36.00"),
    "whole": Decimal("80.00"),
    "best": Decimal("24.10"),
    "missing": [],
    "gains": [],
}
example(
    "profile_meter",
    "with what is missing and what would help",
    organisation=UNIVERSITY,
    completeness=Made(
        **{
            **_COMPLETE,
            "missing": [
                Made(step=Step.NEEDS, anchor="search", label="needs", possible=Decimal("12.50")),
                Made(step=Step.WHO, anchor="id_website", label="a website", possible=None),
            ],
            "gains": [
                Made(
                    role=role,
                    concept=ELECTROLYSIS,
                    before=Decimal("24.10"),
                    after=Decimal("38.70"),
                )
                for role in ("needs", "offers", "interested")
            ],
        }
    ),
)
example(
    "profile_meter",
    "nobody to suggest",
    organisation=UNIVERSITY,
    completeness=Made(**{**_COMPLETE, "best": None}),
)
example(
    "profile_meter",
    "no index yet",
    organisation=UNIVERSITY,
    completeness=Made(**{**_COMPLETE, "is_computed": False}),
)
example(
    "concept_results",
    "found",
    groups=[Made(vocabulary=CHAIN, rows=[(ELECTROLYSIS, ""), (REFORMING, "Production")])],
    query="e",
    stated=[REFORMING.pk],
    step=Step.OFFERS,
    organisation=UNIVERSITY,
)
example(
    "concept_results",
    "nothing found",
    groups=[],
    query="xyz",
    stated=[],
    step=Step.OFFERS,
    organisation=UNIVERSITY,
)
for state, stated in (("new", []), ("stated already", [ELECTROLYSIS.pk])):
    example(
        "suggested_concept",
        state,
        item=Made(concept=ELECTROLYSIS, words=["electrolysers", "stacks"]),
        stated=stated,
    )
_UNIT = Made(code="PL213", name="Kraków", home_region=NORTH, country=POLAND)
_OTHER = Made(code="PL214", name="Krakowski", home_region=NORTH, country=POLAND)
example(
    "places",
    "two areas, one chosen",
    place_query="krak",
    places=[Made(unit=_UNIT, organisations=12), Made(unit=_OTHER, organisations=0)],
    chosen="PL213",
    chosen_unit=None,
)
example("places", "none has this name", place_query="xyz", places=[], chosen="", chosen_unit=None)
example("places", "chosen before", place_query="", places=[], chosen="PL213", chosen_unit=_UNIT)
example(
    "areas",
    "of a country",
    areas=[Made(unit=Made(name="Małopolskie", code="PL21"), areas=[_UNIT, _OTHER])],
    is_open=True,
)
example("areas", "of a country without any", areas=[], is_open=False)
_CLASHES = [
    Made(name="website", label="website", theirs="https://a.example", ours="https://b.example")
]
example("clash_table", "two versions", clashes=_CLASHES)
example("clash_table", "the same twice", clashes=[])
example(
    "clashes",
    "two versions",
    clashes=[Made(name="name", label="Name", theirs="Example Lab", mine="Example Laboratory")],
)
