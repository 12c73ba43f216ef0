"""The reference data as committed, loaded once for each module that asks for it."""

import pytest
from django.db import transaction

from regions.reference import load_reference


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """All reference data is in the database, until the module is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_reference()
        transaction.set_rollback(True)


@pytest.fixture
def reference(loaded, db):
    """All reference data is in the database; what the test changes is undone after it."""
    return loaded
