"""People with verified addresses, and organisations with owners."""

import pytest

from organisations.models import TeamMember
from tests.factories import OrganisationFactory, TeamMemberFactory, UserFactory


@pytest.fixture
def person(db):
    """Makes a user with verified addresses, of which the first is the login name."""

    def made(*emails, **fields):
        user = UserFactory(email=emails[0], **fields)
        for email in emails[1:]:
            user.emailaddress_set.create(email=email, verified=True)
        return user

    return made


@pytest.fixture
def owner(organisation):
    """The owner of ``organisation``."""
    user = UserFactory(email="owner@example.org", name="Olga Owner")
    TeamMemberFactory(organisation=organisation, user=user, role=TeamMember.Role.OWNER)
    return user


@pytest.fixture
def unclaimed(db):
    """A verified organisation without a team, with a website of its own."""
    return OrganisationFactory(
        slug="krakow-institute",
        name="Kraków Institute of Hydrogen",
        website="https://www.institute.example.org/about",
    )
