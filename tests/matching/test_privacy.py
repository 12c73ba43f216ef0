"""Profiles that are not public are named nowhere, whoever was their partner, member or lead."""

import pytest

from matching import services
from organisations.models import Organisation
from tests.factories import (
    ClusterMembershipFactory,
    InitiativeFactory,
    OrganisationFactory,
    ParticipationFactory,
)

HIDDEN = [Organisation.Status.DRAFT, Organisation.Status.REJECTED, Organisation.Status.ARCHIVED]


@pytest.mark.parametrize("status", HIDDEN)
def test_a_partner_in_common_that_is_not_public_is_not_named(world, anonymous, status):
    Organisation.objects.filter(pk=world.institute.pk).update(status=status)
    match = services.suggestions_for(organisation=world.lab)[0]
    labels = [term.label for term in match.terms]

    assert "Both have worked with a participant without a public profile" in labels
    assert sum(term.points for term in match.terms) == match.score
    for address in (
        world.lab.get_absolute_url(),
        f"/organisations/{world.lab.slug}/with/{world.maker.slug}/",
        f"/api/v1/organisations/{world.lab.slug}/suggestions/",
    ):
        answer = anonymous.get(address)
        assert answer.status_code == 200
        assert world.institute.name not in answer.content.decode()


def test_a_partner_in_common_that_is_gone_is_no_error(world):
    world.institute.participations.all().delete()
    world.institute.delete()
    match = services.suggestions_for(organisation=world.lab)[0]
    assert sum(term.points for term in match.terms) == match.score


def test_a_concept_that_is_gone_is_no_error(world):
    for statement in world.storage.statements.all():
        statement.delete()
    world.storage.relations.all().delete()
    world.storage.delete()
    match = services.suggestions_for(organisation=world.lab)[0]
    assert any("no longer in use" in term.label for term in match.terms)


@pytest.mark.parametrize("status", HIDDEN)
def test_members_and_clusters_that_are_not_public_are_not_named(world, anonymous, status):
    hidden = OrganisationFactory(name="Hidden partner Ltd", status=status)
    hidden_cluster = OrganisationFactory(name="Hidden cluster", kind="cluster", status=status)
    cluster = OrganisationFactory(name="Cluster", kind="cluster")
    ClusterMembershipFactory(cluster=cluster, member=hidden)
    ClusterMembershipFactory(cluster=hidden_cluster, member=world.lab)

    assert "Hidden" not in anonymous.get(cluster.get_absolute_url()).content.decode()
    assert "Hidden" not in anonymous.get(world.lab.get_absolute_url()).content.decode()


@pytest.mark.parametrize("status", HIDDEN)
def test_participants_and_leads_that_are_not_public_are_not_named(anonymous, status):
    hidden = OrganisationFactory(name="Hidden partner Ltd", status=status)
    initiative = InitiativeFactory(lead=hidden)
    ParticipationFactory(initiative=initiative, organisation=hidden)
    text = anonymous.get(initiative.get_absolute_url()).content.decode()

    assert "Hidden" not in text
    assert "A participant without a public profile" in text
