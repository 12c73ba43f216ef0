"""Which initiatives, and what to fetch with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from organisations.querysets import OrganisationQuerySet
from regions.querysets import concepts_within, related_rows, words_in

if TYPE_CHECKING:
    from initiatives.models import Initiative, Participation  # noqa: F401 -- row types
    from regions.models import Concept, Region


LATEST_EVIDENCE = 5
"""How many of the projects that demonstrate a statement are shown with it."""

MOST_MEMBERS = 500
"""No cluster has more members; a wrong import must not make a page endless."""


def organisations_for_api(organisations: OrganisationQuerySet) -> OrganisationQuerySet:
    """Whole organisations: statements with their latest evidence, sectors, clusters, members.

    Members and clusters that are not public are left out.
    """
    statements = related_rows(organisations.model, "statements")
    evidence = related_rows(statements.model, "evidence")
    memberships = related_rows(organisations.model, "memberships")
    return (
        organisations.for_api()
        .select_related("source")
        .prefetch_related(
            models.Prefetch(
                "statements",
                statements.select_related("concept__vocabulary")
                .annotate(evidence_count=models.Count("evidence"))
                .order_by(
                    "role", "-weight", "concept__vocabulary__scheme", "concept__code", "origin"
                ),
            ),
            models.Prefetch(
                "statements__evidence",
                evidence.select_related("initiative").order_by(
                    F("initiative__start_date").desc(nulls_last=True), "pk"
                )[:LATEST_EVIDENCE],
                to_attr="latest_evidence",
            ),
            "sectors__source",
            "sectors__concept__vocabulary",
            models.Prefetch(
                "memberships",
                memberships.filter(member__status="verified")
                .select_related("member")
                .order_by("member__name", "pk")[:MOST_MEMBERS],
                to_attr="public_members",
            ),
            models.Prefetch(
                "cluster_memberships",
                memberships.filter(cluster__status="verified")
                .select_related("cluster")
                .order_by("cluster__name", "pk"),
                to_attr="public_clusters",
            ),
        )
    )


def participations_for_api(
    participations: models.QuerySet[Participation],
) -> models.QuerySet[Participation]:
    """Participants with their organisations, coordinators first."""
    return participations.select_related("organisation").order_by(
        models.Case(models.When(role="coordinator", then=0), default=1), "pk"
    )


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
        """Initiatives that name the region, or have a public participant seated there: where others
        are is nobody's business."""
        initiatives = self.model._default_manager
        organisations = self.model._meta.get_field("lead").related_model
        seated = OrganisationQuerySet(organisations).verified().within(region).values("pk")
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
        rows = self.select_related("source", "part_of", "network__source", "lead")
        return rows.prefetch_related("further_sources")

    def for_api(self, *, whole: bool) -> InitiativeQuerySet:
        """Rows of the endpoint by name; a whole one with regions, coverage, figures and parts."""
        rows = self.select_related("network", "lead").order_by("name", "pk")
        if not whole:
            return rows
        return rows.select_related("source", "part_of").prefetch_related(
            "further_sources",
            "parts",
            "region_roles__region",
            "region_roles__source",
            "coverage__concept__vocabulary",
            "figures__source",
        )
