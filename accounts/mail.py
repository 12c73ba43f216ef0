"""Messages to people, in their language."""

import logging
import os
import smtplib
from collections.abc import Mapping
from contextlib import suppress
from enum import Enum
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.filebased import EmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

logger = logging.getLogger(__name__)


class PrivateFolder(EmailBackend):
    """Keeps messages as files in a folder that only its owner reads: they hold codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        os.makedirs(settings.EMAIL_FILE_PATH, mode=0o700, exist_ok=True)
        super().__init__(*args, **kwargs)


def send(*, to: str, language: str, template: str, context: Mapping[str, Any]) -> None:
    """Send a message once the transaction has come through.

    The subject is `<template>_subject.txt`, in one line, and the text is `<template>.txt`, both
    rendered in ``language``; being plain text, they begin with ``{% autoescape off %}``. The
    message goes to one address only. A mail server that does not answer is noted in the log, and
    undoes nothing: every message can be asked for again.
    """
    deliver(message(to=to, language=language, template=template, context=context))


def message(
    *,
    to: str,
    language: str,
    template: str,
    context: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
) -> EmailMessage:
    """A message in the language, as `send` describes it, not sent yet."""
    with translation.override(language):
        values = {**context, "language": language}
        subject = " ".join(render_to_string(f"{template}_subject.txt", values).split())
        text = render_to_string(f"{template}.txt", values).strip() + "\n"
    return EmailMessage(subject=subject, body=text, to=[to], headers=dict(headers or {}))


def deliver(*messages: EmailMessage) -> None:
    """Hand messages to the mail server over one connection, once the transaction has come through.

    Each goes for itself: one that the server refuses keeps none of the others back. Where nobody
    answers at all, the rest is not tried. The log learns that it failed, and not to whom they were
    addressed: the server's own words would name the address.
    """

    def hand_over() -> None:
        connection = get_connection()
        for one in messages:
            try:
                connection.open()  # does nothing where it is open
            except OSError as error:
                _note(error)
                return
            try:
                connection.send_messages([one])
            except (OSError, ValueError) as error:
                _note(error)
                _close(connection)  # which may be of no use any more: the next one opens its own
        _close(connection)

    if messages:
        transaction.on_commit(hand_over)


class Outcome(Enum):
    """What became of a message that was handed over at once."""

    TAKEN = "taken"
    REFUSED = "refused"
    NOT_NOW = "not now"
    UNSURE = "unsure"


REFUSALS = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPResponseException,
    smtplib.SMTPNotSupportedError,
    ValueError,  # a line that no header may have
)
"""Errors by which the server, or this side, says that it did not take the message."""


def hand_over(one: EmailMessage) -> Outcome:
    """Hand one message to the mail server now, and say what is known of it.

    ``NOT_NOW``: it was not reached, or asked to be tried again later, as with greylisting.
    ``UNSURE``: it fell silent meanwhile, and may have taken the message or not. For messages that
    must not come twice.
    """
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:
        _note(error)
        return Outcome.NOT_NOW
    try:
        connection.send_messages([one])
    except REFUSALS as error:
        _note(error)
        return Outcome.NOT_NOW if _is_for_now(error) else Outcome.REFUSED
    except OSError as error:
        _note(error)
        return Outcome.UNSURE
    finally:
        _close(connection)
    return Outcome.TAKEN


def _is_for_now(error: Exception) -> bool:
    """Whether the server's answer is one of the 400s: a refusal that may end."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _said in error.recipients.values()]
    else:
        codes = [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []
    return bool(codes) and all(400 <= code < 500 for code in codes)


def _note(error: Exception) -> None:
    logger.error("A message could not be sent: %s", type(error).__name__)


def _close(connection: BaseEmailBackend) -> None:
    with suppress(OSError):
        connection.close()
