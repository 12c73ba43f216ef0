"""Rules about members of clusters: who may change them, and how many may be invited."""

from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from organisations.models import ClusterInvitation, ClusterMembership, Organisation, TeamMember
from organisations.models.invitations import messages_of_a_day

MOST_OPEN: Final = 500
"""Invitations of one cluster that wait for an answer."""

MOST_A_DAY: Final = 500
"""Messages of one cluster within a day, sent again or withdrawn since included."""


class MembershipRefused(ValueError):
    """The command is not possible; the message says why, in the reader's words."""


def has_team(organisation: Organisation) -> bool:
    """Whether somebody can answer for the organisation."""
    return TeamMember.objects.filter(
        organisation=organisation, role__in=(TeamMember.Role.OWNER, TeamMember.Role.EDITOR)
    ).exists()


def locked(cluster: Organisation, by: User) -> Organisation:
    """The cluster, locked until the transaction ends; raises PermissionDenied for others than its
    owners and editors, and for what is no cluster."""
    row = (
        Organisation.objects.editable_by(by)
        .filter(pk=cluster.pk, kind=Organisation.Kind.CLUSTER)
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if row is None:
        raise PermissionDenied
    return row


def check_editable(organisation: Organisation, by: User) -> None:
    """Raise PermissionDenied where ``by`` does not speak for the organisation."""
    if not Organisation.objects.editable_by(by).filter(pk=organisation.pk).exists():
        raise PermissionDenied


def check_not_member(cluster: Organisation, member: Organisation) -> None:
    """Raise `MembershipRefused` where the one is, or cannot become, a member of the other."""
    if member.pk == cluster.pk:
        raise MembershipRefused(_("A cluster is not its own member."))
    if ClusterMembership.objects.filter(cluster=cluster, member=member).exists():
        raise MembershipRefused(_("The organisation is a member already."))


def open_invitations(cluster: Organisation) -> int:
    """How many invitations of the cluster wait for an answer."""
    return ClusterInvitation.objects.filter(
        cluster=cluster, accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    ).count()


def check_room(cluster: Organisation, wanted: int, *, opened: int | None = None) -> None:
    """Raise `MembershipRefused` where the cluster cannot send so many messages more.

    ``opened``: how many of them open an invitation; all, unless one is sent again.
    A profile that no moderator has seen sends no messages to strangers, and is not shown to them.
    """
    if not cluster.is_public:
        raise MembershipRefused(
            _("Invitations can be sent once the profile of the cluster is verified.")
        )
    waiting = open_invitations(cluster)
    if waiting + (wanted if opened is None else opened) > MOST_OPEN:
        raise MembershipRefused(
            _("At most %(most)s invitations may wait for an answer; %(waiting)s do. Withdraw some.")
            % {"most": MOST_OPEN, "waiting": waiting}
        )
    sent = messages_of_a_day(ClusterInvitation.objects.filter(cluster=cluster))
    if sent + wanted > MOST_A_DAY:
        raise MembershipRefused(
            _("At most %(most)s invitations can be sent within a day. Go on tomorrow.")
            % {"most": MOST_A_DAY}
        )


def year_of_membership(year: int | None) -> int | None:
    """The year, if a membership can have begun in it; raises ValidationError otherwise."""
    if year is not None and not 1900 <= year <= timezone.localdate().year:
        raise ValidationError(
            _("A membership begins between 1900 and %(year)s.")
            % {"year": timezone.localdate().year}
        )
    return year
