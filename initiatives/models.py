"""Initiatives, who takes part in them, what they cover, and what they show."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from initiatives.querysets import InitiativeQuerySet
from organisations.models import Organisation, Statement
from regions.lookups import Unaccented
from regions.models import Concept, Country, Network, Region, Source


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
    start_date = models.DateField(_("start"), null=True, blank=True)
    end_date = models.DateField(_("end"), null=True, blank=True)
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
