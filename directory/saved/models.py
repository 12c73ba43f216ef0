"""A search that somebody keeps, what it has found, and the messages about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.lines import LineField
from organisations.models import Organisation

SUGGESTION = "suggestion"


class PublicSince(models.Model):
    """When an entry of the directory was public for the first time; a trigger writes it.

    The row outlives its entry, so that filling the directory anew, or archiving an organisation and
    bringing it back, makes nothing new. ``since`` is the beginning of the transaction.
    """

    of = models.CharField(max_length=12)
    object_id = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        db_table = "directory_public_since"
        verbose_name = _("first day of an entry")
        verbose_name_plural = _("first days of entries")
        constraints = [
            models.UniqueConstraint(fields=["of", "object_id"], name="public_since_unique")
        ]
        indexes = [models.Index(fields=["since"], name="public_since_since")]

    def __str__(self) -> str:
        return f"{self.of} {self.object_id}"


class SavedSearch(models.Model):
    """A search that a person keeps, to be told of what is new in it.

    ``query`` is the query string of its address, normalised by `directory.saved.wanted`.
    ``settled_at``: all that was public before was looked at. ``is_listed``: all that it found is in
    its list of items, so that what comes to match is new as well. ``mails_from``: what was found
    before is in no message. ``feed_secret`` is one part of the feed's address; without it there is
    no feed.
    """

    class Frequency(models.TextChoices):
        OFF = "off", _("never")
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every Monday")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="saved_searches",
    )
    name = LineField(_("name"), max_length=80)
    query = models.TextField(_("search"))
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.SET_NULL,
        related_name="saved_searches",
        null=True,
        blank=True,
    )
    frequency = models.CharField(
        _("message"), max_length=6, choices=Frequency, default=Frequency.WEEKLY
    )
    feed_secret = models.CharField(_("secret of the feed"), max_length=32, blank=True)
    created_at = models.DateTimeField(_("saved"), default=timezone.now)
    looked_at = models.DateTimeField(_("last looked at"), default=timezone.now)
    settled_at = models.DateTimeField(_("looked at up to"), default=timezone.now)
    is_listed = models.BooleanField(_("all it found is listed"), default=True)
    mails_from = models.DateTimeField(_("told from"), default=timezone.now)
    digested_at = models.DateTimeField(_("last due"), default=timezone.now)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "query"],
                name="saved_search_once",
                violation_error_message=_("You have saved this search already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_search_has_name"),
        ]

    def __str__(self) -> str:
        # not its name, which is nobody's affair who administers the site
        return f"{self._meta.verbose_name} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("searches:detail", args=[self.pk])

    @property
    def address(self) -> str:
        """Of the search itself."""
        return f"{reverse('search')}?{self.query}"


class Digest(models.Model):
    """One message about what is new in a saved search.

    It is written down before it goes, with the items that it tells of, and again right before it is
    handed to the mail server: whatever dies when, no message is handed over twice.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being handed over")
        SENT = "sent", _("sent")
        REFUSED = "refused", _("refused by the mail server")
        UNSURE = "unsure", _("the mail server did not say whether it took it")
        DROPPED = "dropped", _("not wanted any more")

    search = models.ForeignKey(
        SavedSearch,
        verbose_name=_("saved search"),
        on_delete=models.CASCADE,
        related_name="digests",
    )
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    handed_at = models.DateTimeField(_("handed over"), null=True, blank=True)

    class Meta:
        verbose_name = _("message about a saved search")
        verbose_name_plural = _("messages about saved searches")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["created_at"], name="digest_waiting", condition=Q(status="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d} ({self.get_status_display()})"


class SearchItem(models.Model):
    """Something that a saved search has found, once and for all: the ledger of what was told.

    ``of`` and ``object_id`` as in `directory.models.Entry`, or a suggested organisation. Without
    ``found_at`` it was there when the search was saved. ``digest`` is the message that tells of it.
    """

    class Of(models.TextChoices):
        ORGANISATION = "organisation", _("organisation")
        INITIATIVE = "initiative", _("initiative")
        REGION = "region", _("region")
        SUGGESTION = SUGGESTION, _("suggestion")

    search = models.ForeignKey(
        SavedSearch,
        verbose_name=_("saved search"),
        on_delete=models.CASCADE,
        related_name="items",
    )
    of = models.CharField(max_length=12, choices=Of)
    object_id = models.BigIntegerField()
    found_at = models.DateTimeField(_("found"), null=True, blank=True)
    digest = models.ForeignKey(
        Digest,
        verbose_name=_("message"),
        on_delete=models.SET_NULL,
        related_name="items",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("item of a saved search")
        verbose_name_plural = _("items of saved searches")
        ordering = ["-found_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["search", "of", "object_id"], name="search_item_once")
        ]
        indexes = [
            models.Index(
                fields=["search", "-found_at", "id"],
                name="search_item_found",
                condition=Q(found_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.object_id}"
