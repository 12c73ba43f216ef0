"""Nothing personal is written to a log, whatever happens."""

import logging

import pytest
from django.test import Client
from django.utils.log import AdminEmailHandler

from accounts import services
from tests.factories import PASSWORD

PERSONAL = ("anna", "new.person", PASSWORD, "wrong-secret", "127.0.0.1")


@pytest.fixture
def log(caplog):
    """Every record of every logger, whatever its level."""
    caplog.set_level(logging.DEBUG)
    loggers = [logging.getLogger(name) for name in ("django", "django.request", "allauth")]
    before = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield caplog
    for logger, level in before:
        logger.setLevel(level)


def written(log):
    formatter = logging.Formatter()
    kept = [r for r in log.records if not r.name.startswith("django.db.backends")]
    return "\n".join(formatter.format(record) for record in kept).lower()


def assert_nothing_personal(log):
    text = written(log)
    for word in PERSONAL:
        assert word.lower() not in text


def test_a_failed_log_in(visitor, anna, log):
    for _time in range(12):
        visitor.log_in(password="wrong-secret")
    assert_nothing_personal(log)


def test_a_sign_up_and_a_reset(visitor, anna, log):
    visitor.sign_up("new.person@example.org")
    visitor.sign_up("anna@example.org")
    visitor.send("/accounts/confirm-email/", code="AAAA-AAAA")
    visitor.send("/accounts/password/reset/", email="anna@example.org")
    assert_nothing_personal(log)


def test_a_page_that_fails(member, log, monkeypatch):
    def fail(**given):
        raise RuntimeError("out of order")

    monkeypatch.setattr(services, "change_profile", fail)
    member.raise_request_exception = False
    answer = member.send("/account/", name="Anna New.Person", phone="wrong-secret", language="en")
    assert answer.status_code == 500
    assert "out of order" in written(log)
    assert_nothing_personal(log)


def test_a_log_in_that_fails(anna, log, monkeypatch):
    from accounts.adapter import AccountAdapter

    def fail(*args, **given):
        raise RuntimeError("out of order")

    monkeypatch.setattr(AccountAdapter, "pre_authenticate", fail)
    client = Client(raise_request_exception=False)
    form = {"login": "anna@example.org", "password": PASSWORD}
    assert client.post("/accounts/login/", form).status_code == 500
    assert "out of order" in written(log)
    assert_nothing_personal(log)


def test_no_log_handler_mails_what_was_sent_to_a_page():
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    handlers = [handler for logger in loggers for handler in logger.handlers]
    assert not any(isinstance(handler, AdminEmailHandler) for handler in handlers)
