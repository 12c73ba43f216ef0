"""Who makes whom a member of a cluster, by which word, and who is told."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from organisations import membership_rules, memberships
from organisations.membership_rules import MembershipRefused
from organisations.memberships import BY_BOTH, BY_CLUSTER
from organisations.models import ClusterInvitation, ClusterMembership, Organisation, TeamMember
from tests.factories import ClusterMembershipFactory, OrganisationFactory, UserFactory
from tests.organisations.clusters.conftest import link, token_in, with_team

pytestmark = pytest.mark.django_db


def invite(cluster, by, email="somebody@example.org", **more):
    return memberships.invite(cluster=cluster, email=email, by=by, link=link, language="en", **more)


def test_an_invitation_goes_to_its_address_in_the_language_of_its_account(cluster, owner, sent):
    UserFactory(email="jan@example.org", language="pl")
    messages = sent(lambda: invite(cluster, owner, "Jan@example.org", since=2019))
    assert [message.to for message in messages] == [["jan@example.org"]]
    assert sent.result.language == "pl"
    assert "https://regions.example.org/organisations/invitations/cluster/" in messages[0].body
    assert memberships.invitation_of(token_in(messages[0])) == sent.result
    days = (sent.result.expires_at - timezone.now()) / timedelta(days=1)
    assert 29.9 < days <= 30


def test_the_token_itself_is_not_kept(invited):
    invitation, token = invited
    assert token not in str(ClusterInvitation.objects.filter(pk=invitation.pk).values()[0])


def test_an_address_is_invited_once(cluster, owner, invited):
    with pytest.raises(MembershipRefused, match="already"):
        invite(cluster, owner, "SOMEBODY@example.org")


def test_an_expired_invitation_is_sent_anew(cluster, owner, invited):
    invitation, token = invited
    ClusterInvitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    again = invite(cluster, owner)
    assert again.pk == invitation.pk
    assert memberships.state_of(again) == "open"
    assert memberships.invitation_of(token) is None


def test_only_owners_and_editors_of_a_cluster_invite(cluster):
    viewer = with_team(cluster, TeamMember.Role.VIEWER)[1]
    company, company_owner = with_team()
    for where, by in ((cluster, viewer), (cluster, company_owner), (company, company_owner)):
        with pytest.raises(PermissionDenied):
            invite(where, by)
    assert not ClusterInvitation.objects.exists()


def test_a_cluster_that_is_not_public_invites_nobody(cluster, owner):
    Organisation.objects.update(status=Organisation.Status.PENDING)
    with pytest.raises(MembershipRefused, match="verified"):
        invite(cluster, owner)


def test_what_is_no_address_is_refused(cluster, owner):
    with pytest.raises(ValidationError):
        invite(cluster, owner, "nobody")


def test_so_many_wait_and_so_many_are_sent_a_day(cluster, owner, monkeypatch):
    monkeypatch.setattr(membership_rules, "MOST_OPEN", 1)
    first = invite(cluster, owner, "a@example.org")
    with pytest.raises(MembershipRefused, match="wait"):
        invite(cluster, owner, "b@example.org")
    memberships.withdraw(invitation=first, by=owner)
    monkeypatch.setattr(membership_rules, "MOST_A_DAY", 1)
    with pytest.raises(MembershipRefused, match="within a day"):
        invite(cluster, owner, "b@example.org")


def test_accepting_makes_a_member_and_tells_the_cluster(cluster, owner, invited, sent):
    invitation, _token = invited
    lab, person = with_team(email="somebody@example.org")
    messages = sent(
        lambda: memberships.accept(invitation=invitation, organisation=lab, by=person, link=link)
    )
    membership = ClusterMembership.objects.get(cluster=cluster, member=lab)
    assert (membership.since, membership.source.slug) == (2019, BY_BOTH)
    assert membership.source.standing == "declared"
    assert membership.history.get().history_user == person
    assert [message.to for message in messages] == [[owner.email]]
    assert lab.name in messages[0].body
    assert "another address" not in messages[0].body


def test_another_address_accepts_and_the_cluster_is_told_so(owner, invited, sent):
    invitation, _token = invited
    lab, person = with_team(email="else@example.org")
    messages = sent(
        lambda: memberships.accept(invitation=invitation, organisation=lab, by=person, link=link)
    )
    assert "another address" in messages[0].body
    assert person.email not in messages[0].body


def test_accepting_twice_is_as_good_as_once(invited):
    invitation, _token = invited
    lab, person = with_team()
    once, twice = (
        memberships.accept(invitation=invitation, organisation=lab, by=person, link=link)
        for _ in range(2)
    )
    assert once == twice
    with pytest.raises(MembershipRefused, match="used"):
        memberships.accept(
            invitation=invitation, organisation=with_team()[0], by=with_all(), link=link
        )


def with_all():
    return UserFactory(administrator=True)


def test_the_token_is_no_right_over_an_organisation(invited):
    invitation, _token = invited
    lab, viewer = with_team(role=TeamMember.Role.VIEWER)
    for person in (viewer, UserFactory()):
        with pytest.raises(PermissionDenied):
            memberships.accept(invitation=invitation, organisation=lab, by=person, link=link)
    assert not ClusterMembership.objects.exists()


@pytest.mark.parametrize("state", ["withdrawn", "expired", "declined", "paused"])
def test_what_is_no_longer_open_is_not_accepted(cluster, owner, invited, state):
    invitation, _token = invited
    if state == "withdrawn":
        memberships.withdraw(invitation=invitation, by=owner)
    elif state == "declined":
        memberships.decline(invitation=invitation, link=link)
    elif state == "expired":
        ClusterInvitation.objects.update(expires_at=timezone.now())
    else:
        Organisation.objects.filter(pk=cluster.pk).update(status=Organisation.Status.ARCHIVED)
    lab, person = with_team()
    with pytest.raises(MembershipRefused):
        memberships.accept(invitation=invitation, organisation=lab, by=person, link=link)
    fresh = ClusterInvitation.objects.select_related("cluster").get()
    assert memberships.state_of(fresh) == state
    assert not ClusterMembership.objects.exists()


def test_declining_tells_the_cluster_once(owner, invited, sent):
    invitation, _token = invited
    assert len(sent(lambda: memberships.decline(invitation=invitation, link=link))) == 1
    assert sent(lambda: memberships.decline(invitation=invitation, link=link)) == []


def test_resending_voids_the_old_link_and_waits_an_hour(owner, invited, sent):
    invitation, token = invited
    with pytest.raises(MembershipRefused, match="hour"):
        memberships.resend(invitation=invitation, by=owner, link=link)
    ClusterInvitation.objects.update(last_sent_at=timezone.now() - timedelta(hours=2))
    messages = sent(lambda: memberships.resend(invitation=invitation, by=owner, link=link))
    assert memberships.invitation_of(token) is None
    assert memberships.invitation_of(token_in(messages[0])) == invitation


def test_an_invitation_is_sent_three_times_at_most(cluster, owner, invited):
    invitation, _token = invited
    for count in (2, 3):
        ClusterInvitation.objects.update(last_sent_at=timezone.now() - timedelta(hours=2))
        again = memberships.resend(invitation=invitation, by=owner, link=link)
        assert again.sent_count == count
    with pytest.raises(MembershipRefused, match="sent 3 times"):
        memberships.resend(invitation=invitation, by=owner, link=link)
    ClusterInvitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    with pytest.raises(MembershipRefused, match="sent 3 times"):
        invite(cluster, owner)


def test_messages_sent_again_count_against_the_day(cluster, owner, invited, monkeypatch):
    invitation, _token = invited
    monkeypatch.setattr(membership_rules, "MOST_A_DAY", 2)
    # the one that is open already needs no further room
    monkeypatch.setattr(membership_rules, "MOST_OPEN", 1)
    ClusterInvitation.objects.update(last_sent_at=timezone.now() - timedelta(hours=2))
    memberships.resend(invitation=invitation, by=owner, link=link)
    ClusterInvitation.objects.update(last_sent_at=timezone.now() - timedelta(hours=2))
    with pytest.raises(MembershipRefused, match="within a day"):
        memberships.resend(invitation=invitation, by=owner, link=link)
    monkeypatch.setattr(membership_rules, "MOST_OPEN", 2)
    with pytest.raises(MembershipRefused, match="within a day"):
        invite(cluster, owner, "other@example.org")


def test_an_organisation_with_a_team_is_asked_and_its_owners_are_written_to(cluster, owner, sent):
    lab, lab_owner = with_team(language="fr", email="lab@example.org")
    with_team(lab, TeamMember.Role.EDITOR)
    with pytest.raises(MembershipRefused, match="team"):
        memberships.declare(cluster=cluster, member=lab, by=owner)
    messages = sent(lambda: memberships.ask(cluster=cluster, member=lab, by=owner, link=link))
    assert [message.to for message in messages] == [[lab_owner.email]]
    assert sent.result.email == ""
    other, person = with_team()
    with pytest.raises(MembershipRefused, match="another organisation"):
        memberships.accept(invitation=sent.result, organisation=other, by=person, link=link)
    with pytest.raises(MembershipRefused, match="already"):
        memberships.ask(cluster=cluster, member=lab, by=owner, link=link)


def test_an_organisation_without_a_team_is_declared_by_the_cluster(cluster, owner):
    lab = OrganisationFactory()
    membership = memberships.declare(cluster=cluster, member=lab, by=owner, since=2020)
    assert (membership.source.slug, membership.source.standing) == (BY_CLUSTER, "declared")
    with pytest.raises(MembershipRefused, match="already"):
        memberships.declare(cluster=cluster, member=lab, by=owner)


def test_accepting_makes_the_clusters_word_that_of_both(cluster, owner, invited):
    lab = OrganisationFactory()
    membership = memberships.declare(cluster=cluster, member=lab, by=owner)
    person = with_team(lab)[1]
    memberships.accept(invitation=invited[0], organisation=lab, by=person, link=link)
    membership.refresh_from_db()
    assert membership.source.slug == BY_BOTH


def test_a_membership_from_another_source_keeps_it(cluster, invited):
    lab, person = with_team()
    membership = ClusterMembershipFactory(cluster=cluster, member=lab)
    memberships.accept(invitation=invited[0], organisation=lab, by=person, link=link)
    before = membership.source
    membership.refresh_from_db()
    assert membership.source == before


def test_a_cluster_is_not_its_own_member(cluster, owner, invited):
    with pytest.raises(MembershipRefused, match="own member"):
        memberships.accept(invitation=invited[0], organisation=cluster, by=owner, link=link)


def test_removing_tells_the_members_owners_and_leaving_tells_the_cluster(cluster, owner, sent):
    lab, person = with_team()
    removed = ClusterMembershipFactory(cluster=cluster, member=lab)
    messages = sent(lambda: memberships.remove(membership=removed, by=owner, link=link))
    assert [message.to for message in messages] == [[person.email]]
    left = ClusterMembershipFactory(cluster=cluster, member=lab)
    messages = sent(lambda: memberships.leave(membership=left, by=person, link=link))
    assert [message.to for message in messages] == [[owner.email]]
    assert sent(lambda: memberships.leave(membership=left, by=person, link=link)) == []
    assert not ClusterMembership.objects.exists()


def test_strangers_end_no_membership(cluster, owner):
    membership = ClusterMembershipFactory(cluster=cluster)
    with pytest.raises(PermissionDenied):
        memberships.remove(membership=membership, by=UserFactory(), link=link)
    with pytest.raises(PermissionDenied):
        memberships.leave(membership=membership, by=owner, link=link)


@pytest.mark.parametrize("broken", ["nobody", "address twice", "organisation twice"])
def test_the_database_holds_invitations_to_their_form(cluster, broken):
    lab = OrganisationFactory()
    rows = {
        "nobody": [{}],
        "address twice": [{"email": "a@example.org"}] * 2,
        "organisation twice": [{"member": lab}] * 2,
    }[broken]
    expires = timezone.now() + timedelta(days=1)
    made = [
        ClusterInvitation(cluster=cluster, expires_at=expires, token_digest=str(number), **row)
        for number, row in enumerate(rows)
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        ClusterInvitation.objects.bulk_create(made)
