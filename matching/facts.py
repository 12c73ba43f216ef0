"""From PostgreSQL to the engine: the facts that a match index is built from."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Final

import numpy as np
from django.db.models import Q

from initiatives.models import Initiative, Participation
from matching.engine import Participations, Profile, Scoring
from matching.engine.types import Places, SegmentEdges
from matching.models import ScoringWeights
from organisations.models import Organisation, Statement
from regions.models import ConceptRelation

VALUE_CHAIN_SCHEME: Final = "hydrogen-value-chain"
"""The vocabulary whose concepts, where offered, are the segments an organisation holds."""

Progress = Callable[[Iterable[Profile], int], Iterable[Profile]]

FIELDS: Final = {
    Statement.Role.NEEDS: "needs",
    Statement.Role.OFFERS: "offers",
    Statement.Role.INTERESTED: "interests",
}


def partner_key(organisation_id: int | None, pic: str) -> int:
    """The engine's number of a participant: the organisation's id, or the negative PIC of one that
    has no profile here."""
    return organisation_id if organisation_id is not None else -int(pic)


def profiles(*, today: date) -> Iterator[Profile]:
    """Every verified organisation with its valid statements, declared and demonstrated alike.

    A concept that is both declared and demonstrated counts once, with the greater weight.
    """
    statements = (
        Statement.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=today),
            organisation__status=Organisation.Status.VERIFIED,
        )
        .order_by("organisation_id")
        .values_list(
            "organisation_id", "role", "concept_id", "weight", "concept__vocabulary__scheme"
        )
        .iterator(chunk_size=20_000)
    )
    stated = groupby(statements, key=itemgetter(0))
    current, rows = next(stated, (None, iter(())))
    seats = (
        Organisation.objects.verified()
        .order_by("pk")
        .values_list("pk", "home_region_id", "country_id")
        .iterator(chunk_size=20_000)
    )
    for pk, home, country in seats:
        fields: dict[str, dict[int, int]] = {
            "needs": {},
            "offers": {},
            "interests": {},
            "segments": {},
        }
        if current == pk:
            for _, role, concept, weight, scheme in rows:
                held = fields[FIELDS[Statement.Role(role)]]
                held[concept] = max(weight, held.get(concept, 0))
                if scheme == VALUE_CHAIN_SCHEME and role == Statement.Role.OFFERS:
                    fields["segments"][concept] = held[concept]
            current, rows = next(stated, (None, iter(())))
        yield Profile(id=pk, home=home, country=country, **fields)


def participations() -> tuple[Participations, Places]:
    """Who took part in which project, and where participants without a profile come from.

    A participant known by its name alone is left out: a name is no identity.
    """
    rows = (
        Participation.objects.filter(initiative__kind=Initiative.Kind.PROJECT)
        .exclude(organisation__isnull=True, pic="")
        .order_by("pk")
        .values_list(
            "initiative_id",
            "organisation_id",
            "pic",
            "country_id",
            "organisation__home_region_id",
            "organisation__country_id",
            "initiative__start_date",
        )
    )
    places: dict[int, tuple[int | None, str | None]] = {}
    table: list[tuple[int, int, int]] = []
    for project, organisation, pic, country, home, seat, start in rows.iterator(chunk_size=20_000):
        key = partner_key(organisation, pic)
        places[key] = (home, seat or country)
        table.append((project, key, start.toordinal() if start else 0))
    columns = np.array(table, dtype=np.int64).reshape(-1, 3)
    return Participations(columns[:, 0].copy(), columns[:, 1].copy(), columns[:, 2].copy()), places


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


def count_profiles() -> int:
    """How many profiles there are to read."""
    return Organisation.objects.verified().count()
