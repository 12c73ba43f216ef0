"""Countries, regions with their boundaries, and NUTS units."""

from pathlib import Path

from regions.models import (
    Country,
    NutsUnit,
    Region,
    RegionBoundary,
    RegionNeighbour,
    Source,
)
from regions.reference.files import rows
from regions.reference.kept import described_here
from regions.reference.upsert import Change, upsert

NUTS_COLUMNS = "version code level country name parent latitude longitude home"
REGION_COLUMNS = (
    "slug kind name local_name country nuts_2021 nuts_2024 nuts_label latitude longitude"
)


def load_countries(folder: Path) -> Change:
    return upsert(
        [
            (
                row,
                Country(
                    code=row.required("code"),
                    labels=row.labels(),
                    group=row.choice("group", Country.Group.values),
                ),
            )
            for row in rows(folder / "countries.csv", "code group en fr pl de es it")
        ],
        key=["code"],
    )


def load_regions(folder: Path) -> Change:
    """Load regions with what the dossiers file says about them; their NUTS units follow later."""
    countries = {country.code: country for country in Country.objects.all()}
    sources = {source.slug: source.pk for source in Source.objects.all()}
    dossiers = {
        row.required("region"): row
        for row in rows(folder / "facts" / "dossiers.csv", "region capital website summary source")
    }
    kept = described_here()
    wanted = []
    for row in rows(folder / "regions.csv", REGION_COLUMNS):
        slug = row.required("slug")
        dossier = dossiers.pop(slug, None)
        said = {
            "capital": dossier["capital"] if dossier else "",
            "website": dossier["website"] if dossier else "",
            "summary": dossier["summary"] if dossier else "",
            "summary_source_id": dossier.found("source", sources) if dossier else None,
        }
        wanted.append(
            (
                row,
                Region(
                    slug=slug,
                    name=row.required("name"),
                    local_name=row["local_name"],
                    kind=row.choice("kind", Region.Kind.values),
                    country=row.found("country", countries),
                    nuts_label=row.required("nuts_label"),
                    latitude=row.number("latitude"),
                    longitude=row.number("longitude"),
                    **kept.get(slug, said),
                ),
            )
        )
    for slug, row in dossiers.items():
        raise row.error(f"region {slug!r} is unknown")
    return upsert(wanted, key=["slug"])


def load_nuts(folder: Path) -> Change:
    """Load NUTS units level by level, since each names its parent."""
    countries = {country.code: country for country in Country.objects.all()}
    homes = {region.slug: region.pk for region in Region.objects.homes()}
    table = list(rows(folder / "nuts.csv.gz", NUTS_COLUMNS))
    change = Change()
    parents: dict[str, int] = {}
    for level in range(4):
        wanted = []
        for row in table:
            if row.integer("level") != level:
                continue
            version = row.required("version")
            parent = f"{version} {row['parent']}"
            if level and parent not in parents:
                raise row.error(f"parent {row['parent']!r} is unknown")
            if level == 3 and row["home"] not in homes:
                raise row.error(f"home {row['home']!r} is no home region")
            wanted.append(
                (
                    row,
                    NutsUnit(
                        version=row.integer("version"),
                        code=row.required("code"),
                        level=level,
                        country=row.found("country", countries),
                        name=row.required("name"),
                        parent_id=parents[parent] if level else None,
                        home_region_id=homes[row["home"]] if level == 3 else None,
                        latitude=row.optional_number("latitude"),
                        longitude=row.optional_number("longitude"),
                    ),
                )
            )
        change += upsert(
            wanted, key=["version", "code"], among=NutsUnit.objects.filter(level=level)
        )
        parents = {
            f"{version} {code}": pk
            for version, code, pk in NutsUnit.objects.filter(level=level).values_list(
                "version", "code", "pk"
            )
        }
    return change


def load_region_units(folder: Path) -> Change:
    """Join regions to the NUTS units that define them; exactly those of the file."""
    regions = {region.slug: region.pk for region in Region.objects.all()}
    units = {
        f"{version} {code}": pk
        for version, code, pk in NutsUnit.objects.values_list("version", "code", "pk")
    }
    wanted: set[tuple[int, int]] = set()
    for row in rows(folder / "regions.csv", REGION_COLUMNS):
        region = row.found("slug", regions)
        for version in NutsUnit.Version.values:
            for code in row[f"nuts_{version}"].split():
                if f"{version} {code}" not in units:
                    raise row.error(f"NUTS {version} has no unit {code}")
                wanted.add((region, units[f"{version} {code}"]))
    through = Region.nuts_units.through
    present = {
        (region, unit): pk
        for pk, region, unit in through._default_manager.filter(
            region_id__in={region for region, _unit in wanted}
        ).values_list("pk", "region_id", "nutsunit_id")
    }
    gone = [pk for pair, pk in present.items() if pair not in wanted]
    through._default_manager.filter(pk__in=gone).delete()
    new = sorted(wanted - present.keys())
    through._default_manager.bulk_create(
        [through(region_id=region, nutsunit_id=unit) for region, unit in new]
    )
    return Change(len(new), len(gone))


def load_boundaries(folder: Path) -> Change:
    regions = {region.slug: region.pk for region in Region.objects.all()}
    columns = "region path detailed_path min_x min_y max_x max_y"
    return upsert(
        [
            (
                row,
                RegionBoundary(
                    region_id=row.found("region", regions),
                    path=row.required("path"),
                    detailed_path=row.required("detailed_path"),
                    min_x=row.number("min_x"),
                    min_y=row.number("min_y"),
                    max_x=row.number("max_x"),
                    max_y=row.number("max_y"),
                ),
            )
            for row in rows(folder / "boundaries.csv.gz", columns)
        ],
        key=["region_id"],
    )


def load_neighbours(folder: Path) -> Change:
    """Load which home regions lie next to each region."""
    regions = {region.slug: region.pk for region in Region.objects.all()}
    homes = {region.slug: region.pk for region in Region.objects.homes()}
    return upsert(
        [
            (
                row,
                RegionNeighbour(
                    region_id=row.found("region", regions),
                    neighbour_id=row.found("neighbour", homes),
                    km=row.integer("km"),
                ),
            )
            for row in rows(folder / "neighbours.csv.gz", "region neighbour km")
        ],
        key=["region_id", "neighbour_id"],
    )
