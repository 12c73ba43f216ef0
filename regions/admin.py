"""Administration of places, vocabularies and what is known about regions."""

from typing import Any

from django.contrib import admin
from django.db.models import JSONField, Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.administration import (
    BigTableAdmin,
    DerivedAdmin,
    FactInline,
    ModelAdmin,
    SearchByOtherAdmin,
    TabularInline,
    links_to_lists,
)
from accounts.exchange.admin import Exchange
from accounts.history import History
from accounts.models import User
from regions import concepts
from regions.exchange import (
    ConceptRows,
    DistinctionRows,
    KeyFigureRows,
    NetworkMembershipRows,
    NetworkRows,
    PriorityRows,
    RegionContactRows,
    RegionRows,
    SourceRows,
    VocabularyRows,
)
from regions.forms import ConceptForm, ConceptRelationForm, LabelsField
from regions.models import (
    Concept,
    ConceptRelation,
    Country,
    Distinction,
    Indicator,
    KeyFigure,
    Network,
    NetworkMembership,
    NutsUnit,
    Priority,
    Region,
    RegionBoundary,
    RegionContact,
    RegionNeighbour,
    RegionRole,
    Source,
    Vocabulary,
)
from regions.querysets import concepts_named

LABELS: Any = {JSONField: {"form_class": LabelsField}}
FACTS_OF_A_REGION = [
    "priorities",
    "key_figures",
    "distinctions",
    "network_memberships",
    "contacts",
]


def regions_named(text: str) -> QuerySet[Any]:
    return Region.objects.named(text)


def users_named(text: str) -> QuerySet[Any]:
    return User.objects.filter(Q(email__icontains=text) | Q(name__icontains=text))


def concepts_with(text: str) -> QuerySet[Any]:
    return concepts_named(Concept.objects.all(), text)


@admin.register(Country)
class CountryAdmin(ModelAdmin):
    formfield_overrides = LABELS
    list_display = ["code", "label", "group"]
    list_filter = ["group"]
    search_fields = ["code", "labels__en"]

    class Media:
        css = {"all": ["css/admin.css"]}


@admin.register(Source)
class SourceAdmin(Exchange, ModelAdmin):
    rows_class = SourceRows
    list_display = ["title", "publisher", "licence", "standing"]
    list_filter = ["standing"]
    search_fields = ["title", "publisher", "slug"]


class PriorityInline(FactInline):
    model = Priority
    fields = ["kind", "title", "concept", "is_historic", "year", "source"]
    also_fetched = ("concept", "source")


class KeyFigureInline(FactInline):
    model = KeyFigure
    fields = ["indicator", "value", "year", "rank", "rank_scope", "rank_of", "source"]
    also_fetched = ("indicator", "source")


class DistinctionInline(FactInline):
    model = Distinction
    fields = ["title", "awarded_by", "year", "source"]
    also_fetched = ("source",)


class MembershipInline(FactInline):
    model = NetworkMembership
    fields = ["network", "role", "year", "source"]
    also_fetched = ("region", "network", "source")


class RegionsInNetworkInline(FactInline):
    model = NetworkMembership
    fields = ["region", "role", "year", "source"]
    also_fetched = ("network", "region", "source")


class ContactInline(FactInline):
    model = RegionContact
    fields = ["office", "organisation", "website", "source"]
    also_fetched = ("source",)


class RoleInline(TabularInline):
    """Who keeps the dossier, and who moderates the profiles of the region's organisations."""

    model = RegionRole
    extra = 0
    fields = ["user", "role"]
    autocomplete_fields = ["user"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user", "region")


@admin.register(Region)
class RegionAdmin(Exchange, History, ModelAdmin):
    rows_class = RegionRows
    list_display = ["name", "local_name", "kind", "country", "nuts_label"]
    list_filter = ["kind", ("country", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["country"]
    search_fields = ["name__unaccented__contains", "local_name__unaccented__contains", "slug"]
    autocomplete_fields = ["country", "nuts_units", "summary_source"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["facts"]
    inlines = [
        PriorityInline,
        KeyFigureInline,
        DistinctionInline,
        MembershipInline,
        ContactInline,
        RoleInline,
    ]
    fieldsets = [
        (None, {"fields": ["name", "slug", "local_name", "kind", "country", "facts"]}),
        (_("Territory"), {"fields": ["nuts_units", "nuts_label", "latitude", "longitude"]}),
        (_("Dossier"), {"fields": ["capital", "summary", "summary_source", "website"]}),
    ]

    @admin.display(description=_("facts"))
    def facts(self, region: Region) -> SafeString | str:
        return links_to_lists(region, FACTS_OF_A_REGION, add=True)


@admin.register(NutsUnit)
class NutsUnitAdmin(BigTableAdmin):
    list_display = ["code", "name", "level", "version", "country", "home_region"]
    list_filter = ["version", "level", ("country", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["country", "home_region"]
    search_fields = ["code__startswith", "name__unaccented__contains"]
    autocomplete_fields = ["country", "parent", "home_region"]
    ordering = ["version", "code"]


@admin.register(RegionBoundary)
class RegionBoundaryAdmin(DerivedAdmin):
    """Drawn from Eurostat's boundaries when the reference data are built."""

    list_display = ["region", "min_x", "min_y", "max_x", "max_y"]
    list_select_related = ["region"]
    search_fields = ["region__name__unaccented__contains"]
    fields = ["region", "min_x", "min_y", "max_x", "max_y", "path"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegionBoundary]:
        return super().get_queryset(request).defer("path", "detailed_path")


@admin.register(RegionNeighbour)
class RegionNeighbourAdmin(DerivedAdmin):
    """Derived from the boundaries when the reference data are built."""

    list_display = ["region", "neighbour", "km"]
    list_select_related = ["region", "neighbour"]
    search_fields = ["region__name__unaccented__contains"]


@admin.register(Vocabulary)
class VocabularyAdmin(Exchange, ModelAdmin):
    rows_class = VocabularyRows
    list_display = ["title", "scheme", "version", "source"]
    list_select_related = ["source"]
    search_fields = ["title", "scheme"]
    autocomplete_fields = ["source"]


class ConceptSearch(BigTableAdmin):
    """Concepts found by a label in any language, in the list and where one is chosen."""

    search_fields = ["code"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return concepts_named(queryset, search_term), False


@admin.register(Concept)
class ConceptAdmin(Exchange, History, ConceptSearch):
    rows_class = ConceptRows
    form = ConceptForm
    formfield_overrides = LABELS
    list_display = ["label", "code", "vocabulary", "broader"]
    list_filter = ["vocabulary"]
    list_select_related = ["vocabulary", "broader"]
    autocomplete_fields = ["vocabulary", "broader"]
    ordering = ["vocabulary", "position", "code"]

    class Media:
        css = {"all": ["css/admin.css"]}

    def check_row(self, row: Any) -> None:
        concepts.check_broader(row, lock=True)


@admin.register(ConceptRelation)
class ConceptRelationAdmin(SearchByOtherAdmin):
    form = ConceptRelationForm
    list_display = ["source", "kind", "target", "weight", "reason"]
    list_filter = ["kind"]
    list_select_related = ["source", "target"]
    searched_by = {"source": concepts_with, "target": concepts_with}
    autocomplete_fields = ["source", "target"]


@admin.register(Priority)
class PriorityAdmin(Exchange, History, SearchByOtherAdmin):
    rows_class = PriorityRows
    list_display = ["region", "kind", "__str__", "is_historic", "year", "source"]
    list_filter = ["kind", "is_historic", "source__standing"]
    list_select_related = ["region", "concept", "source"]
    searched_by = {"region": regions_named, "concept": concepts_with}
    autocomplete_fields = ["region", "concept", "source"]


@admin.register(Indicator)
class IndicatorAdmin(ModelAdmin):
    list_display = ["label", "slug", "unit", "decimals", "position", "higher_is_first"]
    search_fields = ["label", "slug"]


@admin.register(KeyFigure)
class KeyFigureAdmin(Exchange, History, SearchByOtherAdmin):
    rows_class = KeyFigureRows
    list_display = ["region", "indicator", "value", "year", "rank", "rank_scope", "source"]
    list_filter = ["indicator", "rank_scope", "source__standing"]
    list_select_related = ["region", "indicator", "source"]
    searched_by = {"region": regions_named}
    autocomplete_fields = ["region", "indicator", "source"]


@admin.register(Distinction)
class DistinctionAdmin(Exchange, History, SearchByOtherAdmin):
    rows_class = DistinctionRows
    list_display = ["region", "title", "awarded_by", "year", "source"]
    list_select_related = ["region", "source"]
    searched_by = {"region": regions_named}
    autocomplete_fields = ["region", "source", "note_source"]


@admin.register(Network)
class NetworkAdmin(Exchange, ModelAdmin):
    rows_class = NetworkRows
    list_display = ["name", "website", "source"]
    list_select_related = ["source"]
    search_fields = ["name"]
    autocomplete_fields = ["source"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [RegionsInNetworkInline]


@admin.register(NetworkMembership)
class NetworkMembershipAdmin(Exchange, SearchByOtherAdmin):
    rows_class = NetworkMembershipRows
    list_display = ["network", "region", "role", "year", "source"]
    list_filter = ["role", "network"]
    list_select_related = ["network", "region", "source"]
    searched_by = {"region": regions_named}
    autocomplete_fields = ["network", "region", "source"]


@admin.register(RegionContact)
class RegionContactAdmin(Exchange, History, SearchByOtherAdmin):
    rows_class = RegionContactRows
    list_display = ["office", "organisation", "region", "source"]
    list_select_related = ["region", "source"]
    searched_by = {"region": regions_named}
    autocomplete_fields = ["region", "source"]


@admin.register(RegionRole)
class RegionRoleAdmin(History, SearchByOtherAdmin):
    """Who keeps dossiers and who moderates; whom these pages are for is staff as well."""

    list_display = ["user", "region", "role"]
    list_filter = ["role"]
    list_select_related = ["user", "region"]
    searched_by = {"region": regions_named, "user": users_named}
    search_help_text = _("Region, or name or e-mail address of the user.")
    autocomplete_fields = ["user", "region"]
