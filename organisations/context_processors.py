"""What every page's account menu needs of organisations."""

from functools import cache
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from organisations.models import Organisation
from regions.models import Region, RegionRole

MENU_LENGTH = 5


def own_organisations(request: HttpRequest) -> dict[str, Any]:
    """The organisations of the user's teams, the regions whose dossier they keep, and whether they
    moderate; fetched only where a template shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"own_organisations": (), "kept_regions": (), "moderates": False}

    @cache
    def roles() -> list[RegionRole]:
        return list(user.region_roles.select_related("region"))

    def of(role: RegionRole.Role) -> list[Region]:
        return [each.region for each in roles() if each.role == role]

    return {
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
