"""The pictures of dossiers, for everybody: only what everybody may see has one."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.cards import content
from config.cards.drawing import Card, TooBusy, png
from initiatives.models import Initiative
from organisations.models import Organisation
from regions.listing import found
from regions.models import Region

KEPT = 24 * 3_600
"""Seconds for which others may keep a picture without asking."""


def _regions() -> Any:
    return Region.objects.select_related("country", "boundary")


def _region(slug: str) -> Card:
    return content.of_region(found(_regions(), slug))


def _regions_together(slug: str, other: str) -> Card:
    if slug == other:
        raise Http404(_("A region is not put beside itself."))
    return content.of_regions(found(_regions(), slug), found(_regions(), other))


def _organisation(slug: str) -> Card:
    rows = Organisation.objects.verified().select_related("home_region__boundary", "country")
    return content.of_organisation(found(rows, slug))


def _initiative(slug: str) -> Card:
    return content.of_initiative(found(Initiative.objects.all(), slug))


def _picture(card_of: Callable[..., Card]) -> Callable[..., HttpResponse]:
    @require_safe
    def view(request: HttpRequest, **slugs: str) -> HttpResponse:
        card = card_of(**slugs)
        tag = f'"{card.digest}"'
        response = get_conditional_response(request, etag=tag)
        if response is None:
            try:
                response = HttpResponse(png(card), content_type="image/png")
            except TooBusy:
                response = HttpResponse(
                    _("Many pictures are being drawn. Try again in a moment."),
                    status=503,
                    content_type="text/plain; charset=utf-8",
                )
                response.headers["Retry-After"] = "30"
                response.headers["Cache-Control"] = "no-store"
                return response
            response.headers["ETag"] = tag
        response.headers["Cache-Control"] = f"public, max-age={KEPT}"
        return response

    return view


region = _picture(_region)
regions = _picture(_regions_together)
organisation = _picture(_organisation)
initiative = _picture(_initiative)
