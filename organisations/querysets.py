"""Which organisations a user may see and edit, and what to fetch with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from accounts.models import User
from regions.models import Concept, Region
from regions.querysets import concepts_within, words_in

if TYPE_CHECKING:
    from organisations.models import Organisation, Statement  # noqa: F401 -- row types, as text
    from regions.models import RegionRole


def moderated_regions(user: User) -> models.QuerySet[RegionRole, Any]:
    """The regions whose profiles the user moderates, as numbers."""
    return user.region_roles.filter(role="moderator").values("region")


def still_holding(statement: str = "") -> models.Q:
    """Statements that hold today, or rows whose ``statement`` (a path that ends in ``__``) does."""
    return models.Q(**{f"{statement}valid_until": None}) | models.Q(
        **{f"{statement}valid_until__gte": timezone.localdate()}
    )


class StatementQuerySet(models.QuerySet["Statement"]):
    """What organisations state."""

    def holding(self) -> StatementQuerySet:
        """Those that have not expired: the last day is one on which a statement holds."""
        return self.filter(still_holding())


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations; start every look-up at ``visible_to`` or ``editable_by``."""

    def verified(self) -> OrganisationQuerySet:
        """Organisations that everyone may see and that may be suggested."""
        return self.filter(status="verified")

    def withdrawn(self) -> OrganisationQuerySet:
        """Organisations that may not be suggested, whatever an index remembers of them."""
        return self.exclude(status="verified")

    def within(self, region: Region) -> OrganisationQuerySet:
        """Organisations at home in the region, or with their seat in one of an area's units."""
        if region.kind == region.Kind.HOME:
            return self.filter(home_region=region)
        return self.filter(nuts3__in=region.nuts3_units())

    def visible_to(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        """Verified organisations; those of the user's own teams; those that the user moderates."""
        if not user.is_authenticated:
            return self.verified()
        if user.has_perm("organisations.view_organisation"):
            return self
        return self.filter(
            models.Q(status="verified")
            | models.Q(pk__in=user.teams.values("organisation"))
            | models.Q(home_region__in=moderated_regions(user))
        )

    def editable_by(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        """Organisations whose team has the user as an owner or editor; all for administrators."""
        return self._in_team_as(user, "owner", "editor")

    def owned_by(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        """Organisations whose team the user rules; all for administrators."""
        return self._in_team_as(user, "owner")

    def internal_to(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        """Organisations whose team the user belongs to in any role; all for administrators."""
        return self._in_team_as(user, "owner", "editor", "viewer")

    def moderated_by(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        """Organisations that the user verifies: those of their regions; all for administrators."""
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("organisations.change_organisation"):
            return self
        return self.filter(home_region__in=moderated_regions(user))

    def _in_team_as(self, user: User | AnonymousUser, *roles: str) -> OrganisationQuerySet:
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("organisations.change_organisation"):
            return self
        return self.filter(pk__in=user.teams.filter(role__in=roles).values("organisation"))

    def named(self, text: str) -> OrganisationQuerySet:
        """Organisations with these words in the name, the short name or the place."""
        return self.filter(words_in(text, "name", "short_name", "city"))

    def best_named_first(self, text: str) -> OrganisationQuerySet:
        """By name, but first those whose short name is the text, then those in whose names it is
        a whole word, so that AGH goes before Aghetera."""
        word = rf"\m{re.escape(text)}\M"
        return self.annotate(
            likeness=models.Case(
                models.When(short_name__iexact=text, then=0),
                models.When(
                    models.Q(short_name__iregex=word) | models.Q(name__unaccent__iregex=word),
                    then=1,
                ),
                default=2,
            )
        ).order_by("likeness", "name", "pk")

    def stating(
        self, *, concept: Concept | None = None, role: str | None = None
    ) -> OrganisationQuerySet:
        """Organisations that state something in this role, or about this concept.

        Without a role, the sectors in which an organisation is at home count as well.
        """
        about = models.Q()
        if concept is not None:
            about &= models.Q(statements__concept__in=concepts_within(concept))
        if role is not None:
            about &= models.Q(statements__role=role)
        found = models.Q(pk__in=self.model._default_manager.filter(about).values("pk"))
        if concept is not None and role is None:
            found |= models.Q(
                pk__in=self.model._default_manager.filter(
                    sectors__concept__in=concepts_within(concept)
                ).values("pk")
            )
        return self.filter(found)

    def with_projects(self) -> OrganisationQuerySet:
        """Organisations that take part in an initiative."""
        taking_part = self.model._default_manager.filter(participations__isnull=False)
        return self.filter(pk__in=taking_part.values("pk"))

    def without_projects(self) -> OrganisationQuerySet:
        """Organisations without a participation on record."""
        return self.filter(participations__isnull=True)

    def with_project_count(self) -> OrganisationQuerySet:
        """Adds ``project_count``; counted row by row, so only for the rows of a page."""
        participations = self.model._meta.get_field("participations").related_model
        return self.annotate(
            project_count=Coalesce(
                models.Subquery(
                    participations._default_manager.filter(
                        organisation=models.OuterRef("pk"), initiative__kind="project"
                    )
                    .order_by()
                    .values("organisation")
                    .annotate(total=models.Count("pk"))
                    .values("total")
                ),
                0,
            )
        )

    def for_list(self) -> OrganisationQuerySet:
        """Rows of the list page: place, region, country, number of projects; by name."""
        return (
            self.select_related("home_region", "country")
            .with_project_count()
            .order_by("name", "pk")
        )

    def for_page(self) -> OrganisationQuerySet:
        """One organisation with all that its page says at once: ``participation_count``, the
        ``clusters`` it is in (name, slug), its ``sector_labels`` (labels, standing)."""
        sectors = self.model._meta.get_field("sectors").related_model
        memberships = self.model._meta.get_field("cluster_memberships").related_model
        this = models.OuterRef("pk")
        return self.select_related("home_region__country", "country", "source").annotate(
            participation_count=models.Count("participations"),
            clusters=ArraySubquery(
                memberships._default_manager.filter(member=this, cluster__status="verified")
                .order_by("cluster__name", "pk")
                .values(data=JSONObject(name="cluster__name", slug="cluster__slug"))
            ),
            sector_labels=ArraySubquery(
                sectors._default_manager.filter(organisation=this)
                .order_by("concept__position", "pk")
                .values(data=JSONObject(labels="concept__labels", standing="source__standing"))
            ),
        )

    def for_api(self) -> OrganisationQuerySet:
        """Rows of the endpoint, by name."""
        return self.select_related("country", "home_region").order_by("name", "pk")
