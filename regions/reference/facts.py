"""Facts about regions: priorities, figures, distinctions, networks, contact offices."""

from pathlib import Path

from regions.models import (
    Concept,
    Distinction,
    Indicator,
    KeyFigure,
    Network,
    NetworkMembership,
    Priority,
    Region,
    RegionContact,
    Source,
)
from regions.reference.files import rows
from regions.reference.kept import edited_here
from regions.reference.upsert import Change, upsert
from regions.services import assign_ranks

FIGURE_COLUMNS = "region indicator value qualifier year source note"
GIVEN_FIGURE_COLUMNS = "region indicator value qualifier rank rank_scope rank_of year source note"
PRIORITY_KEY = ["region_id", "kind", "concept_id", "title"]
DISTINCTION_KEY = ["region_id", "title", "year"]
CONTACT_KEY = ["region_id", "office"]
FIGURE_KEY = ["region_id", "indicator_id", "year", "source_id"]


def _regions() -> dict[str, int]:
    return dict(Region.objects.values_list("slug", "pk"))


def _sources() -> dict[str, int]:
    return dict(Source.objects.values_list("slug", "pk"))


def load_priorities(folder: Path) -> Change:
    regions, sources = _regions(), _sources()
    concepts = {
        f"{scheme} {code}": pk
        for scheme, code, pk in Concept.objects.values_list("vocabulary__scheme", "code", "pk")
    }
    wanted = []
    columns = "region kind scheme code title is_historic year source"
    for row in rows(folder / "facts" / "priorities.csv", columns):
        name = f"{row['scheme']} {row['code']}"
        if name not in concepts:
            raise row.error(f"concept {name!r} is unknown")
        wanted.append(
            (
                row,
                Priority(
                    region_id=row.found("region", regions),
                    concept_id=concepts[name],
                    kind=row.choice("kind", Priority.Kind.values),
                    title=row["title"],
                    is_historic=row.yes("is_historic"),
                    year=row.year(),
                    source_id=row.found("source", sources),
                ),
            )
        )
    return upsert(wanted, key=PRIORITY_KEY, kept=edited_here(Priority, PRIORITY_KEY))


def load_indicators(folder: Path) -> Change:
    columns = "slug label unit decimals position higher_is_first"
    return upsert(
        [
            (
                row,
                Indicator(
                    slug=row.required("slug"),
                    label=row.required("label"),
                    unit=row["unit"],
                    decimals=row.integer("decimals"),
                    position=row.integer("position"),
                    higher_is_first=row.yes("higher_is_first"),
                ),
            )
            for row in rows(folder / "facts" / "indicators.csv", columns)
        ],
        key=["slug"],
    )


def load_given_figures(folder: Path) -> Change:
    """Load the figures that a source gives for a region, with the rank that it gives."""
    regions, sources = _regions(), _sources()
    indicators = dict(Indicator.objects.values_list("slug", "pk"))
    table = list(rows(folder / "facts" / "key_figures.csv", GIVEN_FIGURE_COLUMNS))
    for row in table:
        if bool(row["rank"]) != bool(row["rank_scope"]):
            raise row.error("a rank needs its scope, and a scope its rank")
    return upsert(
        [
            (
                row,
                KeyFigure(
                    region_id=row.found("region", regions),
                    indicator_id=row.found("indicator", indicators),
                    value=row.decimal("value"),
                    qualifier=row.choice("qualifier", KeyFigure.Qualifier.values),
                    rank=row.optional_integer("rank"),
                    rank_scope=row.choice("rank_scope", KeyFigure.Scope.values),
                    rank_of=row.optional_integer("rank_of"),
                    year=row.year(),
                    source_id=row.found("source", sources),
                    note=row["note"],
                ),
            )
            for row in table
        ],
        key=FIGURE_KEY,
        kept=edited_here(KeyFigure, FIGURE_KEY),
    )


def load_computed_figures(folder: Path) -> Change:
    """Load the figures that were summed up for every region, ranked."""
    regions, sources = _regions(), _sources()
    indicators = dict(Indicator.objects.values_list("slug", "pk"))
    wanted = [
        (
            row,
            KeyFigure(
                region_id=row.found("region", regions),
                indicator_id=row.found("indicator", indicators),
                value=row.decimal("value"),
                qualifier=row.choice("qualifier", KeyFigure.Qualifier.values),
                year=row.year(),
                source_id=row.found("source", sources),
                note=row["note"],
            ),
        )
        for row in rows(folder / "key_figures.csv.gz", FIGURE_COLUMNS)
    ]
    assign_ranks([figure for _row, figure in wanted])
    return upsert(wanted, key=FIGURE_KEY)


def load_distinctions(folder: Path) -> Change:
    regions, sources = _regions(), _sources()
    columns = "region title awarded_by year source note note_source"
    return upsert(
        [
            (
                row,
                Distinction(
                    region_id=row.found("region", regions),
                    title=row.required("title"),
                    awarded_by=row["awarded_by"],
                    year=row.year(),
                    source_id=row.found("source", sources),
                    note=row["note"],
                    note_source_id=row.found("note_source", sources)
                    if row["note_source"]
                    else None,
                ),
            )
            for row in rows(folder / "facts" / "distinctions.csv", columns)
        ],
        key=DISTINCTION_KEY,
        kept=edited_here(Distinction, DISTINCTION_KEY),
    )


def load_networks(folder: Path) -> Change:
    regions, sources = _regions(), _sources()
    change = upsert(
        [
            (
                row,
                Network(
                    slug=row.required("slug"),
                    name=row.required("name"),
                    description=row["description"],
                    website=row["website"],
                    source_id=row.found("source", sources),
                ),
            )
            for row in rows(
                folder / "facts" / "networks.csv", "slug name description website source"
            )
        ],
        key=["slug"],
    )
    networks = dict(Network.objects.values_list("slug", "pk"))
    return change + upsert(
        [
            (
                row,
                NetworkMembership(
                    network_id=row.found("network", networks),
                    region_id=row.found("region", regions),
                    role=row.choice("role", NetworkMembership.Role.values),
                    year=row.year(),
                    source_id=row.found("source", sources),
                    note=row["note"],
                ),
            )
            for row in rows(
                folder / "facts" / "memberships.csv", "network region role year source note"
            )
        ],
        key=["network_id", "region_id"],
    )


def load_contacts(folder: Path) -> Change:
    regions, sources = _regions(), _sources()
    return upsert(
        [
            (
                row,
                RegionContact(
                    region_id=row.found("region", regions),
                    office=row.required("office"),
                    organisation=row["organisation"],
                    website=row["website"],
                    source_id=row.found("source", sources),
                ),
            )
            for row in rows(
                folder / "facts" / "contacts.csv", "region office organisation website source"
            )
        ],
        key=CONTACT_KEY,
        kept=edited_here(RegionContact, CONTACT_KEY),
    )
