"""One initiative: what it is, who takes part and where, what it lacks and who could fill that."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.views.generic import TemplateView

from initiatives.models import Initiative, InitiativeConcept, InitiativeRegion, Participation
from matching.filling import FilledGap, who_could_fill
from matching.gaps import Coverage, coverage_of
from matching.index import IndexNotBuilt
from regions.citations import Citations
from regions.listing import found
from regions.maps import Map, counted_map
from regions.models import Country, Region, RegionContact
from regions.sorting import alphabetical

OFFICES_SHOWN = 6


@dataclass(frozen=True)
class Place:
    """A region, or a country where no region is known, and how many take part from there."""

    count: int
    region: Region | None = None
    country: Country | None = None


class InitiativePage(TemplateView):
    """One initiative: who takes part, what it covers and what it lacks; an event has its own
    page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        initiative = found(Initiative.objects.for_page(), kwargs["slug"])
        is_event = initiative.kind == Initiative.Kind.EVENT
        self.template_name = f"initiatives/{'event' if is_event else 'detail'}.html"
        concepts = list(
            initiative.coverage.select_related("concept__vocabulary").order_by(
                "concept__vocabulary", "concept__position", "pk"
            )
        )
        region_roles = list(
            initiative.region_roles.select_related("region__country", "source").order_by(
                "role", "region__name"
            )
        )
        participations = list(
            initiative.participations.select_related(
                "organisation__home_region__country", "country"
            ).order_by("role", "organisation__name", "name", "pk")
        )
        return super().get_context_data(
            initiative=initiative,
            citations=Citations(),
            figures=initiative.figures.select_related("source"),
            covers=[c for c in concepts if c.role == InitiativeConcept.Role.COVERS],
            topics=[c for c in concepts if c.role == InitiativeConcept.Role.TOPIC],
            region_roles=region_roles,
            participations=participations,
            parts=initiative.parts.order_by("start_date", "name", "pk"),
            **({} if is_event else dossier_of(initiative, concepts, participations, region_roles)),
            **kwargs,
        )


def dossier_of(
    initiative: Initiative,
    concepts: Sequence[InitiativeConcept],
    participations: Sequence[Participation],
    region_roles: Sequence[InitiativeRegion],
) -> dict[str, Any]:
    """What only the page of an initiative says, and not that of an event."""
    coverage = coverage_of(initiative, concepts)
    filled, is_prepared = filled_gaps(initiative, coverage)
    places = places_of(participations)
    return {
        "coverage": coverage,
        "also_covers": [
            row
            for row in concepts
            if row.role == InitiativeConcept.Role.COVERS and row.concept not in coverage.covered
        ],
        "filled": [item for item in filled if item.is_asked],
        "is_prepared": is_prepared,
        "further_gaps": [item for item in filled if not item.is_asked],
        "asks_itself": not any(f.match for gap in filled for f in gap.fillers),
        "places": places,
        "map": map_of(places),
        "offices": offices_of(initiative, participations, region_roles),
    }


def filled_gaps(initiative: Initiative, coverage: Coverage) -> tuple[tuple[FilledGap, ...], bool]:
    """The gaps with those who could fill them, and whether there is an index to ask."""
    try:
        return who_could_fill(initiative=initiative, coverage=coverage), True
    except IndexNotBuilt:
        return tuple(FilledGap(gap) for gap in coverage.gaps), False


def places_of(participations: Iterable[Participation]) -> list[Place]:
    """Where the participants are, the most first; somebody without a public profile counts in its
    country."""
    regions: Counter[Region] = Counter()
    countries: Counter[Country] = Counter()
    for participation in participations:
        organisation = participation.public_organisation
        if organisation is not None and organisation.home_region is not None:
            regions[organisation.home_region] += 1
        elif participation.country is not None:
            countries[participation.country] += 1
    places = [Place(count, region, region.country) for region, count in regions.items()]
    places += [Place(count, None, country) for country, count in countries.items()]
    return sorted(
        places,
        key=lambda place: (
            -place.count,
            place.region is None,
            alphabetical(place.region.label if place.region else str(place.country)),
        ),
    )


def map_of(places: Iterable[Place]) -> Map | None:
    """The regions of the participants, shaded; None where no region is known."""
    counts = {place.region.pk: place.count for place in places if place.region}
    return counted_map(counts) if counts else None


def offices_of(
    initiative: Initiative,
    participations: Iterable[Participation],
    region_roles: Iterable[InitiativeRegion],
) -> dict[str, Any]:
    """Whom to contact: the lead, or else who coordinates or hosts it, and the offices of the
    regions that lead it or where it takes place. Offices only, never a person."""
    lead = initiative.public_lead
    speaking = (Participation.Role.COORDINATOR, Participation.Role.HOST)
    others = [
        participation
        for participation in participations
        if participation.role in speaking
        and participation.public_organisation
        and participation.organisation_id != initiative.lead_id
    ]
    leading = (InitiativeRegion.Role.LEAD, InitiativeRegion.Role.PLACE)
    regions = [part.region_id for part in region_roles if part.role in leading]
    contacts = RegionContact.objects.filter(region__in=regions).select_related("region", "source")
    return {
        "lead": lead,
        "others": others,
        "contacts": list(contacts.order_by("region__name", "office", "pk")[:OFFICES_SHOWN])
        if regions
        else [],
    }
