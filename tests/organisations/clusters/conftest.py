"""A cluster with an owner, and those around it."""

import pytest

from organisations import memberships
from organisations.models import Organisation, TeamMember
from tests.conftest import signed_in
from tests.factories import OrganisationFactory, TeamMemberFactory, UserFactory


def link(path):
    return f"https://regions.example.org{path}"


def with_team(organisation=None, role=TeamMember.Role.OWNER, **user):
    """An organisation and somebody in its team."""
    organisation = organisation or OrganisationFactory()
    member = TeamMemberFactory(organisation=organisation, role=role, user=UserFactory(**user))
    return organisation, member.user


@pytest.fixture
def cluster(db):
    return OrganisationFactory(
        slug="hydrogen-cluster", name="Hydrogen Cluster", kind=Organisation.Kind.CLUSTER
    )


@pytest.fixture
def owner(cluster):
    return with_team(cluster, email="owner@example.org")[1]


@pytest.fixture
def client_of_owner(owner):
    return signed_in(owner)


@pytest.fixture
def client_of_viewer(cluster):
    return signed_in(with_team(cluster, TeamMember.Role.VIEWER)[1])


@pytest.fixture
def sent(mailoutbox, django_capture_on_commit_callbacks):
    """The messages that something sends once it is committed."""

    def sent(do):
        before = len(mailoutbox)
        with django_capture_on_commit_callbacks(execute=True):
            sent.result = do()
        return mailoutbox[before:]

    return sent


@pytest.fixture
def invited(cluster, owner, sent):
    """An invitation to somebody@example.org, and the token of its message."""
    messages = sent(
        lambda: memberships.invite(
            cluster=cluster,
            email="somebody@example.org",
            since=2019,
            by=owner,
            link=link,
            language="en",
        )
    )
    return sent.result, token_in(messages[0])


def token_in(message):
    return message.body.split("/invitations/cluster/")[1].split("/")[0]
