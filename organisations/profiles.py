"""The real clusters of the founding facts, and the illustrative profiles.

Illustrative organisations are invented: their names say so, ``is_illustrative`` is set, and their
source is *illustrative*. A real cluster gets its sectors (with their own source) and nothing that
it has not stated.
"""

from pathlib import Path

from django.db import transaction

from organisations.loading import bring
from organisations.models import ClusterMembership, Organisation, Sector, Statement
from regions.models import Concept, NutsUnit, Region, Source
from regions.reference.files import Row, rows
from regions.reference.upsert import Change

DATA = Path(__file__).parent / "data"
ILLUSTRATIVE = "illustrative"
LABEL = "(illustrative)"

CLUSTERS = "slug name region description source"
SECTORS = "organisation scheme code source"
EXAMPLES = "slug name kind city nuts3 description"
STATEMENTS = "organisation role scheme code weight text trl_from trl_to valid_until"
MEMBERS = "cluster member since"


@transaction.atomic
def load_profiles(*, folder: Path = DATA) -> Change:
    """Load clusters, illustrative profiles, their sectors, members and statements.

    Idempotent. Raises DataFileError, with nothing loaded, for the first bad row.
    """
    return (
        _load_clusters(folder)
        + _load_examples(folder)
        + _load_sectors(folder)
        + _load_members(folder)
        + _load_statements(folder)
    )


def concepts_by_code() -> dict[str, Concept]:
    """Every concept under ``scheme code``."""
    concepts = Concept.objects.select_related("vocabulary")
    return {f"{concept.vocabulary.scheme} {concept.code}": concept for concept in concepts}


def concept_of(row: Row, concepts: dict[str, Concept]) -> Concept:
    """Return the concept that a row's ``scheme`` and ``code`` name."""
    name = f"{row.required('scheme')} {row.required('code')}"
    if name not in concepts:
        raise row.error(f"concept {name!r} is unknown")
    return concepts[name]


def _load_clusters(folder: Path) -> Change:
    regions = {region.slug: region for region in Region.objects.homes()}
    sources = {source.slug: source for source in Source.objects.all()}
    change = Change()
    for row in rows(folder / "clusters.csv", CLUSTERS):
        region = row.found("region", regions)
        values = {
            "name": row.required("name"),
            "kind": Organisation.Kind.CLUSTER,
            "status": Organisation.Status.VERIFIED,
            "description": row["description"],
            "country_id": region.country_id,
            "home_region": region,
            "source": row.found("source", sources),
        }
        change += bring(row, Organisation, {"slug": row.required("slug")}, values)[1]
    return change


def _load_examples(folder: Path) -> Change:
    units = {
        unit.code: unit
        for unit in NutsUnit.objects.filter(version=NutsUnit.Version.V2021, level=3)
    }
    source = Source.objects.get(slug=ILLUSTRATIVE)
    change = Change()
    for row in rows(folder / "examples.csv", EXAMPLES):
        name = row.required("name")
        if not name.endswith(LABEL):
            raise row.error(f"an invented organisation's name ends in {LABEL}")
        unit = row.found("nuts3", units)
        values = {
            "name": name,
            "kind": row.choice("kind", Organisation.Kind.values),
            "status": Organisation.Status.VERIFIED,
            "description": row["description"],
            "city": row["city"],
            "country_id": unit.country_id,
            "nuts3": unit,
            "home_region_id": unit.home_region_id,
            "latitude": unit.latitude,
            "longitude": unit.longitude,
            "is_illustrative": True,
            "source": source,
        }
        change += bring(row, Organisation, {"slug": row.required("slug")}, values)[1]
    return change


def _load_sectors(folder: Path) -> Change:
    organisations = {item.slug: item for item in _loaded_here()}
    sources = {source.slug: source for source in Source.objects.all()}
    concepts = concepts_by_code()
    change = Change()
    for row in rows(folder / "cluster_sectors.csv", SECTORS):
        key = {
            "organisation": row.found("organisation", organisations),
            "concept": concept_of(row, concepts),
        }
        change += bring(row, Sector, key, {"source": row.found("source", sources)})[1]
    return change


def _load_members(folder: Path) -> Change:
    examples = {item.slug: item for item in _loaded_here() if item.is_illustrative}
    clusters = {slug: item for slug, item in examples.items() if item.is_cluster}
    source = Source.objects.get(slug=ILLUSTRATIVE)
    change = Change()
    for row in rows(folder / "example_members.csv", MEMBERS):
        key = {"cluster": row.found("cluster", clusters), "member": row.found("member", examples)}
        values = {"since": row.year("since"), "source": source}
        change += bring(row, ClusterMembership, key, values)[1]
    return change


def _load_statements(folder: Path) -> Change:
    examples = {item.slug: item for item in _loaded_here() if item.is_illustrative}
    concepts = concepts_by_code()
    change = Change()
    for row in rows(folder / "example_statements.csv", STATEMENTS):
        key = {
            "organisation": row.found("organisation", examples),
            "concept": concept_of(row, concepts),
            "role": row.choice("role", Statement.Role.values),
            "origin": Statement.Origin.DECLARED,
        }
        field = Statement._meta.get_field("valid_until")
        values = {
            "weight": row.integer("weight"),
            "text": row["text"],
            "trl_from": row.optional_integer("trl_from"),
            "trl_to": row.optional_integer("trl_to"),
            "valid_until": field.to_python(row["valid_until"] or None),
        }
        change += bring(row, Statement, key, values)[1]
    return change


def _loaded_here() -> list[Organisation]:
    """Clusters and illustrative organisations; no need to read all the others."""
    kinds = Organisation.objects.filter(kind=Organisation.Kind.CLUSTER, pic=None)
    return list(kinds.union(Organisation.objects.filter(is_illustrative=True)))
