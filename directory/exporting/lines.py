"""The rows of a list that is taken away, read in chunks.

The order of a whole list is kept as one array of numbers, so 100,000 rows take 0.8 MB; what they
say is read for `CHUNK` of them at a time, by short queries: no cursor of the database stays open
while a slow reader downloads.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from django.db import connection
from django.urls import reverse

from directory.known import ConceptRow, Known
from initiatives.models import Initiative, InitiativeConcept, InitiativeRegion
from matching import index
from matching.index import IndexNotBuilt
from matching.services import present
from organisations.models import ClusterMembership, Organisation, Sector, Statement
from organisations.querysets import OrganisationQuerySet
from regions.models import Priority, Region, Source

CHUNK: Final = 500
"""Rows that are held at a time."""

KINDS: Final = ("organisation", "initiative", "region")
"""What hits may be of; their place here is packed beside the number."""

Fits = Callable[[Sequence[int]], Mapping[int, int]]
"""Hundredths of a point by number of organisation."""

Absolute = Callable[[str], str]
"""The whole address of a path of this site."""


class Cluster(NamedTuple):
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """What everybody may know of one hit: nothing of people, and no address for e-mail.

    ``what`` is an organisation, a cluster, an initiative or a region; ``kind`` that of the
    organisation or initiative. An initiative may be in several countries and regions. ``about``:
    sectors of an organisation, what an initiative covers, priorities of a region.
    """

    what: str
    name: str
    address: str
    kind: str = ""
    short_name: str = ""
    local_name: str = ""
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    nuts: str = ""
    city: str = ""
    website: str = ""
    is_verified: bool | None = None
    is_invented: bool = False
    offers: tuple[ConceptRow, ...] = ()
    needs: tuple[ConceptRow, ...] = ()
    interests: tuple[ConceptRow, ...] = ()
    about: tuple[ConceptRow, ...] = ()
    member_of: tuple[Cluster, ...] = ()
    fit: Decimal | None = None
    identifiers: tuple[tuple[str, str], ...] = ()


def packed(keys: Iterable[tuple[str, int]]) -> "array[int]":
    """Of what and which number, as one number each."""
    return array("q", (number * len(KINDS) + KINDS.index(of) for of, number in keys))


def fits_of(organisation: Organisation | None) -> Fits:
    """How well others fit this organisation; nothing without one or without an index."""
    if organisation is None:
        return lambda others: {}
    try:
        used = index.in_use()
    except IndexNotBuilt:
        return lambda others: {}
    profile = present(organisation)
    return lambda others: used.scores(profile, [one for one in others if one != profile.id])


@dataclass(frozen=True)
class Reading:
    """What rows are read with: names that are kept in memory, the organisations that the reader may
    see, and fits."""

    known: Known
    visible: OrganisationQuerySet
    fits: Fits
    absolute: Absolute

    def lines(self, keys: "array[int]") -> Iterator[Line]:
        """Those that are there and public still, in their order; at most nine queries for each
        `CHUNK`."""
        for start in range(0, len(keys), CHUNK):
            some = [divmod(key, len(KINDS)) for key in keys[start : start + CHUNK]]
            ids = [[number for number, of in some if of == kind] for kind in range(len(KINDS))]
            found = (
                self._organisations(ids[0]) if ids[0] else {},
                self._initiatives(ids[1]) if ids[1] else {},
                self._regions(ids[2]) if ids[2] else {},
            )
            if not connection.in_atomic_block:
                connection.close()  # back to the pool, while a slow reader takes these
            for number, of in some:
                if (line := found[of].get(number)) is not None:
                    yield line

    def _organisations(self, ids: list[int]) -> dict[int, Line]:
        rows = (
            self.visible.filter(pk__in=ids)
            .select_related("nuts3")
            .only(
                *("slug", "name", "short_name", "kind", "status", "pic", "website", "city"),
                *("country_id", "home_region_id", "is_illustrative", "nuts3__code"),
            )
        )
        stated: dict[tuple[int, str], dict[int, None]] = defaultdict(dict)
        for organisation, role, concept in (
            Statement.objects.holding()
            .filter(organisation__in=ids)
            .order_by("organisation", "-weight", "concept__vocabulary", "concept__position", "pk")
            .values_list("organisation", "role", "concept")
        ):
            stated[organisation, role][concept] = None
        sectors = self._concepts(
            Sector.objects.filter(organisation__in=ids)
            .order_by("concept__position", "pk")
            .values_list("organisation", "concept")
        )
        clusters: dict[int, list[Cluster]] = defaultdict(list)
        for member, name, slug in (
            ClusterMembership.objects.filter(member__in=ids, cluster__status="verified")
            .order_by("cluster__name", "pk")
            .values_list("member", "cluster__name", "cluster__slug")
        ):
            address = self.absolute(reverse("organisations:detail", args=[slug]))
            clusters[member].append(Cluster(name, address))
        fits = self.fits(ids)
        return {
            row.pk: Line(
                what="cluster" if row.is_cluster else "organisation",
                name=row.name,
                address=self.absolute(row.get_absolute_url()),
                kind=row.kind,
                short_name=row.short_name,
                countries=(row.country_id,) if row.country_id else (),
                regions=self._named([row.home_region_id]),
                nuts=row.nuts3.code if row.nuts3 else "",
                city=row.city,
                website=row.website,
                is_verified=row.is_public,
                is_invented=row.is_illustrative,
                offers=self._called(stated[row.pk, Statement.Role.OFFERS]),
                needs=self._called(stated[row.pk, Statement.Role.NEEDS]),
                interests=self._called(stated[row.pk, Statement.Role.INTERESTED]),
                about=sectors.get(row.pk, ()),
                member_of=tuple(clusters[row.pk]),
                fit=Decimal(fits[row.pk]) / 100 if row.pk in fits else None,
                identifiers=(("PIC", row.pic),) if row.pic else (),
            )
            for row in rows
        }

    def _initiatives(self, ids: list[int]) -> dict[int, Line]:
        rows = (
            Initiative.objects.filter(pk__in=ids)
            .select_related("source")
            .only(
                *("slug", "name", "acronym", "kind", "place", "website", "grant_id"),
                "source__standing",
            )
        )
        regions: dict[int, list[int]] = defaultdict(list)
        for initiative, region in (
            InitiativeRegion.objects.filter(initiative__in=ids)
            .order_by("role", "region__name", "pk")
            .values_list("initiative", "region")
        ):
            regions[initiative].append(region)
        covered = self._concepts(
            InitiativeConcept.objects.filter(initiative__in=ids)
            .order_by("role", "concept__vocabulary", "concept__position", "pk")
            .values_list("initiative", "concept")
        )
        return {
            row.pk: Line(
                what="initiative",
                name=row.name,
                address=self.absolute(row.get_absolute_url()),
                kind=row.kind,
                short_name=row.acronym,
                countries=self._countries(regions[row.pk]),
                regions=self._named(regions[row.pk]),
                city=row.place,
                website=row.website,
                is_invented=row.source.standing == Source.Standing.ILLUSTRATIVE,
                about=covered.get(row.pk, ()),
                identifiers=(("grant agreement", str(row.grant_id)),) if row.grant_id else (),
            )
            for row in rows
        }

    def _regions(self, ids: list[int]) -> dict[int, Line]:
        rows = Region.objects.filter(pk__in=ids)
        priorities = self._concepts(
            Priority.objects.filter(region__in=ids)
            .order_by("concept__vocabulary", "concept__position", "pk")
            .values_list("region", "concept")
        )
        return {
            row.pk: Line(
                what="region",
                name=row.label,
                address=self.absolute(row.get_absolute_url()),
                local_name=row.local_name,
                countries=(row.country_id,),
                regions=(row.label,),
                nuts=row.nuts_label,
                city=row.capital,
                website=row.website,
                about=priorities.get(row.pk, ()),
                identifiers=(("NUTS", row.nuts_label),) if row.nuts_label else (),
            )
            for row in rows
        }

    def _concepts(self, pairs: Iterable[tuple[int, int]]) -> dict[int, tuple[ConceptRow, ...]]:
        found: dict[int, dict[int, None]] = defaultdict(dict)
        for number, concept in pairs:
            found[number][concept] = None
        return {number: self._called(concepts) for number, concepts in found.items()}

    def _called(self, concepts: Iterable[int]) -> tuple[ConceptRow, ...]:
        named = (self.known.concepts.get(concept) for concept in concepts)
        return tuple(row for row in named if row is not None)

    def _named(self, regions: Iterable[int | None]) -> tuple[str, ...]:
        return tuple(
            self.known.regions[region].label for region in regions if region in self.known.regions
        )

    def _countries(self, regions: Iterable[int]) -> tuple[str, ...]:
        rows = (self.known.regions.get(region) for region in regions)
        return tuple(dict.fromkeys(row.country for row in rows if row and row.country))
