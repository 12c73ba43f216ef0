"""What the administration pages of organisations share: moderators see their regions, no more."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from accounts.administration import BigTableAdmin
from accounts.models import User
from organisations.models import Organisation
from organisations.querysets import moderated_regions


def organisations_named(text: str) -> QuerySet[Any]:
    return Organisation.objects.named(text)


def regions_moderated(request: HttpRequest) -> frozenset[int]:
    """The regions that the user moderates, looked up once for each request."""
    known: frozenset[int] | None = getattr(request, "_regions_moderated", None)
    if known is None:
        user = request.user
        rows = moderated_regions(user) if isinstance(user, User) and user.is_active else None
        known = frozenset(row["region"] for row in rows or ())
        request._regions_moderated = known  # type: ignore[attr-defined]  # kept for this request
    return known


class OfModeratedRegions(BigTableAdmin):
    """Rows of organisations: who has the right to the table sees all of it, a moderator of regions
    reads the rows of organisations at home there, and to everyone else there is nothing.

    Everything the pages do (lists, searches, filters, history, autocompletion, actions) starts at
    this queryset. ``organisation`` is the way from a row to its organisation, if it is not one.
    """

    organisation: ClassVar[str] = "organisation"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if self.sees_all(request):
            return rows
        way = f"{self.organisation}__" if self.organisation else ""
        return rows.filter(**{f"{way}home_region__in": regions_moderated(request)})

    def sees_all(self, request: HttpRequest) -> bool:
        """Whether the user has the right to the whole table."""
        return super().has_view_permission(request)

    def is_regional(self, request: HttpRequest) -> bool:
        """Whether the user sees a part of it, as a moderator of regions."""
        return not self.sees_all(request) and bool(regions_moderated(request))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_view_permission(request, obj) or bool(regions_moderated(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) or bool(regions_moderated(request))
