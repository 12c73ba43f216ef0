"""What every list page shares: one filter form, pages, and plain words for what goes wrong."""

from http import HTTPStatus
from typing import Any, ClassVar, TypeVar

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.generic import ListView
from django_filters import FilterSet

M = TypeVar("M", bound=Model)


def found(rows: QuerySet[M], slug: str) -> M:
    """Return the row under this slug; raises Http404 in words a reader understands."""
    try:
        return rows.get(slug=slug)
    except rows.model.DoesNotExist:
        raise Http404(
            _("There is no %(kind)s at this address.") % {"kind": rows.model._meta.verbose_name}
        ) from None


class FilteredListView(ListView[M]):
    """A list narrowed by the FilterSet that its API endpoint uses as well.

    A malformed filter is a 400 with the message beside its field and no rows, never a list that
    silently ignores it. A page that does not exist is a 404 that says how many there are.
    """

    filterset_class: ClassVar[type[FilterSet]]
    paginate_by = 25

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = super().get_queryset()
        self.filterset = self.filterset_class(request.GET, queryset=rows, request=request)
        valid = self.filterset.form.is_valid()
        self.object_list = self.filterset.qs if valid else rows.none()
        for name, field in self.filterset.form.fields.items():
            if name in self.filterset.form.errors:
                field.widget.attrs["aria-invalid"] = "true"
        context = self.get_context_data()
        return self.render_to_response(
            context, status=HTTPStatus.OK if valid else HTTPStatus.BAD_REQUEST
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = self.filterset.form
        narrowed = form.is_valid() and any(
            value not in (None, "", []) for value in form.cleaned_data.values()
        )
        return super().get_context_data(filter_form=form, is_narrowed=narrowed, **kwargs)

    def paginate_queryset(
        self, queryset: Any, page_size: int
    ) -> tuple[Paginator[Any], Page[Any], Any, bool]:
        paginator = self.get_paginator(queryset, page_size)
        asked = self.request.GET.get("page") or "1"
        try:
            page = paginator.page(asked)
        except InvalidPage:
            raise Http404(
                _("There is no page “%(page)s” of this list; it has %(pages)s.")
                % {"page": asked[:20], "pages": paginator.num_pages}
            ) from None
        return paginator, page, page.object_list, page.has_other_pages()
