"""What the public page of an organisation says about its team, to whoever reads it."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from organisations.models import AccessRequest, Logo, Organisation, TeamMember


@dataclass(frozen=True)
class Presence:
    """People who chose to be shown, the logo, and what the reader is to the organisation."""

    people: list[dict[str, str]] = field(default_factory=list)
    logo: Logo | None = None
    own_role: str = ""
    has_owner: bool = False
    is_asked: bool = False
    may_ask: bool = False
    may_edit: bool = False


def presence_of(organisation: Organisation, reader: User | AnonymousUser) -> Presence:
    """Two queries, and a third for a signed-in reader outside the team."""
    team = list(
        TeamMember.objects.filter(organisation=organisation, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    role = next((member.role for member in team if member.user_id == reader.pk), "")
    outside = isinstance(reader, User) and not role
    may_ask = outside and not organisation.is_illustrative and organisation.is_public
    return Presence(
        people=[shown for member in team if (shown := public_profile(member.user))],
        logo=Logo.objects.defer("png").filter(organisation=organisation).first(),
        own_role=role,
        has_owner=any(member.role == TeamMember.Role.OWNER for member in team),
        is_asked=may_ask
        and AccessRequest.objects.filter(
            organisation=organisation, user=reader.pk, status=AccessRequest.Status.PENDING
        ).exists(),
        may_ask=may_ask,
        may_edit=role in (TeamMember.Role.OWNER, TeamMember.Role.EDITOR)
        or reader.has_perm("organisations.change_organisation"),
    )


def public_profile(user: User) -> dict[str, str]:
    """What the person chose to show; every field, empty where they did not. Empty if nothing is."""
    chosen: dict[str, Any] = {
        name: str(getattr(user, name)) if name in user.public_fields else ""
        for name in User.PublicField.values
    }
    return chosen if any(chosen.values()) else {}
