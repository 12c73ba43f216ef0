"""Invitations to a team: they open one door once, and are not sent to no end."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from organisations import claims, teams
from organisations.models import AccessRequest, Organisation, TeamInvitation, TeamMember
from organisations.refusals import NotPossible
from tests.factories import (
    OrganisationFactory,
    TeamInvitationFactory,
    TeamMemberFactory,
    UserFactory,
)
from tests.organisations.conftest import ADDRESS
from tests.racing import at_once

Role = TeamMember.Role


@pytest.fixture
def send_again(owner):
    """Sends an invitation again, an hour after the message before."""

    def sent(invitation, by=owner):
        TeamInvitation.objects.filter(pk=invitation.pk).update(
            last_sent_at=timezone.now() - timedelta(hours=1)
        )
        return teams.resend(invitation=invitation, by=by, address=ADDRESS)

    return sent


def test_an_invitation_is_accepted_by_whoever_has_the_address(
    organisation, invited, person, mailoutbox
):
    invitation, token = invited("New@Example.org")
    (message,) = mailoutbox
    assert message.to == ["new@example.org"]
    assert "“Olga Owner” invites you into the team of “AGH University”" in message.body
    assert token not in TeamInvitation.objects.values_list("token_digest", flat=True)
    assert teams.invitation_of(token) == invitation
    assert teams.invitation_of("nothing") is None
    user = person("private@example.net", "new@example.org")
    for _turn in range(2):
        assert teams.accept(invitation=invitation, by=user).role == Role.EDITOR
    invitation.refresh_from_db()
    assert invitation.accepted_by == user


def test_an_address_that_is_not_verified_opens_nothing(organisation, invited, person):
    invitation, _token = invited()
    user = UserFactory(email="new@example.org", confirmed=False)
    for by in (user, person("other@example.org")):
        with pytest.raises(teams.WrongAddress):
            teams.accept(invitation=invitation, by=by)
    assert not TeamMember.objects.filter(user=user).exists()


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"withdrawn_at": timezone.now()}, "withdrawn"),
        ({"accepted_at": timezone.now()}, "used"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "expired"),
    ],
)
def test_an_invitation_that_is_over_says_how(organisation, invited, person, field, words):
    invitation, _token = invited()
    TeamInvitation.objects.update(**field)
    with pytest.raises(teams.Expired, match=words):
        teams.accept(invitation=invitation, by=person("new@example.org"))


def test_an_invitation_is_good_for_fourteen_days_and_renewed_when_sent_again(
    organisation, owner, invited, send_again
):
    invitation, token = invited()
    left = invitation.expires_at - timezone.now()
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)
    with pytest.raises(NotPossible, match="a moment ago"):
        teams.resend(invitation=invitation, by=owner, address=ADDRESS)
    TeamInvitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    renewed = send_again(invitation)
    assert renewed.expires_at - timezone.now() > timedelta(days=13)
    assert teams.invitation_of(token) is None


def test_an_address_is_invited_once(organisation, owner, invited):
    invitation, _token = invited()
    with pytest.raises(NotPossible, match="invited already"):
        invited("NEW@example.org")
    TeamInvitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    again, _token = invited(role="viewer")
    assert (again.pk, again.role) == (invitation.pk, "viewer")


def test_a_member_is_not_invited(organisation, owner, person):
    user = person("login@example.org", "second@example.org")
    TeamMemberFactory(organisation=organisation, user=user)
    for email in ("login@example.org", "Second@example.org"):
        with pytest.raises(NotPossible, match="in the team already"):
            teams.invite(organisation=organisation, email=email, role="viewer", by=owner)


def test_at_most_fifty_are_open(organisation, owner, monkeypatch):
    monkeypatch.setattr(teams, "MOST_OPEN", 2)
    for number in range(2):
        teams.invite(
            organisation=organisation, email=f"p{number}@example.org", role="viewer", by=owner
        )
    with pytest.raises(NotPossible, match="2 invitations are open"):
        teams.invite(organisation=organisation, email="p3@example.org", role="viewer", by=owner)
    teams.withdraw(invitation=TeamInvitation.objects.first(), by=owner)
    teams.invite(organisation=organisation, email="p3@example.org", role="viewer", by=owner)
    monkeypatch.setattr(teams, "A_DAY", 3)
    teams.withdraw(invitation=TeamInvitation.objects.first(), by=owner)
    with pytest.raises(NotPossible, match="many invitations today"):
        teams.invite(organisation=organisation, email="p4@example.org", role="viewer", by=owner)


def test_an_address_that_is_invited_again_and_again_is_left_in_peace(organisation, owner, invited):
    """Whoever withdraws and invites anew, or invites from another team, sends no more for it."""
    for _turn in range(teams.TO_ONE_A_DAY):
        invitation, _token = invited()
        teams.withdraw(invitation=invitation, by=owner)
    with pytest.raises(NotPossible, match="several invitations today"):
        invited()
    TeamInvitation.objects.update(last_sent_at=timezone.now() - timedelta(days=2))
    assert invited()


def test_a_team_that_nobody_verified_sends_few_messages(organisation, owner):
    Organisation.objects.update(status="draft")
    for number in range(teams.A_DAY_UNVERIFIED):
        email = f"p{number}@example.org"
        sent = teams.invite(organisation=organisation, email=email, role="viewer", by=owner)
        teams.withdraw(invitation=sent, by=owner)
    with pytest.raises(NotPossible, match="many invitations today"):
        teams.invite(organisation=organisation, email="one@example.org", role="viewer", by=owner)


def test_text_that_is_no_address(organisation, owner):
    with pytest.raises(ValidationError):
        teams.invite(organisation=organisation, email="nobody", role="viewer", by=owner)


def test_accepting_answers_a_wish_to_join_and_keeps_the_higher_role(
    organisation, owner, invited, person
):
    user = person("new@example.org")
    asked = claims.ask(organisation=organisation, by=user)
    invitation, _token = invited(role="viewer")
    TeamMemberFactory(organisation=organisation, user=user, role=Role.EDITOR)
    assert teams.accept(invitation=invitation, by=user).role == Role.EDITOR
    asked.refresh_from_db()
    assert asked.status == AccessRequest.Status.GRANTED
    assert asked.decided_by == owner


def test_an_invitation_is_sent_three_times_at_most(
    organisation, invited, send_again, mailoutbox, django_capture_on_commit_callbacks
):
    invitation, _token = invited()
    with django_capture_on_commit_callbacks(execute=True):
        for count in (2, 3):
            assert send_again(invitation).sent_count == count
    with pytest.raises(NotPossible, match="sent 3 times"):
        send_again(invitation)
    TeamInvitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    with pytest.raises(NotPossible, match="sent 3 times"):
        invited()
    assert len(mailoutbox) == 3


def test_renewing_one_that_expired_counts(organisation, invited):
    invited()
    TeamInvitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    again, _token = invited()
    assert again.sent_count == 2
    assert again.last_sent_at > timezone.now() - timedelta(minutes=1)


def test_messages_sent_again_count_against_the_day(
    organisation, owner, invited, send_again, monkeypatch
):
    monkeypatch.setattr(teams, "A_DAY", 2)
    invitation, _token = invited()
    send_again(invitation)
    with pytest.raises(NotPossible, match="many invitations today"):
        send_again(invitation)
    with pytest.raises(NotPossible, match="many invitations today"):
        invited("other@example.org")
    TeamInvitation.objects.update(
        created_at=timezone.now() - timedelta(days=3),
        last_sent_at=timezone.now() - timedelta(days=2),
    )
    assert teams.resend(invitation=invitation, by=owner).sent_count == 3


def test_the_first_message_of_an_older_invitation_is_not_of_this_day(
    organisation, invited, send_again, monkeypatch
):
    monkeypatch.setattr(teams, "A_DAY", 2)
    invitation, _token = invited()
    TeamInvitation.objects.update(created_at=timezone.now() - timedelta(days=3))
    send_again(invitation)
    invited("other@example.org")
    with pytest.raises(NotPossible, match="many invitations today"):
        invited("third@example.org")


def test_whoever_sends_an_invitation_again_is_counted_for_it(
    organisation, invited, second_owner, send_again, monkeypatch
):
    invitation, _token = invited()
    assert send_again(invitation, by=second_owner.user).invited_by == second_owner.user
    monkeypatch.setattr(teams, "A_DAY", 2)
    with pytest.raises(NotPossible, match="many invitations today"):
        send_again(invitation, by=second_owner.user)


@pytest.mark.parametrize("status", ["draft", "pending", "held", "rejected"])
def test_at_most_three_are_open_while_the_profile_is_not_verified(organisation, invited, status):
    Organisation.objects.update(status=status)
    made = [invited(f"p{number}@example.org")[0] for number in range(3)]
    with pytest.raises(NotPossible, match="until the profile is verified"):
        invited("p3@example.org")
    TeamInvitation.objects.filter(pk=made[0].pk).update(withdrawn_at=timezone.now())
    invited("p3@example.org")
    Organisation.objects.update(status=Organisation.Status.VERIFIED)
    invited("p4@example.org")


def test_sending_an_expired_one_again_opens_no_fourth(organisation, invited, send_again):
    Organisation.objects.update(status=Organisation.Status.PENDING)
    first, _token = invited("p0@example.org")
    TeamInvitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    made = [invited(f"p{number}@example.org")[0] for number in (1, 2, 3)]
    with pytest.raises(NotPossible, match="until the profile is verified"):
        send_again(first)
    assert send_again(made[0]).sent_count == 2


@pytest.mark.parametrize("how", ["left", "editor", "inactive", "deleted"])
def test_an_invitation_ends_with_the_right_of_its_sender(
    organisation, owner, second_owner, person, send_again, how
):
    sender = second_owner.user
    invitation = TeamInvitationFactory(
        organisation=organisation, email="new@example.org", role=Role.OWNER, invited_by=sender
    )
    user = person("new@example.org")
    teams.check_acceptable(invitation=invitation, by=user)
    if how == "left":
        teams.leave(organisation=organisation, by=sender)
    elif how == "editor":
        TeamMember.objects.filter(pk=second_owner.pk).update(role=Role.EDITOR)
    elif how == "inactive":
        sender.is_active = False
        sender.save()
    else:
        sender.delete()
    with pytest.raises(teams.Expired, match="withdrawn"):
        teams.accept(invitation=invitation, by=user)
    assert not TeamMember.objects.filter(user=user).exists()
    invitation.refresh_from_db()
    send_again(invitation)
    assert teams.accept(invitation=invitation, by=user).role == Role.OWNER


def test_an_owner_of_another_team_vouches_for_nothing(organisation, person):
    other = TeamMemberFactory(role=Role.OWNER)
    invitation = TeamInvitationFactory(
        organisation=organisation, email="new@example.org", invited_by=other.user
    )
    with pytest.raises(teams.Expired, match="withdrawn"):
        teams.accept(invitation=invitation, by=person("new@example.org"))


def test_an_administrator_vouches_while_they_are_one(organisation, person):
    administrator = UserFactory(administrator=True)
    user = person("new@example.org")
    invitation = TeamInvitationFactory(
        organisation=organisation, email="new@example.org", invited_by=administrator
    )
    teams.check_acceptable(invitation=invitation, by=user)
    administrator.is_superuser = False
    administrator.save()
    invitation = TeamInvitation.objects.get(pk=invitation.pk)
    with pytest.raises(teams.Expired, match="withdrawn"):
        teams.accept(invitation=invitation, by=user)


@pytest.mark.django_db(transaction=True)
def test_teams_that_invite_one_address_at_once_send_no_more_than_one_would():
    owner = UserFactory()
    drafts = OrganisationFactory.create_batch(6)
    for draft in drafts:
        TeamMemberFactory(organisation=draft, user=owner, role=Role.OWNER)

    def inviting(draft):
        return lambda: teams.invite(
            organisation=draft, email="one@example.org", role="viewer", by=owner
        )

    outcomes = at_once(*map(inviting, drafts), expected=[NotPossible])
    assert sum(isinstance(each, NotPossible) for each in outcomes) == 6 - teams.TO_ONE_A_DAY
