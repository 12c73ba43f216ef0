"""The dossier of a cluster: what its members hold, and its sisters in other regions."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from matching.cluster_dossier import dossier_of, public_members
from matching.sisters import sister_clusters
from organisations.filters import OrganisationFilter
from organisations.models import Organisation
from regions.listing import FilteredListView, found

SISTERS = 6


def visible_cluster(request: HttpRequest, slug: str) -> Organisation:
    """A cluster that the reader may see; Http404 otherwise, and for any other organisation."""
    clusters = Organisation.objects.visible_to(request.user).filter(kind=Organisation.Kind.CLUSTER)
    return found(clusters.select_related("home_region", "country", "source"), slug)


class ClusterPage(TemplateView):
    """What the cluster covers through its members, and clusters elsewhere that fit it."""

    template_name = "organisations/cluster_dossier.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cluster = visible_cluster(self.request, kwargs["slug"])
        return super().get_context_data(
            organisation=cluster,
            dossier=dossier_of(cluster),
            sisters=sister_clusters(cluster=cluster, limit=SISTERS),
            **kwargs,
        )


class ClusterMembers(FilteredListView):
    """The members of a cluster that everyone may see, by name."""

    filterset_class = OrganisationFilter
    template_name = "organisations/cluster_members.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.cluster = visible_cluster(request, kwargs["slug"])
        return super().get(request, *args, organisation=self.cluster, **kwargs)

    def rows(self) -> QuerySet[Organisation]:
        return public_members(self.cluster).for_list()
