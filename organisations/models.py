"""Organisations and clusters, what they state about themselves, and who may speak for them."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisations.querysets import OrganisationQuerySet
from regions.lookups import Unaccented
from regions.models import Concept, Country, NutsUnit, Region, Source


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
        VERIFIED = "verified", _("verified")
        REJECTED = "rejected", _("rejected")
        ARCHIVED = "archived", _("archived")

    class Step(models.TextChoices):
        VERIFY = "verify", _("verify")
        REJECT = "reject", _("reject")
        ARCHIVE = "archive", _("archive")
        REOPEN = "reopen", _("reopen")

    # a step leads from any of the statuses on the left to the status on the right
    STEPS = {
        Step.VERIFY: ({Status.DRAFT, Status.PENDING}, Status.VERIFIED),
        Step.REJECT: ({Status.PENDING}, Status.REJECTED),
        Step.ARCHIVE: (
            {Status.DRAFT, Status.PENDING, Status.VERIFIED, Status.REJECTED},
            Status.ARCHIVED,
        ),
        Step.REOPEN: ({Status.REJECTED, Status.ARCHIVED}, Status.PENDING),
    }

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    name = models.CharField(_("name"), max_length=300)
    short_name = models.CharField(_("short name"), max_length=120, blank=True)
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
    city = models.CharField(_("place"), max_length=120, blank=True)
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


class ClusterMembership(models.Model):
    """An organisation is a member of a cluster."""

    cluster = models.ForeignKey(
        Organisation,
        verbose_name=_("cluster"),
        on_delete=models.CASCADE,
        related_name="memberships",
        limit_choices_to={"kind": Organisation.Kind.CLUSTER},
    )
    member = models.ForeignKey(
        Organisation,
        verbose_name=_("member"),
        on_delete=models.CASCADE,
        related_name="cluster_memberships",
    )
    since = models.PositiveSmallIntegerField(_("since"), null=True, blank=True)
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("cluster membership")
        verbose_name_plural = _("cluster memberships")
        ordering = ["cluster", "member"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "member"],
                name="cluster_membership_unique",
                violation_error_message=_("The organisation is a member already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(cluster=models.F("member")),
                name="cluster_membership_of_two",
                violation_error_message=_("A cluster is not its own member."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} – {self.cluster}"


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


class TeamMember(models.Model):
    """A user who may speak for an organisation."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        EDITOR = "editor", _("editor")
        VIEWER = "viewer", _("viewer")

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.CASCADE, related_name="team"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="teams",
    )
    role = models.CharField(_("role"), max_length=6, choices=Role)

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        ordering = ["organisation", "role", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                name="team_member_unique",
                violation_error_message=_("This user is in the team already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation}"
