"""A visitor of the account pages, whose messages arrive."""

import re

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from tests.factories import PASSWORD, UserFactory


class Visitor(Client):
    """Posts forms like a browser; what waits for the end of a transaction does not wait here, as
    a test's own transaction never ends."""

    def send(self, path, **fields):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(transaction, "on_commit", lambda done, **options: done())
            return self.post(path, fields)

    def sign_up(self, email="new@example.org", password=PASSWORD, consent="on", **more):
        return self.send(
            "/accounts/signup/", email=email, password1=password, consent=consent, **more
        )

    def log_in(self, email="anna@example.org", password=PASSWORD, **more):
        return self.send("/accounts/login/", login=email, password=password, **more)

    def reauthenticate(self, password=PASSWORD):
        return self.send("/accounts/reauthenticate/", password=password)

    @property
    def is_logged_in(self):
        return "_auth_user_id" in self.session


@pytest.fixture
def visitor(db):
    return Visitor()


@pytest.fixture
def another(db):
    """A second browser."""
    return Visitor()


@pytest.fixture
def anna(db):
    return UserFactory(email="anna@example.org", name="Anna Example")


@pytest.fixture
def member(visitor, anna):
    """Anna, logged in by the page."""
    assert visitor.log_in().status_code == 302
    visitor.user = anna
    return visitor


@pytest.fixture
def code():
    """The code of the newest message."""

    def newest():
        found = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.outbox[-1].body, re.MULTILINE)
        assert found, mail.outbox[-1].body
        return found[0]

    return newest


def text_of(answer):
    return answer.content.decode()
