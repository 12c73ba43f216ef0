"""Who may choose for Kraków's lab: its editor and the moderators; its viewer may look."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from organisations.models import TeamMember
from tests.factories import TeamMemberFactory, UserFactory


def client_of(user):
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def moderator(db):
    """May change every organisation, and is no superuser."""
    user = UserFactory(email="moderator@example.org", is_staff=True)
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["change_organisation", "view_organisation"])
    )
    return client_of(user)


@pytest.fixture
def lab_editor(world):
    user = UserFactory(email="lab-editor@example.org")
    TeamMemberFactory(organisation=world.lab, user=user, role=TeamMember.Role.EDITOR)
    return client_of(user)


@pytest.fixture
def lab_viewer(world):
    user = UserFactory(email="lab-viewer@example.org")
    TeamMemberFactory(organisation=world.lab, user=user, role=TeamMember.Role.VIEWER)
    return client_of(user)


@pytest.fixture
def personas(anonymous, stranger, lab_viewer, lab_editor, moderator, administrator):
    return SimpleNamespace(
        anonymous=anonymous,
        stranger=stranger,
        viewer=lab_viewer,
        editor=lab_editor,
        moderator=moderator,
        administrator=administrator,
    )
