"""How much of a list each reader may take away, and how often."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from rest_framework.throttling import SimpleRateThrottle

from accounts.api import OF_THIS_PROCESS
from accounts.models import User
from directory.found import Found


class Format(StrEnum):
    """What a list is written as; the name is the ending of the file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONLD = "jsonld"


@dataclass(frozen=True)
class Allowance:
    """``most`` rows of a list; ``more`` are what a reader would get who logged in. ``is_cut``:
    there are, or may be, more."""

    most: int
    is_cut: bool
    more: int | None = None


def most_rows(user: User | AnonymousUser, format: Format) -> int:
    """Rows that the reader may take away at once; a workbook is written to disk first, and has a
    limit of its own."""
    if not user.is_authenticated:
        most = settings.SEARCH_EXPORT_ROWS["anonymous"]
    else:
        most = settings.SEARCH_EXPORT_ROWS["staff" if user.is_staff else "member"]
    if format == Format.XLSX:
        most = min(most, settings.EXPORT_MAX_XLSX_ROWS)
    return int(most)


def allowance(user: User | AnonymousUser, found: Found) -> Allowance:
    """What of these hits the reader may take away, for the page to say."""
    most = most_rows(user, Format.CSV)
    is_cut = found.is_more or found.total > most
    members = int(settings.SEARCH_EXPORT_ROWS["member"])
    more = members if is_cut and not user.is_authenticated and members > most else None
    return Allowance(most, is_cut, more)


class ExportThrottle(SimpleRateThrottle):
    """So many files for each reader and server process."""

    scope = "export"
    cache = OF_THIS_PROCESS

    def get_cache_key(self, request: Any, view: Any) -> str:
        user = request.user
        ident = f"user-{user.pk}" if user.is_authenticated else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}


def is_too_often(request: HttpRequest) -> bool:
    """Counts this request, and says whether it is one too many."""
    return not ExportThrottle().allow_request(cast(Any, request), cast(Any, None))
