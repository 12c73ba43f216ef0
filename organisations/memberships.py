"""Members of clusters: invited, accepted, declared, removed; called by pages, API and admin alike.

Who says that an organisation is a member? Two can say so, and the source of a membership names
which of them did:

- An organisation that *has a team* speaks for itself. The cluster asks it, its owners are written
  to, and the membership begins when they accept: nobody is put on a list against their will, and
  "both sides agree" is worth more to a reader than "the cluster says so".
- An organisation *without a team*, such as one known from project data alone, cannot answer. Asking
  it would leave clusters with hundreds of members with an empty page. So the cluster declares the
  membership, and it is shown as "declared by the cluster". A team that comes later sees it and can
  leave, or accept an invitation, which makes it a membership that both sides agree on.

Memberships from other sources keep theirs. Every command locks the cluster first, so that two at
once are two one after the other. ``link`` makes the whole address of a path, for messages.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.authorship import written_by
from accounts.mail import deliver
from accounts.models import User
from organisations import membership_mail as mail
from organisations.membership_rules import (
    MembershipRefused,
    check_editable,
    check_not_member,
    check_room,
    has_team,
    locked,
)
from organisations.models import ClusterInvitation, ClusterMembership, Organisation
from organisations.models.invitations import digest_of
from organisations.refusals import sent_enough
from regions.models import Source

VALID_FOR: Final = timedelta(days=30)
PAUSE: Final = timedelta(hours=1)
"""How long after a message the same one may be sent again."""

BY_BOTH: Final = "declared-by-organisations"
BY_CLUSTER: Final = "declared-by-clusters"

SOURCES: Final = {
    BY_BOTH: "Declared by the organisations themselves",
    BY_CLUSTER: "Declared by the cluster alone",
}

Link = Callable[[str], str]
State = str


def source(slug: str) -> Source:
    """The source of what is declared here; made where it is missing."""
    return Source.objects.get_or_create(
        slug=slug,
        defaults={
            "title": SOURCES[slug],
            "publisher": "Regions Meet",
            "standing": Source.Standing.DECLARED,
        },
    )[0]


def state_of(invitation: ClusterInvitation) -> State:
    """ "open", or why the invitation can be answered no more."""
    if invitation.accepted_at is not None:
        return "accepted"
    if invitation.declined_at is not None:
        return "declined"
    if invitation.withdrawn_at is not None:
        return "withdrawn"
    if not invitation.is_open:
        return "expired"
    return "open" if invitation.cluster.is_public else "paused"


def invitation_of(token: str) -> ClusterInvitation | None:
    """The invitation that a token of a message stands for."""
    return (
        ClusterInvitation.objects.select_related("cluster", "member")
        .filter(token_digest=digest_of(token))
        .first()
    )


@transaction.atomic
def invite(
    *,
    cluster: Organisation,
    email: str,
    by: User,
    link: Link,
    language: str,
    organisation_name: str = "",
    member: Organisation | None = None,
    since: int | None = None,
) -> ClusterInvitation:
    """Invite whoever reads this e-mail address; an expired invitation is sent anew.

    Raises PermissionDenied, ValidationError for what is no address, `MembershipRefused` where the
    address is invited already, or the cluster has too many invitations.
    """
    cluster = locked(cluster, by)
    email = email.strip().lower()
    validate_email(email)
    if member is not None:
        check_not_member(cluster, member)
    known = ClusterInvitation.objects.filter(
        cluster=cluster, email=email, accepted_at=None, withdrawn_at=None
    ).first()
    if known is not None and known.is_open:
        raise MembershipRefused(_("This address is invited already."))
    check_room(cluster, 1)
    account = User.objects.filter(email=email).only("language").first()
    invitation = known or ClusterInvitation(cluster=cluster, email=email)
    invitation.organisation_name = organisation_name
    invitation.member = member
    invitation.since = since
    invitation.language = account.language if account else language
    _send(invitation, by, link)
    return invitation


@transaction.atomic
def ask(
    *,
    cluster: Organisation,
    member: Organisation,
    by: User,
    link: Link,
    since: int | None = None,
) -> ClusterInvitation:
    """Ask the owners of an organisation whether it is a member.

    Raises PermissionDenied, or `MembershipRefused` where it is a member, is asked already, or has
    nobody to ask.
    """
    cluster = locked(cluster, by)
    check_not_member(cluster, member)
    if not has_team(member):
        raise MembershipRefused(_("Nobody speaks for this organisation here yet."))
    known = ClusterInvitation.objects.filter(
        cluster=cluster, email="", member=member, accepted_at=None, withdrawn_at=None
    ).first()
    if known is not None and known.is_open:
        raise MembershipRefused(_("This organisation is invited already."))
    check_room(cluster, 1)
    invitation = known or ClusterInvitation(cluster=cluster, member=member)
    invitation.since = since
    _send(invitation, by, link)
    return invitation


@transaction.atomic
def declare(
    *, cluster: Organisation, member: Organisation, by: User, since: int | None = None
) -> ClusterMembership:
    """Record the cluster's word that an organisation without a team is a member.

    Raises PermissionDenied, or `MembershipRefused` where it is a member, or can answer for itself.
    """
    cluster = locked(cluster, by)
    check_not_member(cluster, member)
    if has_team(member):
        raise MembershipRefused(_("This organisation has a team here: invite it."))
    membership = ClusterMembership(
        cluster=cluster, member=member, since=since, source=source(BY_CLUSTER)
    )
    written_by(membership, by).save()
    return membership


@transaction.atomic
def resend(*, invitation: ClusterInvitation, by: User, link: Link) -> ClusterInvitation:
    """Send an invitation again, with a new link that replaces the old one and 30 new days."""
    invitation = _locked_invitation(invitation)
    locked(invitation.cluster, by)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise MembershipRefused(_("This invitation was answered or withdrawn already."))
    if not invitation.is_sent_enough and invitation.last_sent_at > timezone.now() - PAUSE:
        raise MembershipRefused(
            _("This invitation was sent less than an hour ago. Send it again later.")
        )
    check_room(invitation.cluster, 1, opened=0 if invitation.is_open else 1)
    if not invitation.email and invitation.member and not has_team(invitation.member):
        raise MembershipRefused(_("Nobody speaks for this organisation here any more."))
    _send(invitation, by, link)
    return invitation


@transaction.atomic
def withdraw(*, invitation: ClusterInvitation, by: User) -> ClusterInvitation:
    """Take an invitation back; its link leads to nothing any more. Twice is as good as once."""
    invitation = _locked_invitation(invitation)
    locked(invitation.cluster, by)
    if invitation.accepted_at is not None:
        raise MembershipRefused(_("This invitation was accepted already."))
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = timezone.now()
        invitation.save(update_fields=["withdrawn_at"])
    return invitation


@transaction.atomic
def accept(
    *, invitation: ClusterInvitation, organisation: Organisation, by: User, link: Link
) -> ClusterMembership:
    """Make the organisation a member, in the name of its team; twice is as good as once.

    The invitation gives no right over any organisation: ``by`` must be an owner or editor of the
    one that they choose. The cluster's team is told which it was, and whether the account that
    accepted has another address than the one invited, and can remove the member.
    """
    invitation = _locked_invitation(invitation)
    cluster = invitation.cluster
    check_editable(organisation, by)
    present = ClusterMembership.objects.filter(cluster=cluster, member=organisation).first()
    if invitation.accepted_at is not None and invitation.member_id == organisation.pk and present:
        return present
    _check_open(invitation)
    if not invitation.email and invitation.member_id != organisation.pk:
        raise MembershipRefused(_("This invitation is for another organisation."))
    if organisation.pk == cluster.pk:
        raise MembershipRefused(_("A cluster is not its own member."))
    membership = present or ClusterMembership(
        cluster=cluster,
        member=organisation,
        since=invitation.since,
        source=source(BY_BOTH),
    )
    if present is None or present.source.slug == BY_CLUSTER:
        membership.source = source(BY_BOTH)
        written_by(membership, by).save()
    invitation.accepted_at = timezone.now()
    invitation.accepted_by = by
    invitation.member = organisation
    invitation.save(update_fields=["accepted_at", "accepted_by", "member"])
    mail.tell_cluster(
        "accepted",
        cluster=cluster,
        organisation=organisation,
        link=link,
        invitation=invitation,
        is_other_address=bool(invitation.email) and by.email.lower() != invitation.email,
    )
    return membership


@transaction.atomic
def decline(
    *, invitation: ClusterInvitation, link: Link, by: User | None = None
) -> ClusterInvitation:
    """Say no to an invitation; twice is as good as once.

    Whoever followed the link of the message may say no, even without an account. ``by`` is given
    where an organisation answers on its own page instead, and must speak for it.
    """
    invitation = _locked_invitation(invitation)
    if by is not None and invitation.member is not None and not invitation.email:
        check_editable(invitation.member, by)
    if invitation.declined_at is not None:
        return invitation
    _check_open(invitation)
    invitation.declined_at = invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["declined_at", "withdrawn_at"])
    mail.tell_cluster(
        "declined",
        cluster=invitation.cluster,
        organisation=invitation.member if not invitation.email else None,
        link=link,
        invitation=invitation,
    )
    return invitation


@transaction.atomic
def remove(*, membership: ClusterMembership, by: User, link: Link) -> None:
    """The cluster ends a membership; the organisation's owners are told."""
    cluster = locked(membership.cluster, by)
    if _ended(membership, by):
        mail.tell_member(cluster=cluster, organisation=membership.member, link=link)


@transaction.atomic
def leave(*, membership: ClusterMembership, by: User, link: Link) -> None:
    """The member ends a membership; the cluster's team is told."""
    check_editable(membership.member, by)
    cluster = Organisation.objects.select_for_update(no_key=True).get(pk=membership.cluster_id)
    if _ended(membership, by):
        mail.tell_cluster("left", cluster=cluster, organisation=membership.member, link=link)


def _send(invitation: ClusterInvitation, by: User, link: Link) -> None:
    if invitation.is_sent_enough:
        raise MembershipRefused(sent_enough())
    invitation.count_message()
    invitation.invited_by = by
    invitation.expires_at = timezone.now() + VALID_FOR
    token = invitation.new_token()
    invitation.save()
    deliver(*mail.invitations(invitation, token=token, link=link))


def _locked_invitation(invitation: ClusterInvitation) -> ClusterInvitation:
    Organisation.objects.select_for_update(no_key=True).get(pk=invitation.cluster_id)
    return ClusterInvitation.objects.select_related("cluster", "member").get(pk=invitation.pk)


def _check_open(invitation: ClusterInvitation) -> None:
    refusals = {
        "accepted": _("This invitation was used already."),
        "declined": _("This invitation was declined already."),
        "withdrawn": _("This invitation was withdrawn by the cluster."),
        "expired": _("This invitation has expired. Ask the cluster for a new one."),
        "paused": _("The cluster is not public at the moment, so that nobody can become a member."),
    }
    state = state_of(invitation)
    if state != "open":
        raise MembershipRefused(refusals[state])


def _ended(membership: ClusterMembership, by: User) -> bool:
    """Delete a membership; False if it had ended already."""
    row = ClusterMembership.objects.filter(pk=membership.pk).first()
    if row is None:
        return False
    written_by(row, by).delete()
    return True
