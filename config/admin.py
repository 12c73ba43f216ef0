"""The administration pages as a whole, and what the site remembers about itself."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.administration import DerivedAdmin
from config.models import DataLoad

admin.site.site_header = _("Regions Meet: administration")
admin.site.site_title = _("Regions Meet")
admin.site.index_title = _("Everything that is kept")


@admin.register(DataLoad)
class DataLoadAdmin(DerivedAdmin):
    list_display = ["name", "checksum", "loaded_at"]
    search_fields = ["name"]
    ordering = ["name"]
