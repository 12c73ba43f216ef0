"""The page where one claims or asks to join."""

import pytest
from django.core import signing

from organisations import claims
from organisations.models import AccessRequest, Organisation, TeamMember
from organisations.registering.finding import SALT, key_of
from tests.conftest import signed_in
from tests.factories import OrganisationFactory, UserFactory

CLAIM = "/organisations/krakow-institute/claim/"


def text(answer):
    return " ".join(answer.content.decode().split())


def test_it_needs_a_log_in(anonymous, unclaimed):
    assert anonymous.get(CLAIM).status_code == 302
    assert anonymous.post(CLAIM).status_code == 302
    assert not AccessRequest.objects.exists()


def test_the_page_says_what_will_happen(stranger, unclaimed):
    page = text(stranger.get(CLAIM))
    assert "A moderator decides" in page
    assert "ends in @institute.example.org" in page


def test_a_claim_waits_and_can_be_withdrawn(stranger, unclaimed):
    for _turn in range(2):
        answer = stranger.post(CLAIM, {"message": "I work there."})
        assert answer["Location"] == "/organisations/register/#waiting"
    asked = AccessRequest.objects.get()
    assert (asked.status, asked.message) == ("pending", "I work there.")
    page = text(stranger.get(CLAIM))
    assert "Your request waits for an answer" in page
    assert f"/organisations/register/requests/{asked.pk}/withdraw/" in page
    assert "<textarea" not in page


def test_a_proved_claim_is_one_button(person, unclaimed):
    client = signed_in(person("anna@institute.example.org"))
    page = text(client.get(CLAIM))
    assert "anna@institute.example.org is in the domain of the website" in page
    answer = client.post(CLAIM)
    assert answer["Location"].startswith("/organisations/krakow-institute/")
    assert TeamMember.objects.get().role == "owner"
    assert client.post(CLAIM).status_code == 400
    assert "You are in the team of this organisation already." in text(client.get(CLAIM))


def test_one_with_an_owner_is_joined(stranger, organisation, owner):
    page = text(stranger.get("/organisations/agh-university/claim/"))
    assert "The owners of the team decide." in page
    stranger.post("/organisations/agh-university/claim/", {"message": "Hello"})
    assert AccessRequest.objects.get().kind == "join"


@pytest.mark.parametrize("status", ["draft", "pending", "archived"])
def test_one_that_is_not_public_is_not_found_by_its_address(stranger, unclaimed, status):
    Organisation.objects.filter(pk=unclaimed.pk).update(status=status)
    assert stranger.get(CLAIM).status_code == 404
    assert stranger.post(CLAIM).status_code == 404


def test_an_invented_one_cannot_be_claimed(stranger, unclaimed):
    Organisation.objects.filter(pk=unclaimed.pk).update(is_illustrative=True)
    assert "invented" in text(stranger.get(CLAIM))
    assert stranger.post(CLAIM).status_code == 400


def test_a_long_message_is_refused_and_kept(stranger, unclaimed):
    answer = stranger.post(CLAIM, {"message": "x" * 1001})
    assert answer.status_code == 400
    assert "x" * 1001 in text(answer)


def unlisted(organisation, user):
    return f"/organisations/register/unlisted/{key_of(organisation, user)}/"


def test_one_that_is_not_public_is_asked_for_by_a_key(stranger):
    hidden = OrganisationFactory(name="Secret Works", slug="secret-works", status="draft")
    address = unlisted(hidden, stranger.user)
    page = text(stranger.get(address))
    assert "An organisation that is being registered" in page
    assert "Secret" not in page
    assert "secret" not in page
    stranger.post(address, {"message": "Mine"})
    assert AccessRequest.objects.get().organisation == hidden
    assert "Secret" not in text(stranger.get("/organisations/register/"))
    claims.refuse(request=AccessRequest.objects.get(), by=UserFactory(administrator=True))
    assert "Secret" not in text(stranger.post(address, {"message": "Mine"}))


def test_a_key_is_good_for_one_person_and_not_made_up(stranger, viewer, anonymous):
    hidden = OrganisationFactory(status="draft")
    address = unlisted(hidden, stranger.user)
    assert viewer.get(address).status_code == 404
    assert anonymous.get(address).status_code == 302
    assert stranger.get(address[:-3] + "x/").status_code == 404
    for value in ([hidden.pk], "nothing", [hidden.pk + 1, stranger.user.pk], {"a": 1}):
        key = signing.dumps(value, salt=SALT)
        answer = stranger.get(f"/organisations/register/unlisted/{key}/")
        assert answer.status_code == 404


def test_the_page_costs_few_queries(stranger, unclaimed, connection_queries):
    assert connection_queries(stranger, CLAIM) <= 12
