"""What every page's account menu needs of organisations."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from organisations.models import Organisation

MENU_LENGTH = 5


def own_organisations(request: HttpRequest) -> dict[str, Any]:
    """The organisations of the user's teams, fetched only where a template shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"own_organisations": ()}
    return {
        "own_organisations": SimpleLazyObject(
            lambda: list(
                Organisation.objects.filter(team__user=user).order_by("name", "pk")[:MENU_LENGTH]
            )
        )
    }
