"""The outbox of changes, and the top lists kept for digests."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation

if TYPE_CHECKING:
    TextField = models.Field[str, str]
else:
    TextField = models.Field


class TransactionIdField(TextField):
    """PostgreSQL's ``xid8``: the number of a transaction, of 64 bits and never used again."""

    description = "number of a transaction"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "xid8"


class Change(models.Model):
    """An organisation whose facts were changed by a transaction, once per transaction.

    Database triggers write the rows, so that no way of writing can be forgotten; see
    ``migrations/0003_outbox.py``. ``organisation_id`` is no foreign key, since organisations that
    were deleted are the most important ones to speak of. Two numbers stand for more than one
    organisation: see `Mark`.
    """

    class Mark(models.IntegerChoices):
        SURROUNDINGS = -1, _("what all pairs share: the value chain, or facts about regions")
        EVERYTHING = 0, _("a whole table was emptied")

    xid = TransactionIdField(
        _("transaction"),
        db_default=models.Func(function="pg_current_xact_id", output_field=TransactionIdField()),
    )
    organisation_id = models.BigIntegerField(_("organisation"))
    changed_at = models.DateTimeField(
        _("changed"),
        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
    )

    class Meta:
        db_table = "matching_outbox"
        verbose_name = _("change to be matched")
        verbose_name_plural = _("changes to be matched")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["xid", "organisation_id"], name="outbox_once_per_transaction"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} ({self.xid})"


class Pruning(models.Model):
    """Up to which transaction the outbox was emptied: one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    below = TransactionIdField(_("below this transaction"))

    class Meta:
        db_table = "matching_outbox_pruning"
        verbose_name = _("pruning of the outbox")
        verbose_name_plural = _("prunings of the outbox")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="outbox_pruning_one_row")
        ]

    def __str__(self) -> str:
        return str(self.below)


class SuggestionList(models.Model):
    """The best partners of an organisation at some moment, kept for its digest.

    ``items`` is a list of ``{"id", "score", "signals"}``, best first, in hundredths of a point. A
    list grows old; `matching.digests.read` leaves out who was withdrawn since.
    """

    organisation = models.OneToOneField(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="suggestion_list",
    )
    index_checksum = models.CharField(_("index"), max_length=64)
    index_changes = models.PositiveIntegerField(_("changes applied to the index"))
    scoring_version = models.CharField(_("version of the weights"), max_length=40)
    made_at = models.DateTimeField(_("made"))
    items = models.JSONField(_("suggestions"), default=list)

    class Meta:
        verbose_name = _("list of suggestions")
        verbose_name_plural = _("lists of suggestions")
        ordering = ["organisation"]
        indexes = [models.Index(fields=["made_at"], name="suggestion_list_made_at")]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.made_at:%Y-%m-%d})"
