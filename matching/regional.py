"""How well two regions fit, from region-level facts only.

A perfect fit has a mass of 10,000, in three parts:

* shared priorities, 4,000: the Jaccard index of the two regions' current priority areas. A
  priority area is a priority's own concept together with the themes and industrial ecosystems that
  the reviewed relations give it, so that two regions that word a specialisation differently still
  meet in it;
* networks in common, 2,000: n/(n + 1) of n networks;
* joint history, 4,000: h/(h + 25) of h projects with real organisations of both regions.

Each part is apportioned to its reasons by largest remainder, so the reasons add up to the whole.
Adding a priority that both have, a network that both join or a joint project never lowers the fit.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Q, Value

from matching.engine.scoring import apportion
from matching.engine.types import RegionFit
from organisations.models import Organisation
from regions.models import ConceptRelation, NetworkMembership, Priority, Region

PRIORITIES: Final = 4_000
NETWORKS: Final = 2_000
HISTORY: Final = 4_000
HISTORY_TAU: Final = 25

WIDENING: Final = (ConceptRelation.Kind.THEME, ConceptRelation.Kind.ECOSYSTEM)
"""The relations that lead from a priority's concept to its other priority areas."""

KIND_SHIFT: Final = 26
PRIORITY_REASON: Final = 1
NETWORK_REASON: Final = 2
HISTORY_REASON: Final = 3


def reason_id(kind: int, number: int) -> int:
    """One integer for one reason, as the engine keeps it; ``reason_of`` reads it back."""
    return (kind << KIND_SHIFT) | number


def reason_of(reason: int) -> tuple[int, int]:
    """The kind of a reason, and the primary key of its concept or network, or the number of joint
    projects."""
    return reason >> KIND_SHIFT, reason & ((1 << KIND_SHIFT) - 1)


@dataclass
class RegionFacts:
    """What a fit is computed from: concept ids of the priority areas, and network ids."""

    areas: set[int] = field(default_factory=set)
    networks: set[int] = field(default_factory=set)


def wider_areas() -> dict[int, set[int]]:
    """The themes and ecosystems that the reviewed relations give each concept."""
    wider: dict[int, set[int]] = defaultdict(set)
    for source, target in ConceptRelation.objects.filter(kind__in=WIDENING).values_list(
        "source_id", "target_id"
    ):
        wider[source].add(target)
    return wider


def all_region_facts() -> dict[int, RegionFacts]:
    """The facts of every region that has any, in three queries."""
    facts: dict[int, RegionFacts] = defaultdict(RegionFacts)
    wider = wider_areas()
    for region, concept in Priority.objects.filter(is_historic=False).values_list(
        "region_id", "concept_id"
    ):
        facts[region].areas |= {concept} | wider[concept]
    for region, network in NetworkMembership.objects.values_list("region_id", "network_id"):
        facts[region].networks.add(network)
    return facts


def priorities_by_area(regions: Collection[int]) -> dict[tuple[int, int], list[Priority]]:
    """The current priorities behind each priority area, by (region, area's concept)."""
    found: dict[tuple[int, int], list[Priority]] = defaultdict(list)
    for priority in (
        Priority.objects.filter(region__in=regions, is_historic=False)
        .select_related("region", "concept__vocabulary", "source")
        .annotate(
            wider=ArrayAgg(
                "concept__relations__target",
                filter=Q(concept__relations__kind__in=WIDENING),
                default=Value([]),
            )
        )
        .order_by("kind", "pk")
    ):
        for area in {priority.concept_id, *priority.wider}:
            found[priority.region_id, area].append(priority)
    return found


def reasons(a: RegionFacts, b: RegionFacts, joint_projects: int) -> list[tuple[int, int]]:
    """Why two regions fit: (reason, mass) with masses above zero; the same for (b, a)."""
    found: list[tuple[int, int]] = []
    shared = sorted(a.areas & b.areas)
    if shared:
        mass = PRIORITIES * len(shared) // len(a.areas | b.areas)
        parts = apportion(mass, [1] * len(shared))
        found += [(reason_id(PRIORITY_REASON, pk), m) for pk, m in zip(shared, parts, strict=True)]
    common = sorted(a.networks & b.networks)
    if common:
        mass = NETWORKS * len(common) // (len(common) + 1)
        parts = apportion(mass, [1] * len(common))
        found += [(reason_id(NETWORK_REASON, pk), m) for pk, m in zip(common, parts, strict=True)]
    if joint_projects:
        mass = HISTORY * joint_projects // (joint_projects + HISTORY_TAU)
        found.append((reason_id(HISTORY_REASON, joint_projects), mass))
    return [(reason, mass) for reason, mass in found if mass]


JOINT_PROJECTS = """
    WITH present AS (
        SELECT DISTINCT p.initiative_id, o.home_region_id AS region
        FROM initiatives_participation p
        JOIN organisations_organisation o ON o.id = p.organisation_id
        JOIN initiatives_initiative i ON i.id = p.initiative_id
        WHERE i.kind = 'project' AND o.status = 'verified' AND NOT o.is_illustrative
          AND o.home_region_id IS NOT NULL
    )
    SELECT a.region, b.region, count(*)
    FROM present a JOIN present b USING (initiative_id)
    WHERE a.region < b.region
    GROUP BY 1, 2
"""


def joint_projects_of_all() -> dict[tuple[int, int], int]:
    """Number of projects with organisations of both home regions, by (lower, higher) region."""
    with connection.cursor() as cursor:
        cursor.execute(JOINT_PROJECTS)
        return {(a, b): count for a, b, count in cursor.fetchall()}


JOINT_PROJECTS_WITH = """
    SELECT o.home_region_id, count(DISTINCT p.initiative_id)
    FROM initiatives_participation p
    JOIN organisations_organisation o ON o.id = p.organisation_id
    WHERE o.home_region_id IS NOT NULL AND o.status = 'verified' AND NOT o.is_illustrative
      AND p.initiative_id IN (
          SELECT p.initiative_id
          FROM initiatives_participation p JOIN initiatives_initiative i ON i.id = p.initiative_id
          WHERE i.kind = 'project' AND p.organisation_id = ANY(%s)
      )
    GROUP BY 1
"""


def joint_projects_with(region: Region) -> dict[int, int]:
    """Number of projects that each home region has in common with one region or area."""
    members = Organisation.objects.verified().within(region).values_list("pk", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(JOINT_PROJECTS_WITH, [list(members)])
        return dict(cursor.fetchall())


def fit_of_all() -> RegionFit:
    """The reasons of every pair of home regions that has any, for the engine."""
    facts = all_region_facts()
    joint: Mapping[tuple[int, int], int] = joint_projects_of_all()
    homes = sorted(Region.objects.homes().values_list("pk", flat=True))
    nothing = RegionFacts()
    table: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for i, a in enumerate(homes):
        for b in homes[i + 1 :]:
            found = reasons(facts.get(a, nothing), facts.get(b, nothing), joint.get((a, b), 0))
            if found:
                table[a, b] = found
    return table
