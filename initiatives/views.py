"""Initiatives: the list, and one initiative or event."""

from typing import Any

from django.db.models import QuerySet
from django.views.generic import TemplateView

from initiatives.filters import InitiativeFilter
from initiatives.models import Initiative, InitiativeConcept
from regions.citations import Citations
from regions.listing import FilteredListView, found


class InitiativeList(FilteredListView):
    """Initiatives: those with a name of their own first, then the funded projects."""

    filterset_class = InitiativeFilter
    template_name = "initiatives/list.html"

    def rows(self) -> QuerySet[Initiative]:
        return Initiative.objects.for_list()


class InitiativePage(TemplateView):
    """One initiative: what it is, who takes part, what it covers; an event has its own page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        initiative = found(Initiative.objects.for_page(), kwargs["slug"])
        self.template_name = (
            "initiatives/event.html"
            if initiative.kind == Initiative.Kind.EVENT
            else "initiatives/detail.html"
        )
        coverage = list(
            initiative.coverage.select_related("concept__vocabulary").order_by(
                "concept__vocabulary", "concept__position", "pk"
            )
        )
        return super().get_context_data(
            initiative=initiative,
            citations=Citations(),
            figures=initiative.figures.select_related("source"),
            covers=[c for c in coverage if c.role == InitiativeConcept.Role.COVERS],
            topics=[c for c in coverage if c.role == InitiativeConcept.Role.TOPIC],
            region_roles=initiative.region_roles.select_related("region__country", "source"),
            participations=initiative.participations.select_related(
                "organisation__home_region", "country"
            ).order_by("role", "organisation__name", "name", "pk"),
            parts=initiative.parts.order_by("start_date", "name", "pk"),
            **kwargs,
        )
