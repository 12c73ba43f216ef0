"""What every list page shares: one filter form, pages, and plain words for what goes wrong."""

from abc import ABC, abstractmethod
from http import HTTPStatus
from typing import Any, ClassVar, TypeVar

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from django_filters import FilterSet

M = TypeVar("M", bound=Model)


def found(rows: QuerySet[M], slug: str) -> M:
    """Return the row under this slug; raises Http404 in words a reader understands."""
    row = rows.filter(slug=slug).first()
    if row is None:
        raise Http404(
            _("There is no %(kind)s at this address.") % {"kind": rows.model._meta.verbose_name}
        )
    return row


class FilteredListView(TemplateView, ABC):
    """A list narrowed by the FilterSet that its API endpoint uses as well.

    A malformed filter is a 400 with the message beside its field and no rows, never a list that
    silently ignores it. A page that does not exist is a 404 that says how many there are.
    """

    filterset_class: ClassVar[type[FilterSet]]
    paginate_by: ClassVar[int] = 25

    @abstractmethod
    def rows(self) -> QuerySet[Any]:
        """Return every row that the reader may see, in the order of the list."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filterset = self.filterset_class(request.GET, queryset=self.rows(), request=request)
        form = filterset.form
        valid = form.is_valid()
        narrowed = any(form.data.get(name) for name in form.fields if name != "q")
        context = self.get_context_data(filter_form=form, filters_open=narrowed, **kwargs)
        if valid:
            context["page_obj"] = self.page_of(filterset.qs)
        return self.render_to_response(
            context, status=HTTPStatus.OK if valid else HTTPStatus.BAD_REQUEST
        )

    def page_of(self, rows: QuerySet[Any]) -> Page[Any]:
        """Return the page that the address asks for."""
        paginator = Paginator(rows, self.paginate_by)
        asked = self.request.GET.get("page") or "1"
        try:
            return paginator.page(asked)
        except InvalidPage:
            raise Http404(
                _("There is no page “%(page)s” of this list; it has %(pages)s.")
                % {"page": asked[:20], "pages": paginator.num_pages}
            ) from None
