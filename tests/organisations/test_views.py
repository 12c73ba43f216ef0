import pytest

from tests.factories import OrganisationFactory, ParticipationFactory, RegionFactory


def names(page):
    return [row.name for row in page.context["page_obj"]]


def test_organisations_by_name_with_their_projects(anonymous, db):
    lab = OrganisationFactory(name="Lab", is_illustrative=True)
    OrganisationFactory(name="Agency")
    OrganisationFactory(name="Hidden", status="pending")
    ParticipationFactory(organisation=lab)

    page = anonymous.get("/organisations/")

    assert names(page) == ["Agency", "Lab"]
    assert [row.project_count for row in page.context["page_obj"]] == [0, 1]
    assert 'badge-illustrative">illustrative' in page.content.decode()


def test_organisations_narrowed_to_a_region(anonymous, db):
    region = RegionFactory(slug="norte")
    OrganisationFactory(name="Here", home_region=region)
    OrganisationFactory(name="Elsewhere")
    assert names(anonymous.get("/organisations/", {"region": "norte"})) == ["Here"]


def test_drafts_show_to_their_team_only(anonymous, stranger, viewer, administrator):
    viewer.user.teams.get().organisation.__class__.objects.update(status="draft")
    shown = [
        bool(names(client.get("/organisations/")))
        for client in (anonymous, stranger, viewer, administrator)
    ]
    assert shown == [False, False, True, True]


def test_no_organisation_fits(anonymous, db):
    text = anonymous.get("/organisations/", {"q": "none"}).content.decode()
    assert "No organisation fits these filters" in text


@pytest.mark.parametrize(
    "query", ["region=none", "country=XX", "kind=none", "concept=none", "has_projects=perhaps"]
)
def test_a_malformed_filter_is_a_400_with_the_message_at_its_field(anonymous, db, query):
    page = anonymous.get(f"/organisations/?{query}")
    assert page.status_code == 400
    assert f'id="id_{query.split("=")[0]}_error"' in page.content.decode()


@pytest.mark.parametrize("page", ["0", "7", "x", "9" * 400])
def test_a_page_that_is_not_there_is_a_404(anonymous, db, page):
    assert anonymous.get("/organisations/", {"page": page}).status_code == 404


def test_the_list_costs_the_same_for_1_and_50(anonymous, db, connection_queries):
    OrganisationFactory()
    one = connection_queries(anonymous, "/organisations/")
    for _ in range(49):
        ParticipationFactory()
    assert connection_queries(anonymous, "/organisations/") == one <= 6
