"""Answers that every request gets, whatever room it goes to."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled
from psycopg_pool import PoolTimeout

from config.addresses import asked_language
from organisations.models import Organisation
from regions.pressure import TooManyAtOnceError

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


def busy_database(get_response: GetResponse) -> GetResponse:
    """Say 503 where the database had to stop a page that asked too much of it, or where too many
    ask at once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        is_too_much = isinstance(error.__cause__, QueryCanceled | PoolTimeout)
        if not is_too_much and not isinstance(error, TooManyAtOnceError):
            return None
        return too_busy(request)

    # Django looks the hook up on the middleware that it calls
    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def too_busy(request: HttpRequest) -> HttpResponse:
    """A 503 that asks the reader to try a narrower question."""
    reason = _("This took too long. Ask for less at once, or try again in a moment.")
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = JsonResponse({"detail": reason}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    else:
        response = render(
            request, "503.html", {"reason": reason}, status=HTTPStatus.SERVICE_UNAVAILABLE
        )
    response.headers["Retry-After"] = "30"
    return response


def keep_personal_pages_private(get_response: GetResponse) -> GetResponse:
    """What a signed-in reader or a token's holder sees is stored by no proxy and by no browser's
    history."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        personal = request.user.is_authenticated or "Authorization" in request.headers
        if personal and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


def language_of_address(get_response: GetResponse) -> GetResponse:
    """Show the page in the language that its address asks for, whatever the reader's own is."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = asked_language(request)
        if asked:
            translation.activate(asked)
            request.LANGUAGE_CODE = asked
        response = get_response(request)
        # the choice of a language is a cookie, and Django names only the header
        patch_vary_headers(response, ("Cookie",))
        return response

    return middleware


OF_ORGANISATIONS = ("organisations/", "moderation/", "api/v1/organisations/")


def follow_former_addresses(get_response: GetResponse) -> GetResponse:
    """Lead from the address of an organisation that was merged to that of the one it became.

    On every page and endpoint below an organisation's address, by a 301, and only for those who
    may see where it leads: to others neither exists.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match
        if (
            response.status_code != HTTPStatus.NOT_FOUND
            or request.method not in {"GET", "HEAD"}
            or match is None
            or not match.route.startswith(OF_ORGANISATIONS)
        ):
            return response
        named: dict[str, str] = {
            name: match.kwargs[name] for name in ("slug", "other") if name in match.kwargs
        }
        visible = Organisation.objects.visible_to(request.user)
        present: dict[str, str] = dict(
            visible.filter(former_addresses__slug__in=named.values()).values_list(
                "former_addresses__slug", "slug"
            )
        )
        if not present:
            return response
        led = {name: present.get(slug, slug) for name, slug in named.items()}
        address = reverse(match.view_name, kwargs={**match.kwargs, **led})
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)

    return middleware


def bad_request(request: HttpRequest, reason: str) -> HttpResponse:
    """A 400 that says why: JSON under ``/api/``, a page elsewhere."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": reason}, status=HTTPStatus.BAD_REQUEST)
    return render(request, "400.html", {"reason": reason}, status=HTTPStatus.BAD_REQUEST)
