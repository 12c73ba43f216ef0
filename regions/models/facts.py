"""What is known about regions: priorities, figures, distinctions, networks, contacts, sources."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from regions.models.places import Region
from regions.own_texts import said

YEAR = models.Q(year__isnull=True) | models.Q(year__range=(1900, 2100))


class Source(models.Model):
    """Where a fact comes from, and how far it was checked."""

    class Standing(models.TextChoices):
        PRESENTATION = "presentation", _("founding presentation")
        CHECKED = "checked", _("checked in a public source")
        DECLARED = "declared", _("declared by the region or organisation")
        ILLUSTRATIVE = "illustrative", _("illustrative")

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=240)
    publisher = models.CharField(_("publisher"), max_length=160, blank=True)
    url = models.URLField(_("address"), blank=True)
    licence = models.CharField(_("licence"), max_length=160, blank=True)
    standing = models.CharField(_("standing"), max_length=12, choices=Standing)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_illustrative(self) -> bool:
        return self.standing == self.Standing.ILLUSTRATIVE


class Sourced(models.Model):
    """A fact: it has a source, and the year that it speaks of where that is known."""

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField(_("reference year"), null=True, blank=True)

    class Meta:
        abstract = True


class Priority(Sourced):
    """A concept that a region has declared a priority."""

    class Kind(models.TextChoices):
        THEME = "theme", _("theme of the collaboration")
        SPECIALISATION = "specialisation", _("smart specialisation")
        EXCELLENCE = "excellence", _("excellence sector")

    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.CASCADE, related_name="priorities"
    )
    concept = models.ForeignKey(
        "regions.Concept",
        verbose_name=_("concept"),
        on_delete=models.PROTECT,
        related_name="priorities",
    )
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    title = models.CharField(
        _("title"),
        max_length=200,
        blank=True,
        help_text=_("The region's own wording, where it differs from the concept's."),
    )
    is_historic = models.BooleanField(_("historic"), default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
        ordering = ["region", "kind", "concept", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "kind", "concept", "title"],
                name="priority_unique",
                violation_error_message=_("The region has this priority already."),
            ),
            models.CheckConstraint(
                condition=YEAR,
                name="priority_year",
                violation_error_message=_("The reference year is from 1900 to 2100."),
            ),
        ]

    def __str__(self) -> str:
        return said(self.title) if self.title else str(self.concept)


class Indicator(models.Model):
    """What a key figure measures."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    label = models.CharField(_("label"), max_length=120)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimals shown"), default=0)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    higher_is_first = models.BooleanField(
        _("the highest value ranks first"),
        default=True,
        help_text=_("Unset for figures such as unemployment, where the lowest ranks first."),
    )

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return said(self.label)


class KeyFigure(Sourced):
    """One figure of one region, with its rank among the regions that the scope names."""

    class Qualifier(models.TextChoices):
        EXACT = "", _("exactly")
        OVER = "over", _("over")
        ABOUT = "about", _("about")

    class Scope(models.TextChoices):
        NONE = "", "–"
        COUNTRY = "country", _("in the country")
        EUROPE = "europe", _("among the regions with this figure")

    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.CASCADE, related_name="key_figures"
    )
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="figures"
    )
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=2)
    qualifier = models.CharField(
        _("qualifier"), max_length=5, choices=Qualifier, blank=True, default=Qualifier.EXACT
    )
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    rank_scope = models.CharField(
        _("scope of the rank"), max_length=7, choices=Scope, blank=True, default=Scope.NONE
    )
    rank_of = models.PositiveSmallIntegerField(
        _("out of"), null=True, blank=True, help_text=_("How many regions were ranked.")
    )
    note = models.CharField(_("note"), max_length=240, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("key figure")
        verbose_name_plural = _("key figures")
        ordering = ["region", "indicator", "-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "indicator", "year", "source"],
                name="key_figure_unique",
                nulls_distinct=False,
                violation_error_message=_("The region has this figure of this year and source."),
            ),
            models.CheckConstraint(
                condition=models.Q(rank__isnull=True, rank_scope="")
                | (models.Q(rank__isnull=False, rank__gte=1) & ~models.Q(rank_scope="")),
                name="key_figure_rank_has_scope",
                violation_error_message=_("A rank needs its scope, and a scope its rank."),
            ),
            models.CheckConstraint(
                condition=models.Q(rank_of__isnull=True)
                | models.Q(rank__isnull=False, rank__lte=models.F("rank_of")),
                name="key_figure_rank_within",
                violation_error_message=_("A rank is at most the number of regions ranked."),
            ),
            models.CheckConstraint(
                condition=YEAR,
                name="key_figure_year",
                violation_error_message=_("The reference year is from 1900 to 2100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"


class Distinction(Sourced):
    """An award or honourable mention of a region."""

    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.CASCADE, related_name="distinctions"
    )
    title = models.CharField(_("title"), max_length=200)
    awarded_by = models.CharField(_("awarded by"), max_length=160, blank=True)
    note = models.TextField(_("note"), blank=True)
    note_source = models.ForeignKey(
        Source,
        verbose_name=_("source of the note"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Where the note comes from another source."),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("distinction")
        verbose_name_plural = _("distinctions")
        ordering = ["region", "-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "title", "year"],
                name="distinction_unique",
                nulls_distinct=False,
                violation_error_message=_("The region has this distinction already."),
            )
        ]

    def __str__(self) -> str:
        return said(self.title)


class Network(models.Model):
    """A network of regions: the Vanguard Initiative, Science Meets Regions …"""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    description = models.TextField(_("description"), blank=True)
    website = models.URLField(_("website"), blank=True)
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="networks"
    )
    regions = models.ManyToManyField(
        Region, through="regions.NetworkMembership", related_name="networks"
    )

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class NetworkMembership(Sourced):
    """A region takes part in a network."""

    class Role(models.TextChoices):
        LEAD = "lead", _("leads")
        MEMBER = "member", _("member")

    network = models.ForeignKey(
        Network, verbose_name=_("network"), on_delete=models.CASCADE, related_name="memberships"
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        on_delete=models.CASCADE,
        related_name="network_memberships",
    )
    role = models.CharField(_("role"), max_length=6, choices=Role, default=Role.MEMBER)
    note = models.CharField(_("note"), max_length=240, blank=True)

    class Meta:
        verbose_name = _("network membership")
        verbose_name_plural = _("network memberships")
        ordering = ["network", "role", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "region"],
                name="network_membership_unique",
                violation_error_message=_("The region is in this network already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.region} – {self.network}"


class RegionContact(models.Model):
    """The office to write to; always an office, never a person."""

    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.CASCADE, related_name="contacts"
    )
    office = models.CharField(_("office"), max_length=200)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    website = models.URLField(_("website"), blank=True)
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("contact office")
        verbose_name_plural = _("contact offices")
        ordering = ["region", "office", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "office"],
                name="region_contact_unique",
                violation_error_message=_("The region has this office already."),
            )
        ]

    def __str__(self) -> str:
        return self.office
