"""Countries, NUTS units and the regions that group them."""

import unicodedata

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from regions.naming import region_label
from regions.querysets import RegionQuerySet

# Two letters each (ISO 639-1): those that Django knows, and Maltese.
LANGUAGES = frozenset({*(code for code in LANG_INFO if len(code) == 2), "mt"})


def localised(labels: dict[str, str]) -> str:
    """Return the label in the reader's language, or else in English."""
    return labels.get((get_language() or "en")[:2]) or labels["en"]


def check_labels(labels: object) -> None:
    """Raise ValidationError unless this is text, fit to be stored, by codes of languages."""
    if not isinstance(labels, dict):
        raise ValidationError(_('Labels are written {"language": "label"}.'), code="labels")
    for language, label in labels.items():
        if language not in LANGUAGES:
            raise ValidationError(
                _("“%(language)s” is no code of a language."),
                code="language",
                params={"language": "".join(c for c in str(language) if c.isprintable())[:20]},
            )
        if not isinstance(label, str) or not label.strip():
            raise ValidationError(
                _("The label in “%(language)s” is empty, or no text."),
                code="label",
                params={"language": language},
            )
        if any(unicodedata.category(c) in {"Cc", "Cs"} for c in label):
            raise ValidationError(
                _("The label in “%(language)s” holds a character that cannot be used."),
                code="character",
                params={"language": language},
            )


class Country(models.Model):
    """A country, under the code that Eurostat uses (EL for Greece, UK for the United Kingdom)."""

    class Group(models.TextChoices):
        EU = "eu27", _("European Union")
        EFTA = "efta", _("EFTA")
        UK = "uk", _("United Kingdom")
        OTHER = "other", _("other countries")

    code = models.CharField(_("code"), max_length=2, primary_key=True)
    labels = models.JSONField(
        _("names"),
        help_text=_("By language; English at least. Source: Unicode CLDR."),
        validators=[check_labels],
    )
    group = models.CharField(_("group"), max_length=5, choices=Group)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(labels__has_key="en"),
                name="country_has_english_name",
                violation_error_message=_("A country needs an English name."),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return localised(self.labels)


class Region(models.Model):
    """A partner in its own right, which groups NUTS codes.

    A *home* region is where organisations are at home: each NUTS 3 unit has exactly one.
    An *area* is any other grouping (Rhône-Alpes inside Auvergne-Rhône-Alpes, Northern
    Netherlands over three provinces).
    """

    class Kind(models.TextChoices):
        HOME = "home", _("region")
        AREA = "area", _("area")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    local_name = models.CharField(
        _("name in the region's own language"), max_length=160, blank=True
    )
    kind = models.CharField(_("kind"), max_length=4, choices=Kind)
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, related_name="regions"
    )
    nuts_units = models.ManyToManyField(
        "regions.NutsUnit", verbose_name=_("NUTS units"), related_name="regions"
    )
    nuts_label = models.CharField(
        _("NUTS codes"),
        max_length=120,
        blank=True,
        help_text=_("How the codes are written for readers, e.g. FRK = FRK1 + FRK2."),
    )
    capital = models.CharField(_("capital"), max_length=120, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    summary_source = models.ForeignKey(
        "regions.Source",
        verbose_name=_("source of the summary"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    website = models.URLField(_("website"), blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)

    objects = RegionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("regions:detail", args=[self.slug])

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return region_label(self.name)

    def nuts3_units(self) -> "models.QuerySet[NutsUnit]":
        """The NUTS 3 units inside the region's units: those whose codes begin with theirs."""
        inside = models.Q(pk__in=[])
        for unit in sorted(self.nuts_units.all(), key=lambda unit: unit.pk):
            inside |= models.Q(version=unit.version, code__startswith=unit.code)
        return NutsUnit.objects.filter(inside, level=3)


class NutsUnit(models.Model):
    """One unit of one version of NUTS, the EU's nomenclature of territorial units.

    Source: Eurostat GISCO. 2024 has no units of the United Kingdom and recodes some others.
    """

    class Version(models.IntegerChoices):
        V2021 = 2021, "NUTS 2021"
        V2024 = 2024, "NUTS 2024"

    version = models.PositiveSmallIntegerField(_("version"), choices=Version)
    code = models.CharField(_("code"), max_length=5)
    level = models.PositiveSmallIntegerField(_("level"))
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, related_name="nuts_units"
    )
    name = models.CharField(_("name"), max_length=160)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
    )
    home_region = models.ForeignKey(
        Region,
        verbose_name=_("home region"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="home_nuts_units",
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)

    class Meta:
        verbose_name = _("NUTS unit")
        verbose_name_plural = _("NUTS units")
        ordering = ["version", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "code"],
                name="nuts_unit_unique",
                violation_error_message=_("This NUTS version has this code already."),
            ),
            models.CheckConstraint(
                condition=models.Q(level__range=(0, 3)),
                name="nuts_level_0_to_3",
                violation_error_message=_("NUTS has the levels 0 to 3."),
            ),
            models.CheckConstraint(
                condition=models.Q(level=3, home_region__isnull=False)
                | models.Q(level__lt=3, home_region__isnull=True),
                name="nuts3_has_one_home_region",
                violation_error_message=_(
                    "A NUTS 3 unit, and no other level, has exactly one home region."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name} ({self.version})"


class RegionBoundary(models.Model):
    """A region's simplified boundary, projected for maps drawn as SVG.

    Coordinates are kilometres in ETRS89-LAEA Europe (EPSG:3035) with the vertical axis turned
    down, as SVG has it, so every map of any part of Europe is the same paths in another view box.
    Source: Eurostat GISCO, © EuroGeographics for the administrative boundaries.
    """

    region = models.OneToOneField(
        Region,
        verbose_name=_("region"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="boundary",
    )
    path = models.TextField(_("path, coarse"), help_text=_("For a map of Europe."))
    detailed_path = models.TextField(
        _("path, detailed"), help_text=_("For a map of one country or region.")
    )
    min_x = models.FloatField(_("western edge, km"))
    min_y = models.FloatField(_("northern edge, km"))
    max_x = models.FloatField(_("eastern edge, km"))
    max_y = models.FloatField(_("southern edge, km"))

    class Meta:
        verbose_name = _("boundary")
        verbose_name_plural = _("boundaries")

    def __str__(self) -> str:
        return str(self.region_id)


class RegionNeighbour(models.Model):
    """A home region next to a region or area: one with a common border, or else one of the nearest.

    Derived from the boundaries; an area's own home regions are not its neighbours. Regions with a
    common border are each other's neighbour; the nearest of an island need not be the other's.
    """

    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.CASCADE, related_name="neighbours"
    )
    neighbour = models.ForeignKey(
        Region, verbose_name=_("neighbour"), on_delete=models.CASCADE, related_name="+"
    )
    km = models.PositiveSmallIntegerField(
        _("kilometres between them"), help_text=_("Zero for a common border.")
    )

    class Meta:
        verbose_name = _("neighbouring region")
        verbose_name_plural = _("neighbouring regions")
        ordering = ["region", "km", "neighbour"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "neighbour"],
                name="region_neighbour_unique",
                violation_error_message=_("The region has this neighbour already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(region=models.F("neighbour")),
                name="region_neighbour_of_two",
                violation_error_message=_("A region is no neighbour of itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} – {self.neighbour}"
