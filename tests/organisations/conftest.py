"""People with verified addresses, organisations with owners and invitations, and websites."""

import re
import threading

import pytest

from organisations import teams
from organisations.models import TeamMember
from tests.factories import OrganisationFactory, TeamMemberFactory, UserFactory
from tests.organisations.loopback import Net, Server

ADDRESS = "https://site.example.org/invitations/TOKEN/"


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
def second_owner(organisation, owner):
    return TeamMemberFactory(
        organisation=organisation, user=UserFactory(), role=TeamMember.Role.OWNER
    )


@pytest.fixture
def unclaimed(db):
    """A verified organisation without a team, with a website of its own."""
    return OrganisationFactory(
        slug="krakow-institute",
        name="Kraków Institute of Hydrogen",
        website="https://www.institute.example.org/about",
    )


@pytest.fixture
def invited(organisation, owner, mailoutbox, django_capture_on_commit_callbacks):
    """An invitation, and the token that only its message holds."""

    def made(email="new@example.org", role="editor"):
        with django_capture_on_commit_callbacks(execute=True):
            invitation = teams.invite(
                organisation=organisation, email=email, role=role, by=owner, address=ADDRESS
            )
        return invitation, re.search(r"invitations/([\w-]+)/", mailoutbox[-1].body)[1]

    return made


@pytest.fixture
def server():
    running = Server()
    thread = threading.Thread(target=running.serve_forever, args=[0.01])
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def net(server):
    return Net(server)
