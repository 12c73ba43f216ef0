"""An organisation with its suggestions, and two organisations together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from initiatives.models import Participation, StatementEvidence
from matching.forms import SuggestionFilter
from matching.results import Match, Unknown
from matching.services import IndexNotBuilt, match_of, past_partners, suggestions_for
from organisations.models import Organisation, Statement
from regions.listing import found
from regions.models import Concept

PROJECTS_SHOWN = 12
PAST_PARTNERS = 12
EVIDENCE_SHOWN = 3


@dataclass(frozen=True)
class Stated:
    """One concept in one role: what is declared beside what is demonstrated."""

    concept: Concept
    declared: Statement | None
    demonstrated: Statement | None


class OrganisationPage(TemplateView):
    """Who the organisation is, what it offers and needs, and who fits it."""

    template_name = "organisations/detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visible = Organisation.objects.visible_to(request.user)
        self.organisation = found(visible.for_page(), kwargs["slug"])
        self.form = SuggestionFilter(request.GET)
        context = self.get_context_data()
        status = HTTPStatus.OK if self.form.is_valid() else HTTPStatus.BAD_REQUEST
        return self.render_to_response(context, status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation = self.organisation
        participations = organisation.participations.select_related("initiative").order_by(
            "-initiative__start_date", "initiative__name", "pk"
        )
        return super().get_context_data(
            organisation=organisation,
            filter_form=self.form,
            roles=statements_by_role(organisation),
            members=(
                organisation.memberships.filter(member__status="verified").select_related(
                    "member__home_region"
                )
                if organisation.is_cluster
                else ()
            ),
            participations=participations[:PROJECTS_SHOWN],
            **self.suggestions(),
            **kwargs,
        )

    def suggestions(self) -> dict[str, Any]:
        """The suggestions that the form asks for; none for a malformed form or without an index."""
        if not self.form.is_valid():
            return {"matches": (), "partners": (), "partner_count": 0, "is_prepared": True}
        try:
            partners, total = past_partners(organisation=self.organisation, limit=PAST_PARTNERS)
            matches = suggestions_for(
                organisation=self.organisation,
                limit=self.form.cleaned_data["show"],
                region=self.form.cleaned_data["region"],
                country=self.form.cleaned_data["country"] or None,
            )
        except IndexNotBuilt:
            return {"matches": (), "partners": (), "partner_count": 0, "is_prepared": False}
        return {
            "matches": matches,
            "partners": partners,
            "partner_count": total,
            "is_prepared": True,
            "is_narrowed": self.form.is_narrowed,
            "more": self.form.more if len(matches) == self.form.cleaned_data["show"] else None,
            "missing": missing_everywhere(matches),
        }


def missing_everywhere(matches: Sequence[Match]) -> list[Unknown]:
    """What every suggestion lacks, so what the organisation itself could add; each with the most
    that it could bring."""
    if not matches:
        return []
    common = set.intersection(*({item.reason for item in match.unknown} for match in matches))
    best: dict[str, Unknown] = {}
    for match in matches:
        for item in match.unknown:
            known = best.get(item.reason)
            if item.reason in common and (
                known is None or item.possible_points > known.possible_points
            ):
                best[item.reason] = item
    return list(best.values())


def statements_by_role(organisation: Organisation) -> list[tuple[str, str, list[Stated]]]:
    """(role, its name, statements): declared beside demonstrated, the most central first."""
    newest = (
        StatementEvidence.objects.filter(statement=OuterRef("pk"))
        .order_by(F("initiative__start_date").desc(nulls_last=True), "pk")
        .values(
            data=JSONObject(
                slug="initiative__slug", acronym="initiative__acronym", name="initiative__name"
            )
        )[:EVIDENCE_SHOWN]
    )
    rows = (
        organisation.statements.select_related("concept__vocabulary")
        .annotate(evidence_count=Count("evidence"), newest_evidence=ArraySubquery(newest))
        .order_by("-weight", "concept__vocabulary", "concept__position", "pk")
    )
    return [
        (role.value, str(role.label), _side_by_side(row for row in rows if row.role == role))
        for role in Statement.Role
    ]


def _side_by_side(statements: Iterable[Statement]) -> list[Stated]:
    found: dict[int, dict[str, Statement]] = {}
    for statement in statements:
        found.setdefault(statement.concept_id, {})[statement.origin] = statement
    return [
        Stated(
            next(iter(origins.values())).concept,
            origins.get(Statement.Origin.DECLARED),
            origins.get(Statement.Origin.DEMONSTRATED),
        )
        for origins in found.values()
    ]


class OrganisationPairPage(View):
    """How two organisations fit: every term, adding up to the score."""

    def get(self, request: HttpRequest, slug: str, other: str) -> HttpResponseBase:
        visible = Organisation.objects.visible_to(request.user).for_page()
        a, b = found(visible, slug), found(visible, other)
        if a == b:
            raise Http404(_("An organisation is not paired with itself."))
        try:
            match = match_of(a=a, b=b)
        except IndexNotBuilt:
            return render(
                request,
                "503.html",
                {"organisations": (a, b)},
                status=HTTPStatus.SERVICE_UNAVAILABLE,
            )
        joint = (
            Participation.objects.filter(organisation=a, initiative__participations__organisation=b)
            .select_related("initiative")
            .order_by("-initiative__start_date", "pk")
        )
        return render(
            request,
            "organisations/pair.html",
            {
                "a": a,
                "b": b,
                "match": match,
                "joint": joint[:PROJECTS_SHOWN],
                "is_same_region": a.home_region_id is not None
                and a.home_region_id == b.home_region_id,
            },
        )
