"""The list of initiatives; the page of one needs matching and stands above."""

from django.db.models import QuerySet

from initiatives.filters import InitiativeFilter
from initiatives.models import Initiative
from regions.listing import FilteredListView


class InitiativeList(FilteredListView):
    """Initiatives: those with a name of their own first, then the funded projects."""

    filterset_class = InitiativeFilter
    template_name = "initiatives/list.html"

    def rows(self) -> QuerySet[Initiative]:
        return Initiative.objects.for_list()
