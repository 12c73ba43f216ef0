"""What every page's account menu needs of organisations."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from organisations.models import Organisation
from organisations.querysets import moderated_regions

MENU_LENGTH = 5


def own_organisations(request: HttpRequest) -> dict[str, Any]:
    """The organisations of the user's teams, and whether the user moderates others; both are
    fetched only where a template shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"own_organisations": (), "moderates": False}
    return {
        "moderates": SimpleLazyObject(
            lambda: (
                moderated_regions(user).exists()
                or user.has_perm("organisations.change_organisation")
            )
        ),
        "own_organisations": SimpleLazyObject(
            lambda: list(
                Organisation.objects.filter(team__user=user).order_by("name", "pk")[:MENU_LENGTH]
            )
        ),
    }
