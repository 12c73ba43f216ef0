"""The steps of a profile, and how far each of them is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation, Statement
from organisations.stating import SEGMENTS


class Step(TextChoices):
    """In the order in which they are gone through; each can be left and taken up again."""

    WHO = "who", _("Who you are")
    OFFERS = "offers", _("What you offer")
    NEEDS = "needs", _("What you need")
    INTERESTS = "interests", _("What you care about")
    CHAIN = "chain", _("Hydrogen value chain")
    WANTED = "wanted", _("Whom you look for")
    LANGUAGES = "languages", _("Languages")
    SUGGESTIONS = "suggestions", _("Your first suggestions")

    @property
    def following(self) -> Step | None:
        steps = list(Step)
        at = steps.index(self) + 1
        return steps[at] if at < len(steps) else None

    @property
    def previous(self) -> Step | None:
        at = list(Step).index(self)
        return list(Step)[at - 1] if at else None


class State(TextChoices):
    EMPTY = "empty", _("empty")
    STARTED = "started", _("started")
    DONE = "done", _("done")


ROLES = {
    Step.OFFERS: Statement.Role.OFFERS,
    Step.NEEDS: Statement.Role.NEEDS,
    Step.INTERESTS: Statement.Role.INTERESTED,
}
"""The steps that are made of statements, each in its role."""


GIVEN_AT: Mapping[str, Step] = {
    "region_unknown": Step.WHO,
    "no_needs": Step.NEEDS,
    "no_offers": Step.OFFERS,
    "no_interests": Step.INTERESTS,
    "no_segments": Step.CHAIN,
}
"""What the engine may miss and a profile can give, with the step where it does."""

ANCHORS: Mapping[Step, str] = {
    Step.WHO: "where",
    **dict.fromkeys(ROLES, "search"),
    Step.CHAIN: "segments",
}
"""The part of those steps' pages with the field."""


def where_given(missing: str, organisation: Organisation) -> str:
    """The address at which an editor gives what is missing; empty where no profile can."""
    step = GIVEN_AT.get(missing)
    if step is None:
        return ""
    address = reverse("organisations:step", args=[organisation.slug, step.value])
    return f"{address}#{ANCHORS[step]}"


@dataclass(frozen=True)
class StepState:
    """One step of one profile. The last one is only looked at, and so has no state."""

    step: Step
    url: str
    state: State | None
    is_current: bool = False

    @property
    def number(self) -> int:
        return list(Step).index(self.step) + 1


def steps_of(organisation: Organisation, current: Step | None = None) -> list[StepState]:
    """All steps with their states, in two queries."""
    held = organisation.statements.aggregate(
        **{step.value: Count("pk", filter=Q(role=role)) for step, role in ROLES.items()},
        chain=Count(
            "pk", filter=Q(role=Statement.Role.OFFERS, concept__vocabulary__scheme=SEGMENTS)
        ),
    )
    wants_regions = bool(organisation.wanted_regions.all())
    states: Mapping[Step, State | None] = {
        Step.WHO: _state(bool(organisation.country_id), organisation.home_region_id is not None),
        **{step: _state(held[step.value] > 0) for step in (*ROLES, Step.CHAIN)},
        Step.WANTED: _state(wants_regions, bool(organisation.wanted_kinds)),
        Step.LANGUAGES: _state(bool(organisation.languages)),
        Step.SUGGESTIONS: None,
    }
    return [
        StepState(
            step,
            reverse("organisations:step", args=[organisation.slug, step.value]),
            states[step],
            step == current,
        )
        for step in Step
    ]


def _state(*pieces: bool) -> State:
    if all(pieces):
        return State.DONE
    return State.STARTED if any(pieces) else State.EMPTY
