"""Initiatives: the list, and one initiative or event."""

from typing import Any

from django.db.models import QuerySet
from django.views.generic import DetailView

from initiatives.filters import InitiativeFilter
from initiatives.models import Initiative, InitiativeConcept
from regions.citations import Citations
from regions.listing import FilteredListView, found


class InitiativeList(FilteredListView[Initiative]):
    """Initiatives: those with a name of their own first, then the funded projects."""

    filterset_class = InitiativeFilter
    template_name = "initiatives/list.html"

    @property
    def queryset(self) -> QuerySet[Initiative]:  # type: ignore[override]
        return Initiative.objects.for_list()


class InitiativePage(DetailView[Initiative]):
    """One initiative: what it is, who takes part, what it covers; an event has its own page."""

    def get_object(self, queryset: Any = None) -> Initiative:
        return found(Initiative.objects.for_page(), self.kwargs["slug"])

    def get_template_names(self) -> list[str]:
        if self.object.kind == Initiative.Kind.EVENT:
            return ["initiatives/event.html"]
        return ["initiatives/detail.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        coverage = list(
            self.object.coverage.select_related("concept__vocabulary").order_by(
                "concept__vocabulary", "concept__position", "pk"
            )
        )
        return super().get_context_data(
            citations=Citations(),
            figures=self.object.figures.select_related("source"),
            covers=[c for c in coverage if c.role == InitiativeConcept.Role.COVERS],
            topics=[c for c in coverage if c.role == InitiativeConcept.Role.TOPIC],
            region_roles=self.object.region_roles.select_related("region__country", "source"),
            participations=self.object.participations.select_related(
                "organisation__home_region", "country"
            ).order_by("role", "organisation__name", "name", "pk"),
            parts=self.object.parts.order_by("start_date", "name", "pk"),
            **kwargs,
        )
