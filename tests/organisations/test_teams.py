"""Teams: the last owner stays, and owners alone change roles."""

import pytest
from django.core.exceptions import PermissionDenied

from organisations import teams
from organisations.models import Organisation, TeamMember
from organisations.refusals import NotPossible
from tests.factories import (
    OrganisationFactory,
    TeamMemberFactory,
    UserFactory,
)
from tests.racing import at_once

Role = TeamMember.Role


def member_of(user):
    return TeamMember.objects.get(user=user)


def test_the_last_owner_stays(organisation, owner, editor):
    member = member_of(owner)
    for attempt in (
        lambda: teams.leave(organisation=organisation, by=owner),
        lambda: teams.change_role(member=member, role="editor", by=owner),
        lambda: teams.remove(member=member, by=owner),
        lambda: teams.remove(member=member, by=UserFactory(administrator=True)),
    ):
        with pytest.raises(NotPossible, match="needs an owner"):
            attempt()
    assert member_of(owner).role == Role.OWNER


def test_an_owner_who_cannot_log_in_is_no_owner(organisation, owner, second_owner):
    second_owner.user.is_active = False
    second_owner.user.save()
    with pytest.raises(NotPossible):
        teams.leave(organisation=organisation, by=owner)


def test_one_of_two_owners_may_go(organisation, owner, second_owner):
    teams.leave(organisation=organisation, by=owner)
    teams.leave(organisation=organisation, by=owner)
    assert list(TeamMember.objects.all()) == [second_owner]


def test_owners_change_roles(organisation, owner, editor):
    member = member_of(editor.user)
    assert teams.change_role(member=member, role="owner", by=owner).role == Role.OWNER
    assert (
        teams.change_role(member=member_of(owner), role="viewer", by=editor.user).role == "viewer"
    )
    with pytest.raises(PermissionDenied):
        teams.change_role(member=member, role="viewer", by=owner)


def test_others_change_nothing(organisation, owner, editor, viewer, stranger):
    for by in (editor.user, viewer.user, stranger.user):
        for attempt in (
            lambda by=by: teams.change_role(member=member_of(viewer.user), role="owner", by=by),
            lambda by=by: teams.remove(member=member_of(owner), by=by),
            lambda by=by: teams.invite(
                organisation=organisation, email="a@example.org", role="viewer", by=by
            ),
        ):
            with pytest.raises(PermissionDenied):
                attempt()


def test_whoever_is_removed_leaves_no_door_open(organisation, owner, second_owner, invited):
    invitation = teams.invite(
        organisation=organisation, email="a@example.org", role="owner", by=second_owner.user
    )
    own, _token = invited()
    teams.remove(member=second_owner, by=owner)
    teams.remove(member=second_owner, by=owner)
    invitation.refresh_from_db()
    own.refresh_from_db()
    assert invitation.withdrawn_at
    assert not own.withdrawn_at


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["leave", "demote"])
def test_two_last_owners_who_go_at_once_do_not_both_go(how):
    organisation = OrganisationFactory()
    members = [
        TeamMemberFactory(organisation=organisation, user=UserFactory(), role=Role.OWNER)
        for _turn in range(2)
    ]

    def going(member):
        if how == "leave":
            return lambda: teams.leave(organisation=organisation, by=member.user)
        return lambda: teams.change_role(member=member, role="viewer", by=member.user)

    outcomes = at_once(*map(going, members), expected=[NotPossible])
    assert sum(isinstance(each, NotPossible) for each in outcomes) == 1
    assert TeamMember.objects.filter(role=Role.OWNER).count() == 1


def test_who_acts_on_a_team_that_is_gone_is_told_so(organisation, owner, invited, person):
    invitation, _token = invited()
    Organisation.objects.all().delete()
    for act in (
        lambda: teams.invite(
            organisation=organisation, email="a@example.org", role="viewer", by=owner
        ),
        lambda: teams.leave(organisation=organisation, by=owner),
        lambda: teams.accept(invitation=invitation, by=person("new@example.org")),
    ):
        with pytest.raises(NotPossible, match="no longer here"):
            act()
