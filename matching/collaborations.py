"""With which regions a region's organisations did most joint projects, from real participations."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from organisations.models import Organisation
from regions.models import Region

MOST_SHOWN = 12

BY_YEAR = """
    WITH ours AS (
        SELECT DISTINCT p.initiative_id AS id, extract(year FROM i.start_date)::int AS year
        FROM initiatives_participation p JOIN initiatives_initiative i ON i.id = p.initiative_id
        WHERE i.kind = 'project' AND p.organisation_id = ANY(%s)
    ), present AS (
        SELECT DISTINCT ours.id, ours.year, o.home_region_id AS region
        FROM ours
        JOIN initiatives_participation p ON p.initiative_id = ours.id
        JOIN organisations_organisation o ON o.id = p.organisation_id
        WHERE o.home_region_id IS NOT NULL AND o.status = 'verified' AND NOT o.is_illustrative
          AND o.home_region_id <> ALL(%s)
    )
    SELECT region, year, count(*) FROM present GROUP BY 1, 2
    UNION ALL
    SELECT NULL, NULL, count(DISTINCT id) FROM present
"""


@dataclass(frozen=True)
class PartnerRegion:
    """A region, and the joint projects with it by year of start; None where it is not known."""

    region: Region
    total: int
    by_year: Mapping[int | None, int]
    numbers: tuple[int, ...]
    """The same for each year that the partners' projects span."""


@dataclass(frozen=True)
class Collaborations:
    """A region's joint projects with other home regions, the most active partners first.

    ``projects`` counts each project once, with however many regions it was; ``totals`` has the
    number of joint projects with every partner region by id, ``partners`` the first of them.
    """

    partners: tuple[PartnerRegion, ...]
    totals: Mapping[int, int]
    projects: int
    years: tuple[int, ...]

    @property
    def most_with_one(self) -> int:
        return self.partners[0].total if self.partners else 0

    @property
    def most_in_a_year(self) -> int:
        return max((max(row.by_year.values()) for row in self.partners), default=0)


def collaborations(region: Region, *, limit: int = MOST_SHOWN) -> Collaborations:
    """The joint projects of a region's or area's real, verified organisations with other regions.

    What shares territory with the region is no other region. Three queries, whatever their size.
    """
    inside = Region.objects.sharing_territory_with(region).values_list("pk", flat=True)
    members = (
        Organisation.objects.verified()
        .within(region)
        .filter(is_illustrative=False)
        .values_list("pk", flat=True)
    )
    by_region: dict[int, Counter[int | None]] = defaultdict(Counter)
    projects = 0
    with connection.cursor() as cursor:
        cursor.execute(BY_YEAR, [list(members), list(inside)])
        for partner, year, number in cursor.fetchall():
            if partner is None:
                projects = number
            else:
                by_region[partner][year] = number
    most = sorted(by_region.items(), key=lambda row: (-row[1].total(), row[0]))[:limit]
    regions = Region.objects.select_related("country").in_bulk([pk for pk, _years in most])
    years = {year for _pk, by_year in most for year in by_year if year is not None}
    span = tuple(range(min(years), max(years) + 1)) if years else ()
    return Collaborations(
        partners=tuple(
            PartnerRegion(
                regions[pk], by_year.total(), by_year, tuple(by_year[year] for year in span)
            )
            for pk, by_year in most
        ),
        totals={pk: by_year.total() for pk, by_year in by_region.items()},
        projects=projects,
        years=span,
    )
