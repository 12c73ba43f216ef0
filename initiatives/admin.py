"""Administration of initiatives, their participants and what they demonstrate."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.administration import (
    BigTableAdmin,
    DerivedAdmin,
    FactInline,
    SearchByOtherAdmin,
    links_to_lists,
)
from accounts.exchange.admin import Exchange
from accounts.history import History
from initiatives.exchange import InitiativeRows, ParticipationRows
from initiatives.models import (
    Initiative,
    InitiativeConcept,
    InitiativeFigure,
    InitiativeRegion,
    Participation,
    StatementEvidence,
)
from organisations.administration import organisations_named
from regions.admin import concepts_with, regions_named

PARTS = ["participations", "region_roles", "coverage", "figures"]


def initiatives_named(text: str) -> QuerySet[Any]:
    return Initiative.objects.named(text)


class RegionInline(FactInline):
    model = InitiativeRegion
    fields = ["region", "role", "note", "source"]
    also_fetched = ("initiative", "region", "source")


class CoverageInline(FactInline):
    model = InitiativeConcept
    fields = ["concept", "role", "is_illustrative"]
    also_fetched = ("initiative", "concept")


class FigureInline(FactInline):
    model = InitiativeFigure
    fields = ["label", "value", "unit", "nature", "year", "source"]
    also_fetched = ("source",)


@admin.register(Initiative)
class InitiativeAdmin(Exchange, History, BigTableAdmin):
    rows_class = InitiativeRows
    list_display = ["__str__", "name", "kind", "status", "start_date", "end_date", "source"]
    list_filter = ["kind", "status", "source__standing"]
    list_select_related = ["source"]
    search_fields = [
        "name__unaccented__contains",
        "acronym__unaccented__contains",
        "place__unaccented__contains",
    ]
    search_help_text = _("Name, acronym or place.")
    autocomplete_fields = ["part_of", "network", "lead", "source", "further_sources"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["parts"]
    inlines = [RegionInline, CoverageInline, FigureInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "acronym", "kind", "status", "description", "parts"]}),
        (_("When and where"), {"fields": ["start_date", "end_date", "date_note", "place"]}),
        (_("Who"), {"fields": ["lead", "lead_name", "part_of", "network", "website"]}),
        (_("Money"), {"fields": ["total_cost", "max_contribution"]}),
        (_("Provenance"), {"fields": ["source", "further_sources", "rcn", "grant_id"]}),
    ]

    @admin.display(description=_("what belongs to it"))
    def parts(self, initiative: Initiative) -> SafeString | str:
        return links_to_lists(initiative, PARTS, add=True)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """An imported project would come back with the next import."""
        if isinstance(obj, Initiative) and obj.rcn is not None:
            return False
        return super().has_delete_permission(request, obj)


@admin.register(Participation)
class ParticipationAdmin(Exchange, History, SearchByOtherAdmin):
    rows_class = ParticipationRows
    list_display = ["initiative", "organisation", "pic", "name", "country", "role", "contribution"]
    list_filter = ["role", "initiative__kind"]
    list_select_related = ["initiative", "organisation", "country"]
    sortable_by = ["pic", "role", "contribution"]
    searched_by = {"initiative": initiatives_named, "organisation": organisations_named}
    search_help_text = _("Initiative or organisation.")
    autocomplete_fields = ["initiative", "organisation", "country", "source"]


@admin.register(InitiativeRegion)
class InitiativeRegionAdmin(SearchByOtherAdmin):
    list_display = ["initiative", "region", "role", "source"]
    list_filter = ["role"]
    list_select_related = ["initiative", "region", "source"]
    searched_by = {"initiative": initiatives_named, "region": regions_named}
    autocomplete_fields = ["initiative", "region", "source"]


@admin.register(InitiativeConcept)
class InitiativeConceptAdmin(SearchByOtherAdmin):
    list_display = ["initiative", "role", "concept", "is_illustrative"]
    list_filter = ["role", "is_illustrative", "concept__vocabulary"]
    list_select_related = ["initiative", "concept"]
    searched_by = {"initiative": initiatives_named, "concept": concepts_with}
    autocomplete_fields = ["initiative", "concept"]


@admin.register(InitiativeFigure)
class InitiativeFigureAdmin(SearchByOtherAdmin):
    list_display = ["initiative", "label", "value", "unit", "nature", "year", "source"]
    list_filter = ["nature"]
    list_select_related = ["initiative", "source"]
    searched_by = {"initiative": initiatives_named}
    autocomplete_fields = ["initiative", "source"]


@admin.register(StatementEvidence)
class StatementEvidenceAdmin(SearchByOtherAdmin, DerivedAdmin):
    """Derived from projects; the next derivation makes it anew."""

    list_display = ["statement", "initiative"]
    list_select_related = ["statement__organisation", "statement__concept", "initiative"]
    sortable_by = ()
    searched_by = {"initiative": initiatives_named}
    search_help_text = _("Initiative.")
