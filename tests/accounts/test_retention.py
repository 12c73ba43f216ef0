"""Accounts that were never verified, sessions and tokens that have ended, do not stay."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts import jobs, services
from accounts.models import User
from tests.factories import UserFactory

OLD = timezone.timedelta(days=8)


def account(**fields):
    joined = timezone.now() - fields.pop("age", OLD)
    return UserFactory(date_joined=joined, **fields)


@pytest.fixture
def forgotten(db):
    return account(confirmed=False)


def test_unverified_accounts_are_deleted_after_seven_days(forgotten):
    kept = [
        account(),
        account(confirmed=False, age=timedelta(days=6, hours=23)),
        account(confirmed=False, last_login=timezone.now()),
        account(confirmed=False, is_staff=True),
    ]
    bare = account(confirmed=False)
    bare.emailaddress_set.all().delete()  # made before addresses were confirmed
    second = account(confirmed=False)
    second.emailaddress_set.create(email="second@example.org", verified=True)
    assert services.delete_unverified() == 1
    assert set(User.objects.all()) == {*kept, bare, second}


def run(*arguments):
    out = StringIO()
    call_command("delete_unverified_accounts", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_counts_first(forgotten):
    assert run("--dry-run") == "1 accounts would be deleted.\n"
    assert User.objects.exists()
    assert run() == "1 accounts deleted.\n"
    assert not User.objects.exists()


def test_the_jobs_run_every_night(forgotten):
    periodic = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    assert {"accounts.delete_unverified", "accounts.delete_expired"} <= periodic
    assert jobs.delete_unverified(timestamp=0) == 1
    assert jobs.delete_expired(timestamp=0) == 0


def test_ended_sessions_go_with_their_addresses(visitor, anna):
    visitor.log_in()
    services.delete_expired()
    assert UserSession.objects.count() == Session.objects.count() == 1
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    services.delete_expired()
    assert not UserSession.objects.exists()
    assert not Session.objects.exists()
