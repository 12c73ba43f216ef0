"""The pages of a profile: its overview, its steps, and handing it in."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matching.facts import scoring_in_force
from matching.feedback.hidden import Standing, choices_of
from matching.forms import EverywhereFilter
from matching.profiles import chain, statements
from matching.profiles.completeness import completeness_of
from matching.profiles.forms import LanguagesForm, StepForm, WantedForm, WhoForm
from matching.profiles.loading import editor, for_editors
from matching.profiles.pages import form_step, onward, step_context
from matching.profiles.steps import ROLES, State, Step, steps_of
from matching.services import Wanted
from matching.views.suggestions import Reader, suggestion_context, wants_list
from organisations import submission
from organisations.discarding import may_discard
from organisations.models import Organisation
from organisations.moderation import StepNotPossible
from organisations.places import areas_of, places_named, units


@require_safe
@for_editors
def overview(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The steps with their states, the meter, and where the verification stands."""
    return _overview(request, organisation)


def _overview(
    request: HttpRequest,
    organisation: Organisation,
    *,
    refused: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    hidden = choices_of(organisation=organisation).hidden
    steps = steps_of(organisation)
    return render(
        request,
        "organisations/profile/overview.html",
        {
            "organisation": organisation,
            "steps": steps,
            "next_step": next((one for one in steps if one.state not in (State.DONE, None)), None),
            "completeness": completeness_of(organisation, hidden=hidden),
            "missing": submission.missing(organisation),
            "may_submit": Organisation.Step.SUBMIT in organisation.steps,
            "may_discard": may_discard(organisation=organisation, user=editor(request)),
            "refused": refused,
        },
        status=status,
    )


@require_POST
@for_editors
def submit(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Hand the profile in for verification."""
    address = request.build_absolute_uri(organisation.get_absolute_url())
    try:
        submission.submit(organisation=organisation, by=editor(request), address=address)
    except (submission.Incomplete, StepNotPossible) as refusal:
        return _overview(request, organisation, refused=str(refusal), status=HTTPStatus.BAD_REQUEST)
    messages.success(
        request, _("The profile is with the moderators. You will be told what they decide.")
    )
    return redirect("organisations:profile", organisation.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def step(request: HttpRequest, organisation: Organisation, *, step: str) -> HttpResponse:
    """One step of the profile."""
    try:
        wanted = Step(step)
    except ValueError:
        raise Http404(_("A profile has no such step.")) from None
    if wanted in ROLES:
        return statements.page(request, organisation, wanted)
    return PAGES[wanted](request, organisation)


def who(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Name, kind, place and the like; htmx asks for the places that fit a name alone."""
    if request.method != "POST" and wants_list(request):
        if "chosen" in request.GET:  # asked only to call off a search that is on its way
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        said = request.GET
        return render(
            request,
            "components/places.html",
            _places(
                said.get("place_query", "")[:120], said.get("nuts3", ""), said.get("country", "")
            ),
        )
    return form_step(request, organisation, Step.WHO, WhoForm, "who", _who_context)


def _who_context(request: HttpRequest, form: StepForm) -> dict[str, Any]:
    query = request.POST.get("place_query", request.GET.get("place_query", ""))[:120]
    chosen = str(form["nuts3"].value() or "")
    if request.method != "POST" and not query and not chosen:
        query = str(form["city"].value() or "")[:120]  # the town is known from the registration
    country = str(form["country"].value() or "")
    found = _places(query, chosen, country)
    return {
        **found,
        "areas": areas_of(_text(country)[:2]),
        "lists_areas": "areas" in request.POST or not (found["places"] or found["chosen_unit"]),
    }


def _places(query: str, chosen: str, country: str) -> dict[str, Any]:
    """The units to choose from: what was found, and before it the one that is chosen."""
    places = places_named(_text(query), country=_text(country)[:2])
    unit = None
    if chosen and chosen not in {place.unit.code for place in places}:
        unit = units().filter(code=_text(chosen)[:5]).first()
    return {"place_query": query, "places": places, "chosen": chosen, "chosen_unit": unit}


def _text(typed: str) -> str:
    """What was typed, as the database takes it."""
    return typed.replace("\0", "")


def languages(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The languages that the organisation works in."""
    return form_step(request, organisation, Step.LANGUAGES, LanguagesForm, "languages")


def wanted(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Which regions and which kinds of partner it looks for."""
    return form_step(request, organisation, Step.WANTED, WantedForm, "wanted")


def suggestions(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The first matches at once, in the regions and of the kinds that are looked for."""
    if request.method == "POST":
        return onward(request, organisation, Step.SUGGESTIONS)
    everywhere = "everywhere" in request.GET
    prefetch_related_objects([organisation], "wanted_regions")
    looked_for = Wanted(tuple(organisation.wanted_regions.all()), tuple(organisation.wanted_kinds))
    form = EverywhereFilter({}, ours=scoring_in_force())
    choices = choices_of(organisation=organisation)
    # here is where suggestions are looked at; what is made of them is chosen on the profile's page
    reader = Reader(Standing(is_team=True), choices, may_edit=True)
    return render(
        request,
        "organisations/profile/suggestions.html",
        {
            **step_context(organisation, Step.SUGGESTIONS),
            **suggestion_context(
                organisation,
                form,
                reader,
                wanted=Wanted() if everywhere else looked_for,
                at_once=True,
            ),
            "looked_for": looked_for,
            "everywhere": everywhere,
            "kinds": [str(Organisation.Kind(kind).label) for kind in looked_for.kinds],
            "missing": submission.missing(organisation),
            "may_submit": Organisation.Step.SUBMIT in organisation.steps,
        },
    )


PAGES: Mapping[Step, Callable[[HttpRequest, Organisation], HttpResponse]] = {
    Step.WHO: who,
    Step.CHAIN: chain.page,
    Step.WANTED: wanted,
    Step.LANGUAGES: languages,
    Step.SUGGESTIONS: suggestions,
}
