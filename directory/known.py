"""What words may mean, and how values are called: concepts, regions and countries, kept in memory.

known().meant_by(["wodor"])    lexemes of the directory: '#c3', …
known().numbers("country", ["PL"])
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, NamedTuple

from django.db import connection

from directory.asking import EMPTY_WORDS, folded
from directory.stems import LANGUAGES, stem
from regions.naming import names_in_languages, region_label

MOST: Final = 60
"""Labels that one word may be in: a word of more of them means none in particular."""

KINDS: Final = {
    "en": {
        "university": "university",
        "company": "company",
        "sme": "sme",
        "research": "research institute",
        "cluster": "cluster",
        "agency": "agency",
    },
    "fr": {"university": "université", "company": "entreprise", "agency": "agence"},
    "pl": {"university": "uniwersytet", "company": "firma", "cluster": "klaster"},
    "de": {"university": "universität", "company": "unternehmen", "agency": "agentur"},
    "es": {"university": "universidad", "company": "empresa", "agency": "agencia"},
    "it": {"university": "università", "company": "impresa", "agency": "agenzia"},
}
"""Words that people type for a kind of organisation."""

STATE: Final = """
    SELECT (SELECT count(*) FROM regions_concept), (SELECT max(id) FROM regions_concept),
           (SELECT max(history_id) FROM regions_historicalconcept),
           (SELECT count(*) FROM regions_region),
           (SELECT max(history_id) FROM regions_historicalregion),
           (SELECT count(*) FROM regions_network), (SELECT max(id) FROM regions_network),
           (SELECT max(id) FROM directory_value), (SELECT min(id) FROM directory_value)
"""
CONCEPTS: Final = """
    SELECT c.id, v.scheme, c.code, c.labels, c.position
    FROM regions_concept c JOIN regions_vocabulary v ON v.id = c.vocabulary_id
"""
REGIONS: Final = """
    SELECT r.id, r.slug, r.name, r.local_name, r.country_id FROM regions_region r
"""


NETWORKS: Final = "SELECT id, slug, name FROM regions_network"


class ConceptRow(NamedTuple):
    id: int
    scheme: str
    code: str
    labels: dict[str, str]
    position: int


class RegionRow(NamedTuple):
    id: int
    slug: str
    name: str
    local_name: str
    country: str | None

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return region_label(self.name)


class NetworkRow(NamedTuple):
    id: int
    slug: str
    name: str


@dataclass
class Known:
    """All of it, as the database was in `state`."""

    state: tuple[object, ...] = ()
    concepts: dict[int, ConceptRow] = field(default_factory=dict)
    concept_ids: dict[str, int] = field(default_factory=dict)
    regions: dict[int, RegionRow] = field(default_factory=dict)
    region_ids: dict[str, int] = field(default_factory=dict)
    networks: dict[int, NetworkRow] = field(default_factory=dict)
    network_ids: dict[str, int] = field(default_factory=dict)
    countries: dict[str, dict[str, str]] = field(default_factory=dict)
    values: dict[int, tuple[str, str]] = field(default_factory=dict)
    number_of: dict[tuple[str, str], int] = field(default_factory=dict)
    by_word: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_stem: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    whole: dict[frozenset[str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def numbers(self, facet: str, values: Iterable[str]) -> list[int]:
        """Those of values that any entry has."""
        found = (self.number_of.get((facet, value)) for value in values)
        return [number for number in found if number is not None]

    def meant_by(self, words: Iterable[str]) -> list[str]:
        """What one word, written in any of these ways, may mean: labels that have it."""
        found: set[str] = set()
        for word in words:
            meant = self.by_word.get(word) or set()
            if len(word) > 3:
                for language in LANGUAGES:
                    meant = meant | self.by_stem.get(f"{language}:{stem(word, language)}", set())
            if len(meant) <= MOST:
                found |= meant
        return sorted(found)

    def named(self, words: Iterable[str]) -> list[str]:
        """What has a label of just these words, in whatever order and with whatever endings."""
        telling = [word for word in words if word not in EMPTY_WORDS]
        found: set[str] = set()
        for language in LANGUAGES:
            key = frozenset(f"{language}:{stem(word, language)}" for word in telling)
            found |= self.whole.get(key, set())
        return sorted(found)

    def add_label(self, lexeme: str, language: str, label: str) -> None:
        words = [word for word in folded(label) if word not in EMPTY_WORDS]
        for word in words:
            self.by_word[word].add(lexeme)
            self.by_stem[f"{language}:{stem(word, language)}"].add(lexeme)
        if words:
            stems = frozenset(f"{language}:{stem(word, language)}" for word in words)
            self.whole[stems].add(lexeme)


_kept = Known()
_lock = Lock()


def known() -> Known:
    """That of this process, read again once a vocabulary, a region or a value has changed. One
    query, if nothing has."""
    global _kept
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        state = cursor.fetchone()
        assert state is not None
        if _kept.state != state:
            with _lock:
                if _kept.state != state:
                    _kept = _read(state)
    return _kept


def _read(state: tuple[object, ...]) -> Known:
    made = Known(state=state)
    with connection.cursor() as cursor:
        cursor.execute(CONCEPTS)
        for concept in map(ConceptRow._make, _with_json(cursor.fetchall(), 3)):
            made.concepts[concept.id] = concept
            made.concept_ids[f"{concept.scheme}:{concept.code}"] = concept.id
            for language, label in concept.labels.items():
                made.add_label(f"#c{concept.id}", language, label)
        cursor.execute(REGIONS)
        for region in map(RegionRow._make, cursor.fetchall()):
            made.regions[region.id] = region
            made.region_ids[region.slug] = region.id
            for name in filter(None, (region.name, region.local_name)):
                made.add_label(f"#r{region.id}", "en", name)
            for language, name in names_in_languages(region.name):
                made.add_label(f"#r{region.id}", language, name)
        cursor.execute(NETWORKS)
        for network in map(NetworkRow._make, cursor.fetchall()):
            made.networks[network.id] = network
            made.network_ids[network.slug] = network.id
        cursor.execute("SELECT code, labels FROM regions_country")
        for code, labels in _with_json(cursor.fetchall(), 1):
            made.countries[code] = labels
            for language, label in labels.items():
                made.add_label(f"#n{code}", language, label)
        cursor.execute("SELECT id, facet, value FROM directory_value")
        for number, facet, value in cursor.fetchall():
            made.values[number] = (facet, value)
            made.number_of[facet, value] = number
    for language, kinds in KINDS.items():
        for kind, label in kinds.items():
            made.add_label(f"#k{kind}", language, label)
    return made


def _with_json(rows: list[tuple[Any, ...]], column: int) -> Iterable[tuple[Any, ...]]:
    """Django's connection leaves jsonb as text."""
    for row in rows:
        said = row[column]
        read = json.loads(said) if isinstance(said, str) else said
        yield (*row[:column], read, *row[column + 1 :])
