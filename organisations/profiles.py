"""Clusters and illustrative profiles: real clusters by name, invented organisations by label.

``organisations/data`` holds both apart. *Real* clusters have a name, a home region and sectors,
each with its source, and never a statement: nobody invents offers or needs for them. *Illustrative*
organisations are invented, say so in their name, and carry statements and memberships among
themselves.

Fields and statements follow their file as long as nobody edited them (`organisations.following`);
sectors and memberships are only ever added.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from django.db import models

from organisations.following import follow_organisations, follow_statements, merged_among
from organisations.models import ClusterMembership, Organisation, Sector, Statement
from regions.models import Concept, NutsUnit, Region, Source
from regions.reference.files import Row, rows
from regions.reference.upsert import Change, upsert

DATA: Final = Path(__file__).resolve().parent / "data"
FOLDER: Final = "illustrative"
"""The folder of the invented organisations inside the data folder."""

LABEL: Final = "(illustrative)"
"""How the name of whatever is invented ends."""

PREFIX: Final = "example-"
"""How the address of whatever is invented begins."""

ILLUSTRATIVE_SOURCE: Final = "illustrative"

M = TypeVar("M", bound=models.Model)
Step = Callable[[Path], Change]


def load_clusters(folder: Path) -> Change:
    """Load the real clusters; a place must lie in the home region that is given."""
    regions = {region.slug: region for region in Region.objects.homes()}
    units = _nuts3_units()
    sources = _sources()
    wanted = []
    for row in rows(folder / "clusters.csv", "slug name city nuts3 region description source"):
        region = row.found("region", regions)
        unit = row.found("nuts3", units) if row["nuts3"] else None
        if unit is not None and unit.home_region_id != region.pk:
            raise row.error(f"nuts3 {unit.code} is not in {region.slug}")
        wanted.append(
            (
                row,
                Organisation(
                    slug=row.required("slug"),
                    name=row.required("name"),
                    kind=Organisation.Kind.CLUSTER,
                    status=Organisation.Status.VERIFIED,
                    description=row["description"],
                    city=row["city"],
                    country_id=region.country_id,
                    nuts3=unit,
                    home_region=region,
                    source=row.found("source", sources),
                ),
            )
        )
    return follow_organisations(wanted)


def load_illustrative_organisations(folder: Path) -> Change:
    """Load the invented organisations; coordinates are those of the NUTS 3 unit."""
    units = _nuts3_units()
    source = illustrative_source()
    wanted = []
    for row in _illustrative_rows(folder):
        unit = row.found("nuts3", units)
        wanted.append(
            (
                row,
                Organisation(
                    slug=labelled(row, "slug", starts=PREFIX),
                    name=labelled(row, "name", ends=LABEL),
                    kind=row.choice("kind", Organisation.Kind.values),
                    status=Organisation.Status.VERIFIED,
                    description=row["description"],
                    city=row.required("city"),
                    country_id=unit.country_id,
                    nuts3=unit,
                    home_region_id=unit.home_region_id,
                    latitude=unit.latitude,
                    longitude=unit.longitude,
                    is_illustrative=True,
                    source=source,
                ),
            )
        )
    return follow_organisations(wanted)


def load_statements(folder: Path) -> Change:
    """Load what the invented organisations declare."""
    concepts = concept_ids()
    organisations = illustrative_organisations(folder)
    columns = "organisation role scheme code weight trl_from trl_to valid_until text"
    now: dict[int, dict[str, Statement]] = defaultdict(dict)
    for row in rows(folder / FOLDER / "statements.csv", columns):
        organisation = invented(row, "organisation", organisations)
        statement = _statement(row, organisation, concepts)
        key = f"{statement.role} {row['scheme']}:{row['code']}"
        if key in now[organisation.pk]:
            raise row.error("the organisation states this already")
        now[organisation.pk][key] = statement
    return sum(
        (follow_statements(each, now[each.pk], concepts) for each in organisations.values()),
        Change(),
    )


def load_sectors(folder: Path) -> Change:
    """Load sectors; what an invented organisation does has the illustrative source."""
    concepts = concept_ids()
    sources = _sources()
    listed = list(rows(folder / "sectors.csv", "organisation scheme code source"))
    slugs = {row["organisation"] for row in listed}
    organisations = {each.slug: each for each in Organisation.objects.filter(slug__in=slugs)}
    merged = merged_among(slugs - organisations.keys())
    wanted = []
    for row in listed:
        if row["organisation"] in merged:
            continue
        organisation = row.found("organisation", organisations)
        source = row.found("source", sources)
        if organisation.is_illustrative and not source.is_illustrative:
            raise row.error(f"{organisation.slug} is invented, so its source is not {source.slug}")
        sector = Sector(
            organisation=organisation, concept_id=concept_of(row, concepts), source=source
        )
        wanted.append((row, sector))
    return _add_missing(
        wanted,
        key=("organisation_id", "concept_id"),
        among=Sector.objects.filter(organisation__in=organisations.values()),
    )


def load_members(folder: Path) -> Change:
    """Load the members of the invented clusters, which are invented too."""
    organisations = illustrative_organisations(folder)
    source = illustrative_source()
    wanted = []
    for row in rows(folder / FOLDER / "members.csv", "cluster member since"):
        cluster = invented(row, "cluster", organisations)
        member = invented(row, "member", organisations)
        if not cluster.is_cluster:
            raise row.error(f"{cluster.slug} is no cluster")
        if cluster == member:
            raise row.error("a cluster is not its own member")
        membership = ClusterMembership(
            cluster=cluster, member=member, since=row.year("since"), source=source
        )
        wanted.append((row, membership))
    return _add_missing(
        wanted,
        key=("cluster_id", "member_id"),
        among=ClusterMembership.objects.filter(cluster__is_illustrative=True),
    )


STEPS: Final[dict[str, Step]] = {
    "clusters": load_clusters,
    "illustrative organisations": load_illustrative_organisations,
    "their statements": load_statements,
    "sectors": load_sectors,
    "members of clusters": load_members,
}
"""The tables of organisations, in the order that they need each other."""


def illustrative_organisations(folder: Path) -> dict[str, Organisation]:
    """The invented organisations of the file that are in the database, by slug."""
    slugs = [row["slug"] for row in _illustrative_rows(folder)]
    found = Organisation.objects.filter(slug__in=slugs, is_illustrative=True)
    return {organisation.slug: organisation for organisation in found}


def illustrative_source() -> Source:
    """The source that everything invented names."""
    return Source.objects.get(slug=ILLUSTRATIVE_SOURCE)


def invented(row: Row, column: str, known: Mapping[str, Organisation]) -> Organisation:
    """The invented organisation that the column names, or DataFileError."""
    organisation = known.get(row.required(column))
    if organisation is None:
        raise row.error(f"{column} {row[column]!r} is no illustrative organisation")
    return organisation


def labelled(row: Row, column: str, *, starts: str = "", ends: str = "") -> str:
    """The column's value, which shows that what it names is invented, or DataFileError."""
    value = row.required(column)
    if not value.startswith(starts) or not value.endswith(ends):
        raise row.error(f"{column} {value!r} is not labelled {starts or ends!r}")
    return value


def concept_ids() -> dict[str, int]:
    """Primary keys of all concepts, by ``scheme:code``."""
    return {
        f"{scheme}:{code}": pk
        for scheme, code, pk in Concept.objects.values_list("vocabulary__scheme", "code", "pk")
    }


def concept_of(row: Row, concepts: Mapping[str, int]) -> int:
    """The concept that the columns ``scheme`` and ``code`` name, or DataFileError."""
    identifier = f"{row.required('scheme')}:{row.required('code')}"
    if identifier not in concepts:
        raise row.error(f"concept {identifier!r} is unknown")
    return concepts[identifier]


def day(row: Row, column: str) -> date | None:
    """The date in the column, YYYY-MM-DD, or None where it is empty."""
    try:
        return date.fromisoformat(row[column]) if row[column] else None
    except ValueError:
        raise row.error(f"{column} {row[column]!r} is no date") from None


def _illustrative_rows(folder: Path) -> Iterator[Row]:
    return rows(folder / FOLDER / "organisations.csv", "slug name kind city nuts3 description")


def _nuts3_units() -> dict[str, NutsUnit]:
    units = NutsUnit.objects.filter(version=NutsUnit.Version.V2021, level=3)
    return {unit.code: unit for unit in units}


def _sources() -> dict[str, Source]:
    return {source.slug: source for source in Source.objects.all()}


def _statement(row: Row, organisation: Organisation, concepts: Mapping[str, int]) -> Statement:
    weight = row.integer("weight")
    if not 1 <= weight <= 3:
        raise row.error(f"weight {weight} is not from 1 to 3")
    low, high = row.optional_integer("trl_from"), row.optional_integer("trl_to")
    if (low is None) != (high is None) or (
        low is not None and high is not None and not 1 <= low <= high <= 9
    ):
        raise row.error("TRL goes from 1 to 9: give both ends, the lower first")
    return Statement(
        organisation=organisation,
        concept_id=concept_of(row, concepts),
        role=row.choice("role", Statement.Role.values),
        origin=Statement.Origin.DECLARED,
        weight=weight,
        text=row["text"],
        trl_from=low,
        trl_to=high,
        valid_until=day(row, "valid_until"),
    )


def _add_missing(
    wanted: list[tuple[Row, M]], *, key: tuple[str, str], among: "models.QuerySet[M]"
) -> Change:
    present = set(among.values_list(*key))
    return upsert(
        [
            (row, item)
            for row, item in wanted
            if tuple(getattr(item, name) for name in key) not in present
        ],
        key=key,
        among=among,
    )
