"""Messages of moderation: verdicts to the team, and to moderators what waits for them.

Subjects name no organisation: a profile that is not public is nobody's affair who looks over a
shoulder.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from accounts import mail
from accounts.models import User
from organisations.models import Organisation, TeamMember

VIEWER = TeamMember.Role.VIEWER


def tell_team(organisation: Organisation, template: str, *, page: str, **context: Any) -> None:
    """Write to the owners and editors, each in their language."""
    team = User.objects.filter(
        teams__organisation=organisation, teams__role__in=["owner", "editor"], is_active=True
    )
    _send(team.order_by("pk"), template, organisation, page, context)


def tell_moderators(organisation: Organisation, *, page: str) -> None:
    """Write to whoever judged the profile last that its team answered; where nobody did, to all
    its moderators."""
    judged = organisation.reviews.exclude(by=None).select_related("by").first()
    if judged and judged.by and judged.by.is_active and still_moderates(judged.by, organisation):
        readers = [judged.by]
    else:
        readers = moderators_of(organisation)
    _send(readers, "review_answer_came", organisation, page, {})


def tell_of_submission(organisation: Organisation, *, page: str, by: User, is_again: bool) -> None:
    """Write to its moderators that a profile waits for them, for the first time or again."""
    readers = [each for each in moderators_of(organisation) if each != by]
    _send(readers, "profile_waits", organisation, page, {"is_again": is_again})


def tell_of_merge(
    kept: Organisation,
    members: Iterable[TeamMember],
    *,
    before: Mapping[int, str],
    former_name: str,
    page: str,
) -> None:
    """Write to the people of a profile that was merged into another where they are now; ``before``
    says which role each user had."""
    mail.deliver(
        *(
            mail.message(
                to=member.user.email,
                language=member.user.language,
                template="mail/merged",
                context={
                    "organisation": kept,
                    "former_name": former_name,
                    "member": member,
                    "is_lowered": member.role == VIEWER != before[member.user_id],
                    "page": page,
                },
            )
            for member in members
            if member.user.is_active
        )
    )


def moderators_of(organisation: Organisation) -> list[User]:
    """The moderators of the profile's home region outside of its team; where there is none, those
    of every region."""
    outside = User.objects.filter(is_active=True).exclude(teams__organisation=organisation)
    of_region = outside.filter(
        region_roles__role="moderator", region_roles__region=organisation.home_region_id
    )
    return list(of_region.distinct().order_by("pk")) or list(global_moderators(outside))


def still_moderates(user: User, organisation: Organisation) -> bool:
    return Organisation.objects.moderated_by(user).filter(pk=organisation.pk).exists()


def global_moderators(among: Any) -> Any:
    """Those who moderate every region: by a permission of their own or their group's, or as
    superusers."""
    codename, app = "change_organisation", "organisations"
    return (
        among.filter(
            Q(is_superuser=True)
            | Q(
                user_permissions__codename=codename,
                user_permissions__content_type__app_label=app,
            )
            | Q(
                groups__permissions__codename=codename,
                groups__permissions__content_type__app_label=app,
            )
        )
        .distinct()
        .order_by("pk")
    )


def _send(
    readers: Iterable[User],
    template: str,
    organisation: Organisation,
    page: str,
    context: dict[str, Any],
) -> None:
    told = {"organisation": organisation, "page": page, "review": None, "reason": "", **context}
    mail.deliver(
        *(
            mail.message(
                to=reader.email,
                language=reader.language,
                template=f"mail/{template}",
                context=told,
            )
            for reader in readers
        )
    )
