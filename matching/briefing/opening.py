"""Initiatives of one region that the other could join."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from initiatives.models import Initiative, InitiativeConcept, InitiativeRegion, Participation
from matching import regional
from matching.briefing.results import OpenInitiative, Reason, Side
from matching.results import RegionFit
from organisations.models import Organisation
from regions.models import NetworkMembership, Region, Source
from regions.own_texts import said

MOST: Final = 8
SEGMENTS_NAMED: Final = 2
PRIORITIES_NAMED: Final = 2
CANDIDATE_PROJECTS: Final = 20
"""Running projects looked at for each region, those that run longest first."""

TIME_TO_JOIN: Final = timedelta(days=182)
"""A funded project that ends sooner has nothing to join any more."""

ILLUSTRATIVE = Source.Standing.ILLUSTRATIVE
LEADS = InitiativeRegion.Role.LEAD


def open_initiatives(
    fit: RegionFit, sides: Sequence[Side], *, today: date
) -> tuple[OpenInitiative, ...]:
    """What the regions could join of each other, most reasons first; the same in either order.

    An initiative is listed when one region, the host, takes part in it (by a part of its own, or by
    an organisation seated there) and the other, the guest, does not in any way, nor does an area
    inside or a region around the guest. It must not be over: neither completed nor past its end; an
    event has a date still to come. Where no status is on record it is listed as such. A funded
    project is listed only while it runs for another half a year and touches what the two share.
    Invented initiatives are never listed: nobody can join them.

    A reason is a shared priority that the initiative is about, a segment of the value chain that
    it covers beside one that the guest holds, or a network that the guest is in. Order: those with
    reasons on real data, by their number; then by number of illustrative ones; then initiatives
    before funded projects, running and planned ones before those of unknown status, by name.
    """
    touched = priorities_of_concepts(fit)
    found: list[OpenInitiative] = []
    for number, (host, guest) in enumerate(((fit.a, fit.b), (fit.b, fit.a))):
        neighbours: dict[int, list[tuple[str, str, bool, int]]] = defaultdict(list)
        for item in fit.complements:
            own, other = item.a_segment, item.b_segment
            holders = item.b_holders
            if number:
                own, other, holders = other, own, item.a_holders
            neighbours[own.pk].append((own.label, other.label, not holders, other.pk))
        networks = set(
            NetworkMembership.objects.filter(region=guest).values_list("network", flat=True)
        )
        contacts = sides[number].contacts
        concepts = {*touched, *neighbours}
        for initiative in candidates(host, guest, concepts, today=today):
            reasons = tuple(reasons_for(initiative, guest, touched, neighbours, networks))
            if initiative.kind == Initiative.Kind.PROJECT and not reasons:
                continue
            lead = initiative.public_lead
            lead_name = lead.name if lead else initiative.lead_name
            office = contacts[0] if contacts and not lead_name else None
            roles = list(initiative.region_roles.all())
            found.append(
                OpenInitiative(
                    initiative,
                    host,
                    guest,
                    reasons,
                    lead,
                    lead_name,
                    office,
                    role=next((part.role for part in roles if part.region_id == host.pk), ""),
                    leading=tuple(part.region for part in roles if part.role == LEADS),
                )
            )
    return tuple(sorted(found, key=most_reasons_first)[:MOST])


def most_reasons_first(item: OpenInitiative) -> tuple[int | str, ...]:
    real = len(item.real_reasons)
    return (
        -real,
        real - len(item.reasons),
        item.initiative.kind == Initiative.Kind.PROJECT,
        item.is_status_unknown,
        item.initiative.name,
        item.initiative.pk,
    )


def priorities_of_concepts(fit: RegionFit) -> dict[int, list[tuple[str, bool, int]]]:
    """Concept → the shared priorities that it belongs to: (label, is illustrative, concept)."""
    shared = {item.concept.pk: item for item in fit.shared_priorities}
    touched: dict[int, list[tuple[str, bool, int]]] = defaultdict(list)
    if not shared:
        return touched
    for source, areas in [*((pk, {pk}) for pk in shared), *regional.wider_areas().items()]:
        for pk in sorted(areas & shared.keys()):
            item = shared[pk]
            touched[source].append((item.concept.label, item.is_illustrative, pk))
    return touched


def candidates(host: Region, guest: Region, concepts: set[int], *, today: date) -> list[Initiative]:
    """What is not over in which the host takes part and the guest does not."""
    hosts = Organisation.objects.verified().within(host).filter(is_illustrative=False)
    guests = Organisation.objects.within(guest)
    there = Region.objects.sharing_territory_with(guest)
    rows = (
        Initiative.objects.filter(
            Q(
                pk__in=InitiativeRegion.objects.filter(region=host)
                .exclude(source__standing=ILLUSTRATIVE)
                .values("initiative")
            )
            | Q(
                pk__in=Participation.objects.filter(organisation__in=hosts.values("pk"))
                .exclude(source__standing=ILLUSTRATIVE)
                .values("initiative")
            )
            | Q(lead__in=hosts.values("pk"))
        )
        .exclude(
            pk__in=InitiativeRegion.objects.filter(region__in=there.values("pk")).values(
                "initiative"
            )
        )
        .exclude(
            pk__in=Participation.objects.filter(organisation__in=guests.values("pk")).values(
                "initiative"
            )
        )
        .exclude(lead__in=guests.values("pk"))
        .exclude(source__standing=ILLUSTRATIVE)
        .exclude(status=Initiative.Status.COMPLETED)
        .exclude(end_date__lt=today)
        .select_related("source", "lead__home_region", "network")
        .prefetch_related(
            Prefetch(
                "region_roles",
                InitiativeRegion.objects.filter(Q(region=host) | Q(role=LEADS))
                .exclude(source__standing=ILLUSTRATIVE)
                .select_related("region")
                .order_by("region__name", "pk"),
            ),
            Prefetch(
                "coverage",
                InitiativeConcept.objects.filter(concept__in=concepts).order_by(
                    "role", "concept__position", "pk"
                ),
            ),
        )
    )
    return [*with_a_name(rows, today), *running_projects(rows, concepts, today)]


def with_a_name(rows: QuerySet[Initiative], today: date) -> QuerySet[Initiative]:
    """All but funded projects; an event only with a date to come, or planned."""
    to_come = Q(start_date__gte=today) | Q(end_date__gte=today) | Q(status="planned")
    return (
        rows.exclude(kind=Initiative.Kind.PROJECT)
        .filter(~Q(kind=Initiative.Kind.EVENT) | to_come)
        .order_by("name", "pk")
    )


def running_projects(
    rows: QuerySet[Initiative], concepts: set[int], today: date
) -> QuerySet[Initiative]:
    """Funded projects with time left that touch any of the concepts."""
    about = InitiativeConcept.objects.filter(concept__in=concepts)
    return rows.filter(
        kind=Initiative.Kind.PROJECT,
        end_date__gte=today + TIME_TO_JOIN,
        pk__in=about.values("initiative"),
    ).order_by("-end_date", "pk")[:CANDIDATE_PROJECTS]


def reasons_for(
    initiative: Initiative,
    guest: Region,
    touched: Mapping[int, Sequence[tuple[str, bool, int]]],
    neighbours: Mapping[int, Sequence[tuple[str, str, bool, int]]],
    networks: set[int],
) -> Iterator[Reason]:
    """Why the initiative may matter to the guest, reasons on real data first within each kind."""
    rows = list(initiative.coverage.all())
    priorities: dict[int, Reason] = {}
    segments: dict[int, Reason] = {}
    for row in rows:
        for label, illustrative, area in touched.get(row.concept_id, ()):
            reason = Reason(
                "priority",
                _("It is about %(concept)s, a priority of both regions.") % {"concept": label},
                row.is_illustrative or illustrative,
                frozenset({row.concept_id, area}),
            )
            known = priorities.get(area)
            if known is None or (known.is_illustrative and not reason.is_illustrative):
                priorities[area] = reason
        beside = neighbours.get(row.concept_id, ())
        if row.role == InitiativeConcept.Role.COVERS and beside:
            own, other, illustrative, other_pk = min(beside, key=lambda item: item[2])
            segments[row.concept_id] = Reason(
                "segment",
                _("It covers %(own)s; %(region)s holds the neighbouring segment %(other)s.")
                % {"own": own, "region": guest.label, "other": other},
                row.is_illustrative or illustrative,
                frozenset({row.concept_id, other_pk}),
            )
    for reasons, most in ((priorities, PRIORITIES_NAMED), (segments, SEGMENTS_NAMED)):
        yield from sorted(reasons.values(), key=lambda reason: reason.is_illustrative)[:most]
    if initiative.network is not None and initiative.network_id in networks:
        yield Reason(
            "network",
            _("It belongs to %(network)s, in which %(region)s is.")
            % {"network": said(initiative.network.name), "region": guest.label},
        )
