"""Region with region: why two regions fit, and which regions fit one best."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import connection

from initiatives.models import Initiative
from matching import engine, regional
from matching.dossier import segments_held
from matching.engine import MatchIndex, TooManyPairs
from matching.evidence import Background
from matching.explanation import explained, points
from matching.index import in_use
from matching.keeping import kept_pairs
from matching.results import (
    Complement,
    FittingRegion,
    JointHistory,
    Match,
    RegionFit,
    SharedPriority,
    Term,
)
from matching.wording import regional_reason
from organisations.models import Organisation
from regions.models import Concept, ConceptRelation, Network, Priority, Region
from regions.own_texts import said
from regions.pressure import in_turn

LATEST_PROJECTS = 8
PER_ORGANISATION = 2
"""How often one organisation may appear among the best pairs of two regions."""

PATIENCE = 10.0
"""Seconds after which the organisations of two regions count as too many to compare."""

ILLUSTRATIVE_PAIRS = 3
"""Pairs of invented organisations shown apart, where both regions have any."""


def region_fit(*, a: Region, b: Region, pairs: int = 10) -> RegionFit:
    """Why regions a and b fit; symmetrical: swapping them swaps the sides and nothing else.

    Raises `matching.index.IndexNotBuilt` when ``pairs`` are asked for and there is no index.
    """
    facts = regional.all_region_facts()
    nothing = regional.RegionFacts()
    fact_a, fact_b = facts.get(a.pk, nothing), facts.get(b.pk, nothing)
    history = joint_history(a, b)
    priorities = regional.priorities_by_area([a.pk, b.pk])
    concepts = Concept.objects.select_related("vocabulary").in_bulk(fact_a.areas & fact_b.areas)
    networks = Network.objects.in_bulk(fact_a.networks & fact_b.networks)
    known = Background(
        organisations={},
        concepts=concepts,
        networks=networks,
        priorities=priorities,
    )
    real: tuple[Match, ...] = ()
    illustrative: tuple[Match, ...] = ()
    are_compared = True
    if pairs:
        real, illustrative, are_compared = best_pairs(a, b, pairs)
    found = regional.reasons(fact_a, fact_b, history.total)
    terms = []
    for reason, mass in found:
        label, evidence = regional_reason(*regional.reason_of(reason), [a, b], known)
        terms.append(Term("regional_fit", label, points(mass), evidence))
    return RegionFit(
        a=a,
        b=b,
        score=points(sum(mass for _reason, mass in found)),
        terms=tuple(sorted(terms, key=lambda term: -term.points)),
        shared_priorities=tuple(
            _shared_priority(
                concept, priorities.get((a.pk, pk), []), priorities.get((b.pk, pk), [])
            )
            for pk, concept in sorted(
                concepts.items(), key=lambda item: (item[1].vocabulary_id, item[1].position)
            )
        ),
        complements=complements(a, b),
        networks=tuple(sorted(networks.values(), key=lambda network: network.name)),
        initiatives=tuple(
            Initiative.objects.headline().filter(regions=a).filter(regions=b).order_by("name", "pk")
        ),
        history=history,
        pairs=real,
        illustrative_pairs=illustrative,
        are_compared=are_compared,
    )


def best_pairs(
    a: Region, b: Region, limit: int
) -> tuple[tuple[Match, ...], tuple[Match, ...], bool]:
    """The organisations of a and b that should meet, best first, none of them more than twice.

    Real organisations first; apart from them a few pairs of illustrative ones, which show what
    declared needs and offers add. The two are never mixed: nobody real can meet an invented
    organisation. And whether the real ones could be compared, or are too many.
    """
    index = in_use()
    members = [
        [
            (pk, is_illustrative)
            for pk, is_illustrative in Organisation.objects.verified()
            .within(region)
            .values_list("pk", "is_illustrative")
            if pk in index
        ]
        for region in (a, b)
    ]
    matches: list[engine.Match] = []
    are_compared = True
    for illustrative, number in ((False, limit), (True, ILLUSTRATIVE_PAIRS)):
        left, right = (
            [pk for pk, invented in side if invented == illustrative] for side in members
        )
        try:
            matches += _compared(index, left, right, number)
        except TooManyPairs:
            if not illustrative:
                are_compared = False
    shown = explained(matches, index)
    return (
        tuple(match for match in shown if not match.a.is_illustrative),
        tuple(match for match in shown if match.a.is_illustrative),
        are_compared,
    )


def _compared(
    index: MatchIndex, left: list[int], right: list[int], number: int
) -> Sequence[engine.Match]:
    """The best pairs between the two, which takes a turn of the heavy work unless it is known
    already. Raises `TooManyPairs`, and `regions.pressure.TooManyAtOnceError`."""

    def compare() -> list[engine.Match]:
        with in_turn():
            return index.best_pairs_between(
                left, right, number, max_per_organisation=PER_ORGANISATION, patience=PATIENCE
            )

    if not (left and right):
        return []
    asked = sorted(left), sorted(right), number
    return kept_pairs(compare, scoring=index.scoring, asked=asked)


HISTORY = """
    SELECT i.id, extract(year FROM i.start_date)::int
    FROM initiatives_initiative i
    WHERE i.kind = 'project'
      AND EXISTS (SELECT FROM initiatives_participation p
                  WHERE p.initiative_id = i.id AND p.organisation_id = ANY(%s))
      AND i.id IN (SELECT p.initiative_id FROM initiatives_participation p
                   WHERE p.organisation_id = ANY(%s))
    ORDER BY i.start_date DESC NULLS LAST, i.id
"""


def joint_history(a: Region, b: Region) -> JointHistory:
    """The projects in which real organisations of both regions took part."""
    members = [
        list(
            Organisation.objects.verified()
            .within(region)
            .filter(is_illustrative=False)
            .values_list("pk", flat=True)
        )
        for region in (a, b)
    ]
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, members)
        rows = cursor.fetchall()
    years: dict[int, int] = defaultdict(int)
    for _pk, year in rows:
        if year is not None:
            years[year] += 1
    latest = Initiative.objects.select_related("source").in_bulk(
        [pk for pk, _year in rows[:LATEST_PROJECTS]]
    )
    return JointHistory(
        total=len(rows),
        by_year=tuple((y, years[y]) for y in range(min(years), max(years) + 1)) if years else (),
        latest=tuple(latest[pk] for pk, _year in rows[:LATEST_PROJECTS]),
    )


def complements(a: Region, b: Region) -> tuple[Complement, ...]:
    """Neighbouring segments of the hydrogen value chain, one held by each region.

    Those that somebody real holds on both sides come first, then those that rest on illustrative
    data on either side.
    """
    held_a, held_b = segments_held(a), segments_held(b)
    found = []
    for edge in ConceptRelation.objects.filter(kind=ConceptRelation.Kind.NEIGHBOUR).select_related(
        "source__vocabulary", "target__vocabulary"
    ):
        for mine, theirs in ((edge.source, edge.target), (edge.target, edge.source)):
            if mine.pk in held_a and theirs.pk in held_b:
                of_a, of_b = held_a[mine.pk], held_b[theirs.pk]
                found.append(
                    Complement(
                        a_segment=mine,
                        b_segment=theirs,
                        a_holders=of_a.real,
                        b_holders=of_b.real,
                        a_illustrative=of_a.illustrative,
                        b_illustrative=of_b.illustrative,
                        reason=said(edge.reason),
                    )
                )

    def most_held_first(item: Complement) -> tuple[int, ...]:
        """The same for either order of the regions."""
        segments = item.a_segment.pk, item.b_segment.pk
        return (
            item.is_illustrative,
            -min(item.a_holders, item.b_holders),
            -(item.a_holders + item.b_holders),
            -(item.a_illustrative + item.b_illustrative) if item.is_illustrative else 0,
            *sorted(segments),
            segments[0] if a.pk < b.pk else segments[1],
        )

    return tuple(sorted(found, key=most_held_first))


def fitting_regions(
    *, region: Region, limit: int = 8, joint: Mapping[int, int] | None = None
) -> tuple[FittingRegion, ...]:
    """The home regions that fit this one best, from region-level facts, best first.

    ``joint`` has the number of joint projects by home region, where the caller counted them.
    """
    facts = regional.all_region_facts()
    nothing = regional.RegionFacts()
    if joint is None:
        joint = regional.joint_projects_with(region)
    inside = Region.objects.sharing_territory_with(region).values("pk")
    ranked = []
    for other in Region.objects.homes().select_related("country").exclude(pk__in=inside):
        projects = joint.get(other.pk, 0)
        found = regional.reasons(
            facts.get(region.pk, nothing), facts.get(other.pk, nothing), projects
        )
        if found:
            ranked.append((sum(mass for _reason, mass in found), other, projects, found))
    ranked.sort(key=lambda row: (-row[0], row[1].pk))
    chosen = ranked[:limit]
    names = {regional.reason_of(reason) for *_rest, found in chosen for reason, _mass in found}
    known = Background(
        organisations={},
        concepts=Concept.objects.select_related("vocabulary").in_bulk(
            [pk for kind, pk in names if kind == regional.PRIORITY_REASON]
        ),
        networks=Network.objects.in_bulk(
            [pk for kind, pk in names if kind == regional.NETWORK_REASON]
        ),
    )
    return tuple(
        FittingRegion(
            region=other,
            score=points(mass),
            joint_projects=projects,
            reasons=tuple(
                regional_reason(*regional.reason_of(reason), [region, other], known)[0]
                for reason, _mass in sorted(found, key=lambda item: -item[1])
            ),
        )
        for mass, other, projects, found in chosen
    )


def _shared_priority(
    concept: Concept, of_a: Sequence[Priority], of_b: Sequence[Priority]
) -> SharedPriority:
    return SharedPriority(
        concept=concept,
        a_titles=tuple(dict.fromkeys(str(priority) for priority in of_a)),
        b_titles=tuple(dict.fromkeys(str(priority) for priority in of_b)),
        is_illustrative=any(
            all(priority.source.is_illustrative for priority in side)
            for side in (of_a, of_b)
            if side
        ),
    )
