"""What waits for a moderator: profiles, and claims of people who cannot prove them by e-mail."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Count, Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from organisations import claims
from organisations.models import AccessRequest, Organisation, Review, TeamMember
from organisations.querysets import OrganisationQuerySet
from regions.filters import TextFilter
from regions.models import Region
from regions.naming import alphabetical_region

LONG = timedelta(days=7)
CLAIMS_SHOWN = 25

SHOWN = (
    Organisation.Status.PENDING,
    Organisation.Status.HELD,
    Organisation.Status.REJECTED,
)

AWAITS_DECISION = {Organisation.Status.PENDING, Organisation.Status.HELD}


def is_moderator(user: User) -> bool:
    """Whether the user moderates anything."""
    return (
        user.has_perm("organisations.change_organisation")
        or user.region_roles.filter(role="moderator").exists()
    )


def regions_of(user: User) -> QuerySet[Region]:
    """The regions whose profiles the user moderates."""
    regions = Region.objects.homes().order_by(alphabetical_region(), "pk")
    if user.has_perm("organisations.change_organisation"):
        return regions
    return regions.filter(roles__user=user, roles__role="moderator")


def waiting(user: User) -> OrganisationQuerySet:
    """The user's profiles in the order of the queue: the longest waiting first, those whose time
    is not on record last. Each says whether the user is in its team (``is_own``), and how many
    reviews it had."""
    teams = TeamMember.objects.filter(organisation=OuterRef("pk"))
    reviews = (
        Review.objects.filter(organisation=OuterRef("pk"))
        .order_by()
        .values("organisation")
        .annotate(times=Count("pk"))
        .values("times")
    )
    return (
        Organisation.objects.moderated_by(user)
        .select_related("home_region", "country", "website_check")
        .annotate(is_own=Exists(teams.filter(user=user)), review_count=reviews)
        .order_by("submitted_at", "pk")
    )


def counts(user: User) -> dict[str, int]:
    """How many of the user's profiles are in each status that the queue shows."""
    rows = (
        Organisation.objects.moderated_by(user)
        .withdrawn()  # the index of those that are not public
        .filter(status__in=SHOWN)
        .order_by()
        .values("status")
        .annotate(total=Count("pk"))
    )
    found: dict[str, int] = {row["status"]: row["total"] for row in rows}
    return {status.value: found.get(status.value, 0) for status in SHOWN}


def claims_of_any_status(user: User) -> QuerySet[AccessRequest]:
    """Requests that moderators answer about the profiles of this one, answered ones too."""
    return AccessRequest.objects.filter(
        claims.for_moderators(), organisation__in=Organisation.objects.moderated_by(user)
    ).select_related("organisation__home_region", "user")


def regions_asked(request: HttpRequest | None) -> QuerySet[Region]:
    if request is None or not isinstance(request.user, User):
        return Region.objects.none()
    return regions_of(request.user)


class QueueFilter(django_filters.FilterSet):  # type: ignore[misc]  # no types
    """Waiting profiles; without a status, those that wait for a first decision."""

    q = TextFilter(label=_("Search"), help_text=_("Name, short name or place."), method="search")
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=[(status.value, status.label) for status in SHOWN[1:]],
        empty_label=Organisation.Status.PENDING.label,
    )
    region = django_filters.ModelChoiceFilter(
        label=_("Region"),
        queryset=regions_asked,
        field_name="home_region",
        to_field_name="slug",
        empty_label=_("All regions"),
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=Organisation.Kind.choices, empty_label=_("All kinds")
    )
    waiting = django_filters.ChoiceFilter(
        label=_("Waiting"),
        choices=[("long", _("longer than 7 days"))],
        empty_label=_("any time"),
        method="long",
    )

    class Meta:
        model: type[Model] = Organisation
        fields: list[str] = []

    def filter_queryset(self, queryset: OrganisationQuerySet) -> OrganisationQuerySet:
        rows: OrganisationQuerySet = super().filter_queryset(queryset)
        if not self.form.cleaned_data["status"]:
            rows = rows.filter(status=Organisation.Status.PENDING)
        return rows

    def search(self, rows: OrganisationQuerySet, name: str, text: str) -> OrganisationQuerySet:
        return rows.named(text)

    def long(self, rows: OrganisationQuerySet, name: str, value: str) -> QuerySet[Any]:
        return rows.filter(submitted_at__lt=timezone.now() - LONG)
