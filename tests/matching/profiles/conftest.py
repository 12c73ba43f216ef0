"""A newcomer of Małopolska with a draft, in the small world that the index knows."""

import pytest

from organisations.models import Organisation, TeamMember
from tests.conftest import signed_in
from tests.factories import NutsUnitFactory, OrganisationFactory, TeamMemberFactory, UserFactory


@pytest.fixture
def newcomer(world):
    """A draft of Małopolska that states nothing yet, made after the index."""
    return OrganisationFactory(
        slug="newcomer",
        name="Newcomer of Tarnów",
        kind=Organisation.Kind.SME,
        status=Organisation.Status.DRAFT,
        home_region=world.malopolska,
        nuts3=NutsUnitFactory(
            code="PL217", country=world.malopolska.country, home_region=world.malopolska
        ),
        source=None,
    )


@pytest.fixture
def owner(newcomer):
    user = UserFactory(email="owner@example.org")
    TeamMemberFactory(organisation=newcomer, user=user, role=TeamMember.Role.OWNER)
    return signed_in(user)


@pytest.fixture
def colleague(newcomer):
    """Another editor of the same draft."""
    user = UserFactory(email="colleague@example.org")
    TeamMemberFactory(organisation=newcomer, user=user)
    return signed_in(user)


@pytest.fixture
def onlooker(newcomer):
    """In the team of the draft, and may only read."""
    user = UserFactory(email="onlooker@example.org")
    TeamMemberFactory(organisation=newcomer, user=user, role=TeamMember.Role.VIEWER)
    return signed_in(user)


HOME = "/organisations/newcomer/profile/"


def opened(client, path):
    """The hidden field that a form was opened with."""
    context = client.get(path).context
    return context["opened"]
