"""The directory of each kind: what it holds, its order, its facets and its pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.models import Entry
from regions import bulk
from tests.factories import (
    ClusterMembershipFactory,
    InitiativeFactory,
    InitiativeRegionFactory,
    NetworkFactory,
    NetworkMembershipFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionFactory,
    TeamMemberFactory,
)

pytestmark = pytest.mark.django_db

DIRECTORIES = ["/organisations/", "/clusters/", "/initiatives/", "/regions/"]


def names(page):
    return [each.hit.title for each in page.context["results"]]


def facet(page, name):
    return next((each for each in page.context["offered"] if each.facet.name == name), None)


def choices(page, name):
    return {choice.written: choice.count for choice in facet(page, name).choices}


def test_each_holds_its_kind(anonymous):
    region = RegionFactory(name="Norte")
    OrganisationFactory(name="Lab", home_region=region)
    OrganisationFactory(name="Cluster", kind="cluster", home_region=region)
    OrganisationFactory(name="Hidden", status="pending", home_region=region)
    InitiativeFactory(name="Valley", kind="hydrogen-valley")
    found = {address: sorted(names(anonymous.get(address))) for address in DIRECTORIES}
    assert found == {
        "/organisations/": ["Cluster", "Lab"],
        "/clusters/": ["Cluster"],
        "/initiatives/": ["Valley"],
        "/regions/": ["Norte"],
    }


def test_initiatives_of_their_own_before_projects(anonymous):
    InitiativeFactory(name="A project")
    InitiativeFactory(name="Some valley", kind="hydrogen-valley")
    assert names(anonymous.get("/initiatives/")) == ["Some valley", "A project"]
    ParticipationFactory.create_batch(
        101, initiative=InitiativeFactory(name="A large project"), organisation=None, name="X"
    )
    assert names(anonymous.get("/initiatives/")) == ["Some valley", "A large project", "A project"]


def test_a_project_is_found_where_its_participants_are(anonymous):
    region = RegionFactory(slug="malopolskie", name="Małopolskie", country__code="PL")
    organisation = OrganisationFactory(home_region=region, country=region.country)
    ParticipationFactory(organisation=organisation, initiative__name="Hydrogen of salt")
    InitiativeFactory(name="Hydrogen elsewhere")
    for asked in ({"region": "malopolskie"}, {"country": "PL"}, {"q": "malopolskie hydrogen"}):
        page = anonymous.get("/initiatives/", asked)
        assert names(page) == ["Hydrogen of salt"]
        assert not page.context["found"].is_near
    assert choices(anonymous.get("/initiatives/"), "country") == {"PL": 1}


def test_those_with_most_projects_first_or_by_name(anonymous):
    for name in ("Ångström Lab", "Zoo", "agency"):
        OrganisationFactory(name=name)
    ParticipationFactory(organisation=OrganisationFactory(name="Busy"))
    assert names(anonymous.get("/organisations/"))[0] == "Busy"
    assert names(anonymous.get("/organisations/", {"sort": "name"})) == [
        "agency",
        "Ångström Lab",
        "Busy",
        "Zoo",
    ]


@pytest.mark.parametrize("address", DIRECTORIES)
def test_an_empty_directory_says_so(anonymous, address):
    text = anonymous.get(address).content.decode()
    assert "Nothing fits these filters" in text


@pytest.mark.parametrize("address", DIRECTORIES)
@pytest.mark.parametrize("page", ["0", "-1", "7", "x", "9" * 5000, "1.5"])
def test_a_page_that_is_not_there_is_a_404(anonymous, address, page):
    answer = anonymous.get(address, {"page": page})
    assert answer.status_code == 404
    assert "of this list; it has 1" in answer.content.decode()


def test_pages_keep_the_facets(anonymous):
    region = RegionFactory(slug="north")
    for number in range(25):
        OrganisationFactory(name=f"North {number:02}", home_region=region)
    text = anonymous.get("/organisations/", {"region": "north"}).content.decode()
    assert "Page 1 of 2" in text
    assert 'href="?region=north&amp;page=2"' in text


def test_beyond_what_is_listed_the_page_says_so(anonymous, monkeypatch):
    monkeypatch.setattr("directory.searching.MOST_LISTED", 3)
    monkeypatch.setattr("directory.views.MOST_LISTED", 3)
    for number in range(5):
        OrganisationFactory(name=f"North {number:02}")
    page = anonymous.get("/organisations/")
    assert len(names(page)) == 3
    text = page.content.decode()
    assert "Only the first 3 results are listed." in text
    assert "More of them are in the files below." in text
    assert page.context["found"].total == 5


def test_counts_beyond_the_limit_say_at_least(anonymous, monkeypatch):
    monkeypatch.setattr("directory.searching.MOST_RANKED", 3)
    region = RegionFactory()
    for kind in ("company", "university") * 3:
        OrganisationFactory(home_region=region, kind=kind)
    text = anonymous.get("/organisations/").content.decode()
    assert "3+ results" in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("in=clusters", "/clusters/"),
        ("in=organisations&q=lab&country=PL", "/organisations/?q=lab&country=PL"),
    ],
)
def test_a_search_in_a_directory_goes_there(anonymous, old, new):
    answer = anonymous.get(f"/search/?{old}")
    assert answer.status_code == 302
    assert answer["Location"] == new


def test_a_region_within_its_country(anonymous):
    south, north = RegionFactory(slug="south", name="South"), RegionFactory(slug="a", name="North")
    country = south.country_id
    assert north.country_id == country
    OrganisationFactory(name="S", home_region=south, country=south.country)
    OrganisationFactory(name="N", home_region=north, country=south.country)
    page = anonymous.get("/organisations/", {"country": country})
    (choice,) = facet(page, "country").choices
    assert (choice.count, choice.is_chosen) == (2, True)
    assert [(each.written, each.count) for each in choice.within] == [("a", 1), ("south", 1)]

    page = anonymous.get("/organisations/", {"country": country, "region": "south"})
    assert names(page) == ["S"]
    (choice,) = facet(page, "country").choices
    assert choice.count == 2
    assert [each.count for each in choice.within] == [1, 1]


def test_a_country_and_a_region_of_another_are_alternatives(anonymous):
    here, there, elsewhere = (RegionFactory(country__code=code) for code in ("PL", "FR", "DE"))
    for name, region in (("Here", here), ("There", there), ("Elsewhere", elsewhere)):
        OrganisationFactory(name=name, home_region=region, country=region.country)
    page = anonymous.get("/organisations/", {"country": "PL", "region": there.slug})
    assert sorted(names(page)) == ["Here", "There"]


def test_countries_by_name_in_the_readers_language(anonymous):
    for code, labels in (
        ("DE", {"en": "Germany", "fr": "Allemagne"}),
        ("AT", {"en": "Austria", "fr": "Autriche"}),
        ("BE", {"en": "Belgium", "fr": "Belgique"}),
    ):
        region = RegionFactory(country__code=code, country__labels=labels)
        OrganisationFactory(home_region=region, country=region.country)

    def shown(language):
        page = anonymous.get("/organisations/", headers={"accept-language": language})
        return [choice.label for choice in facet(page, "country").choices]

    assert shown("en") == ["Austria", "Belgium", "Germany"]
    assert shown("fr") == ["Allemagne", "Autriche", "Belgique"]


def test_members_of_a_cluster(anonymous):
    cluster = OrganisationFactory(name="Public cluster", kind="cluster")
    draft = OrganisationFactory(name="Draft cluster", kind="cluster", status="draft")
    member = ClusterMembershipFactory(cluster=cluster).member
    ClusterMembershipFactory(cluster=draft)
    page = anonymous.get("/organisations/")
    assert [choice.label for choice in facet(page, "network").choices] == [cluster.known_as]
    page = anonymous.get("/organisations/", {"network": cluster.pk})
    assert names(page) == [member.name]


def test_regions_in_a_network(anonymous):
    network = NetworkFactory(slug="vanguard", name="Vanguard Initiative")
    region = NetworkMembershipFactory(network=network).region
    RegionFactory()
    page = anonymous.get("/regions/", {"alliance": "vanguard"})
    assert names(page) == [region.name]
    assert choices(page, "alliance") == {"vanguard": 1}
    region.network_memberships.all().delete()
    assert names(anonymous.get("/regions/", {"alliance": "vanguard"})) == []


def test_who_keeps_the_profile(anonymous):
    OrganisationFactory(name="Loaded")
    kept = TeamMemberFactory(organisation__name="Kept").organisation
    assert names(anonymous.get("/organisations/", {"kept": "team"})) == ["Kept"]
    kept.team.all().delete()
    assert sorted(names(anonymous.get("/organisations/", {"kept": "sources"}))) == [
        "Kept",
        "Loaded",
    ]


def test_verified_tells_those_apart_who_see_more(anonymous, administrator):
    OrganisationFactory(name="Open")
    OrganisationFactory(name="Waiting", status="pending")
    assert facet(anonymous.get("/organisations/"), "verified") is None
    page = administrator.get("/organisations/", {"verified": "pending"})
    assert names(page) == ["Waiting"]


def test_initiatives_by_year_newest_first(anonymous):
    for year in (2015, 2019, 2017):
        InitiativeFactory(start_date=f"{year}-03-01", end_date=None)
    page = anonymous.get("/initiatives/")
    assert list(choices(page, "year")) == ["2019", "2017", "2015"]
    assert len(names(anonymous.get("/initiatives/", {"year": ["2015", "2019"]}))) == 2


def test_a_facet_that_is_only_chosen_by_address_can_be_taken_away(anonymous):
    InitiativeRegionFactory()
    page = anonymous.get("/organisations/", {"offers": "nothing:there"})
    assert "does not exist, and is ignored" in page.content.decode()
    assert facet(page, "offers") is None


@pytest.mark.parametrize("address", DIRECTORIES)
def test_a_directory_costs_the_same_for_1_and_30(anonymous, address, connection_queries):
    def more(count):
        for _each in range(count):
            part = ParticipationFactory()
            ClusterMembershipFactory(member=part.organisation)
            InitiativeRegionFactory(initiative=part.initiative)

    more(1)
    one = connection_queries(anonymous, address)
    more(29)
    assert Entry.objects.count() > 100
    assert connection_queries(anonymous, address) <= one + 1 <= 12


def test_what_is_counted_in_part_says_so_and_what_is_chosen_is_exact(anonymous, monkeypatch):
    monkeypatch.setattr("directory.searching.MOST_RANKED", 4)
    here, there = (RegionFactory(country__code=code) for code in ("PL", "FR"))
    for number in range(9):
        region = there if number < 6 else here
        OrganisationFactory(name=f"Lab {number}", home_region=region, country=region.country)
    page = anonymous.get("/organisations/", {"country": "PL"})
    assert page.context["found"].total == 3
    counted = {choice.written: choice for choice in facet(page, "country").choices}
    assert (counted["PL"].count, counted["PL"].is_least) == (3, False)
    assert [(each.count, each.is_least) for each in counted["PL"].within] == [(3, False)]
    assert counted["FR"].is_least
    text = page.content.decode()
    assert '<span class="facet-count">3</span>' in text
    assert f'<span class="facet-count">{counted["FR"].count}+</span>' in text


def test_of_a_country_with_a_chosen_region_only_that_region_is_exact(anonymous, monkeypatch):
    monkeypatch.setattr("directory.searching.MOST_RANKED", 4)
    here, beside = RegionFactory.create_batch(2, country__code="PL")
    for number in range(9):
        region = beside if number < 6 else here
        OrganisationFactory(name=f"Lab {number}", home_region=region, country=region.country)
    page = anonymous.get("/organisations/", {"country": "PL", "region": here.slug})
    (poland,) = facet(page, "country").choices
    assert poland.is_least
    assert {each.written: each.is_least for each in poland.within} == {
        here.slug: False, beside.slug: True,
    }  # fmt: skip


def test_a_cluster_that_is_not_public_does_not_exist(anonymous):
    draft = OrganisationFactory(name="Draft cluster", kind="cluster", status="draft")
    ClusterMembershipFactory(cluster=draft)
    page = anonymous.get("/organisations/", {"network": draft.pk})
    assert [(facet.name, value) for facet, value in page.context["unknown"]] == [
        ("network", str(draft.pk))
    ]


def test_an_entry_that_is_stale_shows_nothing_hidden(anonymous):
    hidden = OrganisationFactory(name="Withdrawn Works")
    with bulk.in_bulk():
        hidden.status = "archived"
        hidden.save()
        assert Entry.objects.filter(object_id=hidden.pk, of="organisation").exists()
        assert names(anonymous.get("/organisations/")) == []


def test_regions_by_name_in_the_readers_language(anonymous):
    for name in ("Scotland", "Bavaria", "Lublin", "Vienna"):
        RegionFactory(name=name)
    page = anonymous.get("/regions/", headers={"Accept-Language": "fr"})
    # Bavière, Écosse, Lublin, Vienne
    assert [each.row.name for each in page.context["results"]] == [
        *("Bavaria", "Scotland", "Lublin", "Vienna"),
    ]
    assert "Bavière</a>" in page.content.decode()
    assert names(anonymous.get("/regions/")) == ["Bavaria", "Lublin", "Scotland", "Vienna"]


def test_regions_and_areas_are_counted_apart_and_areas_are_marked(anonymous):
    RegionFactory(name="Auvergne-Rhône-Alpes")
    RegionFactory(name="Norte")
    RegionFactory(name="Rhône-Alpes", kind="area")
    page = anonymous.get("/regions/").content.decode()
    assert "2 regions, in one of which each organisation is at home, and 1 area inside" in page
    hits = page.split('<ol class="hit-list"')[1].split("</ol>")[0].split("<li>")[1:]
    marked = ['<span class="badge">Area</span>' in hit for hit in hits]
    assert [("Rhône-Alpes</a>" in hit and "Auvergne" not in hit) for hit in hits] == marked
    assert marked.count(True) == 1
    assert "at home" not in anonymous.get("/organisations/").content.decode().split("<footer")[0]


def test_the_counts_of_home_and_of_the_directory_agree(anonymous):
    RegionFactory()
    RegionFactory(kind="area")
    home = anonymous.get("/").context["figures"]["regions"]
    assert anonymous.get("/regions/").context["regions_by_kind"] == {"home": home, "area": 1}


def test_of_very_many_that_have_the_words_the_order_of_names_is_not_that_of_all(
    anonymous, monkeypatch
):
    monkeypatch.setattr("directory.searching.MOST_RANKED", 2)
    said = "These are the first by name among 2 that were found; there are more."
    for number in range(3):
        OrganisationFactory(name=f"North {number}")
    assert said in anonymous.get("/search/?q=north&sort=name").content.decode()
    assert said not in anonymous.get("/search/?q=north").content.decode()
    assert said not in anonymous.get("/organisations/?sort=name").content.decode()


def test_a_long_list_of_clusters_is_looked_for_among_clusters_alone(anonymous, monkeypatch):
    monkeypatch.setattr("directory.searching.MOST_RANKED", 2)
    OrganisationFactory.create_batch(3, kind="cluster")
    OrganisationFactory.create_batch(3, kind="university")
    InitiativeFactory()
    with CaptureQueriesContext(connection) as queries:
        page = anonymous.get("/search/?kind=cluster")
    assert len(names(page)) == 3
    (listing,) = [each["sql"] for each in queries if "e.what = 'cluster'" in each["sql"]]
    assert "'organisation'" not in listing
    both = anonymous.get("/search/?kind=cluster&kind=university")
    assert len(names(both)) == 6
