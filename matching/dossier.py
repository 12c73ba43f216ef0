"""What a region's dossier says beyond its own facts: who is there, and what they cover."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Window

from initiatives.models import Initiative, InitiativeConcept, InitiativeRegion
from matching.facts import VALUE_CHAIN_SCHEME
from organisations.models import Organisation, Statement
from regions.models import Concept, Region

TOP_ORGANISATIONS = 10
TOP_CLUSTERS = 12


@dataclass(frozen=True)
class SegmentCoverage:
    """One segment of the hydrogen value chain, and who in the region holds it."""

    segment: Concept
    initiatives: int
    illustrative_initiatives: int
    organisations: int

    @property
    def stage(self) -> Concept:
        """The broad segment under which it is shown."""
        return self.segment.broader or self.segment

    @property
    def is_gap(self) -> bool:
        return not (self.initiatives or self.organisations)

    @property
    def is_illustrative(self) -> bool:
        """Whether nothing but illustrative coverage is known."""
        return not self.organisations and self.initiatives == self.illustrative_initiatives > 0


def value_chain_coverage(region: Region) -> tuple[SegmentCoverage, ...]:
    """Every narrowest segment in the order of the chain, with its holders in the region.

    Initiatives are those in which the region has a part; organisations are verified ones at home
    in it (or seated in the area) that offer the segment, real and illustrative alike.
    """
    segments = list(
        Concept.objects.filter(vocabulary__scheme=VALUE_CHAIN_SCHEME, narrower__isnull=True)
        .select_related("broader")
        .order_by("position", "pk")
    )
    covered = {
        concept: (total, illustrative)
        for concept, total, illustrative in InitiativeConcept.objects.filter(
            initiative__in=Initiative.objects.headline().filter(regions=region),
            role=InitiativeConcept.Role.COVERS,
            concept__in=segments,
        )
        .values("concept")
        .annotate(
            total=Count("initiative", distinct=True),
            illustrative=Count("initiative", filter=Q(is_illustrative=True), distinct=True),
        )
        .values_list("concept", "total", "illustrative")
    }
    offered = dict(
        Statement.objects.filter(
            organisation__in=Organisation.objects.verified().within(region),
            role=Statement.Role.OFFERS,
            concept__in=segments,
        )
        .values("concept")
        .annotate(total=Count("organisation", distinct=True))
        .values_list("concept", "total")
    )
    return tuple(
        SegmentCoverage(segment, *covered.get(segment.pk, (0, 0)), offered.get(segment.pk, 0))
        for segment in segments
    )


def most_active_organisations(region: Region) -> tuple[list[Organisation], int]:
    """The verified organisations of the region with the most projects, and how many it has."""
    rows: list[Any] = list(
        Organisation.objects.verified()
        .within(region)
        .annotate(
            in_all=Window(Count("pk")),
            project_count=Count(
                "participations", filter=Q(participations__initiative__kind="project")
            ),
        )
        .order_by("-project_count", "name", "pk")[:TOP_ORGANISATIONS]
    )
    return [row for row in rows if row.project_count], rows[0].in_all if rows else 0


def clusters(region: Region) -> QuerySet[Organisation]:
    """The region's verified clusters with their sectors, by name."""
    return (
        Organisation.objects.verified()
        .within(region)
        .filter(kind=Organisation.Kind.CLUSTER)
        .prefetch_related("sectors__concept", "sectors__source")
        .order_by("name", "pk")
    )


def parts_in_initiatives(region: Region) -> QuerySet[InitiativeRegion]:
    """The region's parts in hydrogen initiatives and events, events last."""
    return (
        InitiativeRegion.objects.filter(region=region)
        .exclude(initiative__kind=Initiative.Kind.PROJECT)
        .select_related("initiative__source", "source")
        .prefetch_related("initiative__further_sources")
        .order_by("initiative__start_date", "initiative__name", "pk")
    )
