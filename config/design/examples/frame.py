"""Parts of the frame: navigation, the reader's account, languages, notices."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, QueryDict

from config.design.registry import example
from config.design.world import NORTH, READER, UNIVERSITY


def _request(query: str = "") -> HttpRequest:
    request = HttpRequest()
    request.path = request.path_info = "/organisations/"
    request.GET = QueryDict(query)
    return request


example("badge", "plain", tone="", text="declared")
for tone in ("hydrogen", "demonstrated", "historic", "illustrative"):
    example("badge", tone, tone=tone, text=tone)
example("illustrative", "always")
example("breadcrumbs", "below a list", parent_url="/regions/", parent="Regions", current="Lazio")
example("breadcrumbs", "below the home page", current="Regions")
example("empty", "with what to do", title="No region fits", text="Take one filter away.")
example("empty", "alone", title="Nothing on record")
example("languages", "always", lambda: {"request": _request("q=wind")})
for number, place in ((1, "first"), (2, "middle"), (3, "last")):
    example(
        "pagination",
        f"{place} page",
        lambda number=number: {
            "page": Paginator(range(55), 20).page(number),
            "request": _request(f"page={number}"),
        },
    )
_NOBODY: dict[str, Any] = {"own_organisations": [], "kept_regions": [], "moderates": False}
example("account", "nobody is logged in", user=AnonymousUser(), **_NOBODY)
example("account", "logged in", user=READER, **_NOBODY)
example(
    "account",
    "with an organisation, a dossier and members to moderate",
    user=READER,
    own_organisations=[UNIVERSITY],
    kept_regions=[NORTH],
    moderates=True,
)
example("consent_notice", "always", path="/regions/")
example("mail_note", "of a demonstration", mail_in_folder=True)
example("restored", "always")
example("being_prepared", "always")
