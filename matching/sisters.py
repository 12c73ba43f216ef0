"""Sister clusters: clusters of other regions, by the engine and by what their members hold.

A cluster's own profile is often thin, so two things give the order: the engine's score of the two
clusters, and how much of what their members hold is the same (the segments held on both sides as a
share of those held on either), which counts for up to as many points as the value chain does in a
score. Then the lower id. It is an order: the score that is shown is the engine's, and a cluster
that only shares segments shows none. Clusters that worked together in a project are not named, nor
invented ones for real ones.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import Count

from initiatives.models import Initiative, Participation
from matching.cluster_dossier import segments_of
from matching.engine import VALUE_CHAIN
from matching.explanation import points
from matching.facts import scoring_in_force
from matching.index import IndexNotBuilt
from matching.results import Match
from matching.sentences import sentence
from matching.services import suggestions_for
from organisations.models import ClusterMembership, Organisation, Statement
from organisations.querysets import still_holding
from regions.models import Concept

ASKED_FOR: Final = 3
"""How many times more clusters are compared than shown, of either kind."""

TELLING: Final = Decimal(1)
"""Points below which a score tells nothing of two clusters that share no segment."""


@dataclass(frozen=True)
class Sister:
    """A cluster elsewhere: how it fits, if the engine says so, and the segments of both."""

    cluster: Organisation
    match: Match | None
    sentence: str
    shared: tuple[Concept, ...]  # held on both sides
    theirs: tuple[Concept, ...]  # held there, and not here


@dataclass(frozen=True)
class Sisters:
    """Sister clusters, best first; ``is_prepared`` says whether there is an index."""

    found: tuple[Sister, ...]
    is_prepared: bool


def sister_clusters(*, cluster: Organisation, limit: int = 6) -> Sisters:
    """Clusters of other regions that fit this one, with reasons, best first."""
    try:
        matches = suggestions_for(
            organisation=cluster, kind=Organisation.Kind.CLUSTER, limit=limit * ASKED_FOR
        )
        is_prepared = True
    except IndexNotBuilt:
        matches, is_prepared = (), False
    by_engine = {
        match.b.pk: match for match in matches if match.b.is_illustrative == cluster.is_illustrative
    }
    clusters = {pk: match.b for pk, match in by_engine.items()}
    clusters |= _holding_the_same(cluster, limit * ASKED_FOR)
    held = segments_of([cluster.pk, *clusters])
    ours = held[cluster.pk]
    most = points(scoring_in_force().weights[VALUE_CHAIN])

    def order(pk: int) -> tuple[Decimal, int]:
        either = len(ours | held[pk])
        same = most * len(ours & held[pk]) / either if either else Decimal(0)
        score = by_engine[pk].score if pk in by_engine else Decimal(0)
        return -(score + same), pk

    known = [
        pk
        for pk in clusters
        if ours & held[pk] or (pk in by_engine and by_engine[pk].score >= TELLING)
    ]
    chosen = sorted(known, key=order)[:limit]
    concepts = list(
        Concept.objects.filter(pk__in={segment for pk in chosen for segment in held[pk]}).order_by(
            "position", "code"
        )
    )
    return Sisters(
        tuple(
            Sister(
                clusters[pk],
                match := by_engine.get(pk),
                sentence(match) if match else "",
                tuple(c for c in concepts if c.pk in held[pk] and c.pk in ours),
                tuple(c for c in concepts if c.pk in held[pk] and c.pk not in ours),
            )
            for pk in chosen
        ),
        is_prepared,
    )


def _holding_the_same(cluster: Organisation, limit: int) -> dict[int, Organisation]:
    """Verified clusters of other regions whose members hold the most of the same segments."""
    ours = segments_of([cluster.pk])[cluster.pk]
    if not ours or cluster.home_region_id is None:
        return {}
    together = Participation.objects.filter(
        initiative__kind=Initiative.Kind.PROJECT,
        initiative__participations__organisation=cluster,
        organisation__isnull=False,
    )
    elsewhere = (
        Organisation.objects.verified()
        .filter(
            kind=Organisation.Kind.CLUSTER,
            is_illustrative=cluster.is_illustrative,
            home_region__isnull=False,
        )
        .exclude(home_region=cluster.home_region_id)
        .exclude(pk__in=together.values("organisation"))
    )
    most_shared = (
        ClusterMembership.objects.filter(
            still_holding("member__statements__"),
            cluster__in=elsewhere.values("pk"),
            member__status=Organisation.Status.VERIFIED,
            member__statements__role=Statement.Role.OFFERS,
            member__statements__concept__in=ours,
        )
        .order_by()
        .values("cluster")
        .annotate(shared=Count("member__statements__concept", distinct=True))
        .order_by("-shared", "cluster")
        .values_list("cluster", flat=True)[:limit]
    )
    return Organisation.objects.select_related("home_region", "country").in_bulk(list(most_shared))
