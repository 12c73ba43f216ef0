"""A region and those who keep its dossier."""

import pytest

from regions.models import RegionRole, Source
from tests.conftest import signed_in
from tests.factories import RegionFactory, SourceFactory, UserFactory


def keeper_of(region, role=RegionRole.Role.EDITOR, **user):
    user = UserFactory(**user)
    RegionRole.objects.create(region=region, user=user, role=role)
    return user


@pytest.fixture
def region(db):
    return RegionFactory(slug="malopolska", name="Małopolska")


@pytest.fixture
def keeper(region):
    return keeper_of(region, email="keeper@example.org")


@pytest.fixture
def client_of_keeper(keeper):
    return signed_in(keeper)


@pytest.fixture
def declared(db):
    return SourceFactory(
        slug="yearbook", title="Regional yearbook", standing=Source.Standing.DECLARED
    )
