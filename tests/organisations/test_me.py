"""The caller's own account in the REST API."""

import pytest

from organisations.models import TeamMember
from tests.factories import OrganisationFactory, TeamMemberFactory

ME = "/api/v1/me/"


def patch(client, **fields):
    return client.patch(ME, fields, content_type="application/json")


def test_who_is_not_logged_in_is_nobody(anonymous):
    assert anonymous.get(ME).status_code == 403
    assert patch(anonymous, name="X").status_code == 403


def test_me_and_my_organisations(editor, organisation):
    draft = OrganisationFactory(name="Zakopane", status="draft")
    TeamMemberFactory(organisation=draft, user=editor.user, role=TeamMember.Role.OWNER)
    told = editor.get(ME).json()
    assert told["email"] == "editor@example.org"
    assert [
        (row["organisation"]["slug"], row["status"], row["role"]) for row in told["organisations"]
    ] == [("agh-university", "verified", "editor"), (draft.slug, "draft", "owner")]


def test_what_is_given_is_changed_and_nothing_else(stranger):
    name = stranger.user.name
    answer = patch(stranger, position="Head", language="fr", public_fields=["position"])
    assert answer.status_code == 200
    assert answer.json()["position"] == "Head"
    stranger.user.refresh_from_db()
    assert stranger.user.name == name
    assert stranger.user.language == "fr"
    assert stranger.user.public_profile() == {"position": "Head"}


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "x" * 151},
        {"name": None},
        {"name": "a\0b"},
        {"language": "xx"},
        {"public_fields": ["password"]},
        {"public_fields": "name"},
        {"phone": ["1"]},
    ],
)
def test_bad_input_is_a_400_by_name(stranger, fields):
    answer = patch(stranger, **fields)
    assert answer.status_code == 400
    assert set(answer.json()) == set(fields)


def test_what_may_not_be_written_is_not(stranger):
    answer = patch(stranger, email="other@example.org", is_staff=True, is_superuser=True)
    assert answer.status_code == 200
    stranger.user.refresh_from_db()
    assert stranger.user.email == "stranger@example.org"
    assert not stranger.user.is_staff


def test_other_methods_are_refused(stranger):
    assert stranger.delete(ME).status_code == 405
    assert stranger.post(ME).status_code == 405


def test_it_costs_the_same_for_many_organisations(stranger, connection_queries):
    TeamMemberFactory(user=stranger.user)
    one = connection_queries(stranger, ME)
    for _number in range(5):
        TeamMemberFactory(user=stranger.user)
    assert connection_queries(stranger, ME) == one <= 6
