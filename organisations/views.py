"""The list of organisations."""

from django.db.models import QuerySet

from organisations.filters import OrganisationFilter
from organisations.models import Organisation
from regions.listing import FilteredListView


class OrganisationList(FilteredListView):
    """Organisations that the reader may see, by name."""

    filterset_class = OrganisationFilter
    template_name = "organisations/list.html"

    def rows(self) -> QuerySet[Organisation]:
        return Organisation.objects.visible_to(self.request.user).for_list()
