"""An organisation: who it is, where it sits, whom it looks for, and how far it is verified."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.lines import LineField
from organisations.querysets import OrganisationQuerySet
from regions.lookups import Unaccented
from regions.models import Country, NutsUnit, Region, Source


class WebsiteDomain(models.Func):
    """The host of an address without ``www.``, in lower case: what an e-mail address is held
    against."""

    template = (
        "coalesce(substring(lower(%(expressions)s) from '^[a-z]+://(?:www\\.)?([^/:?#@]+)'), '')"
    )
    output_field = models.CharField(max_length=253)


class Organisation(models.Model):
    """A company, university, research centre, cluster or public body, with its seat.

    ``home_region`` is the region of the seat's NUTS 3 unit, kept here because every match asks
    for it; without a known place it is unknown, and only ``country`` speaks.
    """

    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        SME = "sme", _("small or medium-sized enterprise")
        UNIVERSITY = "university", _("university")
        RESEARCH = "research", _("research organisation")
        CLUSTER = "cluster", _("cluster")
        PUBLIC_BODY = "public-body", _("public body")
        AGENCY = "agency", _("agency")
        TECHNOLOGY_PARK = "technology-park", _("technology park")
        NGO = "ngo", _("non-governmental organisation")
        OTHER = "other", _("other organisation")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PENDING = "pending", _("waiting for verification")
        HELD = "held", _("on hold")
        VERIFIED = "verified", _("verified")
        REJECTED = "rejected", _("rejected")
        ARCHIVED = "archived", _("archived")

    class Step(models.TextChoices):
        SUBMIT = "submit", _("submit for verification")
        VERIFY = "verify", _("verify")
        HOLD = "hold", _("put on hold")
        REJECT = "reject", _("reject")
        ARCHIVE = "archive", _("archive")
        REOPEN = "reopen", _("reopen")

    # a step leads from any of the statuses on the left to the status on the right
    STEPS = {
        Step.SUBMIT: ({Status.DRAFT, Status.HELD, Status.REJECTED}, Status.PENDING),
        Step.VERIFY: ({Status.DRAFT, Status.PENDING, Status.HELD}, Status.VERIFIED),
        Step.HOLD: ({Status.PENDING}, Status.HELD),
        Step.REJECT: ({Status.PENDING, Status.HELD}, Status.REJECTED),
        Step.ARCHIVE: (
            {Status.DRAFT, Status.PENDING, Status.HELD, Status.VERIFIED, Status.REJECTED},
            Status.ARCHIVED,
        ),
        Step.REOPEN: ({Status.HELD, Status.REJECTED, Status.ARCHIVED}, Status.PENDING),
    }

    class Size(models.TextChoices):
        """By persons employed, as the Commission's recommendation 2003/361/EC draws the lines."""

        MICRO = "micro", _("micro: fewer than 10 people")
        SMALL = "small", _("small: 10 to 49 people")
        MEDIUM = "medium", _("medium: 50 to 249 people")
        LARGE = "large", _("large: 250 people or more")

    class Label(models.TextChoices):
        """The labels of the European Cluster Excellence Initiative."""

        BRONZE = "bronze", _("Bronze Label")
        SILVER = "silver", _("Silver Label")
        GOLD = "gold", _("Gold Label")

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    name = LineField(_("name"), max_length=300)
    short_name = LineField(_("short name"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    pic = models.CharField(
        _("PIC"),
        max_length=9,
        null=True,
        blank=True,
        unique=True,
        help_text=_("Participant identification code of the European Commission, nine digits."),
    )
    description = models.TextField(_("description"), blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    website_domain = models.GeneratedField(
        expression=WebsiteDomain("website"),
        output_field=models.CharField(max_length=253),
        db_persist=True,
        verbose_name=_("domain of the website"),
    )
    vat_number = models.CharField(
        _("VAT number"),
        max_length=15,
        blank=True,
        help_text=_("With the code of its country and without spaces, as in PL1234567890."),
    )
    size = models.CharField(_("size"), max_length=6, choices=Size, blank=True)
    languages = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("working languages"),
        default=list,
        blank=True,
        help_text=_("Codes of two letters (ISO 639-1)."),
    )
    label = models.CharField(
        _("label of cluster management"), max_length=6, choices=Label, blank=True
    )
    label_year = models.PositiveSmallIntegerField(_("year of the label"), null=True, blank=True)
    wanted_regions = models.ManyToManyField(
        Region, verbose_name=_("regions wanted"), related_name="wanted_by", blank=True
    )
    wanted_kinds = ArrayField(
        models.CharField(max_length=16, choices=Kind),
        verbose_name=_("kinds of partner wanted"),
        default=list,
        blank=True,
    )
    submitted_at = models.DateTimeField(_("submitted for verification"), null=True, blank=True)
    city = LineField(_("place"), max_length=120, blank=True)
    country = models.ForeignKey(
        Country,
        verbose_name=_("country"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
    )
    nuts3 = models.ForeignKey(
        NutsUnit,
        verbose_name=_("NUTS 3 unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
    )
    home_region = models.ForeignKey(
        Region,
        verbose_name=_("home region"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    is_illustrative = models.BooleanField(
        _("illustrative"),
        default=False,
        help_text=_("An invented organisation, shown to explain the product."),
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
    )
    registered = models.JSONField(
        _("as last registered"),
        default=dict,
        blank=True,
        editable=False,
        help_text=_("What CORDIS said when it was last imported: what differs was edited here."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = OrganisationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["registered", "website_domain"])

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        indexes = [
            # the few that suggestions pass over, found without reading the many
            models.Index(
                fields=["id"],
                condition=~models.Q(status="verified"),
                name="organisation_withdrawn",
            ),
            models.Index(fields=["home_region", "status"], name="organisation_region_status"),
            # UPPER is what Django's icontains and the admin's search compare
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="organisation_name_trgm"),
            GinIndex(
                OpClass(Upper("short_name"), name="gin_trgm_ops"), name="organisation_short_trgm"
            ),
            models.Index(fields=["name", "id"], name="organisation_name_order"),
            GinIndex(
                OpClass(Unaccented("name"), name="gin_trgm_ops"),
                OpClass(Unaccented("short_name"), name="gin_trgm_ops"),
                OpClass(Unaccented("city"), name="gin_trgm_ops"),
                name="organisation_search",
            ),
            models.Index(
                fields=["website_domain"],
                condition=~models.Q(website_domain=""),
                name="organisation_website_domain",
            ),
            models.Index(
                fields=["vat_number"],
                condition=~models.Q(vat_number=""),
                name="organisation_vat_number",
            ),
            # the queue of moderators, the longest waiting first
            models.Index(
                fields=["submitted_at", "id"],
                condition=models.Q(status="pending"),
                name="organisation_queue",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pic__isnull=True) | models.Q(pic__regex=r"^[0-9]{9}$"),
                name="organisation_pic_nine_digits",
                violation_error_message=_("A PIC has nine digits."),
            ),
            models.CheckConstraint(
                condition=models.Q(nuts3__isnull=True) | models.Q(home_region__isnull=False),
                name="organisation_place_has_region",
                violation_error_message=_("An organisation with a NUTS 3 unit has a home region."),
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="organisation_coordinates",
                violation_error_message=_("Give latitude and longitude together, in degrees."),
            ),
            models.CheckConstraint(
                condition=models.Q(vat_number="")
                | models.Q(vat_number__regex=r"^[A-Z]{2}[0-9A-Z+*]{2,13}$"),
                name="organisation_vat_number_form",
                violation_error_message=_(
                    "A VAT number starts with the two letters of its country, without spaces."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(label="") | models.Q(kind="cluster"),
                name="organisation_label_of_cluster",
                violation_error_message=_("Only a cluster has a label of cluster management."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisations:detail", args=[self.slug])

    @property
    def known_as(self) -> str:
        """The name that sentences use: the short one where there is one."""
        return self.short_name or self.name

    @property
    def named_in_full(self) -> str:
        """The name with the short one in brackets, for readers who meet the organisation here."""
        short = self.short_name
        is_told = not short or short.casefold() in self.name.casefold()
        return self.name if is_told else f"{self.name} ({short})"

    @property
    def steps(self) -> "list[Organisation.Step]":
        """The steps of moderation that are possible now."""
        return [step for step, (sources, _target) in self.STEPS.items() if self.status in sources]

    @property
    def is_public(self) -> bool:
        """Whether everyone may see the profile, and even that it exists."""
        return self.status == self.Status.VERIFIED

    @property
    def is_cluster(self) -> bool:
        return self.kind == self.Kind.CLUSTER
