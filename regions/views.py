"""The list of regions."""

from django.db.models import QuerySet

from regions.filters import RegionFilter
from regions.listing import FilteredListView
from regions.models import Region


class RegionList(FilteredListView):
    """All regions and areas, by country and name."""

    filterset_class = RegionFilter
    template_name = "regions/list.html"
    paginate_by = 50

    def rows(self) -> QuerySet[Region]:
        return Region.objects.for_list()
