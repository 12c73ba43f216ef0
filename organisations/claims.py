"""Claims and wishes to join: ``claims.ask(organisation=…, by=…, message=…)``.

An organisation without an owner is *claimed*; one that has an owner is *joined*. Every command
locks the organisation, so that two people take turns, and may be sent twice. Messages carry
``page``, the absolute address of where their reader goes on; without one they say to log in.
"""

from datetime import timedelta
from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mail
from accounts.models import User
from organisations.models import AccessRequest, Organisation, TeamMember
from organisations.querysets import OrganisationQuerySet
from organisations.refusals import AnsweredAlready, NotPossible
from organisations.websites import proves

Kind, Proof, Status = AccessRequest.Kind, AccessRequest.Proof, AccessRequest.Status
Role = TeamMember.Role

MOST_PENDING: Final = 10
A_DAY: Final = 20
"""Requests of one person in a day, whatever became of them: each sends a message to others."""

WAIT_AFTER_REFUSAL: Final = timedelta(days=7)

JOINING_ROLES: Final = (Role.VIEWER, Role.EDITOR)
"""What an owner may make of somebody who asks to join; owners are made on the team's page."""


def owners(organisation: Organisation) -> models.QuerySet[TeamMember]:
    """Those who rule the team and can log in."""
    return TeamMember.objects.filter(
        organisation=organisation, role=Role.OWNER, user__is_active=True
    )


def with_access(rows: OrganisationQuerySet, user: User) -> OrganisationQuerySet:
    """Adds what the user is to each: ``has_owner``, ``own_role`` (None outside the team) and
    ``is_asked`` (a request of theirs waits)."""
    this = OuterRef("pk")
    return rows.annotate(
        has_owner=Exists(
            TeamMember.objects.filter(organisation=this, role=Role.OWNER, user__is_active=True)
        ),
        own_role=models.Subquery(
            TeamMember.objects.filter(organisation=this, user=user).values("role")[:1]
        ),
        is_asked=Exists(
            AccessRequest.objects.filter(organisation=this, user=user, status=Status.PENDING)
        ),
    )


def verified_addresses(user: User) -> list[str]:
    """The e-mail addresses that the user has shown to be theirs."""
    return list(
        EmailAddress.objects.filter(user=user, verified=True)
        .order_by("-primary", "email")
        .values_list("email", flat=True)
    )


def proof_of(*, organisation: Organisation, user: User) -> str:
    """The verified address of the user that is in the domain of the organisation's website; empty
    where none is.

    A website that the user's own kind could have written proves nothing, so only that of a public
    profile counts: its website was there, or was looked at, before anybody claimed it.
    """
    if not organisation.is_public:
        return ""
    for email in verified_addresses(user):
        if proves(email=email, website=organisation.website):
            return email
    return ""


@transaction.atomic
def ask(
    *,
    organisation: Organisation,
    by: User,
    message: str = "",
    page: str = "",
) -> AccessRequest:
    """Claim the organisation, or ask to join its team.

    A claim that an e-mail address proves is granted at once; any other request waits. One that
    waits already is returned as it is. Raises NotPossible for members, for invented or archived
    organisations, soon after a refusal, and for those who have asked many already.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if TeamMember.objects.filter(organisation=organisation, user=by).exists():
        raise NotPossible(_("You are in the team of this organisation already."))
    if organisation.is_illustrative or organisation.status == Organisation.Status.ARCHIVED:
        raise NotPossible(_("This organisation cannot be claimed."))
    of_user = AccessRequest.objects.filter(user=by)
    waiting = of_user.filter(organisation=organisation, status=Status.PENDING).first()
    has_owner = owners(organisation).exists()
    # whoever is in the team could have written the website that the address is held against
    has_team = TeamMember.objects.filter(organisation=organisation).exists()
    proof = "" if has_team else proof_of(organisation=organisation, user=by)
    if waiting is not None and not proof:
        return waiting
    if not proof:
        _check_not_too_many(of_user, organisation)
    request = waiting or AccessRequest(organisation=organisation, user=by)
    request.kind = Kind.JOIN if has_owner else Kind.CLAIM
    request.message = message.strip() or request.message
    request.full_clean(validate_constraints=False)
    if proof:
        return _granted(request, by=None, role=Role.OWNER, proof=Proof.EMAIL, page=page)
    request.save()
    tell_requester(request, "access_asked", page)
    if has_owner:
        _tell_owners(request, page)
    return request


def _check_not_too_many(asked: models.QuerySet[AccessRequest], organisation: Organisation) -> None:
    refused_lately = asked.filter(
        organisation=organisation,
        status=Status.REFUSED,
        decided_at__gt=timezone.now() - WAIT_AFTER_REFUSAL,
    )
    if refused_lately.exists():
        raise NotPossible(_("Your request was refused. You can ask again a week after that."))
    a_day_ago = timezone.now() - timedelta(days=1)
    lately = asked.filter(created_at__gt=a_day_ago)
    if lately.filter(organisation=organisation, status=Status.WITHDRAWN).exists():
        raise NotPossible(_("You withdrew this request. You can ask again a day after it."))
    if lately.count() >= A_DAY:
        raise NotPossible(_("You have asked much today. Go on tomorrow."))
    if asked.filter(status=Status.PENDING).count() >= MOST_PENDING:
        raise NotPossible(
            _("%(most)d requests of yours wait for an answer. Withdraw one before you ask again.")
            % {"most": MOST_PENDING}
        )


@transaction.atomic
def grant(
    *, request: AccessRequest, by: User, role: TeamMember.Role | str | None = None, page: str = ""
) -> TeamMember:
    """Take the person into the team, as a moderator or an owner.

    A claim makes an owner unless ``role`` says otherwise; a wish to join makes a viewer or an
    editor. Granted already, it stays as it is. Raises PermissionDenied, AnsweredAlready where it
    was refused or withdrawn, NotPossible for a role that cannot be given so.
    """
    request = _locked(request)
    _check_may_answer(request, by)
    member = TeamMember.objects.filter(organisation=request.organisation, user=request.user).first()
    if request.status == Status.GRANTED and member is not None:
        return member
    _check_pending(request)
    role = Role(role or (Role.OWNER if request.kind == Kind.CLAIM else Role.VIEWER))
    if request.kind == Kind.JOIN and role not in JOINING_ROLES:
        raise NotPossible(_("Who asks to join becomes a viewer or an editor first."))
    proof = Proof.MODERATOR if request.kind == Kind.CLAIM else Proof.OWNER
    _granted(request, by=by, role=role, proof=proof, page=page)
    return TeamMember.objects.get(organisation=request.organisation, user=request.user)


@transaction.atomic
def refuse(*, request: AccessRequest, by: User, answer: str = "", page: str = "") -> AccessRequest:
    """Refuse, and say why. Refused already, it stays as it is."""
    request = _locked(request)
    _check_may_answer(request, by)
    if request.status == Status.REFUSED:
        return request
    _check_pending(request)
    request.answer = answer.strip()
    _decide(request, Status.REFUSED, by)
    tell_requester(request, "access_refused", page)
    return request


@transaction.atomic
def withdraw(*, request: AccessRequest, by: User) -> AccessRequest:
    """Take back one's own request. Withdrawn already, it stays as it is."""
    request = _locked(request)
    if request.user_id != by.pk:
        raise PermissionDenied(_("You cannot withdraw this request."))
    if request.status == Status.WITHDRAWN:
        return request
    _check_pending(request)
    return _decide(request, Status.WITHDRAWN, by)


def pending_for(moderator: User | AnonymousUser) -> models.QuerySet[AccessRequest]:
    """Requests that the moderator answers, the longest waiting first: claims, and wishes to join a
    team that has lost its owners, of the organisations whose profiles they verify."""
    if not isinstance(moderator, User):
        return AccessRequest.objects.none()
    return (
        AccessRequest.objects.filter(
            for_moderators(),
            status=Status.PENDING,
            organisation__in=Organisation.objects.moderated_by(moderator),
        )
        .exclude(user=moderator)
        .select_related("organisation__home_region", "organisation__country", "user")
        .order_by("created_at", "pk")
    )


def for_moderators() -> Q:
    """Requests that moderators answer: claims, and wishes to join a team without owners or one of
    a profile that is not public, whose owner may have taken a name that is not theirs."""
    owned = TeamMember.objects.filter(
        organisation=OuterRef("organisation"), role=Role.OWNER, user__is_active=True
    )
    return (
        Q(kind=Kind.CLAIM)
        | ~Q(Exists(owned))
        | ~Q(organisation__status=Organisation.Status.VERIFIED)
    )


@transaction.atomic
def hand_to_owners(*, organisation: Organisation) -> int:
    """Claims that wait become wishes to join, now that somebody rules the team."""
    return AccessRequest.objects.filter(
        organisation=organisation, kind=Kind.CLAIM, status=Status.PENDING
    ).update(kind=Kind.JOIN)


def _locked(request: AccessRequest) -> AccessRequest:
    """The request as it is now; first its organisation, in the order of every command here."""
    Organisation.objects.select_for_update(no_key=True).get(pk=request.organisation_id)
    return (
        AccessRequest.objects.select_for_update(of=["self"])
        .select_related("organisation", "user")
        .get(pk=request.pk)
    )


def _check_may_answer(request: AccessRequest, by: User) -> None:
    """Owners answer wishes to join; moderators answer claims, where nobody rules the team, and
    where nobody has verified yet that those who rule it may."""
    of_owners = request.kind == Kind.JOIN and owners(request.organisation).exists()
    this = Organisation.objects.filter(pk=request.organisation_id)
    may = of_owners and this.owned_by(by).exists()
    if not of_owners or not request.organisation.is_public:
        may = may or this.moderated_by(by).exists()
    if request.user_id == by.pk or not may:
        raise PermissionDenied(_("You cannot answer this request."))
    if request.status == Status.PENDING and request.kind == Kind.JOIN and not of_owners:
        request.kind = Kind.CLAIM


def _check_pending(request: AccessRequest) -> None:
    if request.status != Status.PENDING:
        raise AnsweredAlready(
            _("This request was answered already: %(status)s.")
            % {"status": request.get_status_display()}
        )


def _granted(
    request: AccessRequest,
    *,
    by: User | None,
    role: TeamMember.Role,
    proof: AccessRequest.Proof,
    page: str,
) -> AccessRequest:
    TeamMember.objects.get_or_create(
        organisation=request.organisation, user=request.user, defaults={"role": role}
    )
    request.proof = proof
    _decide(request, Status.GRANTED, by)
    if role == Role.OWNER:
        hand_to_owners(organisation=request.organisation)
    tell_requester(request, "access_granted", page)
    return request


def _decide(request: AccessRequest, status: AccessRequest.Status, by: User | None) -> AccessRequest:
    request.status, request.decided_by, request.decided_at = status, by, timezone.now()
    request.save()
    return request


def tell_requester(request: AccessRequest, template: str, page: str) -> None:
    """Write to whoever asked what became of it."""
    mail.send(
        to=request.user.email,
        language=request.user.language,
        template=f"mail/{template}",
        context={
            "request": request,
            "name": name_for_outsiders(request.organisation),
            "page": page,
        },
    )


def _tell_owners(request: AccessRequest, page: str) -> None:
    for owner in owners(request.organisation).select_related("user").order_by("pk"):
        mail.send(
            to=owner.user.email,
            language=owner.user.language,
            template="mail/access_wanted",
            context={
                "request": request,
                "name": request.organisation.name,
                "page": page,
            },
        )


def name_for_outsiders(organisation: Organisation) -> str:
    """The name that somebody outside the team may know; empty while the profile is not public."""
    return organisation.name if organisation.is_public else ""
