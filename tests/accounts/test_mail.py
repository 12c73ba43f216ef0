"""Messages: one address, plain text, and nothing of them in the log."""

import logging
import smtplib
import stat
from typing import ClassVar

import pytest
from django.core import mail as outgoing
from django.core.mail import EmailMessage
from django.core.mail.backends import locmem

from accounts import mail


def test_a_server_that_refuses_is_noted_without_the_address(
    db, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def refuse(self, messages):
        raise smtplib.SMTPRecipientsRefused({"anna@example.org": (550, b"no")})

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", refuse)
    with caplog.at_level(logging.DEBUG), django_capture_on_commit_callbacks(execute=True):
        mail.send(to="anna@example.org", language="en", template="mail/account_deleted", context={})
    assert "A message could not be sent: SMTPRecipientsRefused" in caplog.text
    assert "anna" not in caplog.text


class Server:
    """A mail server that refuses two people: to one it says so, with the other it hangs up."""

    reached: ClassVar[list[str]] = []
    calls = 0

    def __init__(self, *_args, **_kwargs):
        type(self).calls += 1
        self.is_there = True

    def sendmail(self, _sender, recipients, _text):
        (recipient,) = recipients
        if not self.is_there or recipient.startswith("hung"):
            self.is_there = False
            raise smtplib.SMTPServerDisconnected
        if recipient.startswith("refused"):
            raise smtplib.SMTPRecipientsRefused({recipient: (550, b"no")})
        self.reached.append(recipient)

    def quit(self):
        if not self.is_there:
            raise smtplib.SMTPServerDisconnected

    def close(self):
        pass


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    monkeypatch.setattr(smtplib, "SMTP", Server)
    monkeypatch.setattr(Server, "reached", [])
    monkeypatch.setattr(Server, "calls", 0)
    return Server


def batch(*names):
    return [EmailMessage(subject="s", body="b", to=[f"{name}@example.org"]) for name in names]


@pytest.mark.parametrize("unreachable", ["refused", "hung"])
def test_one_address_that_fails_keeps_back_none_of_the_others(
    db, server, caplog, django_capture_on_commit_callbacks, unreachable
):
    with django_capture_on_commit_callbacks(execute=True):
        mail.deliver(*batch("anna", unreachable, "piotr", "marie"))
    assert server.reached == ["anna@example.org", "piotr@example.org", "marie@example.org"]
    assert caplog.text.count("A message could not be sent") == 1
    assert unreachable not in caplog.text


def test_messages_share_a_connection(db, server, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        mail.deliver(*batch("anna", "piotr"))
    assert (len(server.reached), server.calls) == (2, 1)


def test_where_nobody_answers_the_rest_is_not_tried(
    db, server, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def nobody(*_args, **_kwargs):
        raise TimeoutError

    monkeypatch.setattr(smtplib, "SMTP", nobody)
    with django_capture_on_commit_callbacks(execute=True):
        mail.deliver(*batch("anna", "piotr"))
    assert caplog.text.count("A message could not be sent: TimeoutError") == 1


def test_a_message_waits_for_the_transaction(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False):
        mail.send(to="anna@example.org", language="en", template="mail/account_deleted", context={})
    assert outgoing.outbox == []


def test_messages_in_a_folder_are_for_its_owner(settings, tmp_path):
    folder = tmp_path / "mail"
    settings.EMAIL_FILE_PATH = str(folder)
    mail.PrivateFolder()
    mail.PrivateFolder()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["<b>Anna</b>", "Anna & Co"])
def test_messages_are_plain_text(visitor, anna, name):
    anna.name = name
    anna.save()
    visitor.send("/accounts/password/reset/", email=anna.email)
    assert "&lt;" not in outgoing.outbox[0].body
    assert "&amp;" not in outgoing.outbox[0].body
    assert outgoing.outbox[0].alternatives == []
