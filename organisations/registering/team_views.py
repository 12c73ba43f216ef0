"""The team of an organisation: its page, what owners do there, and invitations accepted.

Strangers find nothing here, even where the profile is public; viewers and editors see who is in the
team, and are refused what owners do.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from organisations import claims, teams
from organisations.models import AccessRequest, Organisation, TeamInvitation, TeamMember
from organisations.refusals import NotPossible
from organisations.registering.forms import AnswerForm, InvitationForm, RoleForm
from organisations.registering.views import profile_of, signed_in
from regions.listing import found

Named = ParamSpec("Named")
Role = TeamMember.Role


def _team_of(request: HttpRequest, slug: str) -> Organisation:
    """The organisation, for its team and for administrators."""
    user = signed_in(request)
    rows = Organisation.objects.all()
    if not user.has_perm("organisations.change_organisation"):
        rows = rows.filter(pk__in=user.teams.values("organisation"))
    return found(rows, slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is in the team; owners invite by POST."""
    organisation = _team_of(request, slug)
    if request.method != "POST":
        return _team_page(request, organisation)
    user = signed_in(request)
    form = InvitationForm(request.POST)
    _check_rules(organisation, user)
    if form.is_valid():
        try:
            invitation = teams.invite(
                organisation=organisation,
                by=user,
                address=_address_of_invitations(request),
                **form.cleaned_data,
            )
        except NotPossible as error:
            form.add_error("email", str(error))
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(
                request, _("The invitation was sent to %(email)s.") % {"email": invitation.email}
            )
            return redirect("organisations:team", slug)
    return _team_page(request, organisation, form=form, status=HTTPStatus.BAD_REQUEST)


def _check_rules(organisation: Organisation, user: User) -> None:
    if not Organisation.objects.owned_by(user).filter(pk=organisation.pk).exists():
        raise PermissionDenied


def _address_of_invitations(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("organisations:team-invitation", args=["TOKEN"]))


def _team_page(
    request: HttpRequest,
    organisation: Organisation,
    *,
    form: InvitationForm | None = None,
    refused: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    user = signed_in(request)
    order = Case(*(When(role=role, then=Value(n)) for n, role in enumerate(Role.values)))
    members = list(
        TeamMember.objects.filter(organisation=organisation)
        .select_related("user")
        .order_by(order, "user__name", "user__email")
    )
    own = next((member for member in members if member.user_id == user.pk), None)
    rules = (own is not None and own.role == Role.OWNER) or user.has_perm(
        "organisations.change_organisation"
    )
    context: dict[str, Any] = {
        "organisation": organisation,
        "members": members,
        "own": own,
        "rules": rules,
        "roles": Role.choices,
        "form": form or InvitationForm(),
        "refused": refused,
        "now": timezone.now(),
        "invitations": teams.open_invitations(organisation) if rules else (),
        "requests": (
            AccessRequest.objects.filter(
                organisation=organisation,
                kind=AccessRequest.Kind.JOIN,
                status=AccessRequest.Status.PENDING,
            )
            .select_related("user")
            .order_by("created_at", "pk")
            if rules
            else ()
        ),
        "joining_roles": [(role.value, role.label) for role in claims.JOINING_ROLES],
    }
    return render(request, "organisations/team.html", context, status=status)


def command(
    view: Callable[Concatenate[HttpRequest, Organisation, User, Named], str],
) -> Callable[..., HttpResponseBase]:
    """By POST, signed in, of a team that the user may see. What the view returns is said on the
    page that follows; what is not possible is said there as well, with a 400."""

    @require_POST
    @login_required
    @wraps(view)
    def checked(
        request: HttpRequest, slug: str, *args: Named.args, **named: Named.kwargs
    ) -> HttpResponse:
        organisation = _team_of(request, slug)
        try:
            done = view(request, organisation, signed_in(request), *args, **named)
        except NotPossible as error:
            return _team_page(
                request, organisation, refused=str(error), status=HTTPStatus.BAD_REQUEST
            )
        messages.success(request, done)
        if TeamMember.objects.filter(organisation=organisation, user=signed_in(request)).exists():
            return redirect("organisations:team", slug)
        return redirect("home")

    return checked


def _role_in(request: HttpRequest) -> str:
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise NotPossible(_("Choose one of the roles."))
    return str(form.cleaned_data["role"])


@command
def change_role(request: HttpRequest, organisation: Organisation, user: User, *, pk: int) -> str:
    """Give a member another role."""
    _check_rules(organisation, user)
    member = get_object_or_404(TeamMember, organisation=organisation, pk=pk)
    changed = teams.change_role(member=member, role=_role_in(request), by=user)
    return _("%(name)s is now: %(role)s.") % {
        "name": changed.user,
        "role": changed.get_role_display(),
    }


@command
def remove(request: HttpRequest, organisation: Organisation, user: User, *, pk: int) -> str:
    """Take a member out of the team; one who is gone already is no error."""
    _check_rules(organisation, user)
    member = TeamMember.objects.filter(organisation=organisation, pk=pk).first()
    if member is None:
        return _("This person is not in the team any more.")
    name = str(member.user)
    teams.remove(member=member, by=user)
    return _("%(name)s is no longer in the team.") % {"name": name}


@command
def leave(request: HttpRequest, organisation: Organisation, user: User) -> str:
    """Leave the team."""
    teams.leave(organisation=organisation, by=user)
    return _("You have left the team of %(name)s.") % {"name": organisation.name}


@command
def resend(request: HttpRequest, organisation: Organisation, user: User, *, pk: int) -> str:
    """Send an invitation again."""
    invitation = get_object_or_404(TeamInvitation, organisation=organisation, pk=pk)
    teams.resend(invitation=invitation, by=user, address=_address_of_invitations(request))
    return _("The invitation was sent to %(email)s again; the link sent before has ended.") % {
        "email": invitation.email
    }


@command
def withdraw(request: HttpRequest, organisation: Organisation, user: User, *, pk: int) -> str:
    """End an invitation."""
    invitation = get_object_or_404(TeamInvitation, organisation=organisation, pk=pk)
    teams.withdraw(invitation=invitation, by=user)
    return _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email}


@command
def grant(request: HttpRequest, organisation: Organisation, user: User, *, pk: int) -> str:
    """Take somebody who asked into the team."""
    _check_rules(organisation, user)
    asked = get_object_or_404(AccessRequest, organisation=organisation, pk=pk)
    page = request.build_absolute_uri(profile_of(organisation))
    member = claims.grant(request=asked, by=user, role=_role_in(request), page=page)
    return _("%(name)s is in the team now.") % {"name": member.user}


@command
def refuse(request: HttpRequest, organisation: Organisation, user: User, *, pk: int) -> str:
    """Refuse somebody who asked."""
    asked = get_object_or_404(AccessRequest, organisation=organisation, pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise NotPossible(_("The answer has at most 1,000 characters."))
    claims.refuse(request=asked, by=user, answer=form.cleaned_data["answer"])
    return _("The request is refused.")


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites into which team, as what; accepted by POST, signed in."""
    sent = teams.invitation_of(token)
    if sent is None:
        raise Http404(_("There is no invitation at this address. It may have been sent anew."))
    if not isinstance(request.user, User):
        if request.method == "POST":
            return redirect(f"{reverse('account_login')}?next={request.path}")
        stands = sent.is_open and teams.is_vouched_for(sent)
        return _invitation_page(request, sent, state="anonymous" if stands else "over")
    member = TeamMember.objects.filter(organisation=sent.organisation_id, user=request.user).first()
    if sent.accepted_by_id == request.user.pk and member is not None:
        return redirect("organisations:team", sent.organisation.slug)
    try:
        if request.method == "POST":
            teams.accept(invitation=sent, by=request.user)
            messages.success(
                request, _("You are in the team of %(name)s.") % {"name": sent.organisation.name}
            )
            return redirect(profile_of(sent.organisation))
        teams.check_acceptable(invitation=sent, by=request.user)
    except teams.WrongAddress as error:
        return _invitation_page(
            request, sent, state="wrong", refused=str(error), status=HTTPStatus.FORBIDDEN
        )
    except teams.Expired as error:
        return _invitation_page(
            request, sent, state="over", refused=str(error), status=HTTPStatus.GONE
        )
    return _invitation_page(request, sent, state="open")


def _invitation_page(
    request: HttpRequest,
    sent: TeamInvitation,
    *,
    state: str,
    refused: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    if state == "over" and not refused:
        refused = _("This invitation is over. Ask the team for a new one.")
        status = HTTPStatus.GONE
    answer = render(
        request,
        "organisations/team_invitation.html",
        {"invitation": sent, "state": state, "refused": refused},
        status=status,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
