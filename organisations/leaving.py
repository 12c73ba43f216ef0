"""What becomes of organisations whose people delete their accounts."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from organisations.models import Organisation, TeamMember

Role = TeamMember.Role


def heir(*, organisation: Organisation, after: User) -> TeamMember | None:
    """Who rules the team once its only owner has gone: the editor who is in it for longest."""
    editors = organisation.team.filter(role=Role.EDITOR).exclude(user=after)
    return editors.select_related("user").order_by("pk").first()


def has_other_owner(*, organisation: Organisation, than: User) -> bool:
    return organisation.team.filter(role=Role.OWNER).exclude(user=than).exists()


@transaction.atomic
def leave_all(*, user: User) -> None:
    """Take a person who goes for good out of every team; their organisations stay as they are.

    Elsewhere the last owner cannot leave a team; a person who deletes their account can. Where they
    were the only owner, the editor who is in the team for longest becomes the owner. Where there is
    no editor, the team is dissolved: viewers were never meant to speak for the organisation, and
    without a team it can be claimed anew, by proof.
    """
    memberships = TeamMember.objects.filter(user=user).select_related("organisation")
    for membership in memberships.order_by("organisation_id"):
        organisation = Organisation.objects.select_for_update(no_key=True).get(
            pk=membership.organisation_id
        )
        if membership.role == Role.OWNER and not has_other_owner(
            organisation=organisation, than=user
        ):
            _hand_over(organisation, user)
        membership.delete()


def _hand_over(organisation: Organisation, user: User) -> None:
    next_owner = heir(organisation=organisation, after=user)
    if next_owner is not None:
        next_owner.role = Role.OWNER
        next_owner.save(update_fields=["role"])
        return
    for member in organisation.team.exclude(user=user):
        member.delete()


def consequences(*, user: User) -> Iterator[str]:
    """What the only owner of an organisation is told before they go."""
    owned = TeamMember.objects.filter(user=user, role=Role.OWNER).select_related("organisation")
    for membership in owned.order_by("organisation__name", "pk"):
        organisation = membership.organisation
        if has_other_owner(organisation=organisation, than=user):
            continue
        next_owner = heir(organisation=organisation, after=user)
        if next_owner is None:
            yield _(
                "“%(name)s” is left without a team: it stays as it is, and can be claimed anew. "
                "Make somebody else an owner first, if there is somebody."
            ) % {"name": organisation}
        else:
            yield _(
                "“%(name)s” goes to %(heir)s, who edits it for longest. Make somebody else an "
                "owner first, if you want it otherwise."
            ) % {"name": organisation, "heir": next_owner.user}
