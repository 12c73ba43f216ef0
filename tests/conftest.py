"""What every test stands on: five personas, and guards against silent mistakes."""

import ipaddress
import re
import socket
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.core.handlers.base import BaseHandler
from django.db import connection, connections
from django.template import Node, engines
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import translation
from rest_framework.throttling import SimpleRateThrottle

from organisations.models import TeamMember
from tests.factories import OrganisationFactory, TeamMemberFactory, UserFactory

READS = {"GET", "HEAD", "OPTIONS"}
WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE|MERGE|CREATE|ALTER|DROP)\b", re.IGNORECASE)
IN_PROCESS = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "limits"}
CACHES = django_settings.CACHES  # as they are outside of tests
SESSION_TABLE = "django_session"


@pytest.fixture
def organisation(db):
    """The verified organisation that the viewer and the editor belong to."""
    return OrganisationFactory(slug="agh-university", name="AGH University", city="Kraków")


@pytest.fixture
def anonymous(db):
    """Nobody is signed in."""
    return Client()


@pytest.fixture
def stranger(db):
    """Signed in, in no team."""
    return signed_in(UserFactory(email="stranger@example.org"))


@pytest.fixture
def viewer(organisation):
    """In the team of ``organisation``, and may only read."""
    user = UserFactory(email="viewer@example.org")
    TeamMemberFactory(organisation=organisation, user=user, role=TeamMember.Role.VIEWER)
    return signed_in(user)


@pytest.fixture
def editor(organisation):
    """In the team of ``organisation``, and may write for it."""
    user = UserFactory(email="editor@example.org")
    TeamMemberFactory(organisation=organisation, user=user, role=TeamMember.Role.EDITOR)
    return signed_in(user)


@pytest.fixture
def administrator(db):
    """May do everything, in the administration pages too."""
    return signed_in(UserFactory(email="administrator@example.org", administrator=True))


def signed_in(user):
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def connection_queries():
    """How many queries a GET of the address takes; it must succeed."""

    def count(client, path, **parameters):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path, parameters)
        assert answer.status_code == 200, answer.content[:500]
        return len(queries)

    return count


@pytest.fixture(autouse=True, scope="session")
def quick_and_plain(tmp_path_factory):
    """Static files by their plain names from where they are, passwords hashed quickly, no reading
    of changes that a test does not ask for, and not the match index of the machine's own data."""
    with override_settings(
        MATCH_INDEX_DIR=tmp_path_factory.mktemp("no") / "match-index",
        MATCH_FOLLOWER="off",
        CACHES={**CACHES, "default": IN_PROCESS},
        STORAGES={
            **django_settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def without_throttling(monkeypatch):
    """As many requests as a test likes, and a cache that remembers no other test."""
    for scope in ("anon", "user"):
        monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, scope, None)
    for cache in caches.all():
        cache.clear()


@pytest.fixture(autouse=True)
def in_the_usual_language():
    """A page leaves its language behind in the thread, and the next test may ask for no page."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def reading_writes_nothing(monkeypatch):
    """A GET that writes to the database fails, except for the session's own bookkeeping."""
    answer = BaseHandler.get_response

    def get_response(handler, request):
        if request.method not in READS:
            return answer(handler, request)

        def refuse_writes(execute, sql, params, many, context):
            if WRITE.match(sql) and SESSION_TABLE not in sql:
                pytest.fail(f"{request.method} {request.path} writes: {sql[:200]}")
            return execute(sql, params, many, context)

        with connection.execute_wrapper(refuse_writes):
            return answer(handler, request)

    monkeypatch.setattr(BaseHandler, "get_response", get_response)


@pytest.fixture(autouse=True, scope="session")
def nobody_holds_the_test_database(django_db_setup, django_db_blocker):
    """A session may outlive its test when the database is to be removed: a live server's last
    request, or one that Django keeps apart for Playwright's event loop. So all are ended, from
    outside."""
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        with connection._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [connection.settings_dict["NAME"]],
            )


class UndefinedTemplateVariable(AssertionError):
    """A template of ours shows a variable that nobody gave it."""


class FailOnUndefined:
    """Stands where Django puts the text for an undefined variable.

    Django asks whether it holds ``%s``, and then formats it with the variable. A variable with a
    ``default`` says itself what to show; templates of Django and of other packages rely on
    undefined variables. Those are resolved as if this object were not there.
    """

    def __contains__(self, text):
        return text == "%s"

    def __mod__(self, variable):
        expression, context, template = what_is_rendered()
        has_default = any(check.__name__.startswith("default") for check, _ in expression.filters)
        if template is not None and is_ours(template) and not has_default:
            raise UndefinedTemplateVariable(f"{template}: {{{{ {variable} }}}} is not defined")
        engine = context.template.engine
        engine.string_if_invalid = ""
        try:
            return expression.resolve(context)
        finally:
            engine.string_if_invalid = self


def what_is_rendered():
    """The expression being resolved, its context, and the file of its template if it has one."""
    frame = sys._getframe(2)
    expression, context = frame.f_locals["self"], frame.f_locals["context"]
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return expression, context, Path(node.origin.name)
        frame = frame.f_back
    return expression, context, None


def is_ours(template):
    home = django_settings.BASE_DIR
    return template.is_relative_to(home) and not template.is_relative_to(home / ".venv")


@pytest.fixture(autouse=True, scope="session")
def undefined_template_variables_fail():
    engine = engines["django"].engine
    engine.string_if_invalid = FailOnUndefined()
    yield
    engine.string_if_invalid = ""


@pytest.fixture(autouse=True, scope="session")
def no_network():
    """Only this machine answers: a test that asks another one fails."""
    connect = socket.socket.connect

    def connect_at_home(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(address[0]):
            raise AssertionError(f"a test asked {address[0]} over the network")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_at_home)
        yield


def is_loopback(host):
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
