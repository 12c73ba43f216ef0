"""What every endpoint of the REST API shares, and the router."""

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import pagination


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]  # no types
    """Filters a list; a malformed filter is a 400 that says what is wrong with it."""


class PageNumberPagination(pagination.PageNumberPagination):
    """Pages of 25, or as many as asked for up to 100."""

    page_size_query_param = "page_size"
    max_page_size = 100
