"""The facts behind the terms of many matches, fetched in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from django.db import connection
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.models import StatementEvidence
from matching import engine, regional
from matching.results import Evidence
from organisations.models import Organisation, Statement
from regions.models import Concept, Network, Priority

PROJECTS_SHOWN: Final = 2
"""How many projects stand for one statement, the newest first."""

TIES_SHOWN: Final = 2
"""How many projects stand for one tie with a partner in common, the newest first."""

PARTNERS_SHOWN: Final = 6
"""How many partners in common are terms of their own; the others are one term together."""

ALL_PARTNERS_SHOWN: Final = 60
"""The same where one pair is explained in full."""


@dataclass(frozen=True)
class Stated:
    """One statement with the newest of its projects and how many there are."""

    statement: Statement
    projects: tuple[Evidence, ...] = ()
    total: int = 0


@dataclass(frozen=True)
class Tie:
    """The newest joint projects of two organisations, and how many there are."""

    projects: tuple[Evidence, ...]
    total: int


@dataclass
class Background:
    """All that the terms of some matches refer to."""

    organisations: Mapping[int, Organisation]
    concepts: Mapping[int, Concept]
    networks: Mapping[int, Network] = field(default_factory=dict)
    stated: Mapping[tuple[int, int, str], list[Stated]] = field(default_factory=dict)
    ties: Mapping[tuple[int, int], Tie] = field(default_factory=dict)
    priorities: Mapping[tuple[int, int], list[Priority]] = field(default_factory=dict)
    shown: dict[tuple[str | int, ...], tuple[Evidence, ...]] = field(default_factory=dict)

    @property
    def known(self) -> Collection[int]:
        return self.organisations.keys()

    def concept_label(self, pk: int) -> str:
        """The concept's label; one may be gone since the index was built."""
        concept = self.concepts.get(pk)
        return concept.label if concept else _("a concept that is no longer in use")


def background_of(matches: Iterable[engine.Match], partners_shown: int) -> Background:
    """Fetch everything that these matches need to be explained, with so many partners in common
    one by one."""
    found = list(matches)
    pairs = {side for match in found for side in (match.a, match.b)}
    concepts: set[int] = set()
    partners: dict[int, set[int]] = defaultdict(set)
    network_ids: set[int] = set()
    by_region = False
    for match in found:
        for term in match.terms:
            if term.signal in (engine.COMPLEMENTARITY, engine.SHARED_PRIORITIES):
                concepts.add(term.key)
            elif term.signal == engine.VALUE_CHAIN:
                concepts.add(term.key)
                concepts.add(term.other_key or 0)
            elif term.signal == engine.REGIONAL_FIT:
                by_region = True
                kind, pk = regional.reason_of(term.key)
                if kind == regional.PRIORITY_REASON:
                    concepts.add(pk)
                elif kind == regional.NETWORK_REASON:
                    network_ids.add(pk)
        for term in shown_partners(match, partners_shown):
            partners[term.key] |= {match.a, match.b}

    third_parties = [key for key in partners if key > 0]
    organisations = (
        Organisation.objects.filter(
            Q(pk__in=pairs) | Q(pk__in=third_parties, status=Organisation.Status.VERIFIED)
        )
        .select_related("country", "home_region")
        .in_bulk()
    )
    homes = {
        region
        for pk in pairs
        if pk in organisations and (region := organisations[pk].home_region_id) is not None
    }
    return Background(
        organisations=organisations,
        concepts=Concept.objects.select_related("vocabulary").in_bulk(concepts),
        networks=Network.objects.in_bulk(network_ids) if network_ids else {},
        stated=_statements(pairs, concepts),
        ties=_ties(pairs, partners.keys()) if partners else {},
        priorities=regional.priorities_by_area(homes) if by_region else {},
    )


def shown_partners(match: engine.Match, most: int) -> list[engine.Term]:
    """The partners in common that are shown one by one: those with the most points, and those that
    have a profile here before those known by their PIC alone."""
    terms = [term for term in match.terms if term.signal == engine.TRACK_RECORD]
    return sorted(terms, key=lambda term: term.key < 0)[:most]


@lru_cache(maxsize=20_000)
def project_evidence(slug: str, acronym: str, name: str, year: int | None, source: str) -> Evidence:
    """One project as evidence, with a link to its page."""
    title = acronym or name
    return Evidence(
        kind="project",
        label=f"{title} ({year})" if year else title,
        url=reverse("initiatives:detail", args=[slug]),
        is_illustrative=source == "illustrative",
    )


def _statements(
    organisations: Collection[int], concepts: Collection[int]
) -> dict[tuple[int, int, str], list[Stated]]:
    """Statements by (organisation, concept, role), demonstrated ones with their projects."""
    statements = list(
        Statement.objects.holding()
        .filter(organisation__in=organisations, concept__in=concepts)
        .order_by("origin", "pk")
    )
    demonstrated = [s.pk for s in statements if s.origin == Statement.Origin.DEMONSTRATED]
    rows = (
        StatementEvidence.objects.filter(statement__in=demonstrated)
        .annotate(
            place=Window(
                RowNumber(),
                partition_by="statement",
                order_by=[
                    F("initiative__start_date").desc(nulls_last=True),
                    F("initiative").asc(),
                ],
            ),
            total=Window(Count("pk"), partition_by="statement"),
        )
        .filter(place__lte=PROJECTS_SHOWN)
        .order_by("statement", "place")
        .values_list(
            "statement",
            "total",
            "initiative__slug",
            "initiative__acronym",
            "initiative__name",
            "initiative__start_date__year",
            "initiative__source__standing",
        )
        if demonstrated
        else []
    )
    projects: dict[int, list[Evidence]] = defaultdict(list)
    totals: dict[int, int] = {}
    for statement, total, *project in rows:
        projects[statement].append(project_evidence(*project))
        totals[statement] = total
    stated: dict[tuple[int, int, str], list[Stated]] = defaultdict(list)
    for s in statements:
        stated[s.organisation_id, s.concept_id, s.role].append(
            Stated(s, tuple(projects[s.pk]), totals.get(s.pk, 0))
        )
    return stated


TIES = """
    SELECT me, partner, total, slug, acronym, name, year, standing FROM (
        SELECT me.organisation_id AS me,
               coalesce(z.organisation_id, -z.pic::bigint) AS partner,
               i.slug, i.acronym, i.name,
               extract(year FROM i.start_date)::int AS year,
               s.standing,
               row_number() OVER tie AS place,
               count(*) OVER (PARTITION BY me.organisation_id, z.organisation_id, z.pic) AS total
        FROM initiatives_participation me
        JOIN initiatives_participation z ON z.initiative_id = me.initiative_id AND z.id <> me.id
        JOIN initiatives_initiative i ON i.id = me.initiative_id AND i.kind = 'project'
        JOIN regions_source s ON s.id = i.source_id
        WHERE me.organisation_id = ANY(%(organisations)s)
          AND (z.organisation_id = ANY(%(partners)s)
               OR z.organisation_id IS NULL AND z.pic = ANY(%(pics)s))
        WINDOW tie AS (PARTITION BY me.organisation_id, z.organisation_id, z.pic
                       ORDER BY i.start_date DESC NULLS LAST, i.id)
    ) ranked
    WHERE place <= %(shown)s
    ORDER BY me, partner, place
"""


def _ties(organisations: Collection[int], partners: Collection[int]) -> dict[tuple[int, int], Tie]:
    """Joint projects by (organisation, the engine's partner key)."""
    projects: dict[tuple[int, int], list[Evidence]] = defaultdict(list)
    totals: dict[tuple[int, int], int] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            TIES,
            {
                "organisations": sorted(organisations),
                "partners": [key for key in partners if key > 0],
                "pics": [f"{-key:09d}" for key in partners if key < 0],
                "shown": TIES_SHOWN,
            },
        )
        for me, partner, total, *project in cursor.fetchall():
            projects[me, partner].append(project_evidence(*project))
            totals[me, partner] = total
    return {key: Tie(tuple(found), totals[key]) for key, found in projects.items()}


def partner_name(key: int, organisations: Mapping[int, Organisation]) -> str:
    """A partner in common by its full name, since nothing else on the page tells what the short one
    stands for; by its PIC where it has no profile here; by neither where its profile is not public,
    or is gone since the index was built."""
    if key < 0:
        return _("the participant with PIC %(pic)s, which has no profile here") % {
            "pic": f"{-key:09d}"
        }
    if key not in organisations:
        return _("a participant without a public profile")
    return organisations[key].named_in_full
