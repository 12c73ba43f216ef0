"""One initiative or event."""

from typing import Any

from django.views.generic import TemplateView

from initiatives.models import Initiative, InitiativeConcept
from regions.citations import Citations
from regions.listing import found


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
