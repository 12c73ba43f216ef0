"""What is known of an initiative: its regions, what it covers, its figures."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.models.initiative import Initiative
from regions.models import Concept, Region, Source


class InitiativeRegion(models.Model):
    """A region's part in an initiative."""

    class Role(models.TextChoices):
        LEAD = "lead", _("leads")
        PARTNER = "partner", _("takes part")
        NAMED_AT_LAUNCH = "named", _("named at launch")
        PLACE = "place", _("takes place here")

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.CASCADE,
        related_name="region_roles",
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        on_delete=models.CASCADE,
        related_name="initiative_roles",
    )
    role = models.CharField(_("role"), max_length=8, choices=Role)
    note = models.CharField(_("note"), max_length=240, blank=True)
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("region of an initiative")
        verbose_name_plural = _("regions of an initiative")
        ordering = ["initiative", "role", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "region"],
                name="initiative_region_unique",
                violation_error_message=_("The region is part of this initiative already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.region} – {self.initiative}"


class InitiativeConcept(models.Model):
    """What an initiative covers or is about.

    *Covers*: a segment of the hydrogen value chain. *Topic*: a programme part, ecosystem or
    other concept that the initiative is about.
    """

    class Role(models.TextChoices):
        COVERS = "covers", _("covers")
        TOPIC = "topic", _("is about")

    class Origin(models.TextChoices):
        STATED = "stated", _("stated")
        REGISTER = "register", _("from the register of projects")
        TEXT = "text", _("found in title and objective")

    initiative = models.ForeignKey(
        Initiative, verbose_name=_("initiative"), on_delete=models.CASCADE, related_name="coverage"
    )
    concept = models.ForeignKey(
        Concept, verbose_name=_("concept"), on_delete=models.PROTECT, related_name="initiatives"
    )
    role = models.CharField(_("role"), max_length=6, choices=Role)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin, default=Origin.STATED)
    is_illustrative = models.BooleanField(_("illustrative"), default=False)

    class Meta:
        verbose_name = _("concept of an initiative")
        verbose_name_plural = _("concepts of an initiative")
        ordering = ["initiative", "role", "concept"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "concept", "role"],
                name="initiative_concept_unique",
                violation_error_message=_("The initiative has this concept already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.initiative} {self.get_role_display()} {self.concept}"


class InitiativeFigure(models.Model):
    """One figure of an initiative: tonnes of hydrogen a year, megawatts, vehicles …"""

    class Qualifier(models.TextChoices):
        EXACT = "", _("exactly")
        OVER = "over", _("over")
        ABOUT = "about", _("about")

    class Nature(models.TextChoices):
        ACTUAL = "actual", _("actual")
        PLANNED = "planned", _("planned")
        TARGET = "target", _("target")

    initiative = models.ForeignKey(
        Initiative, verbose_name=_("initiative"), on_delete=models.CASCADE, related_name="figures"
    )
    label = models.CharField(_("label"), max_length=120)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=2)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    qualifier = models.CharField(
        _("qualifier"), max_length=5, choices=Qualifier, blank=True, default=Qualifier.EXACT
    )
    nature = models.CharField(_("nature"), max_length=7, choices=Nature, default=Nature.ACTUAL)
    year = models.PositiveSmallIntegerField(_("reference year"), null=True, blank=True)
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("figure of an initiative")
        verbose_name_plural = _("figures of an initiative")
        ordering = ["initiative", "label", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "label", "year"],
                name="initiative_figure_unique",
                nulls_distinct=False,
                violation_error_message=_("The initiative has this figure already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.value} {self.unit}".strip()
