"""Addresses of pages as others know them: search engines, and whoever shares a link.

A page has one address, without a language in it: the reader's own choice or browser decides. For
those who have neither, ``?lang=pl`` asks for the page in one language (docs/adr/0012).
"""

from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

LANGUAGE: Final = "lang"
"""The parameter that asks for a language."""

INDEXED: Final = frozenset(
    {
        "home",
        "sources",
        "regions:list",
        "regions:detail",
        "regions:pair",
        "organisations:list",
        "organisations:detail",
        "clusters",
        "initiatives:list",
        "initiatives:detail",
    }
)
"""Pages that search engines may show, by name. All others are for readers who are here already."""

KEPT: Final = "page"
"""The one other parameter that makes another page; all else narrows or adorns one."""


def asked_language(request: HttpRequest) -> str:
    """The language that the address asks for, or nothing."""
    asked = request.GET.get(LANGUAGE, "")
    return asked if asked in dict(settings.LANGUAGES) else ""


def canonical(request: HttpRequest, language: str = "") -> str:
    """The address of this page without what is not part of it, in a language or in none."""
    page = request.GET.get(KEPT, "")
    parameters = {}
    if page.isascii() and page.isdigit() and int(page[:9]) > 1:
        parameters[KEPT] = str(int(page[:9]))
    if language:
        parameters[LANGUAGE] = language
    query = f"?{urlencode(parameters)}" if parameters else ""
    return request.build_absolute_uri(request.path + query)


def alternates(request: HttpRequest) -> list[tuple[str, str]]:
    """Each language with the address of this page in it, and the one that leaves it open."""
    return [
        *((code, canonical(request, code)) for code, _name in settings.LANGUAGES),
        ("x-default", canonical(request)),
    ]


def own_address(request: HttpRequest) -> str:
    """The canonical address of what is shown: with the language only where the address names it."""
    return canonical(request, (get_language() or "") if asked_language(request) else "")


def without_language(request: HttpRequest) -> str:
    """The path and query of this page, so that a language chosen next is not asked away again."""
    if LANGUAGE not in request.GET:
        return request.get_full_path()
    query = request.GET.copy()
    del query[LANGUAGE]
    return f"{request.path}?{query.urlencode()}" if query else request.path


def in_language(request: HttpRequest, path: str) -> str:
    """The absolute address of something that is shown in the language of this page."""
    return request.build_absolute_uri(f"{path}?{urlencode({LANGUAGE: get_language() or 'en'})}")
