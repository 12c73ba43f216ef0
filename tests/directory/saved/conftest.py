"""A person with a saved search, and mornings that pass."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from directory.models import Digest
from directory.saved import digests, services
from tests.factories import OrganisationFactory, UserFactory

THURSDAY = datetime(2026, 3, 5, 12, tzinfo=UTC)


@pytest.fixture
def anna(db):
    return UserFactory(email="anna@example.org", name="Anna")


@pytest.fixture
def saved(anna):
    """Of hydrogen, every day; one organisation is known from the beginning."""
    OrganisationFactory(name="Hydrogen Known")
    return services.save(user=anna, by=anna, query="q=hydrogen", name="H2", frequency="daily")


def pass_days(search, days=1):
    """As if the last message had been due some days earlier."""
    search.refresh_from_db()
    search.digested_at -= timedelta(days=days)
    search.save()


def morning(search, days=1):
    """Look, and send what there is to send; returns the messages of this morning."""
    pass_days(search, days)
    before = len(mail.outbox)
    digests.look_after(search=search.pk)
    for digest in Digest.objects.filter(search=search, status="waiting"):
        digests.send(digest=digest.pk)
    return mail.outbox[before:]
