"""The page that an invitation into a team leads to."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from organisations import teams
from organisations.models import TeamInvitation, TeamMember
from tests.conftest import signed_in
from tests.factories import UserFactory


def text(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def address(organisation, owner, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        teams.invite(
            organisation=organisation,
            email="new@example.org",
            role="editor",
            by=owner,
            address="/organisations/invitations/TOKEN/",
        )
    return re.search(r"/organisations/invitations/[\w-]+/", mailoutbox[0].body)[0]


@pytest.fixture
def invitee(person):
    return signed_in(person("new@example.org"))


def test_get_shows_and_post_accepts(address, invitee):
    page = text(invitee.get(address))
    assert "Join the team of AGH University" in page
    assert "Olga Owner invites you, as editor." in page
    assert not TeamMember.objects.filter(user=invitee.user).exists()
    for _turn in range(2):
        assert invitee.post(address).status_code == 302
    assert TeamMember.objects.get(user=invitee.user).role == "editor"
    assert invitee.get(address)["Location"] == "/organisations/agh-university/team/"


def test_the_token_works_only_for_somebody_signed_in(address, anonymous):
    answer = anonymous.get(address)
    assert "Log in" in text(answer)
    assert f"/accounts/login/?next={address}" in text(answer)
    assert answer["Cache-Control"] == "private, no-store"
    assert anonymous.post(address)["Location"] == f"/accounts/login/?next={address}"
    assert TeamInvitation.objects.get().accepted_at is None


@pytest.mark.parametrize("verified", [False, None])
def test_another_address_is_refused_in_clear_words(address, verified):
    user = UserFactory(email="other@example.org")
    if verified is not None:
        user.emailaddress_set.create(email="new@example.org", verified=verified)
    client = signed_in(user)
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 403
        assert "sent to another e-mail address" in text(answer)
        assert "new@example.org" not in text(answer)
        assert "AGH" not in text(answer)
    assert not TeamMember.objects.filter(user=user).exists()


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"withdrawn_at": timezone.now()}, "was withdrawn"),
        ({"accepted_at": timezone.now()}, "was used already"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "has expired"),
    ],
)
def test_what_is_over_is_said(address, invitee, anonymous, field, words):
    TeamInvitation.objects.update(**field)
    for answer in (invitee.get(address), invitee.post(address)):
        assert answer.status_code == 410
        assert words in text(answer)
    assert anonymous.get(address).status_code == 410
    assert not TeamMember.objects.filter(user=invitee.user).exists()


def test_an_invitation_whose_sender_left_is_over(address, owner, invitee, anonymous):
    TeamMember.objects.filter(user=owner).delete()
    for answer in (invitee.get(address), invitee.post(address)):
        assert answer.status_code == 410
        assert "was withdrawn" in text(answer)
    assert anonymous.get(address).status_code == 410
    assert not TeamMember.objects.filter(user=invitee.user).exists()


def test_an_unknown_token_is_not_found(invitee, anonymous):
    for client in (invitee, anonymous):
        assert client.get("/organisations/invitations/nothing/").status_code == 404
        assert client.post("/organisations/invitations/nothing/").status_code == 404


SIGN_UP = "/accounts/signup/"


def test_who_signs_up_is_told_for_which_team(address, anonymous):
    page = text(anonymous.get(SIGN_UP, {"next": address}))
    assert "You are invited into the team of AGH University." in page
    again = anonymous.post(SIGN_UP, {"next": address, "email": "no address"})
    assert "You are invited into the team of AGH University." in text(again)


@pytest.mark.parametrize(
    "after",
    [
        "",
        "/organisations/invitations/nonsense/",
        "/organisations/agh-university/",
        "//x",
        "%",
    ],
)
def test_others_who_sign_up_are_told_of_nobody(address, anonymous, after):
    page = text(anonymous.get(SIGN_UP, {"next": after}))
    assert "AGH University" not in page
    assert "Next you find your organisation" in page


def test_an_invitation_that_is_over_is_not_told_of(address, anonymous, owner):
    teams.withdraw(invitation=TeamInvitation.objects.get(), by=owner)
    assert "AGH University" not in text(anonymous.get(SIGN_UP, {"next": address}))
