"""Which initiatives, and what to fetch with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from organisations.querysets import OrganisationQuerySet
from regions.querysets import concepts_within, words_in

if TYPE_CHECKING:
    from initiatives.models import Initiative  # noqa: F401 -- the row type, named below as text
    from regions.models import Concept, Region


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    """Initiatives; projects from CORDIS are the great majority."""

    def projects(self) -> InitiativeQuerySet:
        """Funded projects."""
        return self.filter(kind="project")

    def headline(self) -> InitiativeQuerySet:
        """Everything but funded projects: valleys, alliances, centres, pilots, events …"""
        return self.exclude(kind="project")

    def named(self, text: str) -> InitiativeQuerySet:
        """Initiatives with these words in the name, the acronym or the place."""
        return self.filter(words_in(text, "name", "acronym", "place"))

    def touching(self, region: Region) -> InitiativeQuerySet:
        """Initiatives that name the region, or have a participant seated there."""
        initiatives = self.model._default_manager
        organisations = self.model._meta.get_field("lead").related_model
        seated = OrganisationQuerySet(organisations).within(region).values("pk")
        return self.filter(
            Q(pk__in=initiatives.filter(region_roles__region=region).values("pk"))
            | Q(pk__in=initiatives.filter(participations__organisation__in=seated).values("pk"))
        )

    def about(self, concept: Concept) -> InitiativeQuerySet:
        """Initiatives that cover the concept or are about it."""
        covering = self.model._default_manager.filter(
            coverage__concept__in=concepts_within(concept)
        )
        return self.filter(pk__in=covering.values("pk"))

    def for_list(self) -> InitiativeQuerySet:
        """Rows of the list page, initiatives with a name of their own before funded projects."""
        participations = self.model._meta.get_field("participations").related_model
        return self.annotate(
            is_project=models.Case(
                models.When(kind="project", then=models.Value(1)), default=models.Value(0)
            ),
            participant_count=Coalesce(
                models.Subquery(
                    participations._default_manager.filter(initiative=models.OuterRef("pk"))
                    .order_by()
                    .values("initiative")
                    .annotate(total=models.Count("pk"))
                    .values("total")
                ),
                0,
            ),
        ).order_by("is_project", "name", "pk")

    def for_page(self) -> InitiativeQuerySet:
        """One initiative with all that its page says at once."""
        return self.select_related("source", "part_of", "network__source", "lead")
