"""The search before anything is asked: ways in that find something, and few queries."""

import pytest

from directory import starting
from regions.pressure import TooManyAtOnceError
from tests.factories import (
    ConceptFactory,
    InitiativeFactory,
    OrganisationFactory,
    RegionFactory,
    StatementFactory,
    VocabularyFactory,
)

pytestmark = pytest.mark.django_db

SEARCH = "/search/"


@pytest.fixture
def some():
    chain = VocabularyFactory(scheme="hydrogen-value-chain")
    segments = [
        ConceptFactory(vocabulary=chain, code=code, position=position, labels={"en": code})
        for position, code in ((2, "storage"), (1, "electrolysis"), (3, "unstated"))
    ]
    for number, segment in enumerate(segments[:2]):
        maker = OrganisationFactory(name=f"Hydrogen {number}", short_name="AGH")
        StatementFactory(organisation=maker, concept=segment, role="offers")
    OrganisationFactory(name="Hidden", status="draft", country__code="XY")
    InitiativeFactory(name="Valley")
    return segments


def test_ways_in_are_what_is_there(anonymous, some):
    start = anonymous.get(SEARCH).context["start"]
    assert [(each.scope.name, each.total, each.is_more) for each in start.directories] == [
        ("organisations", 2, False),
        ("clusters", 0, False),
        ("initiatives", 1, False),
        ("regions", 3, False),
    ]
    assert [link.written for link in start.segments] == [
        "hydrogen-value-chain:electrolysis",
        "hydrogen-value-chain:storage",
    ]
    assert [link.written for link in start.countries] == ["PL"]


def test_every_way_in_finds_something(anonymous, some):
    text = anonymous.get(SEARCH).content.decode()
    assert 'href="/search/?q=hidrogen"' in text
    assert "malopolska" not in text  # nothing here is there
    start = anonymous.get(SEARCH).context["start"]
    asked = [
        *({"q": link.written} for link in start.examples),
        *({"segment": link.written} for link in start.segments),
        *({"country": link.written} for link in start.countries),
    ]
    assert len(asked) >= 5
    for each in asked:
        found = anonymous.get(SEARCH, each).context["found"]
        assert found.total
        assert not found.is_near


def test_in_the_readers_language(anonymous, some):
    RegionFactory(country__code="DE", country__labels={"en": "Germany", "fr": "Allemagne"})
    OrganisationFactory(country_id="DE")
    labels = []
    for language in ("en", "fr"):
        page = anonymous.get(SEARCH, headers={"accept-language": language})
        labels.append({str(link.label) for link in page.context["start"].countries})
    assert "Germany" in labels[0]
    assert "Allemagne" in labels[1]


def test_who_comes_later_needs_hardly_a_query(anonymous, some, connection_queries):
    first = connection_queries(anonymous, SEARCH)
    assert connection_queries(anonymous, SEARCH) <= 3 < first <= 12


def test_without_anything_there_is_no_example(anonymous):
    start = anonymous.get(SEARCH).context["start"]
    assert not start.examples
    assert not start.countries
    assert "For example" not in anonymous.get(SEARCH).content.decode()


def test_while_too_many_search_the_box_stands_alone(anonymous, some, monkeypatch):
    def busy(*, wait):
        raise TooManyAtOnceError

    monkeypatch.setattr(starting, "in_turn", busy)
    answer = anonymous.get(SEARCH)
    assert answer.status_code == 200
    assert answer.context["start"] is None
