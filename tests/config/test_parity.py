"""One search, two doors: a query string finds the same on the page and over the API."""

import pytest

from tests.factories import (
    ConceptFactory,
    InitiativeConceptFactory,
    InitiativeFactory,
    OrganisationFactory,
    ParticipationFactory,
    PriorityFactory,
    RegionFactory,
    StatementFactory,
)


@pytest.fixture
def rows(db):
    green = ConceptFactory(code="green", label="Green")
    malopolska = RegionFactory(slug="malopolska", name="Małopolska")
    RegionFactory(slug="rhone", name="Rhône", kind="area")
    PriorityFactory(region=malopolska, concept=green)
    agh = OrganisationFactory(name="AGH", home_region=malopolska, kind="university")
    StatementFactory(organisation=agh, concept=green, role="needs")
    OrganisationFactory(name="Invented", is_illustrative=True)
    OrganisationFactory(name="Draft", status="draft")
    project = InitiativeFactory(name="Project")
    ParticipationFactory(initiative=project, organisation=agh)
    InitiativeConceptFactory(initiative=project, concept=green)
    InitiativeFactory(name="Valley", kind="hydrogen-valley", status="running")


QUERIES = [
    "",
    "q=malo",
    "q=agh",
    "q=valley",
    "country=PL",
    "region=malopolska",
    "kind=university",
    "role=needs",
    "needs=themes:green",
    "concept=themes:green",
    "took_part=project",
    "invented=yes",
    "stage=project",
    "running=running",
    "country=PL&role=offers",
]


@pytest.mark.parametrize("persona", ["anonymous", "administrator"])
@pytest.mark.parametrize("room", ["regions", "organisations", "clusters", "initiatives"])
def test_page_and_endpoint_find_the_same(request, rows, persona, room):
    client = request.getfixturevalue(persona)
    for query in QUERIES:
        page = client.get(f"/{room}/?{query}")
        endpoint = client.get(f"/api/v1/search/?in={room}&{query}").json()
        assert page.status_code == 200, query
        assert [each.row.slug for each in page.context["results"]] == [
            row["slug"] for row in endpoint["results"]
        ], query
        assert page.context["found"].total == endpoint["count"]


def test_values_that_do_not_exist_are_named_by_both(anonymous, rows):
    page = anonymous.get("/organisations/?country=XX")
    endpoint = anonymous.get("/api/v1/search/?in=organisations&country=XX").json()
    assert [(facet.name, written) for facet, written in page.context["unknown"]] == [
        ("country", "XX")
    ]
    assert endpoint["ignored"] == [{"facet": "country", "value": "XX"}]
    assert endpoint["count"] == page.context["found"].total > 0


@pytest.mark.parametrize("query", ["nothing=1", "in=moon", "sort=size", "page=0", "q=" + "x" * 301])
def test_the_endpoint_refuses_what_makes_no_sense(anonymous, rows, query):
    assert anonymous.get(f"/api/v1/search/?{query}").status_code == 400


def test_a_page_that_is_not_there_is_not_found(anonymous, rows):
    assert anonymous.get("/api/v1/search/?in=regions&page=99").status_code == 404
