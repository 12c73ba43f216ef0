"""Many members at once, from a CSV file: chosen, previewed, and stored as previewed."""

import csv
import io
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisations.clusters import planning
from organisations.clusters.forms import ListForm
from organisations.clusters.loading import reader_of, writable
from organisations.clusters.planning import Outcome, PlanChanged, Planned
from organisations.clusters.reading import (
    COLUMNS,
    MOST_BYTES,
    MOST_ROWS,
    Fault,
    Line,
    Unreadable,
    read,
)
from organisations.membership_rules import MembershipRefused
from organisations.models import Organisation

FAULTS_SHOWN: Final = 100
PREVIEW_AGE: Final = 2 * 60 * 60
"""Seconds for which a preview can be confirmed."""

MOST_PACKED: Final = 2_000_000
"""Characters of a preview that a form sends back; Django reads 2.5 MB of a form."""


class CappedUpload(FileUploadHandler):
    """Keeps at most `MOST_BYTES` of a file: what goes beyond is read past and never kept."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.is_too_large = False
        self._kept = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > MOST_BYTES:
            self.is_too_large = True
            self._kept = io.BytesIO()
            raise StopUpload(connection_reset=False)
        self._kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._kept.seek(0)
        return InMemoryUploadedFile(
            self._kept,
            self.field_name,
            self.file_name or "",
            self.content_type or "",
            file_size,
            self.charset,
            self.content_type_extra,
        )


@csrf_exempt
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """The page to choose a file on, and its preview.

    The check of the form's token reads the form, so it comes after the file's size is capped.
    """
    handler = CappedUpload(request)
    request.upload_handlers = [handler]
    response: HttpResponse = _upload(request, slug, handler)
    return response


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def _upload(request: HttpRequest, slug: str, handler: CappedUpload) -> HttpResponse:
    cluster = writable(request, slug, cluster=True)
    if request.method != "POST":
        return _page(request, cluster, ListForm())
    form = ListForm(request.POST, request.FILES)
    is_valid = form.is_valid()
    if handler.is_too_large:
        form.errors.pop("file", None)
        form.add_error("file", _("The file is larger than 2 MB. Split it into several."))
    elif is_valid:
        try:
            table = read(form.cleaned_data["file"].read(), encoding=form.cleaned_data["encoding"])
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            if table.total > MOST_ROWS:
                form.add_error(
                    "file",
                    _("The file has %(rows)s rows; at most %(most)s are read. Split it.")
                    % {"rows": table.total, "most": MOST_ROWS},
                )
                return _page(request, cluster, form, faults=table.faults)
            rows = planning.plan(cluster=cluster, lines=table.lines, by=reader_of(request))
            return preview(request, cluster, rows, table.faults)
    return _page(request, cluster, form)


def preview(
    request: HttpRequest,
    cluster: Organisation,
    rows: Sequence[Planned],
    faults: Sequence[Fault] = (),
    *,
    has_changed: bool = False,
) -> HttpResponse:
    """What would happen, row by row; with a button only where all of it can."""
    faults = sorted(
        [
            *faults,
            *(
                Fault(row.line.number, row.note, row.line.called)
                for row in rows
                if row.outcome == Outcome.ERROR
            ),
        ],
        key=lambda fault: fault.number,
    )
    good = [row for row in rows if row.outcome != Outcome.ERROR]
    refusal = "" if faults else planning.refusal(cluster, rows)
    packed = "" if faults or refusal else _packed(request, cluster, rows)
    if len(packed) > MOST_PACKED:
        packed, refusal = "", _("The list is too long to be confirmed at once. Split it.")
    counts = [
        (outcome, sum(row.outcome == outcome for row in rows))
        for outcome in Outcome
        if outcome != Outcome.ERROR
    ]
    changes = sum(number for outcome, number in counts if outcome in planning.CHANGES)
    is_refused = bool(faults or refusal)
    return _page(
        request,
        cluster,
        ListForm(),
        rows=good,
        faults=faults,
        refusal=refusal,
        counts=[(outcome.label, number) for outcome, number in counts if number],
        packed=packed if changes else "",
        has_changed=has_changed,
        is_preview=True,
        status=HTTPStatus.CONFLICT
        if has_changed
        else HTTPStatus.BAD_REQUEST
        if is_refused
        else HTTPStatus.OK,
    )


@require_POST
@login_required
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """Do what was previewed to this user for this cluster; a second time finds nothing to do."""
    cluster = writable(request, slug, cluster=True)
    user = reader_of(request)
    try:
        said = signing.loads(
            request.POST.get("list", ""), salt=_salt(request, cluster), max_age=PREVIEW_AGE
        )
    except signing.BadSignature:
        messages.error(
            request,
            _("The preview is too old, or not of this cluster. Choose the file again."),
        )
        return redirect("organisations:members-file", slug)
    lines = [Line(**row) for row in said["lines"]]
    try:
        rows = planning.carry_out(
            cluster=cluster,
            lines=lines,
            expected=said["plan"],
            by=user,
            link=request.build_absolute_uri,
            language=(get_language() or "en")[:2],
        )
    except PlanChanged as change:
        return preview(request, cluster, change.plan, has_changed=True)
    except MembershipRefused:
        return preview(
            request, cluster, planning.plan(cluster=cluster, lines=lines, by=user), has_changed=True
        )
    recorded = sum(row.outcome == Outcome.RECORD for row in rows)
    invited = sum(row.outcome in planning.SENDS for row in rows)
    messages.success(
        request,
        " ".join(
            (
                ngettext("%(number)s member recorded.", "%(number)s members recorded.", recorded)
                % {"number": recorded},
                ngettext("%(number)s invitation sent.", "%(number)s invitations sent.", invited)
                % {"number": invited},
            )
        ),
    )
    return redirect("organisations:members", slug)


@require_safe
@login_required
def template(request: HttpRequest, slug: str) -> HttpResponse:
    """An empty list to fill in, which spreadsheets open as UTF-8."""
    writable(request, slug, cluster=True)
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(COLUMNS)
    return HttpResponse(
        text.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="members.csv"'},
    )


def _page(
    request: HttpRequest,
    cluster: Organisation,
    form: ListForm,
    *,
    faults: Sequence[Fault] = (),
    status: HTTPStatus | None = None,
    **context: Any,
) -> HttpResponse:
    empty = {
        "rows": [],
        "refusal": "",
        "counts": [],
        "packed": "",
        "has_changed": False,
        "is_preview": False,
    }
    return render(
        request,
        "organisations/members_file.html",
        {
            **empty,
            **context,
            "organisation": cluster,
            "form": form,
            "faults": faults[:FAULTS_SHOWN],
            "fault_count": len(faults),
            "columns": COLUMNS,
        },
        status=status or (HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK),
    )


def _packed(request: HttpRequest, cluster: Organisation, rows: Sequence[Planned]) -> str:
    said = {
        "lines": [row.line.packed() for row in rows],
        "plan": planning.fingerprint(rows),
    }
    return signing.dumps(said, salt=_salt(request, cluster), compress=True)


def _salt(request: HttpRequest, cluster: Organisation) -> str:
    return f"cluster-list:{cluster.pk}:{reader_of(request).pk}"
