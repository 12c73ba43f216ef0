"""Which regions, and what to fetch with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from regions.models import Region  # noqa: F401 -- the row type, named below as text


class RegionQuerySet(models.QuerySet["Region"]):
    """Regions, always in an order that ends in the primary key."""

    def homes(self) -> RegionQuerySet:
        """Regions where organisations are at home; areas left out."""
        return self.filter(kind="home")

    def areas(self) -> RegionQuerySet:
        """Groupings that are nobody's home region."""
        return self.filter(kind="area")
