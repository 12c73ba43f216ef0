"""What invitations have in common."""

import secrets
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def digest_of(token: str) -> str:
    """What is kept of an invitation's token: who reads the table cannot follow it."""
    return sha256(token.encode()).hexdigest()


class Invitation(models.Model):
    """An invitation sent to an e-mail address, good for one use until it expires.

    The address in the message holds a random token, of which only the digest is kept.
    """

    email = models.EmailField(_("e-mail address"))
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=5, default="en")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("invited by"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("accepted by"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def new_token(self) -> str:
        """Give the invitation a new token, and return it: it is known nowhere else."""
        token = secrets.token_urlsafe(32)
        self.token_digest = digest_of(token)
        return token

    @property
    def is_open(self) -> bool:
        """Whether it can be accepted still."""
        return (
            self.accepted_at is None
            and self.withdrawn_at is None
            and self.expires_at > timezone.now()
        )
