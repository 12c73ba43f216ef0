"""History in the administration: who changed what and when, what was deleted, and the way back.

Every change of the main tables is kept for good (django-simple-history); the administrator may thin
it out with ``clean_duplicate_history`` and ``clean_old_history``.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from accounts.administration import ModelAdmin
from accounts.models import User

if TYPE_CHECKING:
    LibraryAdmin = ModelAdmin
else:
    LibraryAdmin = SimpleHistoryAdmin

PER_PAGE: Final = 50
LONGEST: Final = 300


@dataclass(frozen=True)
class Difference:
    """One field before and after, in words."""

    label: str
    before: str
    after: str


class History(LibraryAdmin):
    """Adds the history of each row, of deleted ones too, and the way back to an earlier version."""

    change_list_template = "admin/tools/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_deleted"
        view = self.admin_site.admin_view(self.deleted_view)
        return [path("deleted/", view, name=name), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        more = {"deleted_address": self.address("deleted") if self.sees_all(request) else ""}
        return super().changelist_view(request, more | (extra_context or {}))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What happened to one row, the newest first."""
        row, records = self.row_and_records(request, object_id)
        page = Paginator(records, PER_PAGE).get_page(request.GET.get("p"))
        shown = list(page.object_list)
        # the oldest of the page is held against the one before it
        older = list(records[page.end_index() : page.end_index() + 1])
        entries = [
            {
                "record": record,
                "address": self.address("simple_history", object_id, str(record.pk)),
                "differences": self.differences(before, record) if before else [],
                "is_first": before is None,
            }
            for record, before in zip(shown, [*shown[1:], *older, None], strict=False)
        ]
        context = self.page(request, row, records) | {"entries": entries, "page": page}
        return TemplateResponse(request, "admin/tools/history.html", context)

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One version beside the row as it is, and the button that goes back to it."""
        row, records = self.row_and_records(request, object_id)
        record = records.filter(pk=version_id).first() if version_id.isdecimal() else None
        if record is None:
            raise Http404
        may_revert = row is not None and self.has_change_permission(request, row)
        errors: list[str] = []
        if request.method == "POST":
            if not may_revert:
                raise PermissionDenied
            try:
                changed = self.revert(request, row, record)
            except ValidationError as error:
                errors = error.messages
            else:
                words = _("The row is as it was then.") if changed else _("Nothing had changed.")
                self.message_user(request, words, messages.SUCCESS)
                return redirect(self.address("history", object_id))
        context = self.page(request, row, records) | {
            "record": record,
            "fields": [
                Difference(
                    capfirst(field.verbose_name),
                    self.in_words(row, field) if row is not None else "",
                    self.in_words(record, field),
                )
                for field in self.kept_fields()
            ],
            "may_revert": may_revert,
            "errors": errors,
            "reverted": [field.verbose_name for field in self.revertible(request, row)]
            if may_revert
            else [],
        }
        return TemplateResponse(
            request, "admin/tools/version.html", context, status=400 if errors else 200
        )

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """Rows that are no more, the last deleted first."""
        if not self.sees_all(request):
            raise PermissionDenied
        gone = ~models.Exists(self.model._default_manager.filter(pk=models.OuterRef(self.key)))
        records = self.records().filter(gone, history_type="-")
        number = request.GET.get("p", "1")
        start = (
            (int(number) - 1) * PER_PAGE if number.isdecimal() and 0 < int(number) < 10_000 else 0
        )
        found = list(records[start : start + PER_PAGE + 1])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Deleted: %(table)s") % {"table": self.opts.verbose_name_plural},
            "list_address": self.address("changelist"),
            "entries": [
                (self.name(self.instance_of(record)), record, self.address("history", record_key))
                for record in found[:PER_PAGE]
                for record_key in [quote(getattr(record, self.key))]
            ],
            "next": start // PER_PAGE + 2 if len(found) > PER_PAGE else None,
        }
        return TemplateResponse(request, "admin/tools/deleted.html", context)

    @transaction.atomic
    def revert(self, request: HttpRequest, row: models.Model, record: Any) -> bool:
        """Take back what this person may edit, through all checks of the model; False where
        nothing differs. Raises ValidationError."""
        current: Any = self.model._default_manager.select_for_update().get(pk=row.pk)
        changed = False
        for field in self.revertible(request, row):
            before = getattr(record, field.attname)
            changed = changed or getattr(current, field.attname) != before
            setattr(current, field.attname, before)
        if not changed:
            return False
        current.full_clean()
        self.check_row(current)
        then = date_format(timezone.localtime(record.history_date), "DATETIME_FORMAT")
        words = _("Back to the version of %(then)s") % {"then": then}
        current._change_reason = words[:100]
        form = self.get_form(request, current, change=True)(instance=current)
        self.save_model(request, current, form, True)
        self.log_change(request, current, words)
        return True

    def check_row(self, row: Any) -> None:
        """What has to hold besides the model's own checks. Raises ValidationError."""

    def revertible(self, request: HttpRequest, row: models.Model) -> list[Any]:
        """The fields that the form offers to this person: neither a status nor what is derived."""
        offered = self.get_form(request, row, change=True).base_fields
        return [field for field in self.kept_fields() if field.name in offered]

    def row_and_records(self, request: HttpRequest, object_id: str) -> tuple[Any, Any]:
        """The row, None where it was deleted, and its history; 404 where there is neither."""
        key = unquote(object_id)
        try:
            row = self.get_queryset(request).filter(pk=key).first()
            records = self.records().filter(**{self.key: key})
            # in this order: what is there, and not for this person, is not told to be deleted
            if row is None and self.model._default_manager.filter(pk=key).exists():
                raise Http404
        except (ValueError, ValidationError) as error:
            raise Http404 from error
        if row is not None:
            if not self.has_view_or_change_permission(request, row):
                raise PermissionDenied
        elif not self.sees_all(request):
            raise PermissionDenied
        elif not records.exists():
            raise Http404
        return row, records

    def sees_all(self, request: HttpRequest) -> bool:
        user = request.user
        name = f"{self.opts.app_label}.view_{self.opts.model_name}"
        return isinstance(user, User) and (
            user.has_perm(name) or user.has_perm(name.replace(".view_", ".change_"))
        )

    @property
    def key(self) -> str:
        pk = self.opts.pk
        assert pk is not None
        return str(pk.attname)

    def records(self) -> Any:
        """All versions of all rows with what they refer to, the newest first."""
        history: Any = self.model.history
        related = [each.name for each in self.kept_fields() if each.is_relation]
        return history.select_related("history_user", *related).order_by(
            "-history_date", "-history_id"
        )

    def kept_fields(self) -> list[Any]:
        """The fields whose values a reader of the history is shown."""
        kept = {field.name for field in self.model.history.model._meta.fields}
        return [
            field
            for field in self.opts.concrete_fields
            if field.editable and not field.primary_key and field.name in kept
        ]

    def differences(self, before: Any, after: Any) -> list[Difference]:
        found = []
        for field in self.kept_fields():
            one, other = getattr(before, field.attname), getattr(after, field.attname)
            if one == other:
                continue
            if isinstance(one, dict) and isinstance(other, dict):
                found += [
                    Difference(
                        f"{capfirst(field.verbose_name)}, {key}",
                        str(one.get(key, "–")),
                        str(other.get(key, "–")),
                    )
                    for key in sorted(one.keys() | other.keys())
                    if one.get(key) != other.get(key)
                ]
            else:
                words = self.in_words(before, field), self.in_words(after, field)
                found.append(Difference(capfirst(field.verbose_name), *words))
        return found

    def in_words(self, row: models.Model, field: Any) -> str:
        """A value as a reader understands it."""
        value = getattr(row, field.attname)
        if value is None or value in ("", [], {}):
            return "–"
        if field.is_relation:
            try:
                return str(getattr(row, field.name) or _("deleted (%s)") % value)
            except ObjectDoesNotExist:
                return str(_("deleted (%s)") % value)
        if field.choices:
            return f"{dict(field.flatchoices).get(value, value)}"
        match value:
            case bool():
                return _("yes") if value else _("no")
            case datetime():
                return date_format(timezone.localtime(value), "DATETIME_FORMAT")
            case date():
                return date_format(value, "DATE_FORMAT")
            case list():
                return ", ".join(map(str, value))
            case dict():
                return "; ".join(f"{key}: {each}" for key, each in sorted(value.items()))
        return Truncator(str(value)).chars(LONGEST)

    def instance_of(self, record: Any) -> Any:
        """The row as it was, with what it referred to at hand."""
        row = record.instance
        for field in self.kept_fields():
            if field.is_relation and (other := getattr(record, field.name)) is not None:
                setattr(row, field.name, other)
        return row

    def name(self, row: Any) -> str:
        try:
            return str(row)
        except ObjectDoesNotExist:
            # called after something that is gone as well
            return f"{self.opts.verbose_name} {row.pk}"

    def page(self, request: HttpRequest, row: Any, records: Any) -> dict[str, Any]:
        named = row if row is not None else self.instance_of(records.first())
        name = self.name(named)
        words = (
            _("History: %(name)s") if row is not None else _("History of what is deleted: %(name)s")
        )
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": words % {"name": name},
            "name": name,
            "row": row,
            "list_address": self.address("changelist"),
            "row_address": self.address("change", quote(row.pk)) if row is not None else "",
            "history_address": self.address("history", quote(named.pk)),
        }

    def address(self, page: str, *args: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)
