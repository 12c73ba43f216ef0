"""A region's dossier, and the choice of another region to put beside it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import TemplateView, View

from initiatives.models import Initiative
from matching import dossier
from matching.briefing.figures import latest_figures
from matching.collaborations import collaborations
from matching.forms import OtherRegion
from matching.next_door import chain_around
from matching.services import fitting_regions
from regions.citations import Citations
from regions.listing import found
from regions.maps import region_map
from regions.models import KeyFigure, Priority, Region, Source
from regions.naming import alphabetical_region

FITTING_REGIONS = 6
FIGURES_AT_A_GLANCE = 8


class RegionPage(TemplateView):
    """The dossier: who the region is, what it gives priority to, and whom it fits."""

    template_name = "regions/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        regions = Region.objects.select_related("country", "boundary", "summary_source")
        region = found(regions.prefetch_related("nuts_units"), kwargs["slug"])
        parts = list(dossier.parts_in_initiatives(region))
        coverage = dossier.value_chain_coverage(region)
        joint = collaborations(region)
        figures = figures_by_indicator(region)
        priorities = priorities_by_kind(region)
        organisations, organisation_count = dossier.most_active_organisations(region)
        related = list(
            Region.objects.sharing_territory_with(region)
            .exclude(pk=region.pk)
            .order_by(alphabetical_region(), "pk")
        )
        return super().get_context_data(
            region=region,
            may_edit=Region.objects.editable_by(self.request.user).filter(pk=region.pk).exists(),
            citations=Citations(),
            map=region_map(region),
            figures=figures,
            headline=[of_one_indicator[0] for of_one_indicator in figures[:FIGURES_AT_A_GLANCE]],
            priorities=priorities,
            priorities_in_force=priorities_in_force(priorities),
            distinctions=list(
                region.distinctions.select_related("source", "note_source").order_by("-year", "pk")
            ),
            networks=list(
                region.network_memberships.select_related("network", "source").order_by(
                    "network__name", "pk"
                )
            ),
            contacts=list(region.contacts.select_related("source")),
            initiatives=[p for p in parts if p.initiative.kind != Initiative.Kind.EVENT],
            events=[p for p in parts if p.initiative.kind == Initiative.Kind.EVENT],
            chain=chain_around(region, coverage),
            joint=joint,
            organisations=organisations,
            organisation_count=organisation_count,
            illustrative_organisations=dossier.illustrative_organisations(region),
            clusters=dossier.clusters(region)[: dossier.TOP_CLUSTERS],
            related=related,
            fitting=fitting_regions(region=region, limit=FITTING_REGIONS, joint=joint.totals),
            **kwargs,
        )


def figures_by_indicator(region: Region) -> list[list[KeyFigure]]:
    """The region's figures of each indicator, the newest first; one without a year comes last."""
    grouped: dict[int, list[KeyFigure]] = {}
    for figure in latest_figures(region):
        grouped.setdefault(figure.indicator_id, []).append(figure)
    return [sorted(rows, key=lambda row: -(row.year or 0)) for rows in grouped.values()]


def priorities_by_kind(region: Region) -> list[tuple[str, list[Priority]]]:
    """The region's priorities under the name of their kind, those in force first."""
    rows = region.priorities.select_related("concept__vocabulary", "source").order_by(
        "is_historic", "concept__vocabulary", "concept__position", "pk"
    )
    by_kind: dict[str, list[Priority]] = {kind: [] for kind in Priority.Kind.values}
    for priority in rows:
        by_kind[priority.kind].append(priority)
    return [(str(Priority.Kind(kind).label), rows) for kind, rows in by_kind.items() if rows]


@dataclass(frozen=True)
class PrioritiesInForce:
    """A region's present priorities of one kind, and the sources that they come from."""

    kind: str
    priorities: list[Priority]

    @property
    def sources(self) -> list[Source]:
        return list({row.source_id: row.source for row in self.priorities}.values())

    @property
    def is_illustrative(self) -> bool:
        return all(row.source.is_illustrative for row in self.priorities)


def priorities_in_force(by_kind: list[tuple[str, list[Priority]]]) -> list[PrioritiesInForce]:
    """The kinds of priorities of which some are not historic, with those only."""
    groups = [
        PrioritiesInForce(kind, [row for row in rows if not row.is_historic])
        for kind, rows in by_kind
    ]
    return [group for group in groups if group.priorities]


class RegionPairChoice(View):
    """Sends the reader from "this region with …" to the page of the two."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        region = found(Region.objects.select_related("country"), slug)
        form = OtherRegion(request.GET or None, region=region)
        if form.is_valid():
            return redirect("regions:pair", region.slug, form.cleaned_data["other"].slug)
        return render(
            request,
            "regions/choose.html",
            {
                "region": region,
                "form": form,
                "fitting": fitting_regions(region=region, limit=2 * FITTING_REGIONS),
            },
            status=HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK,
        )
