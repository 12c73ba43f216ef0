"""From PostgreSQL to the engine: the facts that a match index is built from.

`everything` streams them for a build, `of` reads those of a few organisations that changed; both
read the tables by the same definitions (`tables`), so that an index with changes applied equals one
that was built anew.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection

from matching.engine import Participations, Profile, Scoring
from matching.engine.population import Population
from matching.engine.types import Places, SegmentEdges
from matching.facts.copying import CopyError, Cursor
from matching.facts.tables import (
    ALL,
    FIELDS,
    INDEXED,
    KINDS,
    VALUE_CHAIN_SCHEME,
    participations,
    places,
    population,
    some,
)
from matching.models import ScoringWeights
from organisations.models import Organisation
from regions.models import ConceptRelation

__all__ = [
    "FIELDS",
    "INDEXED",
    "KINDS",
    "VALUE_CHAIN_SCHEME",
    "CopyError",
    "Cursor",
    "Facts",
    "Some",
    "as_it_stands",
    "everything",
    "of",
    "profiles_of",
    "scoring_in_force",
    "segment_edges",
]


@dataclass(frozen=True)
class Facts:
    """All organisations with their statements, who took part in what, and where the others are."""

    population: Population
    participations: Participations
    places: Places


@dataclass(frozen=True)
class Some:
    """The facts of some organisations: the profiles of those that are indexed, the ids of those
    that are not (any more), and all rows of all projects of any of them."""

    profiles: list[Profile]
    removed: list[int]
    participations: Participations
    places: Places


def everything(cursor: Cursor, *, today: date) -> Facts:
    """The facts of all organisations.

    Call it in a transaction of the level REPEATABLE READ: the columns are read one after the other.
    """
    return Facts(
        population(cursor, ALL, today=today), participations(cursor, ALL), places(cursor, ALL)
    )


def of(cursor: Cursor, organisations: Collection[int], *, today: date) -> Some:
    """The facts of these organisations, as `MatchIndex.with_changes` wants them."""
    wanted = some(organisations)
    profiles = list(profiles_of(population(cursor, wanted, today=today)))
    indexed = {profile.id for profile in profiles}
    return Some(
        profiles,
        sorted(set(organisations) - indexed),
        participations(cursor, wanted),
        places(cursor, wanted),
    )


def as_it_stands(organisation: Organisation, *, today: date) -> Profile:
    """The profile of one organisation as it stands now, whatever its status: what
    `MatchIndex.top_for` asks for. A draft is in no index, and may ask all the same."""
    with connection.cursor() as cursor:
        found = population(
            cursor, some([organisation.pk]), today=today, among=Organisation.Status.values
        )
    return next(profiles_of(found))


def profiles_of(found: Population) -> Iterator[Profile]:
    """The organisations of a (small) population one by one, by ascending id."""
    order = np.argsort(found.statement_organisation, kind="stable")
    owners = found.statement_organisation[order]
    fields = found.statement_field[order].tolist()
    concepts = found.statement_concept[order].tolist()
    weights = found.statement_weight[order].tolist()
    for at in np.argsort(found.id).tolist():
        held: tuple[dict[int, int], ...] = ({}, {}, {}, {})
        first, last = np.searchsorted(owners, [found.id[at], found.id[at] + 1]).tolist()
        for row in range(first, last):
            field = held[fields[row]]
            field[concepts[row]] = max(weights[row], field.get(concepts[row], 0))
        yield Profile(
            id=int(found.id[at]),
            home=int(found.home[at]) or None,
            country=str(found.country[at]) or None,
            needs=held[0],
            offers=held[1],
            interests=held[2],
            segments=held[3],
            kind=int(found.kind[at]) or None,
            listed=bool(found.listed[at]),
        )


def segment_edges() -> SegmentEdges:
    """The neighbouring segments of the hydrogen value chain, with the weight of each edge."""
    return {
        (source, target): weight
        for source, target, weight in ConceptRelation.objects.filter(
            kind=ConceptRelation.Kind.NEIGHBOUR
        ).values_list("source_id", "target_id", "weight")
    }


def scoring_in_force() -> Scoring:
    """The version of the weights that is in force; the declared prior before there is one."""
    weights = ScoringWeights.objects.filter(in_force=True).first()
    return weights.as_scoring() if weights else Scoring()
