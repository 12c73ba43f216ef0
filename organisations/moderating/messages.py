"""Messages of moderation: verdicts to the team, and answers to the other side.

Subjects name no organisation: a profile that is not public is nobody's affair who looks over a
shoulder.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from accounts import mail
from accounts.models import User
from organisations.models import Organisation, ReviewAnswer

MOST_MODERATORS = 20


def tell_team(organisation: Organisation, template: str, *, page: str, **context: Any) -> None:
    """Write to the owners and editors, each in their language."""
    team = User.objects.filter(
        teams__organisation=organisation, teams__role__in=["owner", "editor"], is_active=True
    )
    _send(team.order_by("pk"), template, organisation, page, context)


def tell_moderators(organisation: Organisation, *, page: str, answer: ReviewAnswer) -> None:
    """Write to whoever judged the profile last; where nobody did, to the moderators of its home
    region; where it has none, to those of every region."""
    judged = organisation.reviews.exclude(by=None).select_related("by").first()
    if judged and judged.by and judged.by.is_active and still_moderates(judged.by, organisation):
        readers = [judged.by]
    else:
        outside = User.objects.filter(is_active=True).exclude(teams__organisation=organisation)
        of_region = outside.filter(
            region_roles__role="moderator", region_roles__region=organisation.home_region_id
        )
        readers = list(of_region.distinct().order_by("pk")[:MOST_MODERATORS])
        readers = readers or list(global_moderators(outside)[:MOST_MODERATORS])
    _send(readers, "review_answer_came", organisation, page, {"answer": answer})


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
    for reader in readers:
        mail.send(
            to=reader.email,
            language=reader.language,
            template=f"mail/{template}",
            context={
                "organisation": organisation,
                "page": page,
                "review": None,
                "reason": "",
                **context,
            },
        )
