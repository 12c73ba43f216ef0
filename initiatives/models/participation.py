"""Who takes part in initiatives, and which statements initiatives demonstrate."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from initiatives.models.initiative import Initiative
from organisations.models import Organisation, Statement
from regions.models import Country, Source


class Participation(models.Model):
    """An organisation takes part in an initiative.

    A participant that has no profile here is known by its PIC alone, or by its name alone; its
    participation is kept all the same, since a common partner counts even without a profile.
    """

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("coordinator")
        PARTICIPANT = "participant", _("participant")
        PARTNER = "partner", _("partner")
        HOST = "host", _("host")

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.CASCADE,
        related_name="participations",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
    )
    pic = models.CharField(_("PIC"), max_length=9, blank=True)
    name = models.CharField(_("name"), max_length=300, blank=True)
    country = models.ForeignKey(
        Country,
        verbose_name=_("country"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
    )
    activity_type = models.CharField(
        _("activity type"), max_length=3, blank=True, help_text=_("HES, REC, PRC, PUB or OTH.")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    contribution = models.DecimalField(
        _("EU contribution, €"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["initiative", "role", "pk"]
        indexes = [
            models.Index(fields=["pic"], name="participation_pic", condition=~models.Q(pic=""))
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False)
                | ~models.Q(pic="")
                | ~models.Q(name=""),
                name="participation_has_participant",
                violation_error_message=_(
                    "A participation names an organisation, a PIC or a participant's name."
                ),
            ),
            models.UniqueConstraint(
                fields=["initiative", "organisation"],
                name="participation_organisation_unique",
                violation_error_message=_("The organisation takes part already."),
            ),
            models.UniqueConstraint(
                fields=["initiative", "pic"],
                condition=~models.Q(pic=""),
                name="participation_pic_unique",
                violation_error_message=_("The participant with this PIC takes part already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation or self.name or self.pic} – {self.initiative}"

    @property
    def public_organisation(self) -> Organisation | None:
        """The participant's profile, where everyone may see it."""
        organisation = self.organisation
        return organisation if organisation is not None and organisation.is_public else None


class StatementEvidence(models.Model):
    """An initiative that demonstrates a statement."""

    statement = models.ForeignKey(
        Statement, verbose_name=_("statement"), on_delete=models.CASCADE, related_name="evidence"
    )
    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.CASCADE,
        related_name="demonstrates",
    )

    class Meta:
        verbose_name = _("evidence of a statement")
        verbose_name_plural = _("evidence of statements")
        ordering = ["statement", "initiative"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "initiative"],
                name="statement_evidence_unique",
                violation_error_message=_("This evidence is recorded already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.initiative}: {self.statement}"
