import pytest

from regions.models import KeyFigure, Source
from tests.factories import (
    ConceptFactory,
    DistinctionFactory,
    KeyFigureFactory,
    NetworkMembershipFactory,
    PriorityFactory,
    RegionContactFactory,
    RegionFactory,
    SourceFactory,
    VocabularyFactory,
)

REGIONS = "/api/v1/regions/"
CONCEPTS = "/api/v1/concepts/"


@pytest.fixture
def malopolska(db):
    region = RegionFactory(slug="malopolska", name="Małopolska")
    told = SourceFactory(slug="presentation", standing=Source.Standing.PRESENTATION)
    theme = ConceptFactory(code="green-transition", label="Green transition")
    PriorityFactory(region=region, concept=theme, source=told)
    KeyFigureFactory(
        region=region, rank=2, rank_scope=KeyFigure.Scope.COUNTRY, rank_of=17, source=told
    )
    DistinctionFactory(region=region, title="European Entrepreneurial Region", year=2016)
    NetworkMembershipFactory(region=region, network__name="Vanguard Initiative")
    RegionContactFactory(region=region, office="Department of Economy")
    return region


def test_list_is_in_pages_by_name(anonymous):
    for name in ("Silesia", "Norte", "Aragón"):
        RegionFactory(name=name)
    answer = anonymous.get(REGIONS, {"page_size": 2}).json()
    assert answer["count"] == 3
    assert [region["name"] for region in answer["results"]] == ["Aragón", "Norte"]
    rest = anonymous.get(answer["next"]).json()
    assert [region["name"] for region in rest["results"]] == ["Silesia"]


def test_detail_holds_every_fact_with_its_source(anonymous, malopolska):
    answer = anonymous.get(f"{REGIONS}malopolska/").json()

    assert answer["url"] == "http://testserver/regions/malopolska/"
    assert answer["country"] == {"code": "PL", "name": "Poland"}
    assert answer["priorities"][0]["concept"] == {
        "id": "themes:green-transition",
        "label": "Green transition",
    }
    figure = answer["key_figures"][0]
    assert (figure["label"], figure["value"], figure["unit"], figure["year"]) == (
        "Population",
        "3500000.00",
        "people",
        2018,
    )
    assert (figure["rank"], figure["rank_scope"], figure["rank_of"]) == (2, "country", 17)
    assert figure["source"]["standing"] == "presentation"
    assert answer["distinctions"][0]["title"] == "European Entrepreneurial Region"
    assert answer["networks"][0]["name"] == "Vanguard Initiative"
    assert answer["contacts"][0]["office"] == "Department of Economy"
    for facts in ("priorities", "key_figures", "distinctions", "networks", "contacts"):
        assert answer[facts][0]["source"]["title"]


def test_list_costs_the_same_for_one_and_for_fifty(anonymous, connection_queries):
    RegionFactory()
    one = connection_queries(anonymous, REGIONS, page_size=100)
    RegionFactory.create_batch(49)
    assert connection_queries(anonymous, REGIONS, page_size=100) == one <= 10


def test_detail_stays_within_its_budget(anonymous, malopolska, connection_queries):
    for _more in range(10):
        PriorityFactory(region=malopolska)
        NetworkMembershipFactory(region=malopolska)
    assert connection_queries(anonymous, f"{REGIONS}malopolska/") <= 15


def test_concept_is_found_by_scheme_and_code_with_all_labels(anonymous):
    broader = ConceptFactory(code="C", vocabulary=VocabularyFactory(scheme="nace"))
    ConceptFactory(
        code="C20.1",
        vocabulary=broader.vocabulary,
        broader=broader,
        labels={"en": "Hydrogen", "pl": "Wodór", "fr": "Hydrogène"},
    )
    answer = anonymous.get(f"{CONCEPTS}nace:C20.1/").json()
    assert answer == {
        "id": "nace:C20.1",
        "scheme": "nace",
        "code": "C20.1",
        "labels": {"en": "Hydrogen", "pl": "Wodór", "fr": "Hydrogène"},
        "broader": "nace:C",
        "description": "",
    }
    listed = anonymous.get(CONCEPTS, {"q": "wodor"}).json()
    assert [concept["id"] for concept in listed["results"]] == ["nace:C20.1"]


def test_concepts_cost_the_same_for_one_and_for_fifty(anonymous, connection_queries):
    ConceptFactory(broader=ConceptFactory())
    one = connection_queries(anonymous, CONCEPTS, page_size=100)
    ConceptFactory.create_batch(48, broader=ConceptFactory())
    assert connection_queries(anonymous, CONCEPTS, page_size=100) == one <= 10


@pytest.mark.parametrize(
    "path",
    [f"{REGIONS}atlantis/", f"{CONCEPTS}themes:atlantis/", f"{CONCEPTS}atlantis/"],
)
def test_unknown_is_404_in_json(anonymous, db, path):
    answer = anonymous.get(path)
    assert answer.status_code == 404
    assert answer.json()["detail"]


@pytest.mark.parametrize("path", [REGIONS, f"{REGIONS}malopolska/", CONCEPTS])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("persona", ["anonymous", "stranger", "administrator"])
def test_nothing_can_be_written(request, malopolska, persona, method, path):
    client = request.getfixturevalue(persona)
    answer = getattr(client, method)(path, {}, content_type="application/json")
    assert answer.status_code in {403, 405}
    assert answer.json()["detail"]
