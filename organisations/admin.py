"""Administration of organisations, their statements and their teams."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.administration import (
    BigTableAdmin,
    FactInline,
    SearchByOtherAdmin,
    TabularInline,
    links_to_lists,
)
from accounts.exchange.admin import Exchange
from accounts.history import History
from organisations.administration import OfModeratedRegions, organisations_named
from organisations.exchange import (
    ClusterMembershipRows,
    OrganisationRows,
    SectorRows,
    StatementRows,
    TeamMemberRows,
)
from organisations.merging.administration import merge_address, merge_page
from organisations.models import ClusterMembership, Organisation, Sector, Statement, TeamMember
from organisations.moderating import admin as trail  # noqa: F401 -- its own pages
from organisations.moderating.administration import step_page
from regions.admin import concepts_with


class SectorInline(FactInline):
    model = Sector
    fields = ["concept", "source"]
    also_fetched = ("organisation", "concept", "source")


class TeamInline(TabularInline):
    model = TeamMember
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Organisation)
class OrganisationAdmin(Exchange, History, OfModeratedRegions):
    """Profiles; the status changes by the actions alone, which obey the table of steps."""

    organisation = ""
    rows_class = OrganisationRows
    list_display = ["name", "short_name", "kind", "status", "city", "country", "home_region"]
    list_filter = [
        "status",
        "kind",
        "is_illustrative",
        ("country", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["country", "home_region"]
    search_fields = [
        "name__unaccented__contains",
        "short_name__unaccented__contains",
        "city__unaccented__contains",
        "pic__exact",
    ]
    search_help_text = _("Name, short name, place or PIC.")
    autocomplete_fields = ["country", "nuts3", "home_region", "source"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["status", "lists", "review", "created_at", "updated_at"]
    inlines = [SectorInline, TeamInline]
    actions = ["verify", "hold", "reject", "archive", "reopen", "merge"]
    ordering = ["name", "pk"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "short_name", "kind", "status", "review", "lists"]}),
        (
            _("Seat"),
            {"fields": ["city", "country", "nuts3", "home_region", "latitude", "longitude"]},
        ),
        (_("Profile"), {"fields": ["description", "website", "pic"]}),
        (_("Provenance"), {"fields": ["source", "is_illustrative", "created_at", "updated_at"]}),
    ]

    @admin.display(description=_("what belongs to it"))
    def lists(self, organisation: Organisation) -> SafeString | str:
        return links_to_lists(
            organisation,
            ["statements", "sectors", "participations", "memberships", "cluster_memberships"],
        )

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Drafts and rejected profiles may go; what was public is archived instead."""
        if isinstance(obj, Organisation) and obj.status not in {
            Organisation.Status.DRAFT,
            Organisation.Status.REJECTED,
        }:
            return False
        return super().has_delete_permission(request, obj)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Whoever may change the table, and moderators of regions; the services look again."""
        return self.has_change_permission(request) or self.is_regional(request)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Moderators of regions have the page of the review instead of lists they cannot open."""
        if not self.is_regional(request):
            return super().get_fieldsets(request, obj)
        head = {"fields": ["name", "slug", "short_name", "kind", "status", "review"]}
        return [(None, head), *self.fieldsets[1:]]

    @admin.display(description=_("review"))
    def review(self, organisation: Organisation) -> SafeString | str:
        if not organisation.slug:
            return "–"
        address = reverse("moderation:review", args=[organisation.slug])
        return format_html('<a href="{}">{}</a>', address, _("Profile, checks and verdict"))

    def get_urls(self) -> list[Any]:
        merge = self.admin_site.admin_view(self.merge_page)
        name = "organisations_organisation_merge"
        return [path("merge/", merge, name=name), *super().get_urls()]

    def merge_page(self, request: HttpRequest) -> HttpResponse:
        return merge_page(request, self.admin_site.each_context(request))

    @admin.action(description=_("Merge the two chosen profiles …"), permissions=["change"])
    def merge(self, request: HttpRequest, chosen: QuerySet[Organisation]) -> HttpResponse | None:
        rows = list(chosen.order_by("created_at", "pk")[:3])
        if len(rows) != 2:
            self.message_user(request, _("Choose exactly two profiles."), messages.ERROR)
            return None
        return HttpResponseRedirect(merge_address(*rows))

    @admin.action(description=_("Publish the chosen profiles …"), permissions=["moderate"])
    def verify(self, request: HttpRequest, chosen: QuerySet[Organisation]) -> HttpResponse | None:
        return self.step(request, chosen, Organisation.Step.VERIFY)

    @admin.action(description=_("Put the chosen profiles on hold …"), permissions=["moderate"])
    def hold(self, request: HttpRequest, chosen: QuerySet[Organisation]) -> HttpResponse | None:
        return self.step(request, chosen, Organisation.Step.HOLD)

    @admin.action(description=_("Reject the chosen profiles …"), permissions=["moderate"])
    def reject(self, request: HttpRequest, chosen: QuerySet[Organisation]) -> HttpResponse | None:
        return self.step(request, chosen, Organisation.Step.REJECT)

    @admin.action(description=_("Archive the chosen profiles …"), permissions=["moderate"])
    def archive(self, request: HttpRequest, chosen: QuerySet[Organisation]) -> HttpResponse | None:
        return self.step(request, chosen, Organisation.Step.ARCHIVE)

    @admin.action(description=_("Reopen the chosen profiles …"), permissions=["moderate"])
    def reopen(self, request: HttpRequest, chosen: QuerySet[Organisation]) -> HttpResponse | None:
        return self.step(request, chosen, Organisation.Step.REOPEN)

    def step(
        self, request: HttpRequest, chosen: QuerySet[Organisation], step: Organisation.Step
    ) -> HttpResponse | None:
        return step_page(
            request,
            chosen,
            step,
            action=step.value,
            site=self.admin_site.each_context(request),
            tell=self.message_user,
        )


class WeightFilter(admin.SimpleListFilter):
    """By weight, without asking the whole table which weights there are."""

    title = _("weight")
    parameter_name = "weight__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(weight), str(weight)) for weight in (1, 2, 3)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        weight = self.value()
        return queryset.filter(weight=weight) if weight in {"1", "2", "3"} else queryset


@admin.register(Statement)
class StatementAdmin(Exchange, History, OfModeratedRegions, SearchByOtherAdmin):
    """Declared statements; demonstrated ones are derived from projects, and for reading."""

    rows_class = StatementRows
    list_display = ["organisation", "role", "concept", "origin", "weight"]
    list_filter = ["role", "origin", WeightFilter, "concept__vocabulary"]
    list_select_related = ["organisation", "concept"]
    sortable_by = ["role", "origin", "weight"]
    searched_by = {"organisation": organisations_named, "concept": concepts_with}
    search_help_text = _("Organisation or concept.")
    autocomplete_fields = ["organisation", "concept"]
    readonly_fields = ["origin", "evidence"]
    fieldsets = [
        (None, {"fields": ["organisation", "role", "concept", "origin", "evidence"]}),
        (_("Details"), {"fields": ["weight", "text", "trl_from", "trl_to", "valid_until"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """A statement stays with the organisation that made it."""
        return [*self.readonly_fields, *(["organisation"] if obj else [])]

    @admin.display(description=_("evidence"))
    def evidence(self, statement: Statement) -> SafeString | str:
        return links_to_lists(statement, ["evidence"])

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return not is_derived(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return not is_derived(obj) and super().has_delete_permission(request, obj)


def is_derived(statement: Model | None) -> bool:
    return isinstance(statement, Statement) and statement.origin == Statement.Origin.DEMONSTRATED


@admin.register(Sector)
class SectorAdmin(Exchange, OfModeratedRegions, SearchByOtherAdmin):
    rows_class = SectorRows
    list_display = ["organisation", "concept", "source"]
    list_select_related = ["organisation", "concept", "source"]
    searched_by = {"organisation": organisations_named, "concept": concepts_with}
    autocomplete_fields = ["organisation", "concept", "source"]


@admin.register(ClusterMembership)
class ClusterMembershipAdmin(Exchange, History, SearchByOtherAdmin):
    rows_class = ClusterMembershipRows
    list_display = ["cluster", "member", "since", "source"]
    list_select_related = ["cluster", "member", "source"]
    searched_by = {"cluster": organisations_named, "member": organisations_named}
    autocomplete_fields = ["cluster", "member", "source"]


@admin.register(TeamMember)
class TeamMemberAdmin(Exchange, History, BigTableAdmin):
    rows_class = TeamMemberRows
    superusers_only = True
    list_display = ["user", "organisation", "role"]
    list_filter = ["role"]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__email", "organisation__name__unaccented__contains"]
    autocomplete_fields = ["user", "organisation"]
