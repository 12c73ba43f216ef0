"""The step of the hydrogen value chain: a diagram of segments to tick, which is a list of boxes."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from matching.profiles.loading import editor, forget_unsaved, unsaved
from matching.profiles.pages import onward, step_context
from matching.profiles.steps import Step
from organisations.merging_edits import sealed, unsealed
from organisations.models import Organisation, Statement
from organisations.stating import SEGMENTS, set_segments
from regions.models import Concept


@dataclass
class Segment:
    """One box of the diagram."""

    concept: Concept
    is_ticked: bool
    is_shown_by_projects: bool


@dataclass
class Stage:
    """A part of the chain with its segments; the first speaks of the whole of it."""

    concept: Concept
    segments: list[Segment] = field(default_factory=list)

    @property
    def is_beside(self) -> bool:
        """Whether it runs along the chain instead of being a link of it."""
        return self.concept.code == "cross-cutting"

    @property
    def is_wide(self) -> bool:
        """Whether its segments want a row of their own."""
        return len(self.segments) > 5


def page(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Which segments the organisation covers; each is an offer."""
    about = f"organisation:{organisation.pk}:{Step.CHAIN}"
    held = organisation.statements.filter(
        role=Statement.Role.OFFERS, concept__vocabulary__scheme=SEGMENTS
    ).values_list("concept__code", "origin")
    declared = sorted(code for code, origin in held if origin == Statement.Origin.DECLARED)
    shown = {code for code, origin in held if origin == Statement.Origin.DEMONSTRATED}
    ticked, opened = set(declared), sealed({"segments": declared}, about=about)
    refused: list[str] = []
    restored = unsaved(request) if request.method != "POST" else None
    if restored is not None:
        ticked = set(restored.getlist("segments"))
        opened = restored.get("opened", opened)
    if request.method == "POST":
        codes, opened = request.POST.getlist("segments"), request.POST.get("opened", "")
        before = unsealed(opened, about=about).get("segments", declared)
        try:
            added, gone = set_segments(
                organisation=organisation, codes=codes, opened=before, by=editor(request)
            )
        except ValidationError as error:
            refused, ticked = error.messages, set(codes)
        else:
            forget_unsaved(request)
            if added or gone:
                messages.success(
                    request,
                    _("Segments of the value chain: %(added)d added, %(gone)d taken away.")
                    % {"added": added, "gone": gone},
                )
            return onward(request, organisation, Step.CHAIN)
    return render(
        request,
        "organisations/profile/chain.html",
        {
            **step_context(organisation, Step.CHAIN),
            "stages": _stages(ticked, shown),
            "opened": opened,
            "refused": refused,
            "restored": restored is not None,
        },
        status=HTTPStatus.BAD_REQUEST if refused else HTTPStatus.OK,
    )


def _stages(ticked: set[str], shown: set[str]) -> list[Stage]:
    """The chain in order, in one query."""
    concepts = list(
        Concept.objects.filter(vocabulary__scheme=SEGMENTS).order_by("position", "code")
    )
    stages: dict[int, Stage] = {}
    for concept in concepts:
        segment = Segment(concept, concept.code in ticked, concept.code in shown)
        stages.setdefault(concept.broader_id or concept.pk, Stage(concept)).segments.append(segment)
    return list(stages.values())
