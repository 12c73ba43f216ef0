"""What the administration pages of every room share: quick lists, read-only facts, links."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ALL_VAR, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.core.paginator import Paginator
from django.db.models import PROTECT, RESTRICT, Model, QuerySet, URLField
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    DjangoModelAdmin = admin.ModelAdmin[Any]
    DjangoTabularInline = admin.TabularInline[Any, Any]
else:
    DjangoModelAdmin = admin.ModelAdmin
    DjangoTabularInline = admin.TabularInline

KEEPING = (PROTECT, RESTRICT)
HTTPS_UNLESS_SAID: Any = {URLField: {"assume_scheme": "https"}}


class ModelAdmin(DjangoModelAdmin):
    """A small table. What is in use is not deleted, and the page says by how much it is used."""

    formfield_overrides = HTTPS_UNLESS_SAID

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Django would fetch each of a hundred thousand rows that protect another one."""
        uses = uses_of(objs)
        if uses:
            return [str(row) for row in objs], {}, set(), uses
        return super().get_deleted_objects(objs, request)


class TabularInline(DjangoTabularInline):
    """A few rows edited on the page of what they belong to."""

    formfield_overrides = HTTPS_UNLESS_SAID


class BigTableAdmin(ModelAdmin):
    """A table of many thousands of rows: never counted twice, newest first, deleted one by one.

    Sorting by the model's own ordering would join and sort the whole table for each page.
    """

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ["-pk"]
    list_per_page = 50

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class SearchByOtherAdmin(BigTableAdmin):
    """Rows found by what they belong to, through that table's own search index.

    ``searched_by`` maps a field to the rows of its table with some words in them.
    """

    search_fields = ["pk"]
    searched_by: ClassVar[dict[str, Callable[[str], QuerySet[Any]]]] = {}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        # one after the other: "this or that" would read the whole table
        first, *others = (
            self.model._default_manager.order_by()
            .filter(**{f"{field}__in": named(search_term).values("pk")})
            .values("pk")
            for field, named in self.searched_by.items()
        )
        found = first.union(*others) if others else first
        request._found = found  # type: ignore[attr-defined]  # for the paginator of this request
        return queryset.filter(pk__in=found), False

    def get_paginator(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> "Paginator[Any]":
        """Where nothing but the search narrows the list, what it found is counted without being
        looked up in the whole table once more."""
        paginator = super().get_paginator(request, queryset, *args, **kwargs)
        found = getattr(request, "_found", None)
        is_narrowed = set(request.GET) - {SEARCH_VAR, PAGE_VAR, ORDER_VAR, ALL_VAR}
        if found is not None and not is_narrowed and not self.get_queryset(request).query.where:
            paginator.count = found.count()
        return paginator


class DerivedAdmin(BigTableAdmin):
    """Rows that are computed or imported, and that the next run would overwrite: for reading."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class FactInline(TabularInline):
    """Facts listed on the page of what they are about, each edited on a page of its own.

    A form for each row would ask for its source, its concept and so on, one query each.
    ``also_fetched`` names what a row shows, and what it is called after.
    """

    extra = 0
    can_delete = False
    show_change_link = True
    also_fetched: ClassVar[tuple[str, ...]] = ()

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.also_fetched)


def uses_of(rows: Iterable[Model]) -> list[str]:
    """How often other tables refer to the rows and so keep them from being deleted, in words."""
    rows = list(rows)
    uses = []
    for relation in rows[0]._meta.get_fields(include_hidden=True) if rows else []:
        if not isinstance(relation, ForeignObjectRel) or relation.on_delete not in KEEPING:
            continue
        table = relation.related_model
        count = table._base_manager.filter(**{f"{relation.field.name}__in": rows}).count()
        if count:
            options = table._meta
            name = options.verbose_name if count == 1 else options.verbose_name_plural
            uses.append(f"{number_format(count, force_grouping=True)} {name}")
    return uses


def links_to_lists(row: Model, relations: Iterable[str], *, add: bool = False) -> SafeString | str:
    """Links to the lists of what belongs to a row, by the names of its relations."""
    if row.pk is None:
        return "–"
    links = []
    for relation in relations:
        to_row: Any = row._meta.get_field(relation)
        field, options = to_row.field.name, to_row.related_model._meta
        base = f"admin:{options.app_label}_{options.model_name}"
        chosen = urlencode({f"{field}__{row._meta.pk.attname}__exact": row.pk})
        links.append((f"{reverse(f'{base}_changelist')}?{chosen}", options.verbose_name_plural))
        if add:
            address = f"{reverse(f'{base}_add')}?{urlencode({field: row.pk})}"
            links.append((address, _("add: %(kind)s") % {"kind": options.verbose_name}))
    return format_html_join(" · ", '<a href="{}">{}</a>', links)
