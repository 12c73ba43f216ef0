"""Teams: ``teams.invite(organisation=…, email=…, role=…, by=…)``.

Owners rule a team, and it never loses the last of them who can log in. Every command locks the
organisation, so that two owners who leave at once take turns, and may be sent twice.
"""

from datetime import timedelta
from typing import Final

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.core.validators import validate_email
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import mail
from accounts.models import User
from organisations import claims
from organisations.models import AccessRequest, Organisation, TeamInvitation, TeamMember
from organisations.models.invitations import digest_of, messages_of_a_day
from organisations.refusals import NotPossible, sent_enough

Role = TeamMember.Role

GOOD_FOR: Final = timedelta(days=14)
MOST_OPEN: Final = 50
MOST_OPEN_UNVERIFIED: Final = 3
"""Invitations that may be open while no moderator has verified the profile."""
A_DAY: Final = 100
A_DAY_UNVERIFIED: Final = 10
"""Messages of invitation that one person may send in a day, whatever becomes of them; fewer for a
team whose profile no moderator has verified."""
TO_ONE_A_DAY: Final = 3
"""Messages of invitation that one address gets in a day, whoever sends them."""
SENDERS: Final = 7410
ADDRESSES: Final = 7411
"""Families of advisory locks of the database."""

NOT_AGAIN_BEFORE: Final = timedelta(minutes=10)


class WrongAddress(NotPossible):
    """The invitation was sent to an address that the user has not shown to be theirs."""


class Expired(NotPossible):
    """The invitation cannot be accepted any more."""


@transaction.atomic
def change_role(*, member: TeamMember, role: TeamMember.Role | str, by: User) -> TeamMember:
    """Give a member another role. Raises NotPossible for the last owner."""
    organisation = _ruled(member.organisation_id, by)
    current = TeamMember.objects.select_for_update().filter(pk=member.pk).first()
    if current is None:
        raise NotPossible(_("This person is not in the team any more."))
    role = Role(role)
    if current.role == role:
        return current
    if current.role == Role.OWNER:
        _check_another_owner(organisation, current)
        _withdraw_invitations_of(current)
    current.role = role
    current.save()
    if role == Role.OWNER:
        claims.hand_to_owners(organisation=organisation)
    return current


@transaction.atomic
def remove(*, member: TeamMember, by: User) -> None:
    """Take a member out of the team, with the invitations that they sent and nobody accepted yet.
    Raises NotPossible for the last owner."""
    organisation = _ruled(member.organisation_id, by)
    current = TeamMember.objects.select_for_update().filter(pk=member.pk).first()
    if current is None:
        return
    if current.role == Role.OWNER:
        _check_another_owner(organisation, current)
    _withdraw_invitations_of(current)
    current.delete()


@transaction.atomic
def leave(*, organisation: Organisation, by: User) -> None:
    """Leave the team. Raises NotPossible for the last owner."""
    current = TeamMember.objects.filter(organisation=_locked(organisation.pk), user=by).first()
    if current is None:
        return
    if current.role == Role.OWNER:
        _check_another_owner(organisation, current)
    current.delete()


@transaction.atomic
def invite(
    *,
    organisation: Organisation,
    email: str,
    role: TeamMember.Role | str,
    by: User,
    address: str = "",
) -> TeamInvitation:
    """Invite somebody into the team by e-mail; the message is written in the inviter's language.

    ``address`` is the absolute address of the page that accepts, with ``TOKEN`` in place of the
    token. One that expired is renewed. Raises ValidationError for a text that is no address,
    NotPossible for a member, for an address that is invited already, and for too many invitations
    or messages.
    """
    organisation = _ruled(organisation.pk, by)
    email = email.strip().lower()
    validate_email(email)
    role = Role(role)
    if _is_member(organisation, email):
        raise NotPossible(_("Somebody with this address is in the team already."))
    invitations = TeamInvitation.objects.select_for_update().filter(
        organisation=organisation, accepted_at=None, withdrawn_at=None
    )
    invitation = invitations.filter(email=email).first()
    if invitation is not None and invitation.is_open:
        raise NotPossible(_("This address is invited already. Send the invitation again below."))
    _check_room(organisation)
    invitation = invitation or TeamInvitation(organisation=organisation, email=email)
    invitation.role = role
    invitation.language = get_language() or by.language
    _send(invitation, by, address)
    return invitation


@transaction.atomic
def resend(*, invitation: TeamInvitation, by: User, address: str = "") -> TeamInvitation:
    """Send an invitation again, for another fourteen days; the link sent before ends.

    Whoever sends it again is the one who invites from now on. Raises NotPossible for one that was
    answered, or sent a moment ago or often enough, and for too many invitations or messages.
    """
    current = _invitation(invitation, by)
    if current.accepted_at is not None or current.withdrawn_at is not None:
        raise NotPossible(_("This invitation was accepted or withdrawn."))
    if not current.is_sent_enough and timezone.now() < current.last_sent_at + NOT_AGAIN_BEFORE:
        raise NotPossible(_("This invitation was sent a moment ago. Wait ten minutes."))
    if not current.is_open:
        _check_room(current.organisation)
    _send(current, by, address)
    return current


@transaction.atomic
def withdraw(*, invitation: TeamInvitation, by: User) -> TeamInvitation:
    """End an invitation. Withdrawn already, it stays as it is."""
    current = _invitation(invitation, by)
    if current.accepted_at is not None:
        raise NotPossible(_("This invitation was accepted already."))
    if current.withdrawn_at is None:
        current.withdrawn_at = timezone.now()
        current.save()
    return current


def invitation_of(token: str) -> TeamInvitation | None:
    """The invitation with this token, whatever became of it."""
    return (
        TeamInvitation.objects.select_related("organisation", "invited_by", "accepted_by")
        .filter(token_digest=digest_of(token))
        .first()
    )


def check_acceptable(*, invitation: TeamInvitation, by: User) -> None:
    """Raises Expired or WrongAddress where the user could not accept the invitation now."""
    if invitation.withdrawn_at is not None or (
        invitation.accepted_at is None and not is_vouched_for(invitation)
    ):
        raise Expired(_("This invitation was withdrawn. Ask the team for a new one."))
    if invitation.accepted_at is not None:
        raise Expired(_("This invitation was used already."))
    if not invitation.is_open:
        raise Expired(_("This invitation has expired. Ask the team to send it again."))
    if invitation.organisation.status == Organisation.Status.ARCHIVED:
        raise Expired(_("This organisation is no longer here."))
    addresses = {address.lower() for address in claims.verified_addresses(by)}
    if invitation.email.lower() not in addresses:
        raise WrongAddress(
            _(
                "This invitation was sent to another e-mail address. Add that address to your "
                "account and verify it, or log in with the account that has it."
            )
        )


def is_vouched_for(invitation: TeamInvitation) -> bool:
    """Whether whoever sent the invitation could send it still: an owner of the team, or an
    administrator, who can log in. Otherwise it opens nothing until an owner sends it again."""
    sender = invitation.invited_by
    return (
        sender is not None
        and sender.is_active
        and Organisation.objects.owned_by(sender).filter(pk=invitation.organisation_id).exists()
    )


@transaction.atomic
def accept(*, invitation: TeamInvitation, by: User) -> TeamMember:
    """Enter the team. Who is in it already keeps the higher of the two roles. A wish to join that
    waits is answered by it. Raises Expired and WrongAddress."""
    if (
        Organisation.objects.select_for_update(no_key=True)
        .filter(pk=invitation.organisation_id)
        .first()
        is None
    ):
        raise Expired(_("This organisation is no longer here."))
    current = (
        TeamInvitation.objects.select_for_update(of=["self"])
        .select_related("organisation")
        .get(pk=invitation.pk)
    )
    member = TeamMember.objects.filter(organisation=current.organisation, user=by).first()
    if member is not None and current.accepted_by_id == by.pk:
        return member
    check_acceptable(invitation=current, by=by)
    role = Role(current.role)
    if member is None:
        member = TeamMember.objects.create(organisation=current.organisation, user=by, role=role)
    elif Role.values.index(role) < Role.values.index(member.role):
        member.role = role
        member.save()
    current.accepted_at, current.accepted_by = timezone.now(), by
    current.save()
    AccessRequest.objects.filter(
        organisation=current.organisation, user=by, status=AccessRequest.Status.PENDING
    ).update(
        status=AccessRequest.Status.GRANTED,
        proof=AccessRequest.Proof.OWNER,
        decided_at=current.accepted_at,
        decided_by=current.invited_by,
    )
    if role == Role.OWNER:
        claims.hand_to_owners(organisation=current.organisation)
    return member


def open_invitations(organisation: Organisation) -> models.QuerySet[TeamInvitation]:
    """Those that nobody accepted or withdrew, expired ones too, the newest first."""
    return (
        TeamInvitation.objects.filter(
            organisation=organisation, accepted_at=None, withdrawn_at=None
        )
        .select_related("invited_by")
        .order_by("-created_at", "-pk")
    )


def _locked(pk: int) -> Organisation:
    """The organisation, locked; NotPossible for one that was discarded or merged meanwhile."""
    organisation = Organisation.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if organisation is None:
        raise NotPossible(_("This organisation is no longer here."))
    return organisation


def _ruled(pk: int, by: User) -> Organisation:
    """The organisation, locked; PermissionDenied unless the user rules its team."""
    organisation = _locked(pk)
    if not Organisation.objects.owned_by(by).filter(pk=pk).exists():
        raise PermissionDenied(_("Only owners change the team."))
    return organisation


def _invitation(invitation: TeamInvitation, by: User) -> TeamInvitation:
    _ruled(invitation.organisation_id, by)
    return (
        TeamInvitation.objects.select_for_update(of=["self"])
        .select_related("organisation", "invited_by")
        .get(pk=invitation.pk)
    )


def _check_another_owner(organisation: Organisation, member: TeamMember) -> None:
    if not claims.owners(organisation).exclude(pk=member.pk).exists():
        raise NotPossible(
            _("A team needs an owner. Make somebody else an owner first, then try again.")
        )


def _withdraw_invitations_of(member: TeamMember) -> None:
    """Nobody comes back by a door that they left open."""
    TeamInvitation.objects.filter(
        organisation=member.organisation_id,
        invited_by=member.user_id,
        accepted_at=None,
        withdrawn_at=None,
    ).update(withdrawn_at=timezone.now())


def _is_member(organisation: Organisation, email: str) -> bool:
    """Whether a member logs in by the address, or has shown it to be theirs."""
    shown = EmailAddress.objects.filter(email__iexact=email, verified=True).values("user")
    return (
        TeamMember.objects.filter(organisation=organisation)
        .filter(Q(user__email__iexact=email) | Q(user__in=shown))
        .exists()
    )


def _check_room(organisation: Organisation) -> None:
    """Raise NotPossible where no further invitation may be open."""
    waiting = TeamInvitation.objects.filter(
        organisation=organisation,
        accepted_at=None,
        withdrawn_at=None,
        expires_at__gt=timezone.now(),
    ).count()
    if not organisation.is_public and waiting >= MOST_OPEN_UNVERIFIED:
        raise NotPossible(
            _(
                "At most %(most)d invitations may be open until the profile is verified. Withdraw "
                "one before you send another."
            )
            % {"most": MOST_OPEN_UNVERIFIED}
        )
    if waiting >= MOST_OPEN:
        raise NotPossible(
            _("%(most)d invitations are open. Withdraw one before you send another.")
            % {"most": MOST_OPEN}
        )


def _send(invitation: TeamInvitation, by: User, address: str) -> None:
    if invitation.is_sent_enough:
        raise NotPossible(sent_enough())
    # limits that reach across organisations: two sendings of one person, or to one address, take
    # turns; always in this order
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SENDERS, by.pk % 2**31])
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [ADDRESSES, invitation.email]
        )
    most = A_DAY if invitation.organisation.is_public else A_DAY_UNVERIFIED
    if messages_of_a_day(TeamInvitation.objects.filter(invited_by=by)) >= most:
        raise NotPossible(_("You have sent many invitations today. Go on tomorrow."))
    if messages_of_a_day(TeamInvitation.objects.filter(email=invitation.email)) >= TO_ONE_A_DAY:
        raise NotPossible(_("This address has had several invitations today. Try again tomorrow."))
    invitation.invited_by = by
    invitation.count_message()
    token = invitation.new_token()
    invitation.expires_at = timezone.now() + GOOD_FOR
    invitation.full_clean()
    invitation.save()
    mail.send(
        to=invitation.email,
        language=invitation.language,
        template="mail/team_invitation",
        context={
            "invitation": invitation,
            "page": address.replace("TOKEN", token),
            "days": GOOD_FOR.days,
        },
    )
