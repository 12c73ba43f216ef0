"""The page that shows the REST API to developers, and what the schema says of every endpoint."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from drf_spectacular.views import SpectacularSwaggerSplitView

from accounts.api import SCHEME

REFUSALS = {
    "400": "A parameter is unknown, repeated or malformed; the answer names it.",
    "404": "There is nothing at this address, or it is not public.",
    "429": "Too many requests; Retry-After says how many seconds to wait.",
}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """What the schema says of tokens."""

    target_class = "accounts.api.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        scheme: dict[str, Any] = build_bearer_security_scheme_object(
            header_name="Authorization", token_prefix=SCHEME
        )
        return scheme


class ApiDocsView(SpectacularSwaggerSplitView):
    """Swagger UI from our own server, with its start-up script at an address of its own.

    Our template has no inline style or script, so that the page works under the same strict
    Content-Security-Policy as every other page.
    """

    url_name = "api-schema"
    template_name = "config/api_docs.html"


def describe_refusals(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Say in the schema how every operation refuses; a hook of drf-spectacular."""
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, description in REFUSALS.items():
                operation["responses"].setdefault(status, {"description": description})
    return result
