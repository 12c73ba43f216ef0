"""Clusters and illustrative profiles: real clusters by name, invented organisations by label.

``organisations/data`` holds both apart. *Real* clusters have a name, a home region and sectors,
each with its source, and never a statement: nobody invents offers or needs for them. *Illustrative*
organisations are invented, say so in their name, and carry statements and memberships among
themselves.

What the files said last is kept in ``Organisation.registered``, so that a later load tells an edit
made here from an older version of the file: a field or statement follows its file as long as it is
as the file left it; what somebody changed, cleared or deleted stays so. Sectors and memberships are
only ever added.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from organisations.models import (
    ClusterMembership,
    FormerAddress,
    Organisation,
    Sector,
    Statement,
)
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
REGISTERED: Final = "profiles"
"""Where ``Organisation.registered`` keeps what these files said last."""

FOLLOWED: Final = (
    "name",
    "short_name",
    "kind",
    "status",
    "description",
    "city",
    "country_id",
    "nuts3_id",
    "home_region_id",
    "latitude",
    "longitude",
    "source_id",
)
NOT_SAID: Final = ("", None, Organisation.Kind.OTHER)
"""What a field holds that nobody filled in."""

M = TypeVar("M", bound=models.Model)
Step = Callable[[Path], Change]
Said = dict[str, Any]


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
    return _load_organisations(wanted)


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
    return _load_organisations(wanted)


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
        (_follow_statements(each, now[each.pk], concepts) for each in organisations.values()),
        Change(),
    )


def load_sectors(folder: Path) -> Change:
    """Load sectors; what an invented organisation does has the illustrative source."""
    concepts = concept_ids()
    sources = _sources()
    listed = list(rows(folder / "sectors.csv", "organisation scheme code source"))
    slugs = {row["organisation"] for row in listed}
    organisations = {each.slug: each for each in Organisation.objects.filter(slug__in=slugs)}
    merged = _merged(slugs - organisations.keys())
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


def _merged(slugs: Iterable[str]) -> set[str]:
    """Which of the organisations were merged into others: the files do not bring them back."""
    addresses = FormerAddress.objects.filter(slug__in=list(slugs))
    return set(addresses.values_list("slug", flat=True))


def _load_organisations(wanted: list[tuple[Row, Organisation]]) -> Change:
    known = {
        each.slug: each
        for each in Organisation.objects.filter(slug__in=[item.slug for _row, item in wanted])
    }
    merged = _merged(item.slug for _row, item in wanted)
    lines: dict[str, int] = {}
    change = Change()
    for row, item in wanted:
        if item.slug in lines:
            raise row.error(f"line {lines[item.slug]} is about the same")
        lines[item.slug] = row.line
        _check(row, item)
        said = {name: getattr(item, name) for name in FOLLOWED}
        present = known.get(item.slug)
        if present is None and item.slug in merged:
            continue
        if present is None:
            item.registered = {REGISTERED: {"fields": said}}
            item.save(force_insert=True)
            change += Change(added=1)
        elif present.is_illustrative != item.is_illustrative:
            other = "an illustrative" if present.is_illustrative else "a real"
            raise row.error(f"slug {item.slug!r} belongs to {other} organisation")
        elif _follow(present, said):
            change += Change(changed=1)
    return change


def _follow(present: Organisation, said: Said) -> bool:
    """Take over what the file says anew of fields that nobody edited; tell whether it did."""
    before: Said = present.registered.get(REGISTERED, {})
    last: Said = before.get("fields", {})
    for name in FOLLOWED:
        value = getattr(present, name)
        if value == last[name] if name in last else value in NOT_SAID:
            setattr(present, name, said[name])
    if last == said:
        return False
    _remember(present, "fields", said)
    return True


def _remember(organisation: Organisation, part: str, said: Said) -> None:
    before: Said = organisation.registered.get(REGISTERED, {})
    organisation.registered = {**organisation.registered, REGISTERED: {**before, part: said}}
    organisation.save()


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


def _content(statement: Statement) -> list[Any]:
    """All that a statement says apart from its concept and role, as JSON keeps it."""
    until = statement.valid_until
    return [
        statement.weight,
        statement.trl_from,
        statement.trl_to,
        until.isoformat() if until else None,
        statement.text,
    ]


def _follow_statements(
    organisation: Organisation, now: Mapping[str, Statement], concepts: Mapping[str, int]
) -> Change:
    """Add, change and remove declared statements that are as the file left them."""
    said = {key: _content(statement) for key, statement in now.items()}
    last: Said = organisation.registered.get(REGISTERED, {}).get("statements", {})
    if said == last:
        return Change()
    present = {
        (each.role, each.concept_id): each
        for each in organisation.statements.filter(origin=Statement.Origin.DECLARED)
    }
    added = changed = 0
    for key in last.keys() | said.keys():
        role, identifier = key.split(" ", 1)
        standing = present.get((role, concepts.get(identifier, 0)))
        if standing is None:
            if key in said and key not in last:
                now[key].save(force_insert=True)
                added += 1
        elif _content(standing) == last.get(key) != said.get(key):
            if key in said:
                now[key].pk = standing.pk
                now[key].save(force_update=True)
            else:
                standing.delete()
            changed += 1
    _remember(organisation, "statements", said)
    return Change(added, changed)


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


def _check(row: Row, item: models.Model) -> None:
    relations = {field.name for field in item._meta.concrete_fields if field.is_relation}
    try:
        item.clean_fields(exclude=relations)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise row.error(f"{name}: {messages[0]}") from error
