"""Saving and hiding suggestions: commands by POST, and the page where they can be undone.

Each command answers htmx with the list as it is now, and everyone else with a redirect to the
page that it came from; sent twice, it changes nothing more.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from matching.facts import scoring_in_force
from matching.feedback import choices
from matching.feedback.hidden import standing_of
from matching.feedback.models import Exclusion, Feedback
from matching.forms import DismissalForm, ExclusionForm, ShownAt, SuggestionFilter
from matching.views.organisations import page_answer
from matching.views.suggestions import (
    Reader,
    address_of,
    list_answer,
    name_of,
    seated,
    wants_list,
)
from organisations.models import Organisation
from regions.listing import found

Named = ParamSpec("Named")


def command(
    view: Callable[Concatenate[HttpRequest, Organisation, User, Named], HttpResponse],
) -> Callable[..., HttpResponseBase]:
    """By POST, signed in, for an organisation that the user sees and may choose for.

    Where the session has ended, htmx is told to go to the log-in page as a whole.
    """

    @require_POST
    @wraps(view)
    def checked(
        request: HttpRequest, slug: str, *args: Named.args, **named: Named.kwargs
    ) -> HttpResponse:
        if not isinstance(request.user, User):
            back = reverse("organisations:detail", args=[slug])
            login = f"{reverse('account_login')}?{urlencode({'next': back})}"
            if wants_list(request):
                return HttpResponse(headers={"HX-Redirect": login})
            return redirect(login)
        visible = Organisation.objects.visible_to(request.user)
        organisation = found(visible.for_page(), slug)
        if not standing_of(reader=request.user, organisation=organisation).may_choose:
            raise PermissionDenied
        try:
            return view(request, organisation, request.user, *args, **named)
        except choices.TooManyChoices as refusal:
            status = HTTPStatus.TOO_MANY_REQUESTS
            told = {"heading": _("Too much at once"), "reason": str(refusal), "status": int(status)}
            answer = render(request, "400.html", told, status=status)
            answer.headers["Retry-After"] = str(choices.WAIT)
            return answer

    return checked


@command
def save(
    request: HttpRequest, organisation: Organisation, user: User, *, other: str
) -> HttpResponse:
    """Put a suggested partner on the organisation's list."""
    feedback = choices.save(
        organisation=organisation,
        other=_partner(user, organisation, other),
        by=user,
        rank_shown=_shown_at(request).cleaned_data.get("rank"),
    )
    return _answer(request, organisation, done=feedback)


@command
def dismiss(
    request: HttpRequest, organisation: Organisation, user: User, *, other: str
) -> HttpResponse:
    """Suggest this partner no more, for a reason."""
    partner, form = _partner(user, organisation, other), DismissalForm(request.POST)
    if not form.is_valid():
        return _answer(request, organisation, refused=form, refused_at=partner.pk)
    feedback = choices.dismiss(
        organisation=organisation,
        other=partner,
        reason=Feedback.Reason(form.cleaned_data["reason"]),
        text=form.cleaned_data["text"],
        by=user,
        rank_shown=_shown_at(request).cleaned_data.get("rank"),
    )
    return _answer(request, organisation, done=feedback)


@command
def withdraw(
    request: HttpRequest, organisation: Organisation, user: User, *, other: str
) -> HttpResponse:
    """Undo whatever was chosen about a partner, one that is public."""
    rows = Feedback.objects.filter(organisation=organisation, other__slug=other)
    feedback = rows.filter(other__status=Organisation.Status.VERIFIED).first()
    if feedback is None:
        raise Http404(_("Nothing was chosen about this organisation."))
    return _answer(request, organisation, done=choices.withdraw(feedback=feedback, by=user))


@command
def take_back(
    request: HttpRequest, organisation: Organisation, user: User, *, pk: int
) -> HttpResponse:
    """Undo a choice, even about a partner that is public no longer: its address names nobody."""
    feedback = get_object_or_404(Feedback, organisation=organisation, pk=pk)
    return _answer(request, organisation, done=choices.withdraw(feedback=feedback, by=user))


@command
def leave_out(request: HttpRequest, organisation: Organisation, user: User) -> HttpResponse:
    """Suggest nobody of a region or kind, until it is undone."""
    form = ExclusionForm(request.POST)
    if not form.is_valid():
        return render(
            request, "400.html", {"reason": _("Name either a region or a kind.")}, status=400
        )
    region, kind = form.cleaned_data["region"], form.cleaned_data["kind"]
    exclusion = (
        choices.leave_out_region(organisation=organisation, region=region, by=user)
        if region
        else choices.leave_out_kind(
            organisation=organisation, kind=Organisation.Kind(kind), by=user
        )
    )
    return _answer(request, organisation, done=exclusion)


@command
def bring_back(
    request: HttpRequest, organisation: Organisation, user: User, *, pk: int
) -> HttpResponse:
    """Suggest a region or kind again."""
    exclusion = get_object_or_404(Exclusion, organisation=organisation, pk=pk)
    return _answer(request, organisation, done=choices.bring_back(exclusion=exclusion, by=user))


@require_safe
@login_required
def choices_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What the organisation saved and what it hides, each with a way back; for its team alone."""
    assert isinstance(request.user, User)
    visible = Organisation.objects.visible_to(request.user)
    organisation = found(seated(visible), slug)
    standing = standing_of(reader=request.user, organisation=organisation)
    if not standing.may_see_choices:
        raise PermissionDenied
    feedback = list(
        Feedback.objects.active()
        .filter(organisation=organisation)
        .select_related("other__home_region", "other__country", "by")
        .order_by("-created_at", "-pk")
    )
    exclusions = list(
        Exclusion.objects.active()
        .filter(organisation=organisation)
        .select_related("region", "by")
        .order_by("-created_at", "-pk")
    )
    team = set(organisation.team.values_list("user", flat=True))
    rows: list[Any] = [*feedback, *exclusions]
    for row in rows:
        row.who = _who(row.by, team, request.user)
    return render(
        request,
        "organisations/choices.html",
        {
            "organisation": organisation,
            "standing": standing,
            "saved": [row for row in feedback if row.kind == Feedback.Kind.SAVED],
            "dismissed": [row for row in feedback if row.kind == Feedback.Kind.DISMISSED],
            "exclusions": exclusions,
        },
    )


def _who(user: User | None, team: set[int], reader: User) -> str:
    """Who chose: nobody is named to a team who is not in it."""
    if user is None:
        return ""
    if user.pk in team or user.pk == reader.pk:
        return str(user)
    return _("an administrator") if user.is_staff else _("somebody outside the team")


def _partner(user: User, organisation: Organisation, slug: str) -> Organisation:
    partner = found(seated(Organisation.objects.visible_to(user)), slug)
    if partner == organisation:
        raise Http404(_("An organisation is not suggested to itself."))
    return partner


def _shown_at(request: HttpRequest) -> ShownAt:
    """Where the reader was; what makes no sense of it is passed over."""
    form = ShownAt(request.POST)
    form.is_valid()
    return form


def _answer(
    request: HttpRequest,
    organisation: Organisation,
    *,
    done: Feedback | Exclusion | None = None,
    refused: DismissalForm | None = None,
    refused_at: int | None = None,
) -> HttpResponse:
    """The list that the command came from, as it is now; or the way back to that page."""
    if request.POST.get("page") == "choices":
        return redirect("organisations:choices", organisation.slug)
    state = QueryDict(_shown_at(request).cleaned_data.get("state", ""))
    form = SuggestionFilter(state, ours=scoring_in_force())
    if wants_list(request):
        reader = Reader.of(request.user, organisation)
        return list_answer(
            request, organisation, form, reader, done=done, refused=refused, refused_at=refused_at
        )
    if refused is not None:
        reader = Reader.of(request.user, organisation)
        return page_answer(
            request, organisation, form, reader, refused=refused, refused_at=refused_at
        )
    query = state.copy()
    if done is not None:
        query["done"] = name_of(done)
    return redirect(address_of(organisation, query.urlencode()))
