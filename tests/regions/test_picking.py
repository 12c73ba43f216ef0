"""Concepts found by search and in a person's own words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from regions.picking import mentioned, search
from tests.factories import ConceptFactory, VocabularyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def storage():
    labels = {"en": "Storage", "fr": "Stockage", "pl": "Magazynowanie"}
    chain = VocabularyFactory(scheme="hydrogen-value-chain", title="Hydrogen value chain")
    return ConceptFactory(vocabulary=chain, code="storage", labels=labels)


@pytest.fixture
def electrolysis():
    sciences = VocabularyFactory(scheme="euroscivoc", title="Sciences")
    labels = {"en": "Electrolysis", "fr": "Électrolyse"}
    return ConceptFactory(vocabulary=sciences, code="1", labels=labels)


def labels(groups):
    return [(group.vocabulary.scheme, [c.code for c in group.concepts]) for group in groups]


@pytest.mark.parametrize(
    ("language", "words", "found"),
    [
        ("en", "storage", True),
        ("en", "STOR", True),
        ("en", "magazyn", True),
        ("en", "hydogen storge", True),
        ("pl", "magazynowane", True),
        ("en", "quantum", False),
        ("en", "  ", False),
    ],
)
def test_search(storage, language, words, found):
    with translation.override(language):
        expected = [("hydrogen-value-chain", ["storage"])] if found else []
        assert labels(search(words)) == expected


def test_accents_do_not_matter(electrolysis):
    with translation.override("fr"):
        assert labels(search("electrolyse")) == [("euroscivoc", ["1"])]


def test_grouped_and_the_vocabularies_of_the_field_first(storage, electrolysis):
    ConceptFactory(vocabulary=electrolysis.vocabulary, code="2", labels={"en": "Storage"})
    ConceptFactory(vocabulary=storage.vocabulary, code="x", labels={"en": "Energy storage"})
    assert labels(search("storage")) == [
        ("hydrogen-value-chain", ["storage", "x"]),
        ("euroscivoc", ["2"]),
    ]


def test_places_are_no_concepts_to_state():
    places = VocabularyFactory(scheme="nuts-2021")
    ConceptFactory(vocabulary=places, code="PL21", labels={"en": "Małopolska"})
    assert search("malopolska") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We offer STORAGE of gas.", "STORAGE"),
        ("Szukamy magazynowania wodoru", "magazynowania"),
        ("Nous faisons du stockage.", "stockage"),
        ("We restore paintings.", None),
        ("", None),
    ],
)
def test_labels_in_a_text(storage, text, words):
    assert [mention.words for mention in mentioned(text)] == ([words] if words else [])


def test_a_label_of_several_words_stands_in_one_piece(electrolysis):
    ConceptFactory(code="w", labels={"en": "Wind energy"})
    assert [m.words for m in mentioned("wind-borne energy")] == []
    assert [m.words for m in mentioned("Wind energy for all")] == ["Wind energy"]


@pytest.fixture
def fields():
    """Labels that speak of AI and of steel, and some in which the letters stand by chance."""
    vocabulary = VocabularyFactory(scheme="themes", title="Themes")
    for code, labels in (
        ("1", {"en": "Maintenance"}),
        ("2", {"en": "Trustworthy AI"}),
        ("3", {"en": "Air traffic"}),
        ("4", {"en": "Steel", "pl": "Stal"}),
        ("5", {"en": "Crystals"}),
        ("6", {"en": "Stalls"}),
        ("7", {"en": "Explained by (AI-)models"}),
    ):
        ConceptFactory(vocabulary=vocabulary, code=code, labels=labels)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("AI", ["3", "2", "7"]),
        ("ai", ["3", "2", "7"]),
        ("sta", ["6", "4"]),
        ("stal", ["6", "4", "5"]),
        ("ace", []),
    ],
)
def test_words_that_begin_come_first_and_short_ones_are_only_found_there(fields, words, found):
    assert [c.code for group in search(words) for c in group.concepts] == found


@pytest.mark.parametrize("words", ["(", "¿a", "%", "_", "\\", "a\\m", "''", "[a"])
def test_odd_signs_are_searched_for_as_any_other(fields, words):
    assert search(words) is not None


def test_those_called_the_same_say_which_they_are(storage):
    sciences = VocabularyFactory(scheme="euroscivoc", title="Sciences")
    broader = ConceptFactory(vocabulary=sciences, code="e", labels={"en": "Energy"})
    twin = ConceptFactory(vocabulary=sciences, code="s", labels={"en": "storage"}, broader=broader)
    other = ConceptFactory(vocabulary=sciences, code="w", labels={"en": "Warm storage"})
    rows = dict(row for group in search("storage") for row in group.rows)
    assert rows == {
        storage: "Hydrogen value chain",
        twin: "Sciences · Energy",
        other: "",
    }


def test_labels_are_folded_once_however_many_words_are_sought(storage):
    def foldings(words):
        with CaptureQueriesContext(connection) as queries:
            search(words)
        (sql, *_rest) = [query["sql"] for query in queries if "label" in query["sql"]]
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (VERBOSE) " + sql)
            return "".join(line for (line,) in cursor.fetchall()).count("regexp_replace")

    assert 0 < foldings("e t a o i n s hydrogen") == foldings("hydrogen")


def test_words_are_not_found_across_two_labels():
    vocabulary = VocabularyFactory(scheme="fields")
    ConceptFactory(
        vocabulary=vocabulary, code="x", labels={"en": "-", "de": "ice-cold", "es": "water"}
    )
    assert labels(search("cold-water")) == []
    assert labels(search("ice-cold")) == [("fields", ["x"])]
