"""An organisation with its suggestions, and two organisations together."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from initiatives.models import Participation
from matching.facts import scoring_in_force
from matching.forms import RankingForm, SuggestionFilter
from matching.results import PastPartner
from matching.sentences import sentence, shortfalls
from matching.services import IndexNotBuilt, match_of, past_partners
from matching.views.suggestions import (
    Reader,
    done_of,
    list_answer,
    seated,
    status_of,
    suggestion_context,
    wants_list,
)
from organisations.models import Organisation
from organisations.registering.presence import presence_of
from organisations.stated import statements_by_role
from regions.listing import found

PROJECTS_SHOWN = 12
PAST_PARTNERS = 12
MEMBERS_SHOWN = 12


class OrganisationPage(TemplateView):
    """Who the organisation is, what it offers and needs, and who fits it.

    htmx asks for the list of suggestions alone, under the same address.
    """

    template_name = "organisations/detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visible = Organisation.objects.visible_to(request.user)
        partial = wants_list(request)
        organisation = found(seated(visible) if partial else visible.for_page(), kwargs["slug"])
        form = SuggestionFilter(request.GET, ours=scoring_in_force())
        reader = Reader.of(request.user, organisation)
        if partial:
            return list_answer(request, organisation, form, reader)
        done = request.GET.get("done", "") if reader.standing.may_see_choices else ""
        return page_answer(
            request, organisation, form, reader, done=done_of(organisation, done) if done else None
        )


def page_answer(
    request: HttpRequest,
    organisation: Organisation,
    form: SuggestionFilter,
    reader: Reader,
    **chosen: Any,
) -> HttpResponse:
    """The whole page; a form that was not understood makes it a 400."""
    participations = organisation.participations.select_related("initiative").order_by(
        "-initiative__start_date", "initiative__name", "pk"
    )
    partners, total = partners_of(organisation) if form.is_valid() else ((), 0)
    context = {
        **suggestion_context(organisation, form, reader, **chosen),
        "partners": partners,
        "partner_count": total,
        "roles": statements_by_role(organisation),
        "members": (
            organisation.memberships.filter(member__status="verified")
            .select_related("member", "source")
            .order_by("member__name", "pk")[:MEMBERS_SHOWN]
            if organisation.is_cluster
            else ()
        ),
        "participations": participations[:PROJECTS_SHOWN],
        "presence": presence_of(organisation, request.user),
    }
    answer = render(request, OrganisationPage.template_name, context, status=status_of(context))
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def partners_of(organisation: Organisation) -> tuple[Sequence[PastPartner], int]:
    """Whom it works with, and how many they are; nobody while there is no index."""
    try:
        return past_partners(organisation=organisation, limit=PAST_PARTNERS)
    except IndexNotBuilt:
        return (), 0


class OrganisationPairPage(View):
    """How two organisations fit: every term, adding up to the score, and why it is not higher.

    Under a reader's own weights, if the address names them; they are not understood, ours.
    """

    def get(self, request: HttpRequest, slug: str, other: str) -> HttpResponseBase:
        visible = Organisation.objects.visible_to(request.user).for_page()
        a, b = found(visible, slug), found(visible, other)
        if a == b:
            raise Http404(_("An organisation is not paired with itself."))
        form = RankingForm(request.GET, ours=scoring_in_force())
        status = HTTPStatus.OK if form.is_valid() else HTTPStatus.BAD_REQUEST
        try:
            match = match_of(a=a, b=b, ranking=form.ranking)
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
                "sentence": sentence(match),
                "shortfalls": shortfalls(match),
                "is_ours": form.ranking.is_ours,
                "errors": form.errors,
                "joint": joint[:PROJECTS_SHOWN],
                "is_same_region": a.home_region_id is not None
                and a.home_region_id == b.home_region_id,
            },
            status=status,
        )
