"""Answers of allauth's pages, with the status that the rest of the site gives."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

TOO_MANY = {"too_many_login_attempts", "rate_limited"}
WAIT = 15 * 60
"""Seconds after which the count of failures has ended for certain (ACCOUNT_RATE_LIMITS)."""


class HonestStatus:
    """A form that allauth refuses is a 400, and a 429 after too many attempts, never a 200."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(
        self, request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        form: Any = (response.context_data or {}).get("form")
        if (
            request.method != "POST"
            or response.status_code != HTTPStatus.OK
            or not getattr(form, "errors", None)
            or not is_of_allauth(request)
        ):
            return response
        codes = {error.code for errors in form.errors.as_data().values() for error in errors}
        response.status_code = HTTPStatus.BAD_REQUEST
        if codes & TOO_MANY:
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response.headers["Retry-After"] = str(WAIT)
        return response


def is_of_allauth(request: HttpRequest) -> bool:
    """Whether the address is one of allauth's pages, replaced by one of ours or not."""
    match = request.resolver_match
    return match is not None and match.view_name.startswith(("account_", "mfa_", "usersessions_"))
