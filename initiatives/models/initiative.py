"""Initiatives: what they are, when and where, what they cost, who leads them."""

from datetime import date

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from initiatives.querysets import InitiativeQuerySet
from organisations.models import Organisation
from regions.lookups import Unaccented
from regions.models import Network, Region, Source

IN_OUR_TIME = [MinValueValidator(date(1950, 1, 1)), MaxValueValidator(date(2100, 12, 31))]
"""A chart of the years between 202 and 2026 would have as many columns."""


class Initiative(models.Model):
    """A hydrogen valley, project, alliance, centre, working group, network pilot or event."""

    class Kind(models.TextChoices):
        VALLEY = "hydrogen-valley", _("hydrogen valley")
        PROJECT = "project", _("project")
        ALLIANCE = "alliance", _("alliance")
        CENTRE = "centre", _("centre")
        WORKING_GROUP = "working-group", _("working group")
        PILOT = "network-pilot", _("network pilot")
        EVENT = "event", _("event")

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("running")
        COMPLETED = "completed", _("completed")
        UNKNOWN = "unknown", _("present status unknown")

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    name = models.CharField(_("name"), max_length=500)
    acronym = models.CharField(_("acronym"), max_length=80, blank=True)
    description = models.TextField(_("description"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.UNKNOWN)
    start_date = models.DateField(_("start"), null=True, blank=True, validators=IN_OUR_TIME)
    end_date = models.DateField(_("end"), null=True, blank=True, validators=IN_OUR_TIME)
    date_note = models.CharField(
        _("about the dates"),
        max_length=160,
        blank=True,
        help_text=_("Where only a month or a year is known."),
    )
    place = models.CharField(_("place"), max_length=160, blank=True)
    total_cost = models.DecimalField(
        _("total cost, €"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    max_contribution = models.DecimalField(
        _("EU contribution, €"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    rcn = models.PositiveIntegerField(_("CORDIS record number"), null=True, blank=True, unique=True)
    grant_id = models.PositiveIntegerField(_("grant agreement"), null=True, blank=True, unique=True)
    call_topics = models.CharField(
        _("call topics"), max_length=300, blank=True, help_text=_("Codes of the call's topics.")
    )
    website = models.URLField(_("website"), max_length=300, blank=True)
    part_of = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="parts",
    )
    network = models.ForeignKey(
        Network,
        verbose_name=_("network"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="initiatives",
    )
    lead = models.ForeignKey(
        Organisation,
        verbose_name=_("lead"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
    )
    lead_name = models.CharField(
        _("name of the lead"),
        max_length=200,
        blank=True,
        help_text=_("Where the lead has no profile here."),
    )
    regions = models.ManyToManyField(
        Region, through="initiatives.InitiativeRegion", related_name="initiatives"
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="initiatives"
    )
    further_sources = models.ManyToManyField(
        Source,
        verbose_name=_("further sources"),
        blank=True,
        related_name="+",
        help_text=_("Where a part of the description comes from another source."),
    )

    objects = InitiativeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["kind", "name", "id"], name="initiative_kind_name"),
            models.Index(fields=["name", "id"], name="initiative_name_order"),
            GinIndex(
                OpClass(Unaccented("name"), name="gin_trgm_ops"),
                OpClass(Unaccented("acronym"), name="gin_trgm_ops"),
                OpClass(Unaccented("place"), name="gin_trgm_ops"),
                name="initiative_search",
            ),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="initiative_name_trgm"),
            GinIndex(
                OpClass(Upper("acronym"), name="gin_trgm_ops"), name="initiative_acronym_trgm"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start_date__isnull=True)
                | models.Q(end_date__isnull=True)
                | models.Q(end_date__gte=models.F("start_date")),
                name="initiative_ends_after_start",
                violation_error_message=_("An initiative ends on or after the day it starts."),
            )
        ]

    def __str__(self) -> str:
        return self.acronym or self.name

    def get_absolute_url(self) -> str:
        return reverse("initiatives:detail", args=[self.slug])

    @property
    def is_from_register(self) -> bool:
        """Whether its title and description are CORDIS's, which are in English."""
        return self.rcn is not None or self.grant_id is not None

    @property
    def sources(self) -> list[Source]:
        """Its source, then the further ones that what is said of it comes from."""
        further = [each for each in self.further_sources.all() if each.pk != self.source_id]
        return [self.source, *further]

    @property
    def public_lead(self) -> Organisation | None:
        """The lead's profile, where everyone may see it."""
        return self.lead if self.lead is not None and self.lead.is_public else None
