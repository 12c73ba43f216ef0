"""Saved and dismissed partners, and what an organisation does not look for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from matching.engine import PERFECT
from organisations.models import Organisation
from regions.models import Region


class ChoiceQuerySet(models.QuerySet[Any]):
    """Choices of organisations, undone ones included."""

    def active(self) -> ChoiceQuerySet:
        """Those that hold today."""
        return self.filter(withdrawn_at__isnull=True)


class Feedback(models.Model):
    """What an organisation made of one suggested partner.

    ``score`` and ``signals`` are hundredths of a point under ``weights_version``, the weights in
    force at that moment, and empty where there was no index to ask; ``rank_shown`` is the place
    in the list at which the partner was seen. Undoing sets ``withdrawn_at`` and deletes nothing.
    """

    class Kind(models.TextChoices):
        SAVED = "saved", _("saved")
        DISMISSED = "dismissed", _("dismissed")

    class Reason(models.TextChoices):
        NOT_RELEVANT = "not-relevant", _("not relevant to us")
        KNOWN = "known", _("we already know them")
        TOO_FAR = "too-far", _("too far away")
        COMPETITOR = "competitor", _("a competitor")
        WRONG_KIND = "wrong-kind", _("the wrong kind of organisation")
        OTHER = "other", _("another reason")

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="feedback",
    )
    other = models.ForeignKey(
        Organisation,
        verbose_name=_("suggested partner"),
        on_delete=models.CASCADE,
        related_name="feedback_received",
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True)
    text = models.CharField(_("in their own words"), max_length=500, blank=True)
    score = models.PositiveSmallIntegerField(
        _("score"), null=True, blank=True, help_text=_("In hundredths of a point.")
    )
    signals = models.JSONField(
        _("signals"), default=dict, blank=True, help_text=_("Hundredths of a point of each signal.")
    )
    weights_version = models.CharField(_("version of the weights"), max_length=40, blank=True)
    rank_shown = models.PositiveSmallIntegerField(_("place in the list"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback on a suggestion")
        verbose_name_plural = _("feedback on suggestions")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "other"],
                condition=Q(withdrawn_at__isnull=True),
                name="feedback_one_at_a_time",
                violation_error_message=_("This partner is saved or dismissed already."),
            ),
            models.CheckConstraint(
                condition=~Q(organisation=F("other")),
                name="feedback_on_another",
                violation_error_message=_("An organisation is not suggested to itself."),
            ),
            models.CheckConstraint(
                condition=Q(kind="saved", reason="", text="")
                | Q(
                    kind="dismissed",
                    reason__in=[
                        "not-relevant",
                        "known",
                        "too-far",
                        "competitor",
                        "wrong-kind",
                        "other",
                    ],
                ),
                name="feedback_reason_of_dismissal",
                violation_error_message=_("A dismissal has a reason, and nothing else has one."),
            ),
            models.CheckConstraint(
                condition=~Q(reason="other", text=""),
                name="feedback_other_reason_in_words",
                violation_error_message=_("Say in a few words what the other reason is."),
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True, weights_version="")
                | (Q(score__isnull=False, score__range=(0, PERFECT)) & ~Q(weights_version="")),
                name="feedback_score_with_its_weights",
                violation_error_message=_("A score is from 0 to 100, and names its weights."),
            ),
            models.CheckConstraint(
                condition=Q(rank_shown__isnull=True) | Q(rank_shown__gte=1),
                name="feedback_rank_from_1",
                violation_error_message=_("The first place of a list is 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.other}: {self.get_kind_display()}"


class Exclusion(models.Model):
    """A home region, or a kind of organisation, that an organisation looks for no partners in.

    It lasts until it is undone; undone ones stay on record.
    """

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="exclusions",
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    kind = models.CharField(
        _("kind of organisation"), max_length=16, choices=Organisation.Kind, blank=True
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("region or kind left out")
        verbose_name_plural = _("regions and kinds left out")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=True, kind__in=Organisation.Kind.values)
                | Q(region__isnull=False, kind=""),
                name="exclusion_of_region_or_kind",
                violation_error_message=_("Name either a region or a kind of organisation."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "region"],
                condition=Q(withdrawn_at__isnull=True, region__isnull=False),
                name="exclusion_of_region_once",
                violation_error_message=_("This region is left out already."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind"],
                condition=Q(withdrawn_at__isnull=True, region__isnull=True),
                name="exclusion_of_kind_once",
                violation_error_message=_("This kind is left out already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.what}"

    @property
    def what(self) -> str:
        """The region's name, or the kind in words."""
        return self.region.label if self.region else str(self.get_kind_display())
