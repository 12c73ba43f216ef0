"""What the data files say is there in every language that the site must be whole in."""

import csv
import gzip
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils.translation import override

from config.languages import REQUIRED
from regions.models import Distinction, Indicator, Priority
from regions.own_texts import is_left_in_english, own_texts, said
from tests.factories import IndicatorFactory, KeyFigureFactory

ROOT = Path(__file__).resolve().parents[2]

SPOKEN = {
    "regions/data/facts/contacts.csv": ["office", "organisation"],
    "regions/data/facts/distinctions.csv": ["title", "awarded_by", "note"],
    "regions/data/facts/dossiers.csv": ["summary"],
    "regions/data/facts/indicators.csv": ["label", "unit"],
    "regions/data/facts/key_figures.csv": ["note"],
    "regions/data/facts/memberships.csv": ["note"],
    "regions/data/facts/networks.csv": ["description"],
    "regions/data/facts/priorities.csv": ["title"],
    "regions/data/key_figures.csv.gz": ["note"],
    "regions/data/sources.csv": ["note"],
    "regions/data/vocabularies/vocabularies.csv": ["title"],
    "initiatives/data/initiative_figures.csv": ["label", "unit"],
    "initiatives/data/initiative_regions.csv": ["note"],
    "initiatives/data/initiatives.csv": ["description", "date_note"],
    "organisations/data/clusters.csv": ["description"],
    "organisations/data/illustrative/organisations.csv": ["description"],
    "organisations/data/illustrative/projects.csv": ["description"],
}
"""Sentences and words of the site's own, which every reader is to understand."""

NAMED = {
    "regions/data/facts/networks.csv": ["name"],
    "regions/data/sources.csv": ["title", "publisher"],
    "initiatives/data/initiatives.csv": ["name", "place", "lead_name"],
}
"""Names, which may stay as they are."""

SAME_EVERYWHERE = {"km²", "%"}


def values(columns: dict[str, list[str]]) -> set[str]:
    found = set()
    for name, wanted in columns.items():
        content = (ROOT / name).read_bytes()
        text = gzip.decompress(content) if name.endswith(".gz") else content
        for row in csv.DictReader(text.decode().splitlines()):
            found |= {row[column] for column in wanted}
    return found - {""}


def reasons_of_neighbours() -> set[str]:
    with (ROOT / "regions/data/relations.csv").open(newline="") as file:
        return {row["reason"] for row in csv.DictReader(file) if row["kind"] == "neighbour"}


@pytest.mark.parametrize("language", REQUIRED)
def test_every_text_of_ours_is_there_in_the_language(language):
    spoken = (values(SPOKEN) | reasons_of_neighbours()) - SAME_EVERYWHERE
    assert {text for text in spoken if language not in own_texts().get(text, {})} == set()


def test_a_text_is_in_both_languages_or_is_a_name():
    names = {text for text, labels in own_texts().items() if set(labels) == {"en"}}
    assert names <= values(NAMED)
    for text, labels in own_texts().items():
        assert text in names or set(REQUIRED) <= set(labels), text


def test_no_translation_is_left_of_a_text_that_no_file_has():
    licences = values({"regions/data/sources.csv": ["licence"]})
    known = values(SPOKEN) | values(NAMED) | reasons_of_neighbours() | licences
    assert set(own_texts()) - known == set()


def test_a_text_is_said_in_the_language_of_the_reader():
    with override("pl"):
        assert said("Population") == "Ludność"
        assert said("An office wrote this itself.") == "An office wrote this itself."
    with override("en"):
        assert said("Population") == "Population"


def test_a_name_left_in_english_is_marked_and_what_an_office_wrote_is_not():
    template = Template("{% load display %}{{ text|said }}")
    with override("fr"):
        assert is_left_in_english("Vanguard Initiative")
        shown = template.render(Context({"text": "Vanguard Initiative"}))
        assert shown == '<span lang="en">Vanguard Initiative</span>'
        assert template.render(Context({"text": "Nos <mots>"})) == "Nos &lt;mots&gt;"
    with override("en"):
        assert template.render(Context({"text": "Vanguard Initiative"})) == "Vanguard Initiative"


def test_figures_and_priorities_are_called_in_the_language_of_the_reader():
    with override("fr"):
        assert str(Indicator(label="Business entities")) == "Entreprises et entités économiques"
        assert str(Priority(title="Life sciences")) == "Sciences de la vie"
        assert str(Distinction(title="European Entrepreneurial Region 2016")) == (
            "Région entrepreneuriale européenne 2016"
        )


@pytest.mark.django_db
def test_the_page_of_a_region_speaks_the_language_of_the_reader(client):
    indicator = IndicatorFactory(label="Manufacturing jobs", unit="jobs")
    figure = KeyFigureFactory(indicator=indicator, note="Census.")
    page = client.get(figure.region.get_absolute_url(), {"lang": "pl"}).content.decode()
    assert "Miejsca pracy w przemyśle" in page
    assert "miejsc pracy" in page
    assert "Spis powszechny." in page
    assert "Manufacturing jobs" not in page
