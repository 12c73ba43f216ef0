"""Concepts found by search and in a person's own words."""

import pytest
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
