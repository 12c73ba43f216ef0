"""What becomes of organisations whose people delete their accounts."""

from accounts import services
from organisations import leaving
from organisations.models import TeamMember
from regions.models import RegionRole
from tests.factories import OrganisationFactory, RegionFactory, TeamMemberFactory, UserFactory

Role = TeamMember.Role


def member(organisation, role, **fields):
    return TeamMemberFactory(organisation=organisation, role=role, **fields)


def team(organisation):
    return {(row.user_id, row.role) for row in organisation.team.all()}


def test_with_another_owner_nothing_else_changes(organisation):
    going, staying = member(organisation, Role.OWNER), member(organisation, Role.OWNER)
    viewer = member(organisation, Role.VIEWER)
    assert list(leaving.consequences(user=going.user)) == []
    services.delete_account(user=going.user, by=going.user)
    assert team(organisation) == {(staying.user_id, "owner"), (viewer.user_id, "viewer")}


def test_the_editor_of_longest_standing_inherits(organisation):
    member(organisation, Role.VIEWER)
    first = member(organisation, Role.EDITOR, user=UserFactory(name="First"))
    second = member(organisation, Role.EDITOR)
    going = member(organisation, Role.OWNER)
    assert list(leaving.consequences(user=going.user)) == [
        "“AGH University” goes to First, who edits it for longest. Make somebody else an owner "
        "first, if you want it otherwise."
    ]
    services.delete_account(user=going.user, by=going.user)
    assert {(first.user_id, "owner"), (second.user_id, "editor")} < team(organisation)
    assert organisation.team.count() == 3


def test_without_an_editor_the_organisation_can_be_claimed_anew(organisation):
    going = member(organisation, Role.OWNER)
    member(organisation, Role.VIEWER)
    [told] = leaving.consequences(user=going.user)
    assert "left without a team" in told
    services.delete_account(user=going.user, by=going.user)
    organisation.refresh_from_db()
    assert not organisation.team.exists()
    assert organisation.status == "verified"


def test_editors_and_viewers_just_go(organisation):
    owner, going = member(organisation, Role.OWNER), member(organisation, Role.EDITOR)
    other = member(OrganisationFactory(), Role.VIEWER, user=going.user)
    assert list(leaving.consequences(user=going.user)) == []
    services.delete_account(user=going.user, by=going.user)
    assert team(organisation) == {(owner.user_id, "owner")}
    assert not other.organisation.team.exists()


def test_roles_in_regions_end(db):
    user = UserFactory()
    RegionRole.objects.create(user=user, region=RegionFactory(), role="moderator")
    services.delete_account(user=user, by=user)
    assert not RegionRole.objects.exists()


def test_the_history_of_the_team_stays_without_the_person(organisation):
    going = member(organisation, Role.OWNER, user=UserFactory(name="Anna"))
    services.delete_account(user=going.user, by=going.user)
    rows = TeamMember.history.filter(organisation=organisation)
    assert [row.history_type for row in rows] == ["-", "+"]
    assert {str(row.user) for row in rows} == {"deleted account"}
