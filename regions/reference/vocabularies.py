"""Sources, vocabularies, their concepts, and the reviewed relations between concepts."""

from pathlib import Path

from regions.models import Concept, ConceptRelation, Source, Vocabulary
from regions.reference.files import Row, rows
from regions.reference.upsert import Change, upsert

RELATION_COLUMNS = "kind source_scheme source_code target_scheme target_code weight reason"


def load_sources(folder: Path) -> Change:
    columns = "slug title publisher url licence standing note"
    return upsert(
        [
            (
                row,
                Source(
                    slug=row.required("slug"),
                    title=row.required("title"),
                    publisher=row["publisher"],
                    url=row["url"],
                    licence=row["licence"],
                    standing=row.choice("standing", Source.Standing.values),
                    note=row["note"],
                ),
            )
            for row in rows(folder / "sources.csv", columns)
        ],
        key=["slug"],
    )


def load_vocabularies(folder: Path) -> Change:
    """Load every vocabulary with its concepts, in the order of its file."""
    sources = {source.slug: source.pk for source in Source.objects.all()}
    listed = list(
        rows(
            folder / "vocabularies" / "vocabularies.csv",
            "scheme title version source description",
        )
    )
    change = upsert(
        [
            (
                row,
                Vocabulary(
                    scheme=row.required("scheme"),
                    title=row.required("title"),
                    version=row["version"],
                    description=row["description"],
                    source_id=row.found("source", sources),
                ),
            )
            for row in listed
        ],
        key=["scheme"],
    )
    vocabularies = {vocabulary.scheme: vocabulary for vocabulary in Vocabulary.objects.all()}
    for row in listed:
        plain = folder / "vocabularies" / f"{row['scheme']}.csv"
        path = plain if plain.exists() else plain.with_suffix(".csv.gz")
        if not path.exists():
            raise row.error(f"{plain.name} does not exist")
        change += _load_concepts(vocabularies[row["scheme"]], path)
    return change


def _load_concepts(vocabulary: Vocabulary, path: Path) -> Change:
    """Load concepts one depth at a time, broader ones first."""
    waiting: list[tuple[int, Row]] = list(
        enumerate(rows(path, "code broader en fr pl description"), start=1)
    )
    known: dict[str, int] = {}
    change = Change()
    while waiting:
        ready = [(n, row) for n, row in waiting if not row["broader"] or row["broader"] in known]
        if not ready:
            row = waiting[0][1]
            raise row.error(f"broader {row['broader']!r} is unknown")
        change += upsert(
            [
                (
                    row,
                    Concept(
                        vocabulary=vocabulary,
                        code=row.required("code"),
                        labels=row.labels(),
                        broader_id=known[row["broader"]] if row["broader"] else None,
                        position=position,
                        description=row["description"],
                    ),
                )
                for position, row in ready
            ],
            key=["vocabulary_id", "code"],
            among=vocabulary.concepts.all(),
        )
        known = dict(vocabulary.concepts.values_list("code", "pk"))
        done = {position for position, _row in ready}
        waiting = [(n, row) for n, row in waiting if n not in done]
    return change


def load_relations(folder: Path) -> Change:
    """Load relations; neighbours are stored once for each pair, whichever way round."""
    concepts = {
        f"{scheme} {code}": pk
        for scheme, code, pk in Concept.objects.values_list("vocabulary__scheme", "code", "pk")
    }
    wanted = []
    pairs: set[frozenset[int]] = set()
    for row in rows(folder / "relations.csv", RELATION_COLUMNS):
        ends = []
        for side in ("source", "target"):
            name = f"{row[f'{side}_scheme']} {row[f'{side}_code']}"
            if name not in concepts:
                raise row.error(f"{side} {name!r} is unknown")
            ends.append(concepts[name])
        kind = row.choice("kind", ConceptRelation.Kind.values)
        if kind == ConceptRelation.Kind.NEIGHBOUR:
            if frozenset(ends) in pairs:
                raise row.error("this pair of neighbours is there already")
            pairs.add(frozenset(ends))
        weight = row.integer("weight")
        if not 1 <= weight <= 9:
            raise row.error(f"weight {weight} is not from 1 to 9")
        wanted.append(
            (
                row,
                ConceptRelation(
                    kind=kind,
                    source_id=ends[0],
                    target_id=ends[1],
                    weight=weight,
                    reason=row.required("reason"),
                ),
            )
        )
    return upsert(wanted, key=["kind", "source_id", "target_id"])
