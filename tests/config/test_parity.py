"""One filter, two doors: a query string finds the same rows on the page and over the API."""

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


@pytest.mark.parametrize("persona", ["anonymous", "administrator"])
@pytest.mark.parametrize(
    ("room", "queries"),
    [
        ("regions", ["", "q=malo", "kind=area", "country=PL", "theme=green"]),
        (
            "organisations",
            [
                "",
                "q=agh",
                "region=malopolska",
                "kind=university",
                "role=needs",
                "concept=themes:green",
                "has_projects=false",
                "illustrative=true",
                "country=PL&role=offers",
            ],
        ),
        (
            "initiatives",
            [
                "",
                "q=valley",
                "kind=project",
                "region=malopolska",
                "status=running",
                "concept=themes:green",
                "year_from=2016",
                "year_to=2015",
            ],
        ),
    ],
    ids=["regions", "organisations", "initiatives"],
)
def test_page_and_endpoint_find_the_same(request, rows, persona, room, queries):
    client = request.getfixturevalue(persona)
    for query in queries:
        page = client.get(f"/{room}/?{query}")
        endpoint = client.get(f"/api/v1/{room}/?{query}").json()
        assert page.status_code == 200, query
        assert {row.slug for row in page.context["page_obj"]} == {
            row["slug"] for row in endpoint["results"]
        }, query


@pytest.mark.parametrize(
    "path",
    ["regions/?country=XX", "organisations/?concept=x", "initiatives/?year_from=1"],
)
def test_page_and_endpoint_refuse_the_same(anonymous, rows, path):
    page, endpoint = anonymous.get(f"/{path}"), anonymous.get(f"/api/v1/{path}")
    assert page.status_code == endpoint.status_code == 400
    (message,) = next(iter(endpoint.json().values()))
    assert message.split("“")[0] in page.content.decode()
