"""Which initiatives, and what to fetch with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from initiatives.models import Initiative  # noqa: F401 -- the row type, named below as text


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    """Initiatives; projects from CORDIS are the great majority."""

    def projects(self) -> InitiativeQuerySet:
        """Funded projects."""
        return self.filter(kind="project")

    def headline(self) -> InitiativeQuerySet:
        """Everything but funded projects: valleys, alliances, centres, pilots, events …"""
        return self.exclude(kind="project")
