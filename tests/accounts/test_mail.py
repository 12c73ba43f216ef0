"""Messages: one address, plain text, and nothing of them in the log."""

import logging
import smtplib
import stat

import pytest
from django.core import mail as outgoing
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
