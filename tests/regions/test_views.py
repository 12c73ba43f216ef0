import pytest

from tests.factories import OrganisationFactory, RegionFactory


def test_regions_by_country_and_name(anonymous, db):
    region = RegionFactory(name="Małopolska", nuts_label="PL21")
    RegionFactory(name="An area", kind="area")
    OrganisationFactory(home_region=region)
    OrganisationFactory(home_region=region, status="draft")

    page = anonymous.get("/regions/")

    assert [row.name for row in page.context["page_obj"]] == ["Małopolska", "An area"]
    assert page.context["page_obj"][0].organisation_count == 1
    assert "2 regions and areas" in page.content.decode()


def test_regions_narrowed(anonymous, db):
    RegionFactory(name="Małopolska")
    RegionFactory(name="Norte")
    page = anonymous.get("/regions/", {"q": "malopol"})
    assert [row.name for row in page.context["page_obj"]] == ["Małopolska"]


def test_no_region_fits(anonymous, db):
    assert "No region fits these filters" in anonymous.get("/regions/").content.decode()


@pytest.mark.parametrize(
    ("query", "field"),
    [("country=XX", "country"), ("kind=none", "kind"), ("theme=none", "theme")],
)
def test_a_malformed_filter_is_a_400_with_the_message_at_its_field(anonymous, db, query, field):
    page = anonymous.get(f"/regions/?{query}")
    assert page.status_code == 400
    text = page.content.decode()
    assert f'id="id_{field}_error"' in text
    assert "Select a valid choice" in text
    assert "page_obj" not in page.context


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "9" * 30, "9" * 5000, "1.5"])
def test_a_page_that_is_not_there_is_a_404(anonymous, db, page):
    answer = anonymous.get("/regions/", {"page": page})
    assert answer.status_code == 404
    assert "of this list; it has 1" in answer.content.decode()


def test_pages_keep_the_filter(anonymous, db):
    for number in range(60):
        RegionFactory(name=f"North {number:02}")
    text = anonymous.get("/regions/", {"q": "north"}).content.decode()
    assert "Page 1 of 2" in text
    assert 'href="?q=north&amp;page=2"' in text


def test_the_list_costs_the_same_for_1_and_50(anonymous, db, connection_queries):
    RegionFactory()
    one = connection_queries(anonymous, "/regions/")
    for _ in range(49):
        RegionFactory()
    assert connection_queries(anonymous, "/regions/") == one <= 6
