"""What every page's account menu needs of organisations."""

from functools import cache
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject

from organisations import teams
from organisations.models import Organisation, TeamInvitation
from regions.models import Region, RegionRole

MENU_LENGTH = 5


def invitation_after(request: HttpRequest) -> TeamInvitation | None:
    """The invitation whose page the reader goes on to after signing up, if it stands: the token in
    that address is what the message to them held, and opens the page itself."""
    after = request.POST.get("next") or request.GET.get("next") or ""
    try:
        match = resolve(after)
    except Resolver404:
        return None
    if match.view_name != "organisations:team-invitation":
        return None
    sent = teams.invitation_of(match.kwargs["token"])
    return sent if sent is not None and sent.is_open and teams.is_vouched_for(sent) else None


def own_organisations(request: HttpRequest) -> dict[str, Any]:
    """The organisations of the user's teams, the regions whose dossier they keep, whether they
    moderate, and the invitation that a stranger goes on to; all are fetched only where a template
    shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {
            "own_organisations": (),
            "kept_regions": (),
            "moderates": False,
            "invited": SimpleLazyObject(lambda: invitation_after(request)),
        }

    @cache
    def roles() -> list[RegionRole]:
        return list(user.region_roles.select_related("region"))

    def of(role: RegionRole.Role) -> list[Region]:
        return [each.region for each in roles() if each.role == role]

    return {
        "invited": None,
        "moderates": SimpleLazyObject(
            lambda: (
                bool(of(RegionRole.Role.MODERATOR))
                or user.has_perm("organisations.change_organisation")
            )
        ),
        "kept_regions": SimpleLazyObject(lambda: of(RegionRole.Role.EDITOR)),
        "own_organisations": SimpleLazyObject(
            lambda: list(
                Organisation.objects.filter(team__user=user)
                .annotate(own_role=F("team__role"))
                .order_by("name", "pk")[:MENU_LENGTH]
            )
        ),
    }
