"""Finding, registering, claiming and joining."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from organisations import claims, registration
from organisations.duplicates import Duplicate
from organisations.models import AccessRequest, Organisation
from organisations.refusals import NotPossible
from organisations.registering import finding
from organisations.registering.forms import MessageForm, RegistrationForm, SearchForm
from organisations.registration import NearDuplicates
from regions.listing import found


def signed_in(request: HttpRequest) -> User:
    """The user, behind ``login_required``."""
    assert isinstance(request.user, User)
    return request.user


def profile_of(organisation: Organisation) -> str:
    """Where a member goes on with the profile."""
    try:
        return reverse("organisations:profile", args=[organisation.slug])
    except NoReverseMatch:
        return organisation.get_absolute_url()


@require_safe
@login_required
def register(request: HttpRequest) -> HttpResponse:
    """Search first: what is found can be claimed or joined, what is not can be registered."""
    user = signed_in(request)
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    return render(
        request,
        "organisations/register.html",
        {
            "form": form,
            "typed": text,
            "found": finding.find(text, user=user, page=request.GET.get("page", "1"))
            if text
            else None,
            "waiting": finding.waiting_of(user),
        },
        status=HTTPStatus.OK if form.is_valid() else HTTPStatus.BAD_REQUEST,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Register an organisation; whoever is near is shown before anything is saved."""
    user = signed_in(request)
    if request.method != "POST":
        text = request.GET.get("q", "")[: finding.LONGEST].strip()
        return _registration_page(request, RegistrationForm(initial=_typed(text)))
    form = RegistrationForm(request.POST)
    if not form.is_valid():
        return _registration_page(request, form, status=HTTPStatus.BAD_REQUEST)
    try:
        organisation = registration.register(by=user, **form.cleaned_data)
    except NearDuplicates as error:
        return _registration_page(
            request, form, near=list(error.found), status=HTTPStatus.BAD_REQUEST
        )
    except NotPossible as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        form.add_error(None, error)
    else:
        messages.success(
            request, _("“%(name)s” is registered as a draft.") % {"name": organisation.name}
        )
        return redirect(profile_of(organisation))
    return _registration_page(request, form, status=HTTPStatus.BAD_REQUEST)


def _typed(text: str) -> dict[str, str]:
    """What was searched for, in the field that it fits."""
    said = finding.Identifiers.of(text) if text else finding.Identifiers()
    if said.any:
        return {"pic": said.pic, "vat_number": said.vat_number, "website": said.website}
    return {"name": text}


def _registration_page(
    request: HttpRequest,
    form: RegistrationForm,
    *,
    near: list[Duplicate] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    shown = _shown(near or [], signed_in(request))
    if near:
        # what is sent next says: none of those that were shown here
        sent = request.POST.copy()
        sent["seen"] = ",".join(one.mark for one in near)
        form.data = sent
    return render(
        request,
        "organisations/new.html",
        {
            "form": form,
            "near": shown,
            "is_certain": any(one.is_certain for one in near or []),
        },
        status=status,
    )


def _shown(near: list[Duplicate], user: User) -> list[dict[str, Any]]:
    """Each near-duplicate with what can be done about it, named only where the user may know it."""
    rows = {row.pk: row for row in finding.rows_of([one.organisation.pk for one in near], user)}
    return [
        {
            "row": row if one.is_named else None,
            "has_owner": getattr(row, "has_owner", False),
            "reasons": [reason.label for reason in one.reasons],
            "key": "" if one.is_named else finding.key_of(row, user),
        }
        for one in near
        if (row := rows.get(one.organisation.pk)) is not None
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """Claim an organisation, or ask to join its team."""
    visible = Organisation.objects.visible_to(request.user).exclude(status="archived")
    return _ask(request, found(visible, slug), is_named=True)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def claim_unlisted(request: HttpRequest, key: str) -> HttpResponse:
    """The same for one whose profile is not public, by whoever knew its PIC, VAT number or
    website; it is not named."""
    organisation = finding.unlisted_by(key, user=signed_in(request))
    if organisation is None:
        raise Http404(_("This link has expired. Search for the organisation again."))
    return _ask(request, organisation, is_named=False)


def _ask(request: HttpRequest, organisation: Organisation, *, is_named: bool) -> HttpResponse:
    user = signed_in(request)
    if request.method != "POST":
        return _claim_page(request, organisation, MessageForm(), is_named=is_named)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            asked = claims.ask(
                organisation=organisation,
                by=user,
                message=form.cleaned_data["message"],
                page=_page_after(request, organisation),
            )
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            return _asked(request, asked)
    return _claim_page(
        request, organisation, form, is_named=is_named, status=HTTPStatus.BAD_REQUEST
    )


def _page_after(request: HttpRequest, organisation: Organisation) -> str:
    """Where the messages lead: owners to the team, the requester to their requests. An address that
    holds the name of a profile that is not public goes to nobody outside."""
    if claims.owners(organisation).exists():
        return request.build_absolute_uri(reverse("organisations:team", args=[organisation.slug]))
    return request.build_absolute_uri(profile_of(organisation))


def _asked(request: HttpRequest, asked: AccessRequest) -> HttpResponse:
    if asked.status == AccessRequest.Status.GRANTED:
        messages.success(
            request,
            _("“%(name)s” is yours to edit: your e-mail address proved it.")
            % {"name": asked.organisation.name},
        )
        return redirect(profile_of(asked.organisation))
    messages.success(request, _("Your request was sent. The answer comes by e-mail."))
    return redirect(f"{reverse('organisations:register')}#waiting")


def _claim_page(
    request: HttpRequest,
    organisation: Organisation,
    form: MessageForm,
    *,
    is_named: bool,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    user = signed_in(request)
    row = finding.rows_of([organisation.pk], user)[0]
    waiting = AccessRequest.objects.filter(
        organisation=organisation, user=user, status=AccessRequest.Status.PENDING
    ).first()
    return render(
        request,
        "organisations/claim.html",
        {
            "organisation": row,
            "is_named": is_named,
            "form": form,
            "waiting": waiting,
            "proof": claims.proof_of(organisation=organisation, user=user) if is_named else "",
        },
        status=status,
    )


@require_POST
@login_required
def withdraw_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a request of one's own."""
    user = signed_in(request)
    asked = get_object_or_404(AccessRequest, pk=pk, user=user)
    try:
        claims.withdraw(request=asked, by=user)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your request is withdrawn."))
    return redirect("organisations:register")
