import pytest

from organisations import merging
from tests.conftest import signed_in
from tests.factories import (
    OrganisationFactory,
    RegionRoleFactory,
    TeamMemberFactory,
    UserFactory,
)

PLACES = [
    "/organisations/{}/",
    "/organisations/{}/choices/",
    "/organisations/{}/review/",
    "/organisations/{}/with/third/",
    "/organisations/third/with/{}/",
    "/moderation/{}/",
    "/api/v1/organisations/{}/",
    "/api/v1/organisations/{}/suggestions/",
    "/api/v1/organisations/{}/feedback/",
    "/api/v1/organisations/{}/matches/third/",
    "/api/v1/organisations/third/matches/{}/",
]


@pytest.fixture
def merged(db):
    """One organisation that two others were merged into, one after the other."""
    last, middle, first = (
        OrganisationFactory(slug=slug, name=slug.capitalize())
        for slug in ("last", "middle", "first")
    )
    OrganisationFactory(slug="third", name="Third")
    by = UserFactory(administrator=True)
    merging.merge(keep=middle, duplicate=first, by=by)
    merging.merge(keep=last, duplicate=middle, by=by)
    return last


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("old", ["first", "middle"])
def test_every_address_leads_to_the_kept_one(administrator, merged, place, old):
    query = "" if place.startswith("/api/") else "?a=1&b=%C3%A9"
    answer = administrator.get(place.format(old) + query)
    assert answer.status_code == 301
    assert answer["Location"] == place.format("last") + query


def test_everyone_is_led_and_arrives(anonymous, merged):
    answer = anonymous.get("/organisations/first/", follow=True)
    assert answer.redirect_chain == [("/organisations/last/", 301)]
    assert "Last" in answer.content.decode()
    json = anonymous.get("/api/v1/organisations/first/", follow=True).json()
    assert json["slug"] == "last"


def test_nobody_is_led_to_what_they_may_not_see(anonymous, stranger, merged):
    merged.status = "archived"
    merged.save()
    member = signed_in(TeamMemberFactory(organisation=merged).user)
    regional = signed_in(RegionRoleFactory(region=merged.home_region).user)
    for client, status in ((anonymous, 404), (stranger, 404), (member, 301), (regional, 301)):
        assert client.get("/organisations/first/").status_code == status
        assert client.get("/api/v1/organisations/first/").status_code == status


def test_commands_are_not_sent_elsewhere(administrator, merged):
    assert administrator.post("/moderation/first/answer/", {"text": "x"}).status_code == 404


def test_the_two_as_a_pair_are_not_found(anonymous, merged):
    answer = anonymous.get("/organisations/last/with/first/", follow=True)
    assert answer.status_code == 404


def test_a_new_organisation_takes_the_address(anonymous, merged):
    OrganisationFactory(slug="first", name="Newcomer")
    assert "Newcomer" in anonymous.get("/organisations/first/").content.decode()


def test_other_pages_that_do_not_exist_are_left_alone(anonymous, merged):
    for address in ("/organisations/nowhere/", "/initiatives/first/", "/regions/first/", "/x/"):
        assert anonymous.get(address).status_code == 404
