"""Answers that every request gets, whatever room it goes to."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

GetResponse = Callable[[HttpRequest], HttpResponse]

MAX_QUERY_STRING = 8_192

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """Nothing is loaded from another host, and no inline script or style runs."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware


def refuse_malformed_input(get_response: GetResponse) -> GetResponse:
    """Say 400 to a NUL character or a query string that no form of ours makes.

    PostgreSQL takes no NUL in text, so one would otherwise fail deep inside a query.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if len(query) > MAX_QUERY_STRING:
            return bad_request(request, _("The address is too long."))
        if "\0" in request.path or "%00" in query or "\0" in query:
            return bad_request(request, _("The address holds a character that cannot be used."))
        return get_response(request)

    return middleware


def bad_request(request: HttpRequest, reason: str) -> HttpResponse:
    """A 400 that says why: JSON under ``/api/``, a page elsewhere."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": reason}, status=HTTPStatus.BAD_REQUEST)
    return render(request, "400.html", {"reason": reason}, status=HTTPStatus.BAD_REQUEST)
