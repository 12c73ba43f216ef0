"""Two organisations that are one, and who merges them."""

import pytest

from tests.factories import (
    OrganisationFactory,
    UserFactory,
)


@pytest.fixture
def by(db):
    return UserFactory(administrator=True)


@pytest.fixture
def keep(db):
    return OrganisationFactory(slug="keep", name="Keep")


@pytest.fixture
def other(db):
    return OrganisationFactory(slug="other", name="Other")
