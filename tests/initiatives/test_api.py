import datetime

import pytest

from organisations.models import Organisation, Statement
from tests.factories import (
    ClusterMembershipFactory,
    InitiativeConceptFactory,
    InitiativeFactory,
    InitiativeFigureFactory,
    InitiativeRegionFactory,
    OrganisationFactory,
    ParticipationFactory,
    SectorFactory,
    SourceFactory,
    StatementEvidenceFactory,
    StatementFactory,
    TeamMemberFactory,
)

ORGANISATIONS = "/api/v1/organisations/"
INITIATIVES = "/api/v1/initiatives/"
DRAFT = Organisation.Status.DRAFT


def test_organisation_shows_declared_beside_demonstrated_with_evidence(anonymous, organisation):
    declared = StatementFactory(organisation=organisation, role=Statement.Role.NEEDS)
    shown = StatementFactory(
        organisation=organisation, concept=declared.concept, origin=Statement.Origin.DEMONSTRATED
    )
    for year in range(2010, 2017):
        StatementEvidenceFactory(
            statement=shown,
            initiative=InitiativeFactory(
                name=f"Project of {year}", start_date=datetime.date(year, 1, 1), end_date=None
            ),
        )
    answer = anonymous.get(f"{ORGANISATIONS}{organisation.slug}/").json()

    by_origin = {statement["origin"]: statement for statement in answer["statements"]}
    assert by_origin["declared"]["evidence"] == []
    assert by_origin["declared"]["role"] == "needs"
    assert by_origin["demonstrated"]["evidence_count"] == 7
    evidence = [project["name"] for project in by_origin["demonstrated"]["evidence"]]
    assert evidence == [f"Project of {year}" for year in (2016, 2015, 2014, 2013, 2012)]


def test_cluster_shows_its_public_members_only(anonymous):
    cluster = OrganisationFactory(kind=Organisation.Kind.CLUSTER)
    ClusterMembershipFactory(cluster=cluster, member__name="Public")
    ClusterMembershipFactory(cluster=cluster, member__name="Secret", member__status=DRAFT)
    SectorFactory(organisation=cluster, concept__label="Energy")
    answer = anonymous.get(f"{ORGANISATIONS}{cluster.slug}/").json()
    assert [member["organisation"]["name"] for member in answer["members"]] == ["Public"]
    assert [sector["concept"]["label"] for sector in answer["sectors"]] == ["Energy"]


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("anonymous", 404),
        ("stranger", 404),
        ("viewer", 200),
        ("editor", 200),
        ("administrator", 200),
    ],
)
def test_draft_is_for_its_team_alone(request, organisation, persona, status):
    Organisation.objects.filter(pk=organisation.pk).update(status=DRAFT)
    client = request.getfixturevalue(persona)

    answer = client.get(f"{ORGANISATIONS}{organisation.slug}/")
    listed = client.get(ORGANISATIONS).json()

    assert answer.status_code == status
    assert [row["slug"] for row in listed["results"]] == (
        [organisation.slug] if status == 200 else []
    )


def test_draft_that_takes_part_is_not_named(anonymous):
    initiative = InitiativeFactory(lead=OrganisationFactory(status=DRAFT), lead_name="A company")
    ParticipationFactory(initiative=initiative, organisation=OrganisationFactory(status=DRAFT))
    detail = anonymous.get(f"{INITIATIVES}{initiative.slug}/").json()
    participants = anonymous.get(f"{INITIATIVES}{initiative.slug}/participations/").json()
    assert (detail["lead"], detail["lead_name"]) == (None, "A company")
    assert participants["results"][0]["organisation"] is None


def test_initiative_holds_regions_coverage_figures_and_parts(anonymous):
    initiative = InitiativeFactory(slug="valley", lead=OrganisationFactory(name="The lead"))
    initiative.further_sources.add(SourceFactory(slug="press", title="The press"))
    InitiativeFactory(name="A part", part_of=initiative)
    InitiativeRegionFactory(initiative=initiative, region__name="Małopolska", role="lead")
    InitiativeConceptFactory(initiative=initiative, concept__label="Storage", role="covers")
    InitiativeFigureFactory(initiative=initiative, label="Hydrogen", nature="planned", year=2030)

    answer = anonymous.get(f"{INITIATIVES}valley/").json()

    assert answer["lead"]["name"] == answer["lead_name"] == "The lead"
    assert [part["name"] for part in answer["parts"]] == ["A part"]
    assert answer["regions"][0]["region"]["name"] == "Małopolska"
    assert answer["regions"][0]["role"] == "lead"
    assert answer["source"] == answer["sources"][0]
    assert answer["sources"][1]["title"] == "The press"
    assert answer["coverage"][0]["concept"]["label"] == "Storage"
    figure = answer["figures"][0]
    assert (figure["value"], figure["unit"], figure["nature"], figure["year"]) == (
        "5000.00",
        "t H2/year",
        "planned",
        2030,
    )
    assert figure["source"]["title"]


def test_participants_are_in_pages_with_the_coordinator_first(anonymous):
    initiative = InitiativeFactory(slug="project")
    ParticipationFactory.create_batch(30, initiative=initiative)
    ParticipationFactory(initiative=initiative, organisation=None, pic="999999999")
    ParticipationFactory(
        initiative=initiative, role="coordinator", organisation__name="The coordinator"
    )
    answer = anonymous.get(f"{INITIATIVES}project/participations/").json()
    assert answer["count"] == 32
    assert len(answer["results"]) == 25
    assert answer["results"][0]["organisation"]["name"] == "The coordinator"
    rest = anonymous.get(f"{INITIATIVES}project/participations/", {"page": 2}).json()
    assert rest["results"][-1] | {"country": None} == {
        "organisation": None,
        "pic": "999999999",
        "name": "",
        "country": None,
        "activity_type": "",
        "role": "participant",
        "contribution": None,
    }


@pytest.mark.parametrize(
    ("path", "make"),
    [(ORGANISATIONS, OrganisationFactory), (INITIATIVES, InitiativeFactory)],
    ids=["organisations", "initiatives"],
)
def test_list_costs_the_same_for_one_and_for_fifty(anonymous, connection_queries, path, make):
    make()
    one = connection_queries(anonymous, path, page_size=100)
    make.create_batch(49)
    assert connection_queries(anonymous, path, page_size=100) == one <= 10


def test_participants_cost_the_same_for_one_and_for_fifty(anonymous, connection_queries):
    initiative = InitiativeFactory(slug="project")
    path = f"{INITIATIVES}project/participations/"
    ParticipationFactory(initiative=initiative)
    one = connection_queries(anonymous, path, page_size=100)
    ParticipationFactory.create_batch(49, initiative=initiative)
    assert connection_queries(anonymous, path, page_size=100) == one <= 10


def test_whole_organisation_stays_within_its_budget(viewer, organisation, connection_queries):
    for _more in range(10):
        StatementEvidenceFactory(statement__organisation=organisation)
        SectorFactory(organisation=organisation)
        ClusterMembershipFactory(cluster=organisation)
        ClusterMembershipFactory(member=organisation)
        TeamMemberFactory(organisation=organisation)
    assert connection_queries(viewer, f"{ORGANISATIONS}{organisation.slug}/") <= 15


def test_whole_initiative_stays_within_its_budget(viewer, connection_queries):
    initiative = InitiativeFactory(
        lead=OrganisationFactory(), part_of=InitiativeFactory(), slug="valley"
    )
    for _more in range(10):
        InitiativeFactory(part_of=initiative)
        InitiativeRegionFactory(initiative=initiative)
        InitiativeConceptFactory(initiative=initiative)
        InitiativeFigureFactory(initiative=initiative)
        ParticipationFactory(initiative=initiative)
    assert connection_queries(viewer, f"{INITIATIVES}valley/") <= 15


@pytest.mark.parametrize("path", [f"{ORGANISATIONS}x/", f"{INITIATIVES}x/"])
def test_unknown_is_404_in_json(anonymous, path):
    answer = anonymous.get(path)
    assert answer.status_code == 404
    assert answer.json()["detail"]


def test_participants_of_an_unknown_initiative_are_404(anonymous):
    assert anonymous.get(f"{INITIATIVES}x/participations/").status_code == 404
