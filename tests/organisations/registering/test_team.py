"""The page of the team, and what its owners do there."""

import pytest

from organisations import claims, teams
from organisations.models import AccessRequest, TeamInvitation, TeamMember
from tests.conftest import signed_in
from tests.factories import TeamMemberFactory, UserFactory

TEAM = "/organisations/agh-university/team/"


def text(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def owning(owner):
    return signed_in(owner)


@pytest.fixture
def commands(organisation, owner, editor, viewer):
    """Every command with what it needs."""
    member = TeamMember.objects.get(user=viewer.user)
    invitation = teams.invite(
        organisation=organisation, email="new@example.org", role="editor", by=owner
    )
    asked = claims.ask(organisation=organisation, by=UserFactory())
    return {
        TEAM: {"email": "other@example.org", "role": "viewer"},
        f"{TEAM}{member.pk}/role/": {"role": "editor"},
        f"{TEAM}{member.pk}/remove/": {},
        f"{TEAM}invitations/{invitation.pk}/resend/": {},
        f"{TEAM}invitations/{invitation.pk}/withdraw/": {},
        f"{TEAM}requests/{asked.pk}/grant/": {"role": "viewer"},
        f"{TEAM}requests/{asked.pk}/refuse/": {"answer": "No"},
    }


def state():
    return (
        list(TeamMember.objects.order_by("pk").values_list("user", "role")),
        list(TeamInvitation.objects.order_by("pk").values_list("token_digest", "withdrawn_at")),
        list(AccessRequest.objects.order_by("pk").values_list("status", flat=True)),
    )


def test_commands_are_for_owners(commands, stranger, viewer, editor, anonymous, owning):
    before = state()
    for address, data in commands.items():
        assert anonymous.post(address, data)["Location"].startswith("/accounts/login/")
        assert stranger.post(address, data).status_code == 404
        assert viewer.post(address, data).status_code == 403
        assert editor.post(address, data).status_code == 403
        if address != TEAM:
            assert owning.get(address).status_code == 405
    assert state() == before


def test_who_sees_the_page(organisation, owner, anonymous, stranger, viewer, editor, administrator):
    assert anonymous.get(TEAM).status_code == 302
    assert stranger.get(TEAM).status_code == 404
    for client in (viewer, editor, administrator, signed_in(owner)):
        assert client.get(TEAM).status_code == 200


def test_viewers_and_editors_see_no_buttons_of_owners(commands, viewer, editor):
    for client in (viewer, editor):
        page = text(client.get(TEAM))
        assert "Olga Owner" in page
        assert "new@example.org" not in page
        main = page.split("<main")[1].split("</main>")[0]
        assert main.count("<form") == main.count("/team/leave/")


def test_owners_see_requests_and_invitations(commands, owning, administrator):
    for client in (owning, administrator):
        page = text(client.get(TEAM))
        assert "They ask to join" in page
        assert "new@example.org" in page
        for address in commands:
            assert f'action="{address}"' in page


def test_an_invitation_is_sent(owning, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = owning.post(TEAM, {"email": "a@example.org", "role": "editor"})
    assert answer["Location"] == TEAM
    assert "http://testserver/organisations/invitations/" in mailoutbox[0].body
    assert "TOKEN" not in mailoutbox[0].body
    again = owning.post(TEAM, {"email": "a@example.org", "role": "editor"})
    assert again.status_code == 400
    assert "invited already" in text(again)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"email": "nobody", "role": "viewer"}, "email"),
        ({"email": "", "role": "viewer"}, "email"),
        ({"email": "a@example.org\nBcc: b@example.org", "role": "viewer"}, "email"),
        ({"email": "a@example.org", "role": "king"}, "role"),
        ({"email": "owner@example.org", "role": "viewer"}, "email"),
    ],
)
def test_a_bad_invitation_is_said_at_its_field(owning, data, field):
    answer = owning.post(TEAM, data)
    assert answer.status_code == 400
    assert answer.context["form"].errors[field]
    assert not TeamInvitation.objects.exists()


def test_roles_are_changed_and_people_removed(commands, owning, viewer):
    member = TeamMember.objects.get(user=viewer.user)
    for _turn in range(2):
        assert owning.post(f"{TEAM}{member.pk}/role/", {"role": "editor"}).status_code == 302
    member.refresh_from_db()
    assert member.role == "editor"
    for _turn in range(2):
        assert owning.post(f"{TEAM}{member.pk}/remove/").status_code == 302
    assert viewer.get(TEAM).status_code == 404
    assert owning.post(f"{TEAM}{member.pk}/role/", {"role": "editor"}).status_code == 404


def test_the_last_owner_is_told_why_not(owning, owner):
    member = TeamMember.objects.get(user=owner)
    for address, data in (
        (f"{TEAM}leave/", {}),
        (f"{TEAM}{member.pk}/role/", {"role": "viewer"}),
        (f"{TEAM}{member.pk}/remove/", {}),
        (f"{TEAM}{member.pk}/role/", {"role": "king"}),
    ):
        answer = owning.post(address, data)
        assert answer.status_code == 400
        assert 'role="alert"' in text(answer)
    member.refresh_from_db()
    assert member.role == "owner"


def test_a_member_leaves(viewer, owner):
    assert viewer.get(f"{TEAM}leave/").status_code == 405
    answer = viewer.post(f"{TEAM}leave/")
    assert answer["Location"] == "/"
    assert viewer.get(TEAM).status_code == 404
    assert viewer.post(f"{TEAM}leave/").status_code == 404


def test_a_wish_is_granted_or_refused_once(commands, owning, mailoutbox):
    grant, refuse = (next(a for a in commands if a.endswith(end)) for end in ("grant/", "refuse/"))
    assert owning.post(grant, {"role": "owner"}).status_code == 400
    for _turn in range(2):
        assert owning.post(grant, {"role": "editor"}).status_code == 302
    answer = owning.post(refuse)
    assert answer.status_code == 400
    assert "answered already" in text(answer)
    asked = AccessRequest.objects.get()
    assert TeamMember.objects.get(user=asked.user).role == "editor"


def test_rows_of_another_team_are_not_found(commands, unclaimed):
    other = signed_in(UserFactory())
    TeamMemberFactory(organisation=unclaimed, user=other.user, role="owner")
    for address, data in commands.items():
        if address != TEAM:
            elsewhere = address.replace("agh-university", "krakow-institute")
            before = state()
            assert other.post(elsewhere, data).status_code in (404, 302)
            assert state() == before


def test_as_many_queries_for_many_as_for_one(organisation, owner, commands, connection_queries):
    client = signed_in(owner)
    before = connection_queries(client, TEAM)
    for number in range(10):
        TeamMemberFactory(organisation=organisation, user=UserFactory())
        claims.ask(organisation=organisation, by=UserFactory())
        teams.invite(
            organisation=organisation, email=f"p{number}@example.org", role="viewer", by=owner
        )
    assert connection_queries(client, TEAM) <= before <= 10
