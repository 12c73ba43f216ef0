"""What regions are called in the reader's language."""

import csv
from pathlib import Path

import pytest
from django.utils.translation import override

from regions.models import Region
from regions.naming import (
    LABELS,
    LANGUAGES,
    alphabetical_region,
    names_in_languages,
    names_with,
    region_label,
    region_labels,
)
from tests.factories import CountryFactory, RegionFactory

REGIONS = Path(__file__).resolve().parents[2] / "regions" / "data" / "regions.csv"


def english_names():
    with REGIONS.open(newline="") as file:
        return [row["name"] for row in csv.DictReader(file)]


def test_every_label_is_that_of_a_region():
    with LABELS.open(newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert len(names) == len(set(names))
    assert set(names) <= set(english_names())
    assert len(names) > 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_regions_are_called_the_same(language):
    with override(language):
        labels = [region_label(name) for name in english_names()]
    assert len(labels) == len(set(labels)) == len(english_names())
    assert all(label == label.strip() for label in labels)


@pytest.mark.parametrize(
    ("language", "label"),
    [
        *(("en", "Bavaria"), ("fr", "Bavière"), ("pl", "Bawaria")),
        *(("de", "Bayern"), ("es", "Baviera"), ("it", "Baviera"), ("fr-ca", "Bavière")),
    ],
)
def test_a_region_is_called_as_the_reader_calls_it(language, label):
    bavaria = Region(name="Bavaria", slug="bavaria")
    with override(language):
        assert bavaria.label == str(bavaria) == label


def test_what_somebody_has_named_stays_as_it_was_named():
    with override("fr"):
        assert region_label("Free State of Bavaria") == "Free State of Bavaria"


def test_a_name_that_is_the_same_in_a_language_is_not_said_twice():
    for name in region_labels():
        assert name not in dict(names_in_languages(name)).values()


@pytest.mark.parametrize("word", ["baviere", "BAVIÈRE", "bawar", "Bayern"])
def test_english_names_are_found_by_those_of_any_language(word):
    assert "Bavaria" in names_with(word)


def test_names_that_nobody_is_shown_are_found_too():
    assert names_with("petite-pologne") == ["Małopolska"]
    with override("fr"):
        assert region_label("Małopolska") == "Małopolska"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("en", ["Åland", "Bavaria", "Łódź", "Scotland", "Vienna", "Zeta"]),
        # Åland, Bavière, Écosse, Łódź, Vienne, Zeta
        ("fr", ["Åland", "Bavaria", "Scotland", "Łódź", "Vienna", "Zeta"]),
        # Bawaria, Łódzkie, Szkocja, Wiedeń, Wyspy Alandzkie, Zeta
        ("pl", ["Bavaria", "Łódź", "Scotland", "Vienna", "Åland", "Zeta"]),
    ],
)
def test_the_order_is_that_of_the_labels(language, order):
    country = CountryFactory()
    for name in ("Zeta", "Vienna", "Łódź", "Scotland", "Bavaria", "Åland"):
        RegionFactory(name=name, country=country)
    with override(language):
        rows = Region.objects.order_by(alphabetical_region(), "pk")
        assert list(rows.values_list("name", flat=True)) == order


@pytest.mark.django_db
def test_regions_are_found_by_words_of_any_language():
    RegionFactory(name="Bavaria", local_name="Bayern")
    RegionFactory(name="Lower Bavaria", local_name="Niederbayern")
    assert [row.name for row in Region.objects.named("basse baviere")] == ["Lower Bavaria"]
    assert Region.objects.named("Bawaria").count() == 2
    assert not Region.objects.named("baviere atlantis")
