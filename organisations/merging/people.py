"""What a merge gives to people: nobody takes over a team by registering the same name."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.authorship import written_by
from accounts.models import User
from organisations.models import Organisation, TeamInvitation, TeamMember

OWNER, VIEWER = TeamMember.Role.OWNER, TeamMember.Role.VIEWER


@dataclass(frozen=True)
class Coming:
    """The team of the profile that goes. Where the other team has an owner, they may read, and that
    owner decides on more."""

    members: list[TeamMember]
    known: frozenset[int]
    is_ruled: bool

    def warnings(self) -> list[str]:
        """Who comes into the kept team, and as what."""
        return [
            _("%(name)s (%(email)s) comes into the team: %(role)s.")
            % {
                "name": member.user.name or member.user.email,
                "email": member.user.email,
                "role": VIEWER.label if self.is_ruled else member.get_role_display(),
            }
            for member in self.members
            if member.user_id not in self.known
        ]

    def hand_over(self, other: Organisation, *, by: User) -> None:
        """Lower those who come where they do not rule; what their team sent out opens nothing any
        more."""
        if self.is_ruled:
            for member in self.members:
                if member.role != VIEWER:
                    member.role = VIEWER
                    written_by(member, by).save()
        TeamInvitation.objects.filter(
            organisation=other, accepted_at__isnull=True, withdrawn_at__isnull=True
        ).update(withdrawn_at=timezone.now())


def coming(kept: Organisation, other: Organisation) -> Coming:
    team = kept.team.values_list("user", "role", "user__is_active")
    present = list(team)
    return Coming(
        list(other.team.select_related("user").order_by("pk")),
        frozenset(user for user, _role, _active in present),
        any(role == OWNER and active for _user, role, active in present),
    )
