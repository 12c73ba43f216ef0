"""The filter of initiatives, for the list page and the endpoint."""

import django_filters
from django.utils.translation import gettext_lazy as _

from initiatives.models import Initiative
from initiatives.querysets import InitiativeQuerySet
from regions.filters import ConceptCodeFilter, TextFilter, YearFilter, region_filter
from regions.models import Concept, Region


class InitiativeFilter(django_filters.FilterSet):  # type: ignore[misc]  # no types
    """Initiatives by name, kind, status, year of start, region and concept."""

    q = TextFilter(label=_("Search"), help_text=_("Name, acronym or place."), method="search")
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=Initiative.Kind.choices, empty_label=_("All kinds")
    )
    region = region_filter(
        help_text=_("Regions named in the initiative, and regions of its participants."),
        method="in_region",
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=Initiative.Status.choices, empty_label=_("Any status")
    )
    concept = ConceptCodeFilter(
        label=_("Concept"),
        help_text=_("As vocabulary:code; its narrower concepts count too."),
        method="on_concept",
    )
    year_from = YearFilter(label=_("Started in or after"), method="since")
    year_to = YearFilter(label=_("Started in or before"), method="until")

    class Meta:
        model = Initiative
        fields: list[str] = []

    def search(self, initiatives: InitiativeQuerySet, name: str, value: str) -> InitiativeQuerySet:
        return initiatives.named(value)

    def in_region(
        self, initiatives: InitiativeQuerySet, name: str, value: Region
    ) -> InitiativeQuerySet:
        return initiatives.touching(value)

    def on_concept(
        self, initiatives: InitiativeQuerySet, name: str, value: Concept
    ) -> InitiativeQuerySet:
        return initiatives.about(value)

    def since(self, initiatives: InitiativeQuerySet, name: str, value: int) -> InitiativeQuerySet:
        return initiatives.filter(start_date__year__gte=value)

    def until(self, initiatives: InitiativeQuerySet, name: str, value: int) -> InitiativeQuerySet:
        return initiatives.filter(start_date__year__lte=value)
