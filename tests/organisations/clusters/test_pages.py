"""The pages of a cluster's members, of invitations, and of an organisation's memberships."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organisations import memberships
from organisations.models import ClusterInvitation, ClusterMembership, Organisation, TeamMember
from tests.conftest import signed_in
from tests.factories import (
    ClusterMembershipFactory,
    ConceptFactory,
    OrganisationFactory,
    SectorFactory,
    UserFactory,
)
from tests.organisations.clusters.conftest import link, with_team

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"organisations:{name}", args=args or ["hydrogen-cluster"])


# the members of a cluster


def test_the_team_sees_members_and_invitations(client_of_owner, cluster, invited):
    lab = ClusterMembershipFactory(cluster=cluster, since=2017).member
    text = client_of_owner.get(address("members")).content.decode()
    assert lab.name in text
    assert "2017" in text
    assert "somebody@example.org" in text
    assert "Remove" in text


def test_viewers_see_no_buttons_and_are_refused(client_of_viewer, cluster, invited):
    membership = ClusterMembershipFactory(cluster=cluster)
    page = client_of_viewer.get(address("members"))
    assert page.status_code == 200
    main = page.content.decode().split("<main")[1].split("</main>")[0]
    assert 'method="post"' not in main
    for name, args in commands(cluster, membership, invited[0]):
        assert client_of_viewer.post(address(name, *args)).status_code == 403
    assert ClusterMembership.objects.count() == 1


def commands(cluster, membership, invitation):
    return [
        ("members-invite", [cluster.slug]),
        ("members-remove", [cluster.slug, membership.pk]),
        ("members-resend", [cluster.slug, invitation.pk]),
        ("members-withdraw", [cluster.slug, invitation.pk]),
        ("members-confirm", [cluster.slug]),
        ("sector-add", [cluster.slug]),
        ("sector-remove", [cluster.slug, 1]),
    ]


def test_strangers_get_404_others_log_in_and_a_get_writes_nothing(
    anonymous, stranger, client_of_owner, cluster, invited
):
    membership = ClusterMembershipFactory(cluster=cluster)
    for name in ("members", "cluster", "memberships"):
        assert anonymous.get(address(name)).url.startswith(reverse("account_login"))
        assert stranger.get(address(name)).status_code == 404
    for name, args in commands(cluster, membership, invited[0]):
        assert anonymous.post(address(name, *args)).status_code == 302
        assert stranger.post(address(name, *args)).status_code == 404
        assert client_of_owner.get(address(name, *args)).status_code == 405
    assert ClusterMembership.objects.count() == 1


def test_what_is_no_cluster_has_no_members(editor, organisation):
    assert editor.get(address("members", organisation.slug)).status_code == 404
    assert editor.get(address("cluster", organisation.slug)).status_code == 404


def test_many_members_take_pages_search_and_the_same_queries(
    client_of_owner, cluster, connection_queries
):
    ClusterMembershipFactory(cluster=cluster, member=OrganisationFactory(name="Łódź Lab"))
    for_one = connection_queries(client_of_owner, address("members"))
    for number in range(60):
        ClusterMembershipFactory(
            cluster=cluster, member=OrganisationFactory(name=f"Maker {number:02}")
        )
    assert connection_queries(client_of_owner, address("members")) == for_one <= 15
    second = client_of_owner.get(address("members"), {"page": 2}).context["page_obj"]
    assert len(second.object_list) == 11
    found = client_of_owner.get(address("members"), {"q": "lodz"}).context["page_obj"]
    assert [row.member.name for row in found] == ["Łódź Lab"]


def test_inviting_by_the_page(client_of_owner, cluster, sent):
    lab = OrganisationFactory(name="Łódź Lab")
    form = {"email": "a@example.org", "organisation": "lodz lab", "since": "2019", "language": "fr"}
    messages = sent(lambda: client_of_owner.post(address("members-invite"), form))
    assert sent.result.url == address("members")
    invitation = ClusterInvitation.objects.get()
    assert (invitation.member, invitation.since, invitation.language) == (lab, 2019, "fr")
    assert messages[0].to == ["a@example.org"]
    again = client_of_owner.post(address("members-invite"), form)
    assert again.status_code == 400
    assert "already" in again.content.decode()
    assert 'value="a@example.org"' in again.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "nobody"), ("since", "1812"), ("organisation", "=cmd"), ("language", "xx")],
)
def test_bad_invitations_are_refused(client_of_owner, cluster, field, value):
    form = {"email": "a@example.org", "language": "en", field: value}
    response = client_of_owner.post(address("members-invite"), form)
    assert response.status_code == 400
    assert field in response.context["form"].errors
    assert not ClusterInvitation.objects.exists()


def test_the_addresses_of_owners_who_were_asked_are_not_shown(client_of_owner, cluster, owner):
    lab, person = with_team(email="private@example.org")
    memberships.ask(cluster=cluster, member=lab, by=owner, link=link)
    text = client_of_owner.get(address("members")).content.decode()
    assert lab.name in text
    assert person.email not in text


def test_withdrawing_resending_and_removing_twice_does_no_harm(client_of_owner, cluster, invited):
    slug, pk = cluster.slug, invited[0].pk
    membership = ClusterMembershipFactory(cluster=cluster)
    ClusterInvitation.objects.update(last_sent_at=timezone.now() - timedelta(hours=2))
    for name, key in (
        ("members-resend", pk),
        ("members-withdraw", pk),
        ("members-remove", membership.pk),
    ):
        for _ in range(2):
            response = client_of_owner.post(address(name, slug, key))
            assert response.url == address("members")
    assert memberships.state_of(ClusterInvitation.objects.get()) == "withdrawn"
    assert not ClusterMembership.objects.exists()


def test_another_clusters_invitation_and_membership_are_not_within_reach(client_of_owner, cluster):
    membership = ClusterMembershipFactory()
    client_of_owner.post(address("members-remove", cluster.slug, membership.pk))
    assert ClusterMembership.objects.filter(pk=membership.pk).exists()
    other = ClusterInvitation.objects.create(
        cluster=membership.cluster, email="a@example.org", expires_at=timezone.now()
    )
    for name in ("members-resend", "members-withdraw"):
        assert client_of_owner.post(address(name, cluster.slug, other.pk)).status_code == 404


# the link of an invitation


def test_anybody_with_the_link_sees_who_invites_and_a_wrong_link_is_404(anonymous, invited):
    page = anonymous.get(address("cluster-invitation", invited[1]))
    assert page.status_code == 200
    text = page.content.decode()
    assert "Hydrogen Cluster" in text
    assert reverse("account_login") in text
    assert "somebody@example.org" not in text
    assert anonymous.get(address("cluster-invitation", "wrong")).status_code == 404


def test_accepting_asks_for_a_log_in_and_for_an_organisation_of_ones_own(
    anonymous, stranger, invited, cluster
):
    page = address("cluster-invitation", invited[1])
    other, _person = with_team()
    form = {"answer": "accept", "organisation": other.slug}
    assert anonymous.post(page, form).url.startswith(reverse("account_login"))
    assert stranger.post(page, form).status_code == 400
    assert not ClusterMembership.objects.exists()
    lab, person = with_team()
    client = signed_in(person)
    assert lab.name in client.get(page).content.decode()
    done = client.post(page, {"answer": "accept", "organisation": lab.slug})
    assert done.url == address("memberships", lab.slug)
    assert cluster.memberships.get().member == lab
    assert "was accepted" in client.get(page).content.decode()
    again = client.post(page, {"answer": "accept", "organisation": lab.slug})
    assert again.url == done.url


def test_declining_needs_the_link_alone_and_is_said_clearly(anonymous, invited):
    page = address("cluster-invitation", invited[1])
    for _ in range(2):
        assert anonymous.post(page, {"answer": "decline"}).url == page
    assert "was declined" in anonymous.get(page).content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"withdrawn_at": timezone.now()}, "withdrawn by the cluster"),
        ({"expires_at": timezone.now()}, "has expired"),
    ],
)
def test_what_is_no_longer_open_says_so_and_has_no_button(anonymous, invited, change, said):
    ClusterInvitation.objects.update(**change)
    page = address("cluster-invitation", invited[1])
    text = anonymous.get(page).content.decode()
    assert said in text
    assert 'name="answer"' not in text
    refused = anonymous.post(page, {"answer": "decline"})
    assert refused.status_code == 400


# the clusters of an organisation


def test_an_organisation_accepts_declines_and_leaves_on_its_own_page(cluster, owner):
    lab, person = with_team()
    client = signed_in(person)
    invitation = memberships.ask(cluster=cluster, member=lab, by=owner, link=link)
    page = address("memberships", lab.slug)
    assert "Accept" in client.get(page).content.decode()
    answer = address("memberships-answer", lab.slug, invitation.pk)
    assert client.post(answer, {"answer": "perhaps"}).url == page
    assert not ClusterMembership.objects.exists()
    client.post(answer, {"answer": "accept"})
    membership = ClusterMembership.objects.get(cluster=cluster, member=lab)
    assert "Leave" in client.get(page).content.decode()
    for _ in range(2):
        assert client.post(address("memberships-leave", lab.slug, membership.pk)).url == page
    assert not ClusterMembership.objects.exists()


def test_viewers_of_an_organisation_answer_and_leave_nothing(cluster, owner):
    lab = with_team()[0]
    client = signed_in(with_team(lab, TeamMember.Role.VIEWER)[1])
    invitation = memberships.ask(cluster=cluster, member=lab, by=owner, link=link)
    membership = ClusterMembershipFactory(member=lab)
    assert 'name="answer"' not in client.get(address("memberships", lab.slug)).content.decode()
    for name, key in (("memberships-answer", invitation.pk), ("memberships-leave", membership.pk)):
        assert client.post(address(name, lab.slug, key)).status_code == 403
        assert signed_in(UserFactory()).post(address(name, lab.slug, key)).status_code == 404


# sectors and label


def test_sectors_are_found_added_once_and_removed(client_of_owner, cluster):
    concept = ConceptFactory(labels={"en": "Hydrogen storage", "fr": "Stockage d'hydrogène"})
    found = client_of_owner.get(address("cluster"), {"q": "hydrogene"})
    assert found.context["concepts"] == [concept]
    for _ in range(2):
        client_of_owner.post(address("sector-add"), {"concept": concept.pk})
    sector = cluster.sectors.get()
    assert (sector.concept, sector.source.standing) == (concept, "declared")
    again = client_of_owner.get(address("cluster"), {"q": "hydrogen"})
    assert again.context["concepts"] == []
    for _ in range(2):
        client_of_owner.post(address("sector-remove", cluster.slug, sector.pk))
    assert not cluster.sectors.exists()
    for bad in ("", "x", "9" * 30):
        assert client_of_owner.post(address("sector-add"), {"concept": bad}).status_code == 404


def test_another_clusters_sector_stays(client_of_owner, cluster):
    sector = SectorFactory()
    client_of_owner.post(address("sector-remove", cluster.slug, sector.pk))
    assert type(sector).objects.filter(pk=sector.pk).exists()


def test_the_label_is_saved_with_who_did_it(client_of_owner, cluster, owner):
    done = client_of_owner.post(address("cluster"), {"label": "gold", "label_year": "2021"})
    assert done.url == address("cluster")
    cluster.refresh_from_db()
    assert (cluster.label, cluster.label_year) == ("gold", 2021)
    assert cluster.history.latest().history_user == owner
    client_of_owner.post(address("cluster"), {"label": "", "label_year": ""})
    cluster.refresh_from_db()
    assert (cluster.label, cluster.label_year) == ("", None)


@pytest.mark.parametrize(
    "form",
    [
        {"label": "platinum", "label_year": "2021"},
        {"label": "gold", "label_year": ""},
        {"label": "gold", "label_year": "1999"},
        {"label": "", "label_year": "2021"},
        {"label": "gold", "label_year": "x"},
    ],
)
def test_bad_labels_are_refused(client_of_owner, cluster, form):
    assert client_of_owner.post(address("cluster"), form).status_code == 400
    assert Organisation.objects.get(pk=cluster.pk).label == ""


def test_the_public_page_says_what_only_the_cluster_declares(anonymous, client_of_owner, cluster):
    lab = OrganisationFactory()
    memberships.declare(cluster=cluster, member=lab, by=cluster.team.get().user)
    public = anonymous.get(cluster.get_absolute_url()).content.decode()
    assert "declared by the cluster" in public
    assert "Manage the members" not in public
    assert "Manage the members" in client_of_owner.get(cluster.get_absolute_url()).content.decode()
