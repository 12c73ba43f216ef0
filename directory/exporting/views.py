"""The address under which the results of a search are taken away."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import chain, islice
from threading import BoundedSemaphore
from typing import Any, Final

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.views import too_many_requests
from directory import facets
from directory.answering import answer_whole, request_of
from directory.exporting import linked, tables
from directory.exporting.limits import Format, is_too_often, most_rows
from directory.exporting.lines import CHUNK, Line, Reading, fits_of, packed
from directory.found import Found
from directory.known import Known
from directory.scopes import BY_NAME, EVERYTHING
from directory.views import SearchForm
from organisations.models import Organisation
from regions.pressure import TooManyAtOnceError

_books = BoundedSemaphore(1)
"""A workbook is written before it is sent: one at a time."""

TYPES: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSONLD: "application/ld+json",
}


@dataclass(frozen=True)
class Taken:
    """A list to be written: what was asked, what was found, and how much of it this is."""

    known: Known
    found: Found
    most: int
    rows: int
    address: str
    words: str
    unknown: list[tuple[facets.Facet, str]]

    @property
    def is_cut(self) -> bool:
        """Whether there is more; where more was found than is ranked, nobody counted it."""
        return self.rows >= self.most if self.found.is_more else self.rows < self.found.total

    @property
    def file_name(self) -> str:
        cut = f"-first-{self.rows}" if self.is_cut else ""
        return f"regions-meet-{timezone.localdate():%Y-%m-%d}{cut}"

    @property
    def total(self) -> str:
        if not self.found.is_more:
            return str(self.found.total)
        return f"{max(self.found.total, self.rows)}+" if self.is_cut else str(self.rows)

    @property
    def says(self) -> str:
        """How much of the list this is, in a sentence."""
        if self.is_cut:
            return _("The first %(rows)s of %(total)s results.") % {
                "rows": self.rows,
                "total": self.total,
            }
        return ngettext("All of %(rows)s result.", "All of %(rows)s results.", self.rows) % {
            "rows": self.rows
        }

    @property
    def ignored(self) -> list[str]:
        """What of the address does not exist."""
        return [f"{facet.name}={written}" for facet, written in self.unknown]


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the page of the search lists under the same parameters, in the same order, as far as
    the reader may take it away."""
    if is_too_often(request):
        return too_many_requests(request)
    format = Format(kind)
    form = SearchForm(request.GET)
    if not form.is_valid():
        return _refused(request, " ".join(map(str, form.errors.get("q", []))))
    asked = request_of(request.GET, BY_NAME.get(request.GET.get("in", ""), EVERYTHING))
    if asked.is_empty:
        return _refused(request, _("Search for something first, or choose a directory."))
    most = most_rows(request.user, format)
    made, rest = answer_whole(asked, request.user, most=most)
    keys = packed(chain(((hit.of, hit.object_id) for hit in made.hits), rest))
    taken = Taken(
        known=asked.known,
        found=made.found,
        most=most,
        rows=len(keys),
        address=request.build_absolute_uri(f"{reverse('search')}?{request.GET.urlencode()}"),
        words=asked.words,
        unknown=asked.asked.unknown,
    )
    reading = Reading(
        asked.known,
        Organisation.objects.visible_to(request.user),
        fits_of(made.mine),
        request.build_absolute_uri,
    )
    answer = _written(format, taken, _begun(reading.lines(keys)))
    name = f"{taken.file_name}.{format}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Rows-Limit"] = str(most)
    answer.headers["X-Rows-Total"] = taken.total
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _written(format: Format, taken: Taken, lines: Iterator[Line]) -> HttpResponseBase:
    if format == Format.XLSX:
        if not _books.acquire(blocking=False):
            raise TooManyAtOnceError
        try:
            book = tables.as_workbook(taken.known, lines, _about(taken))
        finally:
            _books.release()
        return FileResponse(book, content_type=TYPES[format])
    if format == Format.CSV:
        text = tables.as_csv(taken.known, lines)
    else:
        text = linked.as_jsonld(taken.known, lines, _about_page(taken))
    return StreamingHttpResponse(_in_this_language(text), content_type=TYPES[format])


def _in_this_language(pieces: Iterator[str]) -> Iterator[str]:
    """Made while they are sent, when another language may be in force."""
    language = get_language()
    while True:
        with override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _begun(lines: Iterator[Line]) -> Iterator[Line]:
    """The same lines, the first chunk of them read already: if the database is too busy, an answer
    can still say so."""
    first = list(islice(lines, CHUNK))
    return chain(first, lines)


def _about(taken: Taken) -> list[tuple[str, Any]]:
    said: list[tuple[str, Any]] = [
        (_("List"), taken.address),
        (_("Made on"), timezone.localdate()),
        (_("Rows"), taken.says),
    ]
    if taken.ignored:
        said.append((_("Ignored"), ", ".join(taken.ignored)))
    return said


def _about_page(taken: Taken) -> linked.Node:
    said = {
        "@id": taken.address,
        "url": taken.address,
        "name": _("Search") + (f": {taken.words}" if taken.words else ""),
        "description": taken.says,
        "dateModified": timezone.localdate().isoformat(),
    }
    if taken.ignored:
        said["comment"] = _("Ignored") + ": " + ", ".join(taken.ignored)
    return said


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "400.html", {"reason": reason}, status=HTTPStatus.BAD_REQUEST)
