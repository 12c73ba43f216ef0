"""The filter of organisations, for the list page and the endpoint."""

import django_filters
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation, Statement
from organisations.querysets import OrganisationQuerySet
from regions.filters import (
    ConceptCodeFilter,
    TextFilter,
    YesNoFilter,
    country_filter,
    region_filter,
)
from regions.models import Concept, Region


class OrganisationFilter(django_filters.FilterSet):  # type: ignore[misc]  # no types
    """Organisations by name, place, kind, and what they state about themselves.

    ``concept`` and ``role`` together speak of one statement: *needs* and *storage* finds those
    who need storage, not those who offer storage and need something else. A concept stands for
    its narrower concepts too.
    """

    q = TextFilter(label=_("Search"), help_text=_("Name, short name or place."), method="search")
    region = region_filter(method="in_region")
    country = country_filter()
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=Organisation.Kind.choices, empty_label=_("All kinds")
    )
    role = django_filters.ChoiceFilter(
        label=_("Offers, needs or interests"),
        choices=Statement.Role.choices,
        empty_label=_("Any of them"),
        method="in_role",
    )
    concept = ConceptCodeFilter(
        label=_("Concept"),
        help_text=_("As vocabulary:code; its narrower concepts count too."),
        method="on_concept",
    )
    has_projects = YesNoFilter(
        label=_("With projects"), empty_label=_("With or without"), method="with_projects"
    )
    illustrative = YesNoFilter(
        label=_("Illustrative"),
        empty_label=_("Real and illustrative"),
        field_name="is_illustrative",
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def search(
        self, organisations: OrganisationQuerySet, name: str, value: str
    ) -> OrganisationQuerySet:
        return organisations.named(value)

    def in_region(
        self, organisations: OrganisationQuerySet, name: str, value: Region
    ) -> OrganisationQuerySet:
        return organisations.within(value)

    def in_role(
        self, organisations: OrganisationQuerySet, name: str, value: str
    ) -> OrganisationQuerySet:
        if self.form.cleaned_data.get("concept"):
            return organisations
        return organisations.stating(role=value)

    def on_concept(
        self, organisations: OrganisationQuerySet, name: str, value: Concept
    ) -> OrganisationQuerySet:
        return organisations.stating(concept=value, role=self.form.cleaned_data.get("role") or None)

    def with_projects(
        self, organisations: OrganisationQuerySet, name: str, value: bool
    ) -> OrganisationQuerySet:
        return organisations.with_projects() if value else organisations.without_projects()
