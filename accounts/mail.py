"""Messages to people, in their language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation


def send(*, to: str, language: str, template: str, context: Mapping[str, Any]) -> None:
    """Send a message once the transaction has come through.

    The subject is `<template>_subject.txt`, in one line, and the text is `<template>.txt`, both
    rendered in ``language``; being plain text, they begin with ``{% autoescape off %}``. The
    message goes to one address only. A mail server that does not answer is noted in the log, and
    undoes nothing: every message can be asked for again.
    """
    written = message(to=to, language=language, template=template, context=context)
    transaction.on_commit(written.send, robust=True)


def send_together(messages: Iterable[EmailMessage]) -> None:
    """Send many messages over one connection, once the transaction has come through."""
    written = list(messages)
    if written:
        transaction.on_commit(lambda: get_connection().send_messages(written), robust=True)


def message(*, to: str, language: str, template: str, context: Mapping[str, Any]) -> EmailMessage:
    """A message in the language, as `send` describes it, not sent yet."""
    with translation.override(language):
        values = {**context, "language": language}
        subject = " ".join(render_to_string(f"{template}_subject.txt", values).split())
        text = render_to_string(f"{template}.txt", values).strip() + "\n"
    return EmailMessage(subject=subject, body=text, to=[to])
