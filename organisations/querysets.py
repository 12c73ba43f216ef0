"""Which organisations a user may see and edit, and what to fetch with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import User

if TYPE_CHECKING:
    from organisations.models import Organisation  # noqa: F401 -- the row type, named below as text


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations; start every look-up at ``visible_to`` or ``editable_by``."""

    def verified(self) -> OrganisationQuerySet:
        """Organisations that everyone may see and that may be suggested."""
        return self.filter(status="verified")

    def visible_to(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        """Verified organisations; those of the user's own teams; all for administrators."""
        if not user.is_authenticated:
            return self.verified()
        if user.has_perm("organisations.view_organisation"):
            return self
        return self.filter(
            models.Q(status="verified") | models.Q(pk__in=user.teams.values("organisation"))
        )

    def editable_by(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        """Organisations whose team has the user as an owner or editor; all for administrators."""
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("organisations.change_organisation"):
            return self
        return self.filter(team__user=user, team__role__in=["owner", "editor"])
