"""Pages of the administration where a table goes out into a file, and comes in from one."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST
from import_export.admin import ImportExportMixin

from accounts.administration import ModelAdmin
from accounts.exchange import keeping, writing
from accounts.exchange.formats import CONTENT_TYPES, Format
from accounts.exchange.forms import ConfirmForm, ExportForm, ImportForm
from accounts.exchange.keeping import NotKept, Ticket
from accounts.exchange.reading import Unreadable, read
from accounts.exchange.rows import Outcome, Rows
from accounts.models import User

if TYPE_CHECKING:

    class LibraryAdmin(ModelAdmin):
        """What the pages have from django-import-export: addresses, and links on the list."""

        def get_export_queryset(self, request: HttpRequest) -> Any: ...
else:
    LibraryAdmin = ImportExportMixin


class Exchange(LibraryAdmin):
    """Adds import and export to the administration of a model; see ``rows_class``.

    Importing needs the right to add *and* to change every row, so it is not for those who look
    after some rows only; exporting gives what the list shows to this person.
    """

    rows_class: ClassVar[type[Rows]]
    superusers_only = False
    import_export_change_list_template = "admin/tools/change_list.html"

    def get_resource_classes(self, request: HttpRequest) -> list[type[Rows]]:
        return [self.rows_class]

    def has_import_permission(self, request: HttpRequest) -> bool:
        name = f"{self.opts.app_label}.%s_{self.opts.model_name}"
        return self.is_for(request) and request.user.has_perms([name % "add", name % "change"])

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.is_for(request) and self.has_view_permission(request)

    def is_for(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and (user.is_superuser or not self.superusers_only)

    @method_decorator(sensitive_variables("data"))
    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Read a file and show what it would change, or what is wrong with it."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self.import_page(request, ImportForm())
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.import_page(request, form)
        file, kind, encoding = (form.cleaned_data[name] for name in ("file", "kind", "encoding"))
        data = file.read()
        try:
            outcome = self.rows(request, file.name).bring_in(
                read(data, kind=kind, encoding=encoding), dry_run=True
            )
        except Unreadable as error:
            form.add_error("file", str(error))
            return self.import_page(request, form)
        ticket = None
        if outcome.new + outcome.changed and not outcome.bad:
            ticket = self.ticket(request, data, outcome, kind, encoding, file.name)
        return self.import_page(request, form, outcome=outcome, ticket=ticket)

    @method_decorator(require_POST)
    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Import the file that this person previewed, exactly as the preview said."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        try:
            confirmed = ConfirmForm(request.POST)
            if not confirmed.is_valid():
                raise NotKept(_("This is no preview of yours. Choose the file again."))
            ticket = Ticket.of(
                confirmed.cleaned_data["ticket"],
                user=self.person(request).pk,
                table=self.opts.label_lower,
            )
            data = keeping.take(ticket)
        except NotKept as error:
            form = ImportForm({}, {})
            form.errors.clear()
            form.add_error(None, str(error))
            return self.import_page(request, form)
        sheet = read(data, kind=ticket.kind, encoding=ticket.encoding)
        with transaction.atomic():
            outcome = self.rows(request, ticket.original).bring_in(sheet, dry_run=False)
            as_previewed = not outcome.bad and outcome.fingerprint == ticket.changes
            if as_previewed:
                self.log(request, outcome, ticket.original)
            else:
                transaction.set_rollback(True)
        if not as_previewed:
            again = None
            if not outcome.bad:
                again = self.ticket(
                    request, data, outcome, ticket.kind, ticket.encoding, ticket.original
                )
            form = ImportForm()
            return self.import_page(request, form, outcome=outcome, ticket=again, moved_on=True)
        messages.success(
            request,
            _("Imported: %(new)s new, %(changed)s changed, %(unchanged)s unchanged.")
            % {"new": outcome.new, "changed": outcome.changed, "unchanged": outcome.unchanged},
        )
        return redirect(self.list_address())

    def person(self, request: HttpRequest) -> User:
        assert isinstance(request.user, User)
        return request.user

    def rows(self, request: HttpRequest, name: str | None) -> Rows:
        return self.rows_class(
            by=self.person(request), reason=_("Imported from %(file)s") % {"file": name or "–"}
        )

    def ticket(
        self,
        request: HttpRequest,
        data: bytes,
        outcome: Outcome,
        kind: str,
        encoding: str,
        original: str | None,
    ) -> Ticket:
        name, digest = keeping.keep(data)
        return Ticket(
            name=name,
            digest=digest,
            user=self.person(request).pk,
            table=self.opts.label_lower,
            kind=kind,
            encoding=encoding,
            original=(original or "")[:100],
            changes=outcome.fingerprint,
        )

    def log(self, request: HttpRequest, outcome: Outcome, name: str) -> None:
        about = ContentType.objects.get_for_model(self.model)
        LogEntry.objects.bulk_create(
            [
                LogEntry(
                    user_id=self.person(request).pk,
                    content_type=about,
                    object_id=str(pk),
                    object_repr=shown[:200],
                    action_flag=ADDITION if is_new else CHANGE,
                    change_message=_("Imported from %(file)s") % {"file": name},
                )
                for is_new, pk, shown in outcome.written
            ],
            batch_size=1_000,
        )

    def import_page(
        self,
        request: HttpRequest,
        form: ImportForm,
        *,
        outcome: Outcome | None = None,
        ticket: Ticket | None = None,
        moved_on: bool = False,
    ) -> HttpResponse:
        failed = moved_on or bool(outcome and outcome.bad) or bool(form.is_bound and form.errors)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Import: %(table)s") % {"table": self.opts.verbose_name_plural},
            "form": form,
            "outcome": outcome,
            "ticket": str(ticket) if ticket else "",
            "moved_on": moved_on,
            "headers": self.rows_class().headers,
            "known_by": self.rows_class().known_by,
            "list_address": self.list_address(),
            "action_address": self.list_address("import"),
            "confirm_address": self.list_address("process_import"),
        }
        return TemplateResponse(
            request,
            "admin/tools/import.html",
            context,
            status=HTTPStatus.BAD_REQUEST if failed else HTTPStatus.OK,
        )

    def export_action(self, request: HttpRequest) -> HttpResponseBase:
        """Ask for the kind of file, then send what the list shows under its filters and search."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            chosen = self.get_export_queryset(request)
        except IncorrectLookupParameters:
            return redirect(f"{self.list_address()}?e=1")
        form = ExportForm(request.POST or None)
        if form.is_valid():
            try:
                return self.file(form.cleaned_data["kind"], chosen)
            except writing.NotWritable as error:
                form.add_error("kind", str(error))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Export: %(table)s") % {"table": self.opts.verbose_name_plural},
            "form": form,
            "count": chosen.count(),
            "headers": self.rows_class().headers,
            "list_address": self.list_address(),
        }
        return TemplateResponse(
            request,
            "admin/tools/export.html",
            context,
            status=HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK,
        )

    def file(self, kind: str, chosen: Any) -> HttpResponseBase:
        rows = self.rows_class()
        name = f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}.{kind}"
        table = rows.table(chosen)
        if kind == Format.XLSX:
            return FileResponse(
                writing.as_xlsx(rows.headers, table),
                as_attachment=True,
                filename=name,
                content_type=CONTENT_TYPES[Format.XLSX],
            )
        write = writing.as_csv if kind == Format.CSV else writing.as_json
        text: Iterable[str] = write(rows.headers, table)
        answer = StreamingHttpResponse(text, content_type=CONTENT_TYPES[Format(kind)])
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def list_address(self, page: str = "changelist") -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}")
