"""The administration pages as a whole, and what the site remembers about itself."""

from typing import Any

from allauth.usersessions.admin import UserSessionAdmin
from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from accounts.administration import BigTableAdmin, DerivedAdmin
from accounts.history import History
from accounts.models import User
from config import dashboard
from config.models import DataLoad
from organisations.models import AccessRequest, FormerAddress, Logo, WebsiteCheck
from regions.models import RegionRole

admin.site.site_header = _("Regions Meet: administration")
admin.site.site_title = _("Regions Meet")
admin.site.index_title = _("Administration")

# the package searches by a login name that our accounts do not have
UserSessionAdmin.search_fields = ["user__email", "ip"]


@admin.register(DataLoad)
class DataLoadAdmin(DerivedAdmin):
    list_display = ["name", "checksum", "loaded_at"]
    search_fields = ["name"]
    ordering = ["name"]


class RegionRoleAdmin(History, BigTableAdmin):
    list_display = ["user", "region", "role"]
    list_filter = ["role"]
    list_select_related = ["user", "region"]
    search_fields = ["user__email", "region__name__unaccented__contains"]
    autocomplete_fields = ["user", "region"]


class ReadingAdmin(DerivedAdmin):
    """Rows that the pages of the site write by their own rules: here for reading."""

    list_display = ["__str__"]


class AccessRequestAdmin(ReadingAdmin):
    list_display = ["organisation", "user", "kind", "status", "created_at"]
    list_filter = ["status", "kind"]
    list_select_related = ["organisation", "user"]
    search_fields = ["user__email", "organisation__name__unaccented__contains"]


class WebsiteCheckAdmin(ReadingAdmin):
    list_display = ["organisation", "url", "outcome", "detail", "checked_at"]
    list_filter = ["outcome"]
    list_select_related = ["organisation"]
    search_fields = ["url"]


class LogoAdmin(ReadingAdmin):
    list_display = ["organisation", "width", "height", "updated_at"]
    list_select_related = ["organisation"]
    fields = ["organisation", "width", "height", "updated_at", "digest"]


class FormerAddressAdmin(ReadingAdmin):
    list_display = ["slug", "organisation", "created_at"]
    list_select_related = ["organisation"]
    search_fields = ["slug"]


PAGES = {
    RegionRole: RegionRoleAdmin,
    AccessRequest: AccessRequestAdmin,
    WebsiteCheck: WebsiteCheckAdmin,
    Logo: LogoAdmin,
    FormerAddress: FormerAddressAdmin,
}
ROOMS = ["accounts", "regions", "organisations", "initiatives", "matching"]

# this room's pages are found last: what no other room shows is shown all the same
for room in ROOMS:
    for model in apps.get_app_config(room).get_models():
        if not admin.site.is_registered(model) and not model.__name__.startswith("Historical"):
            related = [each.name for each in model._meta.fields if each.is_relation]
            page = PAGES.get(model) or type(
                f"{model.__name__}Admin", (ReadingAdmin,), {"list_select_related": related}
            )
            admin.site.register(model, page)


index = admin.site.index


def index_with_queues(
    request: HttpRequest, extra_context: dict[str, Any] | None = None
) -> TemplateResponse:
    """The first page of the administration, with what waits at its top."""
    assert isinstance(request.user, User)
    return index(request, {"queues": dashboard.queues(by=request.user), **(extra_context or {})})


# templates make no queries
admin.site.index = index_with_queues  # type: ignore[method-assign]
