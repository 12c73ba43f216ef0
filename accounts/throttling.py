"""How often log-in may fail before it has to wait."""

from contextlib import suppress
from http import HTTPStatus

from django.core.cache import cache
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

MOST_FAILURES = 10
WINDOW = 15 * 60
REFUSED = "too_many_attempts"


class Attempt:
    """One attempt to log in, counted by the caller's address and by the e-mail address.

    Each may fail ten times within fifteen minutes of the first failure; then every attempt is
    refused, right or wrong, whether or not the account exists. The attempt is counted before the
    password is looked at, so that many at once find no gap; success takes it back, and clears
    the count of the e-mail address. That of the caller's address stays, or an account of one's own
    would buy any number of guesses.

    The caller's address is ``REMOTE_ADDR``, and behind a proxy (setting ``PROXIES``) what that
    proxy says; other headers are the caller's own word. The cache knows only keyed hashes.
    Django's local-memory cache counts in each process by itself, so several processes allow that
    many times more unless they share a cache.
    """

    def __init__(self, request: HttpRequest | None, email: str) -> None:
        # as the API's throttle sees it: NUM_PROXIES says how far X-Forwarded-For is believed
        address = BaseThrottle().get_ident(Request(request)) if request else ""
        self._address = _key("address", address)
        self._email = _key("email", email.strip().lower())

    def is_allowed(self) -> bool:
        """Count the attempt; whether it may go on."""
        return _count(self._address) <= MOST_FAILURES and _count(self._email) <= MOST_FAILURES

    def succeeded(self) -> None:
        cache.delete(self._email)
        with suppress(ValueError):  # the fifteen minutes ended meanwhile
            cache.decr(self._address)


def _key(kind: str, value: str) -> str:
    digest = salted_hmac(f"accounts.throttling.{kind}", value, algorithm="sha256").hexdigest()
    return f"log-in-{kind}-{digest}"


def _count(key: str) -> int:
    if cache.add(key, 1, WINDOW):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:
        cache.set(key, 1, WINDOW)
        return 1


def with_status(response: HttpResponseBase) -> HttpResponseBase:
    """Say 429 where the log-in page shows that there were too many attempts."""
    context = response.context_data if isinstance(response, TemplateResponse) else None
    form = (context or {}).get("form")
    if form is not None and form.is_bound and form.has_error(NON_FIELD_ERRORS, REFUSED):
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response.headers["Retry-After"] = str(WINDOW)
    return response
