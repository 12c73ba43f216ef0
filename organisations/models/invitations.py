"""What invitations have in common."""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Sum, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MOST_MESSAGES: Final = 3
"""How often one invitation is sent, the first message and those after it was renewed included."""


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
    sent_count = models.PositiveSmallIntegerField(_("messages sent"), default=1)
    last_sent_at = models.DateTimeField(_("last sent"), default=timezone.now)
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

    def count_message(self) -> None:
        """Note that a message goes out now; the first of a new invitation is counted already."""
        if not self._state.adding:
            self.sent_count += 1
        self.last_sent_at = timezone.now()

    @property
    def is_sent_enough(self) -> bool:
        """Whether no further message may be sent."""
        return self.sent_count >= MOST_MESSAGES

    @property
    def is_open(self) -> bool:
        """Whether it can be accepted still."""
        return (
            self.accepted_at is None
            and self.withdrawn_at is None
            and self.expires_at > timezone.now()
        )


def messages_of_a_day(invitations: models.QuerySet[Any]) -> int:
    """How many messages were sent within a day, whatever became of the invitations.

    Of one made before, the first message is older. Where two followed, both are taken as of this
    day: a limit is rather reached too early than passed.
    """
    since = timezone.now() - timedelta(days=1)
    counted = invitations.order_by().filter(last_sent_at__gt=since)
    messages = Case(
        When(created_at__gt=since, then=F("sent_count")),
        When(sent_count__gt=1, then=F("sent_count") - 1),
        default=1,
    )
    return counted.aggregate(sent=Sum(messages))["sent"] or 0
