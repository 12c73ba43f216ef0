"""Consent to how personal data are used: asked at sign-up, and again when the text changes."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Consent, User

PRIVACY_VERSION = "2026-11-23"
"""The day of the last change of the page about privacy that people have to know of."""

DUE = "consent_due"


class ConsentForm(forms.Form):
    """The part of the sign-up form that is ours."""

    consent = forms.BooleanField(
        label=_("I agree"),
        error_messages={"required": _("Without your agreement we may not keep an account.")},
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the account is made."""
        give(user=user)


@transaction.atomic
def give(*, user: User) -> Consent:
    """Record that the user agreed to the present version, in the language that they read.

    Agreeing twice to one version is one consent.
    """
    User.objects.select_for_update().get(pk=user.pk)
    given = user.consents.filter(document=Consent.Document.PRIVACY, version=PRIVACY_VERSION).first()
    if given is not None:
        return given
    return Consent.objects.create(
        user=user,
        document=Consent.Document.PRIVACY,
        version=PRIVACY_VERSION,
        language=(get_language() or "en")[:5],
    )


def note_at_log_in(request: HttpRequest, user: Any) -> None:
    """Remember in the session whether to ask; so no other page has to look."""
    given = Consent.objects.filter(
        user=user, document=Consent.Document.PRIVACY, version=PRIVACY_VERSION
    )
    request.session[DUE] = not given.exists()


def is_due(request: HttpRequest) -> bool:
    """Whether the reader is to be asked on this page."""
    session = getattr(request, "session", None)
    return bool(session is not None and session.get(DUE))


def settle(request: HttpRequest) -> None:
    """Ask no more in this session."""
    request.session[DUE] = False
