"""Messages to people, in their language."""

import logging
import os
from collections.abc import Mapping
from contextlib import suppress
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


def message(*, to: str, language: str, template: str, context: Mapping[str, Any]) -> EmailMessage:
    """A message in the language, as `send` describes it, not sent yet."""
    with translation.override(language):
        values = {**context, "language": language}
        subject = " ".join(render_to_string(f"{template}_subject.txt", values).split())
        text = render_to_string(f"{template}.txt", values).strip() + "\n"
    return EmailMessage(subject=subject, body=text, to=[to])


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


def _note(error: Exception) -> None:
    logger.error("A message could not be sent: %s", type(error).__name__)


def _close(connection: BaseEmailBackend) -> None:
    with suppress(OSError):
        connection.close()
