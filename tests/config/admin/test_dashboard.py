"""What waits, at the top of the first page of the administration."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.utils import timezone

from config import dashboard
from matching import index
from organisations.models import AccessRequest, WebsiteCheck
from regions.templatetags.display import is_stale
from tests import factories
from tests.config.admin.conftest import said
from tests.config.test_admin import deferred_job

INDEX = "/admin/"
NOW = timezone.now()


@pytest.fixture(autouse=True)
def no_index_of_this_checkout(settings, tmp_path):
    settings.MATCH_INDEX_DIR = tmp_path


def counts(client):
    return {queue.label: queue.count for queue in client.get(INDEX).context["queues"]}


def ask(kind, days=1):
    made = AccessRequest.objects.create(
        organisation=factories.OrganisationFactory(), user=factories.UserFactory(), kind=kind
    )
    AccessRequest.objects.filter(pk=made.pk).update(created_at=NOW - datetime.timedelta(days=days))
    return made


@pytest.fixture
def work(db):
    """Some of everything that waits, and some that does not."""
    for days in (1, 9):
        factories.OrganisationFactory(
            status="pending", submitted_at=NOW - datetime.timedelta(days=days)
        )
    factories.OrganisationFactory(status="held")
    factories.OrganisationFactory(status="archived")
    ask("claim", days=5)
    ask("join")
    ask("join")
    decided = ask("claim")
    AccessRequest.objects.filter(pk=decided.pk).update(status="granted")
    for confirmed in (True, False, False, False):
        factories.UserFactory(confirmed=confirmed)
    year = timezone.localdate().year
    for old in (5, 6, 30):
        factories.KeyFigureFactory(year=year - old)
    factories.KeyFigureFactory(year=None)
    for outcome in ("fails", "answers", "elsewhere"):
        WebsiteCheck.objects.create(
            organisation=factories.OrganisationFactory(),
            url="https://example.org/",
            outcome=outcome,
            checked_at=NOW,
        )


EXPECTED = {
    "profiles waiting for verification": 2,
    "profiles on hold": 1,
    "claims of organisations": 1,
    "requests to join a team": 2,
    "unverified e-mail addresses": 3,
    "key figures older than 5 years": 2,
    "websites that do not answer": 1,
}


def test_each_queue_is_counted_and_its_link_lists_just_as_many(administrator, work):
    found = {queue.label: queue for queue in administrator.get(INDEX).context["queues"]}
    assert {label: found[label].count for label in EXPECTED} == EXPECTED
    for label, count in EXPECTED.items():
        answer = administrator.get(found[label].address)
        assert answer.status_code == 200
        assert answer.context["cl"].result_count == count, label


def test_the_oldest_is_told(administrator, work):
    page = said(administrator.get(INDEX))
    assert "the oldest for 1 week, 2 days" in page.replace("\xa0", " ")
    assert "the oldest for 5 days" in page.replace("\xa0", " ")


def test_stale_is_what_the_pages_show_as_old():
    year = dashboard.oldest_current_year()
    assert not is_stale(year)
    assert is_stale(year - 1)


def test_index_that_is_missing_is_said(administrator):
    assert "There is no index: no suggestions are shown." in said(administrator.get(INDEX))


def test_index_says_when_it_was_built_and_what_waits(administrator):
    factories.OrganisationFactory.create_batch(3)
    index.build()
    label = "organisations changed since the match index was built"
    assert "Index of 3 organisations, built on" in said(administrator.get(INDEX))
    # what the transaction of this test wrote itself counts as not read
    assert counts(administrator)[label] == 3
    factories.OrganisationFactory.create_batch(2)
    assert counts(administrator)[label] == 5


def test_failed_jobs_are_urgent(administrator):
    job = deferred_job()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job.pk])
    failed = administrator.get(INDEX).context["queues"][-1]
    assert (failed.label, failed.count, failed.is_urgent) == ("failed jobs", 1, True)
    assert administrator.get(failed.address).context["cl"].result_count == 1


def test_at_most_twelve_queries(administrator, work, connection_queries):
    index.build()
    administrator.get(INDEX)
    few = connection_queries(administrator, INDEX)
    factories.OrganisationFactory.create_batch(10, status="pending")
    assert connection_queries(administrator, INDEX) == few <= 12


def test_everyone_sees_what_they_may(work):
    user = factories.UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_keyfigure"))
    client = Client()
    client.force_login(user)
    assert counts(client) == {"key figures older than 5 years": 2}
    user.user_permissions.clear()
    assert counts(client) == {}
