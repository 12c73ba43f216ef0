"""What a region's dossier says beyond its own facts: who is there, and what they cover."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Window

from initiatives.models import Initiative, InitiativeConcept, InitiativeRegion
from matching.facts import VALUE_CHAIN_SCHEME
from organisations.models import Organisation, Statement
from regions.models import Concept, Region, Source

TOP_ORGANISATIONS = 10
TOP_CLUSTERS = 12

NOT_IN_THE_REGION = (Initiative.Kind.ALLIANCE, Initiative.Kind.PILOT, Initiative.Kind.EVENT)
"""Kinds of initiative whose coverage of the value chain is not held by the regions in them."""


@dataclass(frozen=True)
class Holders:
    """How many initiatives and organisations hold a segment, the illustrative ones apart."""

    initiatives: int = 0
    organisations: int = 0
    illustrative_initiatives: int = 0
    illustrative_organisations: int = 0

    @property
    def real(self) -> int:
        return self.initiatives + self.organisations

    @property
    def illustrative(self) -> int:
        return self.illustrative_initiatives + self.illustrative_organisations


NOBODY = Holders()


@dataclass(frozen=True)
class SegmentCoverage:
    """One segment of the hydrogen value chain, and who in the region holds it."""

    segment: Concept
    holders: Holders = NOBODY

    @property
    def stage(self) -> Concept:
        """The broad segment under which it is shown."""
        return self.segment.broader or self.segment

    @property
    def is_gap(self) -> bool:
        """Whether nobody real holds it; what is invented fills no gap."""
        return not self.holders.real


def value_chain_coverage(region: Region) -> tuple[SegmentCoverage, ...]:
    """Every narrowest segment in the order of the chain, with its holders in the region."""
    held = segments_held(region)
    return tuple(
        SegmentCoverage(segment, held.get(segment.pk, NOBODY))
        for segment in Concept.objects.filter(
            vocabulary__scheme=VALUE_CHAIN_SCHEME, narrower__isnull=True
        )
        .select_related("broader")
        .order_by("position", "pk")
    )


def segments_held(region: Region) -> dict[int, Holders]:
    """Who in the region holds each segment of the hydrogen value chain, by concept id.

    Initiatives are those in which the region has a part, but for alliances, network pilots and
    events: what a Europe-wide body covers is not thereby in the region. One is illustrative when
    its coverage of the segment is, or itself, or the region's part in it.
    Organisations are verified ones at home in the region (or seated in the area) that offer the
    segment.
    """
    illustrative_source = Q(source__standing=Source.Standing.ILLUSTRATIVE)
    parts = InitiativeRegion.objects.filter(region=region)
    invented = (
        Q(is_illustrative=True)
        | Q(initiative__source__standing=Source.Standing.ILLUSTRATIVE)
        | ~Q(initiative__in=parts.exclude(illustrative_source).values("initiative"))
    )
    covered = (
        InitiativeConcept.objects.filter(
            initiative__in=Initiative.objects.headline()
            .exclude(kind__in=NOT_IN_THE_REGION)
            .filter(pk__in=parts.values("initiative")),
            role=InitiativeConcept.Role.COVERS,
            concept__vocabulary__scheme=VALUE_CHAIN_SCHEME,
        )
        .values("concept")
        .annotate(
            real=Count("initiative", filter=~invented, distinct=True),
            illustrative=Count("initiative", filter=invented, distinct=True),
        )
        .values_list("concept", "real", "illustrative")
    )
    offered = (
        Statement.objects.holding()
        .filter(
            organisation__in=Organisation.objects.verified().within(region),
            role=Statement.Role.OFFERS,
            concept__vocabulary__scheme=VALUE_CHAIN_SCHEME,
        )
        .values("concept")
        .annotate(
            real=Count(
                "organisation", filter=Q(organisation__is_illustrative=False), distinct=True
            ),
            illustrative=Count(
                "organisation", filter=Q(organisation__is_illustrative=True), distinct=True
            ),
        )
        .values_list("concept", "real", "illustrative")
    )
    initiatives = {concept: (real, example) for concept, real, example in covered}
    organisations = {concept: (real, example) for concept, real, example in offered}
    held = {}
    for concept in initiatives.keys() | organisations.keys():
        of_initiatives = initiatives.get(concept, (0, 0))
        of_organisations = organisations.get(concept, (0, 0))
        held[concept] = Holders(
            of_initiatives[0], of_organisations[0], of_initiatives[1], of_organisations[1]
        )
    return held


def most_active_organisations(region: Region) -> tuple[list[Organisation], int]:
    """The region's verified organisations with the most projects, and how many it has.

    Illustrative ones are in neither; see `illustrative_organisations`.
    """
    rows: list[Any] = list(
        Organisation.objects.verified()
        .within(region)
        .filter(is_illustrative=False)
        .annotate(
            in_all=Window(Count("pk")),
            project_count=Count(
                "participations", filter=Q(participations__initiative__kind="project")
            ),
        )
        .order_by("-project_count", "name", "pk")[:TOP_ORGANISATIONS]
    )
    return [row for row in rows if row.project_count], rows[0].in_all if rows else 0


def illustrative_organisations(region: Region) -> QuerySet[Organisation]:
    """The invented profiles placed in the region, by name."""
    return (
        Organisation.objects.verified()
        .within(region)
        .filter(is_illustrative=True)
        .order_by("name", "pk")
    )


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
