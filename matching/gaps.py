"""What an initiative covers of the hydrogen value chain, and which gaps lie beside it.

*Covered* is a segment that the initiative says it covers, or that its own text speaks of. *Held* is
one that it does not cover and that an organisation taking part offers. A *gap* is what its concepts
call for and nobody holds:

- a segment next to those that it covers (`ConceptRelation`, *neighbour*), neither covered nor held;
  the weights of the edges add up to `CLOSE` at least, which is one strong edge or a few weaker ones
  (nearly every segment is loosely tied to nearly every other);
- for a project, also a technology that it is about and that no organisation taking part offers.

A stage covered as a whole leaves no gap inside it, and a stage beside it is a gap as a whole only
where none of its segments is covered, held, or tied to them by itself. Where nobody who takes part
has said anything of the chain, nothing is known to be missing: what would be a gap is *not declared
yet*, and is told as that. Gaps come by how closely
they are tied to what is covered; technologies last. A gap beside illustrative coverage only is
illustrative itself.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.models import Initiative, InitiativeConcept
from matching.facts import VALUE_CHAIN_SCHEME
from organisations.models import Organisation, Statement
from regions.chain_segments import ChainSegment, State
from regions.chains import Links, links_between_stages
from regions.models import Concept, ConceptRelation

TECHNOLOGIES = ("advanced-technologies", "key-enabling-technologies")
"""Vocabularies, beside the value chain, whose concepts organisations offer."""


CLOSE = 3
"""The least weight that ties a gap to what is covered; the strongest edges have it."""


@dataclass(frozen=True)
class Neighbour:
    """A covered segment beside a gap, and why the two belong together."""

    segment: Concept
    weight: int
    reason: str
    is_illustrative: bool = False


@dataclass(frozen=True)
class Gap:
    """A concept that an initiative calls for, and the covered segments that it is next to."""

    concept: Concept
    beside: tuple[Neighbour, ...] = ()

    @property
    def weight(self) -> int:
        return sum(neighbour.weight for neighbour in self.beside)

    @property
    def is_illustrative(self) -> bool:
        return bool(self.beside) and all(neighbour.is_illustrative for neighbour in self.beside)


@dataclass(frozen=True)
class Coverage:
    """The value chain of one initiative: every segment in order, and the gaps, closest first."""

    chain: tuple[ChainSegment, ...]
    links: Links
    gaps: tuple[Gap, ...]
    covered: tuple[Concept, ...]
    is_declared: bool = True
    """Whether anybody who takes part has said that it offers any of what is asked for."""

    @property
    def is_known(self) -> bool:
        """Whether anything is known of any segment."""
        return any(segment.state != State.BEYOND for segment in self.chain)

    @property
    def is_partly_illustrative(self) -> bool:
        """Whether some of what it covers is invented, and not all its gaps rest on that alone."""
        return not self.is_illustrative and any(
            segment.is_illustrative and segment.state == State.COVERED for segment in self.chain
        )

    @property
    def is_illustrative(self) -> bool:
        """Whether all its gaps rest on illustrative coverage."""
        return bool(self.gaps) and all(gap.is_illustrative for gap in self.gaps)


def coverage_of(initiative: Initiative, concepts: Collection[InitiativeConcept]) -> Coverage:
    """How the initiative with these concepts stands in the chain; four queries."""
    chain = chain_in_order()
    by_id = {concept.pk: concept for concept in chain}
    said = {
        row.concept_id: row.is_illustrative
        for row in concepts
        if row.role == InitiativeConcept.Role.COVERS and row.concept_id in by_id
    }
    technologies = (
        [
            row.concept
            for row in concepts
            if row.role == InitiativeConcept.Role.TOPIC
            and row.concept.vocabulary.scheme in TECHNOLOGIES
        ]
        if initiative.kind == Initiative.Kind.PROJECT
        else []
    )
    held = held_by_participants(initiative, [*by_id, *(concept.pk for concept in technologies)])
    covered = tuple(concept for concept in chain if concept.pk in said)
    gaps = (
        *segment_gaps(chain, said, held),
        *(Gap(concept) for concept in technologies if concept.pk not in held),
    )
    return Coverage(
        _segments(chain, said, held, gaps),
        links_between_stages(),
        gaps,
        covered,
        is_declared=bool(held),
    )


def chain_in_order() -> list[Concept]:
    """Every concept of the value chain, a stage before its segments."""
    return list(
        Concept.objects.filter(vocabulary__scheme=VALUE_CHAIN_SCHEME)
        .select_related("broader", "vocabulary")
        .order_by("position", "code")
    )


def held_by_participants(initiative: Initiative, concepts: Iterable[int]) -> dict[int, int]:
    """How many public participants (and the lead) offer each of these concepts today."""
    taking_part = Q(organisation__participations__initiative=initiative)
    if initiative.lead_id:
        taking_part |= Q(organisation=initiative.lead_id)
    return dict(
        Statement.objects.holding()
        .filter(
            taking_part,
            role=Statement.Role.OFFERS,
            organisation__status=Organisation.Status.VERIFIED,
            concept__in=list(concepts),
        )
        .order_by()
        .values("concept")
        .annotate(holders=Count("organisation", distinct=True))
        .values_list("concept", "holders")
    )


def segment_gaps(
    chain: Collection[Concept], covered: Mapping[int, bool], held: Collection[int]
) -> list[Gap]:
    """The neighbours of covered segments that nobody covers or holds, the closest first.

    ``covered`` says of each segment whether its coverage is illustrative.
    """
    if not covered:
        return []
    by_id = {concept.pk: concept for concept in chain}
    has = {*covered, *held}
    filled = (
        has
        | {concept.pk for concept in chain if concept.broader_id in has}
        | {by_id[pk].broader_id for pk in has if pk in by_id}
    )
    beside: dict[int, list[Neighbour]] = defaultdict(list)
    for edge in ConceptRelation.objects.filter(kind=ConceptRelation.Kind.NEIGHBOUR):
        for mine, other in (
            (edge.source_id, edge.target_id),
            (edge.target_id, edge.source_id),
        ):
            if mine in covered and other in by_id and other not in filled:
                beside[other].append(
                    Neighbour(by_id[mine], edge.weight, edge.reason, covered[mine])
                )
    told_by_parts = {by_id[pk].broader_id for pk in beside}
    found = [
        Gap(by_id[pk], tuple(sorted(rows, key=_foremost)))
        for pk, rows in beside.items()
        if pk not in told_by_parts
    ]
    found = [gap for gap in found if gap.weight >= CLOSE]
    return sorted(found, key=lambda gap: (-gap.weight, gap.concept.position, gap.concept.pk))


def _foremost(neighbour: Neighbour) -> tuple[bool, int, int]:
    """What is really covered first, then the strongest tie, then the order of the chain."""
    return neighbour.is_illustrative, -neighbour.weight, neighbour.segment.position


def _segments(
    chain: Collection[Concept],
    said: Mapping[int, bool],
    held: Mapping[int, int],
    gaps: Iterable[Gap],
) -> tuple[ChainSegment, ...]:
    """The narrowest segments, and stages as a whole where something is said of these."""
    stages = {concept.broader_id for concept in chain}
    missing = {gap.concept.pk: gap for gap in gaps}
    lacking = State.GAP if held else State.UNDECLARED
    segments = []
    for concept in chain:
        is_whole = concept.pk in stages
        if concept.pk in said:
            segment = ChainSegment(
                concept, State.COVERED, is_illustrative=said[concept.pk], is_whole=is_whole
            )
        elif concept.pk in held:
            count = held[concept.pk]
            note = ngettext("%(count)d participant", "%(count)d participants", count)
            note %= {"count": count}
            segment = ChainSegment(concept, State.HELD, note, is_whole=is_whole)
        elif concept.pk in missing:
            segment = ChainSegment(
                concept,
                lacking,
                href=f"#gap-{concept.code}",
                is_illustrative=missing[concept.pk].is_illustrative,
                is_whole=is_whole,
            )
        elif is_whole:
            continue
        elif concept.broader_id in said:
            segment = ChainSegment(concept, State.BEYOND, _("not named by itself"))
        else:
            segment = ChainSegment(concept, State.BEYOND)
        segments.append(segment)
    return tuple(segments)
