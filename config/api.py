"""What every endpoint of the REST API shares: strict parameters, pages, and plain words."""

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import pagination
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.views import APIView

EXACTLY_ONE_ROW = "detail"


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]  # no types
    """Filters a list; a parameter that is unknown, repeated or malformed is a 400 that says so.

    A misspelt filter that is ignored answers with the wrong list, and nobody notices. Views that
    read parameters of their own name them in ``query_parameters``.
    """

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        refuse_unknown(request, self.known(view, queryset))
        if getattr(view, EXACTLY_ONE_ROW, False):
            return queryset
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered

    def known(self, view: APIView, queryset: QuerySet[Any]) -> set[str]:
        """The parameters that this view takes."""
        own = set(getattr(view, "query_parameters", ()))
        if getattr(view, EXACTLY_ONE_ROW, False):
            return own
        filterset = self.get_filterset_class(view, queryset)
        pages = {"page", PageNumberPagination.page_size_query_param}
        return own | pages | set(filterset.base_filters if filterset else ())


def refuse_unknown(request: Request, known: set[str]) -> None:
    """Raise a 400 that names each unknown or repeated parameter, and those that are known."""
    known = known | {api_settings.URL_FORMAT_OVERRIDE or "format"}
    wrong: dict[str, list[str]] = {}
    for name, values in request.query_params.lists():
        if name not in known:
            wrong[name[:40]] = [
                _("There is no such parameter. Known: %(known)s.")
                % {"known": ", ".join(sorted(known))}
            ]
        elif len(values) > 1:
            wrong[name] = [_("This parameter is given more than once.")]
    if wrong:
        raise ValidationError(wrong)


class PageNumberPagination(pagination.PageNumberPagination):
    """Pages of 25, or as many as asked for up to 100."""

    page_size_query_param = "page_size"
    page_size_query_description = "Rows of a page, from 1 to 100."
    max_page_size = 100
    invalid_page_message = "There is no page “{page_number}” of this list."

    def get_page_size(self, request: Request) -> int | None:
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        size = int(asked) if re.fullmatch("[0-9]{1,3}", asked) else 0
        if not 1 <= size <= self.max_page_size:
            raise ValidationError(
                {
                    self.page_size_query_param: [
                        _("Write a whole number from 1 to %(most)s.") % {"most": self.max_page_size}
                    ]
                }
            )
        return size

    def paginate_queryset(
        self,
        queryset: QuerySet[Any] | Sequence[Any],
        request: Request,
        view: APIView | None = None,
    ) -> list[Any] | None:
        asked = request.query_params.get(self.page_query_param, "1")
        if len(asked) > 10:
            raise NotFound(self.invalid_page_message.format(page_number=asked[:10] + "…"))
        return super().paginate_queryset(queryset, request, view)


class NoSuchEndpoint(APIView):
    """Whatever else is asked for under the API: a 404 in JSON."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound(_("There is no such endpoint; see /api/v1/docs/."))
