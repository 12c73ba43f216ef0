"""A region's hydrogen value chain beside that of its neighbours: who fills what is missing here."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.models import Initiative, InitiativeConcept, InitiativeRegion
from matching.dossier import NOT_IN_THE_REGION, SegmentCoverage
from matching.facts import VALUE_CHAIN_SCHEME
from organisations.models import Organisation, Statement
from regions.chain_segments import ChainSegment, State
from regions.chains import Links, links_between_stages
from regions.models import Region, RegionNeighbour, Source
from regions.sorting import alphabetical

ILLUSTRATIVE = Source.Standing.ILLUSTRATIVE


@dataclass(frozen=True)
class NextDoor:
    """A neighbouring region that holds a segment, and by how many."""

    region: Region
    initiatives: int = 0
    organisations: int = 0

    @property
    def holders(self) -> int:
        return self.initiatives + self.organisations


@dataclass(frozen=True)
class SegmentAround:
    """One segment of the chain: who holds it here, and which neighbours do."""

    region: Region
    coverage: SegmentCoverage
    initiatives: tuple[Initiative, ...]
    next_door: tuple[NextDoor, ...]

    @property
    def anchor(self) -> str:
        return f"segment-{self.coverage.segment.code}"

    @property
    def state(self) -> State:
        if not self.coverage.is_gap:
            return State.HERE
        if self.next_door:
            return State.NEAR
        return State.EXAMPLE if self.coverage.holders.illustrative else State.ABSENT

    @property
    def note(self) -> str:
        """The state in as few words as a box has room for."""
        if self.state == State.HERE:
            held = self.coverage.holders.real
            return ngettext("held by %(held)d", "held by %(held)d", held) % {"held": held}
        if self.state == State.NEAR:
            if len(self.next_door) == 1:
                return self.next_door[0].region.label
            return _("%(number)d neighbours") % {"number": len(self.next_door)}
        return _("example only") if self.state == State.EXAMPLE else _("not declared")

    @property
    def organisations_url(self) -> str:
        """The list of the real organisations that offer the segment here."""
        query = {
            "region": self.region.slug,
            "offers": f"{VALUE_CHAIN_SCHEME}:{self.coverage.segment.code}",
            "invented": "no",
        }
        return f"{reverse('organisations:list')}?{urlencode(query)}"

    @property
    def box(self) -> ChainSegment:
        return ChainSegment(
            self.coverage.segment,
            self.state,
            self.note,
            href="" if self.state == State.ABSENT else f"#{self.anchor}",
        )


@dataclass(frozen=True)
class ChainAround:
    """The whole chain of a region with its neighbours'."""

    region: Region
    neighbours: tuple[RegionNeighbour, ...]
    segments: tuple[SegmentAround, ...]
    links: Links

    @property
    def boxes(self) -> list[ChainSegment]:
        return [segment.box for segment in self.segments]

    @property
    def have_borders(self) -> bool:
        """Whether the neighbours share a border with the region; else they are the nearest."""
        return any(neighbour.km == 0 for neighbour in self.neighbours)

    @property
    def has_holders(self) -> bool:
        """Whether anybody, here or near, real or illustrative, holds any of it."""
        return self.counts[State.ABSENT] < len(self.segments)

    @property
    def is_silent(self) -> bool:
        """Whether nobody real in the region has declared any of it: then nothing is known to be
        missing."""
        return not self.counts[State.HERE]

    @cached_property
    def counts(self) -> Counter[State]:
        return Counter(segment.state for segment in self.segments)

    @property
    def legend(self) -> list[tuple[State, str]]:
        """The states that the picture shows, each with the number of segments."""
        meanings = {
            State.HERE: _("held here: %(number)d"),
            State.NEAR: _("not declared here yet, held next door: %(number)d")
            if self.is_silent
            else _("missing here, held next door: %(number)d"),
            State.EXAMPLE: _("illustrative example only: %(number)d"),
            State.ABSENT: _("declared neither here nor next door: %(number)d")
            if self.is_silent
            else _("missing here and next door: %(number)d"),
        }
        return [
            (state, meaning % {"number": self.counts[state]})
            for state, meaning in meanings.items()
            if self.counts[state]
        ]

    @property
    def label(self) -> str:
        """The picture in one sentence."""
        return _(
            "The hydrogen value chain of %(region)s, %(segments)d segments: %(states)s. "
            "The table below says who holds each."
        ) % {
            "region": self.region.label,
            "segments": len(self.segments),
            "states": "; ".join(meaning for _state, meaning in self.legend),
        }


def chain_around(region: Region, coverage: Sequence[SegmentCoverage]) -> ChainAround:
    """The region's chain, given its coverage, with what its neighbours hold; five queries."""
    neighbours = tuple(
        RegionNeighbour.objects.filter(region=region)
        .select_related("neighbour__country")
        .order_by("km", "neighbour__name", "pk")
    )
    near = held_next_door(tuple(row.neighbour for row in neighbours))
    initiatives = covering_initiatives(region)
    return ChainAround(
        region,
        neighbours,
        tuple(
            SegmentAround(
                region,
                row,
                tuple(initiatives.get(row.segment.pk, ())),
                tuple(near.get(row.segment.pk, ())),
            )
            for row in coverage
        ),
        links_between_stages(),
    )


def covering_initiatives(region: Region) -> dict[int, list[Initiative]]:
    """The real initiatives of a region by the segment that they cover; see `segments_held`."""
    found: dict[int, list[Initiative]] = defaultdict(list)
    for row in (
        InitiativeConcept.objects.filter(
            initiative__in=_held(Initiative.objects.filter(pk__in=_parts([region.pk]))),
            role=InitiativeConcept.Role.COVERS,
            is_illustrative=False,
            concept__vocabulary__scheme=VALUE_CHAIN_SCHEME,
        )
        .select_related("initiative")
        .order_by("initiative__name", "pk")
    ):
        found[row.concept_id].append(row.initiative)
    return found


def held_next_door(regions: Sequence[Region]) -> dict[int, list[NextDoor]]:
    """Which of some home regions hold each segment for real, by concept; most holders first.

    What counts as held is that of `matching.dossier.segments_held`, the illustrative left out.
    """
    if not regions:
        return {}
    by_pk = {region.pk: region for region in regions}
    initiatives = (
        InitiativeRegion.objects.filter(
            region__in=by_pk,
            initiative__in=_held(Initiative.objects.filter(pk__in=_parts(by_pk))),
            initiative__coverage__role=InitiativeConcept.Role.COVERS,
            initiative__coverage__is_illustrative=False,
            initiative__coverage__concept__vocabulary__scheme=VALUE_CHAIN_SCHEME,
        )
        .exclude(source__standing=ILLUSTRATIVE)
        .order_by()
        .values_list("initiative__coverage__concept", "region")
        .annotate(Count("initiative", distinct=True))
    )
    organisations = (
        Statement.objects.holding()
        .filter(
            organisation__in=Organisation.objects.verified().filter(is_illustrative=False),
            organisation__home_region__in=by_pk,
            role=Statement.Role.OFFERS,
            concept__vocabulary__scheme=VALUE_CHAIN_SCHEME,
        )
        .order_by()
        .values_list("concept", "organisation__home_region")
        .annotate(Count("organisation", distinct=True))
    )
    counts: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for place, rows in enumerate((initiatives, organisations)):
        for concept, region, number in rows:
            counts[concept, region][place] = number
    found: dict[int, list[NextDoor]] = defaultdict(list)
    for (concept, region), (of_initiatives, of_organisations) in counts.items():
        found[concept].append(NextDoor(by_pk[region], of_initiatives, of_organisations))
    for holders in found.values():
        holders.sort(key=lambda row: (-row.holders, alphabetical(row.region.label)))
    return found


def _parts(regions: Collection[int]) -> "QuerySet[InitiativeRegion, int]":
    return (
        InitiativeRegion.objects.filter(region__in=regions)
        .exclude(source__standing=ILLUSTRATIVE)
        .values_list("initiative", flat=True)
    )


def _held(initiatives: "QuerySet[Initiative]") -> "QuerySet[Initiative]":
    """Those whose coverage is held by the regions in them, and which are no example."""
    return (
        initiatives.filter(pk__in=Initiative.objects.headline())
        .exclude(kind__in=NOT_IN_THE_REGION)
        .exclude(source__standing=ILLUSTRATIVE)
    )
