"""Messages to people, in their language."""

import logging
import os
from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
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

    The log learns that it failed, and not to whom they were addressed: the server's own words would
    name the address.
    """

    def hand_over() -> None:
        try:
            get_connection().send_messages(messages)
        except (SMTPException, OSError) as error:
            logger.error("A message could not be sent: %s", type(error).__name__)

    if messages:
        transaction.on_commit(hand_over)
