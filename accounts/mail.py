"""Messages to people, in their language."""

from collections.abc import Mapping
from typing import Any

from django.core.mail import EmailMessage
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
    with translation.override(language):
        values = {**context, "language": language}
        subject = " ".join(render_to_string(f"{template}_subject.txt", values).split())
        text = render_to_string(f"{template}.txt", values).strip() + "\n"
    message = EmailMessage(subject=subject, body=text, to=[to])
    transaction.on_commit(message.send, robust=True)
