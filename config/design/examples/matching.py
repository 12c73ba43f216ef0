"""Suggestions: scores, their parts and reasons, and what a team does with them."""

from collections.abc import Sequence
from decimal import Decimal
from types import SimpleNamespace as Made
from typing import Any, Final

from django.utils.safestring import mark_safe

from config.design.registry import example
from config.design.world import MAKER, NOON, READER, SOUTH, UNIVERSITY, seen
from matching.results import Evidence, Match, SignalPart, Term, Unknown
from organisations.models import Organisation
from regions.templatetags.charts import score_bar

_NEEDED = Term(
    signal="complementarity",
    label="They offer electrolysis, which you need",
    points=Decimal("18.20"),
    evidence=(
        Evidence("declared", "declared by Exemple Électrolyseurs", is_illustrative=True),
        Evidence("project", "EXAMPLE-H2", "/initiatives/example-project/"),
    ),
)
_TOLD = Term(signal="regional_fit", label="Both regions lead with hydrogen", points=Decimal("6.10"))
_LACKING = Unknown("track_record", "No projects are on record", Decimal("20.00"))
PARTS: Final = (
    SignalPart("complementarity", Decimal("18.20"), Decimal(40), (_NEEDED,)),
    SignalPart("shared_priorities", Decimal("7.30"), Decimal(15)),
    SignalPart("value_chain", Decimal("5.00"), Decimal(10)),
    SignalPart("track_record", Decimal(0), Decimal(20), (), (_LACKING,)),
    SignalPart("regional_fit", Decimal("6.10"), Decimal(10), (_TOLD,)),
    SignalPart("experience", Decimal(0), Decimal(5)),
)
MATCH: Final = Match(UNIVERSITY, MAKER, Decimal("36.60"), PARTS)
_SHORTFALLS = [
    Made(
        part=PARTS[3],
        why="",
        unknown=[("No projects are on record", Decimal("20.00"), "/organisations/example/")],
    ),
    Made(part=PARTS[0], why="They need nothing that you offer.", unknown=[]),
]


def _bar(parts: Sequence[Any]) -> dict[str, Any]:
    return score_bar(parts)


example("score_bar", "known and unknown", lambda: _bar(PARTS))
example("score_bar", "nothing", lambda: _bar(()))
example("score_parts", "known, nothing, not known", parts=PARTS)
example("signals_legend", "always")
example("scale_of_points", "of organisations", of_regions=False)
example("scale_of_points", "of regions", of_regions=True)
example(
    "terms_table",
    "with smaller reasons",
    terms=[_NEEDED, _TOLD],
    total=Decimal("36.60"),
    show_signal=True,
    lesser_count=7,
    lesser_points=Decimal("12.30"),
)
example(
    "terms_table",
    "of one signal",
    terms=[_NEEDED],
    total=Decimal("18.20"),
    show_signal=False,
    lesser_count=0,
)
example("unknown", "one thing", unknown=[_LACKING])
example("shortfalls", "missing and not fitting", shortfalls=_SHORTFALLS)
example(
    "match_item",
    "with what is not known",
    match=MATCH,
    sentence="They offer electrolysis, which you need; both regions lead with hydrogen.",
    shortfalls=_SHORTFALLS,
    weights="",
)
example("pair_item", "always", match=MATCH, within="li")

_ITEM = Made(
    rank=1,
    pk=MAKER.pk,
    slug=MAKER.slug,
    name=MAKER.name,
    region=SOUTH.slug,
    region_name=SOUTH.name,
    kind=MAKER.kind,
    kind_label="small or medium-sized enterprise",
    html="",
)
_REASONS = [("too-far", "too far away"), ("other", "another reason")]


class _Hidden:
    """What a team hides; true where there is anything."""

    def __init__(self, organisations: int, regions: int, kinds: int) -> None:
        self.organisations = ["hidden"] * organisations
        self.regions, self.kinds = ["hidden"] * regions, ["hidden"] * kinds

    def __bool__(self) -> bool:
        return bool(self.organisations or self.regions or self.kinds)


def _choices(*, saved: list[int], hidden: _Hidden) -> Made:
    return Made(saved=saved, hidden=hidden)


_NONE = _choices(saved=[], hidden=_Hidden(0, 0, 0))
_MANY = _choices(saved=[MAKER.pk, 9], hidden=_Hidden(3, 1, 2))
_DONE = Made(text="Exemple Électrolyseurs is saved.", undo="/organisations/example/", other=0)
_REFUSED = Made(
    reason=Made(errors="Choose a reason."), text=Made(errors=""), data={"reason": "", "text": ""}
)
_USUAL: dict[str, Any] = {
    "item": _ITEM,
    "organisation": UNIVERSITY,
    "state": "",
    "choices": _NONE,
    "reasons": _REASONS,
    "done": Made(other=0),
    "refused": None,
    "refused_at": 0,
}
example("match_choices", "not chosen yet", _USUAL)
example("match_choices", "saved", {**_USUAL, "choices": _MANY})
example("match_choices", "refused", {**_USUAL, "refused": _REFUSED, "refused_at": MAKER.pk})
example("choices_summary", "nothing chosen", organisation=UNIVERSITY, choices=_NONE)
example("choices_summary", "saved and hidden", organisation=UNIVERSITY, choices=_MANY)
example("choice_done", "may be undone", done=_DONE, takes_focus=False, state="", may_choose=True)
example("choice_done", "for a viewer", done=_DONE, takes_focus=False, state="", may_choose=False)
for state, other in (
    ("of a public partner", MAKER),
    ("no longer public", seen(MAKER, status=Organisation.Status.PENDING)),
):
    example(
        "choice_row",
        state,
        within="li",
        row=Made(
            other=other,
            reason="other",
            text="We know them already",
            get_reason_display="another reason",
            pk=1,
            who=str(READER),
            created_at=NOON,
        ),
        organisation=UNIVERSITY,
        undo="Suggest again",
        may_choose=True,
    )


class _Filter(Made):
    """What the list asks of its filter form."""


_FORM = _Filter(
    errors=None,
    ranking=Made(is_ours=True, well_known=""),
    query="",
    query_of_ours="",
    cleaned_data={"region": None},
    sliders=[],
)
_LIST: dict[str, Any] = {
    "organisation": UNIVERSITY,
    "filter_form": _FORM,
    "shown": [],
    "lacking": [],
    "is_prepared": True,
    "is_narrowed": False,
    "more": 0,
    "query_more": "",
    "standing": Made(may_choose=True, may_see_choices=True),
    "choices": _NONE,
    "reasons": _REASONS,
    "done": None,
    "done_takes_focus": False,
    "refused": None,
    "refused_at": 0,
    "is_swapped": False,
}
_TEXT = "<p class='match-sentence'>Here stands a suggestion (match_item).</p>"
example(
    "suggestions",
    "one, and what would make them better",
    lambda: {
        **_LIST,
        "shown": [Made(**{**vars(_ITEM), "html": mark_safe(_TEXT)})],
        "lacking": [Made(url="", text="your needs", possible_points=Decimal(40))],
        "more": 50,
    },
)
example(
    "suggestions",
    "under own weights",
    {
        **_LIST,
        "filter_form": _Filter(
            **{**vars(_FORM), "ranking": Made(is_ours=False, well_known="more")}
        ),
    },
)
example("suggestions", "nothing found", {**_LIST, "is_narrowed": True})
example("suggestions", "no index yet", {**_LIST, "is_prepared": False})
example(
    "suggestions",
    "not understood",
    {
        **_LIST,
        "is_swapped": True,
        "filter_form": _Filter(
            **{**vars(_FORM), "errors": "x", "non_field_errors": "The weights are all zero."}
        ),
    },
)
example("slider_points", "always", slider=Made(value=40, points=Decimal("33.33")))
