"""What organisations state about themselves."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisations.models.organisation import Organisation
from organisations.querysets import StatementQuerySet
from regions.models import Concept, Source


class Sector(models.Model):
    """A sector in which an organisation, above all a cluster, is at home, with its source."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="sectors",
    )
    concept = models.ForeignKey(
        Concept, verbose_name=_("concept"), on_delete=models.PROTECT, related_name="sector_of"
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("sector of an organisation")
        verbose_name_plural = _("sectors of an organisation")
        ordering = ["organisation", "concept"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "concept"],
                name="sector_unique",
                violation_error_message=_("The organisation has this sector already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.concept}"


class Statement(models.Model):
    """What an organisation offers, needs or is interested in: one concept in one role.

    *Declared*: its profile says so. *Demonstrated*: derived from projects, which
    ``initiatives.StatementEvidence`` names. The two stand side by side and never overwrite
    each other.
    """

    class Role(models.TextChoices):
        OFFERS = "offers", _("offers")
        NEEDS = "needs", _("needs")
        INTERESTED = "interested", _("is interested in")

    class Origin(models.TextChoices):
        DECLARED = "declared", _("declared")
        DEMONSTRATED = "demonstrated", _("demonstrated")

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="statements",
    )
    concept = models.ForeignKey(
        Concept, verbose_name=_("concept"), on_delete=models.PROTECT, related_name="statements"
    )
    role = models.CharField(_("role"), max_length=10, choices=Role)
    origin = models.CharField(_("origin"), max_length=12, choices=Origin, default=Origin.DECLARED)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=2, help_text=_("1 = minor, 3 = central.")
    )
    text = models.TextField(_("in its own words"), blank=True)
    trl_from = models.PositiveSmallIntegerField(_("TRL from"), null=True, blank=True)
    trl_to = models.PositiveSmallIntegerField(_("TRL to"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = StatementQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["organisation", "role", "concept", "origin"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "concept", "role", "origin"],
                name="statement_unique",
                violation_error_message=_("The organisation states this already."),
            ),
            models.CheckConstraint(
                condition=models.Q(weight__range=(1, 3)),
                name="statement_weight_1_to_3",
                violation_error_message=_("A statement's weight is from 1 to 3."),
            ),
            models.CheckConstraint(
                condition=models.Q(trl_from__isnull=True, trl_to__isnull=True)
                | models.Q(
                    trl_from__isnull=False,
                    trl_to__isnull=False,
                    trl_from__gte=1,
                    trl_to__lte=9,
                    trl_from__lte=models.F("trl_to"),
                ),
                name="statement_trl_1_to_9",
                violation_error_message=_("TRL goes from 1 to 9: give both ends, the lower first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_role_display()} {self.concept}"

    @property
    def has_expired(self) -> bool:
        """Whether it held until a day that is over."""
        return self.valid_until is not None and self.valid_until < timezone.localdate()
