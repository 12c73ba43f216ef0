"""The administration pages as a whole, and what the site remembers about itself."""

from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from accounts.administration import DerivedAdmin
from accounts.models import User
from config import dashboard
from config.models import DataLoad

admin.site.site_header = _("Regions Meet: administration")
admin.site.site_title = _("Regions Meet")
admin.site.index_title = _("Administration")


@admin.register(DataLoad)
class DataLoadAdmin(DerivedAdmin):
    list_display = ["name", "checksum", "loaded_at"]
    search_fields = ["name"]
    ordering = ["name"]


def view_on_site(
    request: HttpRequest, content_type_id: int, object_id: str
) -> HttpResponseRedirect:
    """Lead to the page of a row, for those whom its administration page is for.

    Django's own view tells every member of staff the address of every row by its number, and so
    the names of profiles that nobody may see yet.
    """
    kind = get_object_or_404(ContentType, pk=content_type_id)
    pages: Any = admin.site._registry.get(kind.model_class())  # type: ignore[arg-type]
    if pages is None or not pages.has_view_permission(request):
        raise Http404
    row = pages.get_object(request, object_id)
    if row is None or not hasattr(row, "get_absolute_url"):
        raise Http404
    return HttpResponseRedirect(row.get_absolute_url())


index = admin.site.index


def index_with_queues(
    request: HttpRequest, extra_context: dict[str, Any] | None = None
) -> TemplateResponse:
    """The first page of the administration, with what waits at its top."""
    assert isinstance(request.user, User)
    return index(request, {"queues": dashboard.queues(by=request.user), **(extra_context or {})})


# templates make no queries
admin.site.index = index_with_queues  # type: ignore[method-assign]
