"""What the members of a cluster hold: by segment of the value chain, by theme and by sector.

Only public members count, and what they offer today. What the cluster offers by itself stands
beside them and fills a segment as well.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.facts import VALUE_CHAIN_SCHEME
from matching.gaps import chain_in_order
from organisations.models import ClusterMembership, Organisation, Sector, Statement
from organisations.querysets import OrganisationQuerySet
from regions.chain_segments import ChainSegment, State
from regions.chains import Links, links_between_stages
from regions.models import Concept

MEMBERS_SHOWN: Final = 5
"""Members named under each segment, those to whom it is most central first."""

CONCEPTS_SHOWN: Final = 12
"""Themes and sectors listed, those of most members first."""

THEMES: Final = "themes"


@dataclass(frozen=True)
class SegmentMembers:
    """One segment that somebody holds: how many members, the first of them, and whether the
    cluster itself offers it."""

    segment: Concept
    count: int = 0
    first: tuple[Organisation, ...] = ()
    is_own: bool = False


@dataclass(frozen=True)
class Counted:
    """A theme or a sector, and how many members have it."""

    concept: Concept
    count: int


@dataclass(frozen=True)
class ClusterDossier:
    """A cluster seen through its members."""

    member_count: int
    segments: tuple[SegmentMembers, ...]
    chain: tuple[ChainSegment, ...]
    links: Links
    lacking: tuple[Concept, ...]
    themes: tuple[Counted, ...]
    sectors: tuple[Counted, ...]


def public_members(cluster: Organisation) -> OrganisationQuerySet:
    """The members that everyone may see."""
    return Organisation.objects.verified().filter(
        pk__in=ClusterMembership.objects.filter(cluster=cluster).values("member")
    )


def dossier_of(cluster: Organisation) -> ClusterDossier:
    """All of it in a fixed number of queries, however many the members are."""
    members = public_members(cluster)
    concepts = chain_in_order()
    held = members_by_segment(cluster)
    own = set(_offers_today().filter(organisation=cluster).values_list("concept", flat=True))
    first = members.in_bulk({pk for _count, few in held.values() for pk in few})
    segments = tuple(
        SegmentMembers(
            concept,
            count,
            tuple(first[pk] for pk in few if pk in first),
            concept.pk in own,
        )
        for concept in concepts
        if concept.pk in held or concept.pk in own
        for count, few in [held.get(concept.pk, (0, ()))]
    )
    chain = _chain(concepts, {row.segment.pk: row for row in segments})
    return ClusterDossier(
        member_count=members.count(),
        segments=segments,
        chain=chain,
        links=links_between_stages(),
        lacking=tuple(segment.concept for segment in chain if segment.state == State.GAP),
        themes=_counted(
            Statement.objects.holding().filter(
                role=Statement.Role.INTERESTED, concept__vocabulary__scheme=THEMES
            ),
            members,
        ),
        sectors=_counted(Sector.objects.all(), members),
    )


MEMBERS_BY_SEGMENT = """
    SELECT concept_id, held, array_agg(organisation_id ORDER BY place) FROM (
        SELECT s.concept_id, s.organisation_id,
            count(*) OVER (PARTITION BY s.concept_id) AS held,
            row_number() OVER (
                PARTITION BY s.concept_id ORDER BY max(s.weight) DESC, min(o.name), o.id
            ) AS place
        FROM organisations_clustermembership m
        JOIN organisations_organisation o ON o.id = m.member_id AND o.status = 'verified'
        JOIN organisations_statement s ON s.organisation_id = o.id AND s.role = 'offers'
            AND (s.valid_until IS NULL OR s.valid_until >= %(today)s)
        JOIN regions_concept c ON c.id = s.concept_id
        JOIN regions_vocabulary v ON v.id = c.vocabulary_id AND v.scheme = %(scheme)s
        WHERE m.cluster_id = %(cluster)s
        GROUP BY s.concept_id, s.organisation_id, o.id
    ) ranked
    WHERE place <= %(shown)s
    GROUP BY concept_id, held
"""


def members_by_segment(cluster: Organisation) -> dict[int, tuple[int, tuple[int, ...]]]:
    """By segment: how many members offer it, and the first few of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            MEMBERS_BY_SEGMENT,
            {
                "today": timezone.localdate(),
                "scheme": VALUE_CHAIN_SCHEME,
                "cluster": cluster.pk,
                "shown": MEMBERS_SHOWN,
            },
        )
        return {segment: (held, tuple(few)) for segment, held, few in cursor.fetchall()}


def segments_of(clusters: Collection[int]) -> dict[int, frozenset[int]]:
    """The segments that each cluster or any of its public members offers; two queries."""
    held: dict[int, set[int]] = {cluster: set() for cluster in clusters}
    by_members = (
        _offers_today()
        .filter(
            organisation__status=Organisation.Status.VERIFIED,
            organisation__cluster_memberships__cluster__in=clusters,
        )
        .values_list("organisation__cluster_memberships__cluster", "concept")
        .distinct()
    )
    own = _offers_today().filter(organisation__in=clusters)
    for cluster, concept in [*by_members, *own.values_list("organisation", "concept")]:
        if cluster in held:
            held[cluster].add(concept)
    return {cluster: frozenset(concepts) for cluster, concepts in held.items()}


def _offers_today() -> QuerySet[Statement]:
    """Offers of segments of the value chain that still hold."""
    return (
        Statement.objects.holding()
        .filter(role=Statement.Role.OFFERS, concept__vocabulary__scheme=VALUE_CHAIN_SCHEME)
        .order_by()
    )


def _chain(
    concepts: Collection[Concept], held: Mapping[int, SegmentMembers]
) -> tuple[ChainSegment, ...]:
    """Every narrowest segment with its number of members; a stage as a whole where it has any."""
    stages = {concept.broader_id for concept in concepts}
    most = max((row.count for row in held.values()), default=0) or 1
    chain = []
    for concept in concepts:
        is_whole = concept.pk in stages
        row = held.get(concept.pk)
        if row is not None:
            note = (
                ngettext("%(count)d member", "%(count)d members", row.count) % {"count": row.count}
                if row.count
                else _("the cluster itself")
            )
            chain.append(
                ChainSegment(
                    concept,
                    State.COVERED,
                    note,
                    href=f"#segment-{concept.code}",
                    is_whole=is_whole,
                    share=row.count / most,
                )
            )
        elif not is_whole:
            chain.append(ChainSegment(concept, State.GAP, _("no member")))
    return tuple(chain)


def _counted(rows: QuerySet[Any], members: OrganisationQuerySet) -> tuple[Counted, ...]:
    """The concepts of these rows with the number of members that have each, the most first."""
    counts = dict(
        rows.filter(organisation__in=members.order_by().values("pk"))
        .order_by()
        .values("concept")
        .annotate(members=Count("organisation", distinct=True))
        .order_by("-members", "concept")
        .values_list("concept", "members")[:CONCEPTS_SHOWN]
    )
    concepts = Concept.objects.select_related("vocabulary").in_bulk(counts)
    return tuple(Counted(concepts[pk], count) for pk, count in counts.items() if pk in concepts)
