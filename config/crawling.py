"""What search engines may read, and where: robots.txt, and the sitemap of all dossiers.

Organisations and initiatives are cut into parts by their numbers, so that each part is one short
range of an index however many there are; a part where many were removed is merely shorter.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final
from xml.sax.saxutils import escape

from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from config.views import LEAD_REGIONS
from initiatives.models import Initiative
from organisations.models import Organisation
from regions.models import Region, Source

PART: Final = 10_000
"""Numbers in one part; the format allows 50,000 addresses and 50 MB."""

KEPT: Final = 3_600
XML: Final = "application/xml; charset=utf-8"
NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"

SHUT: Final = (
    *("/admin/", "/account/", "/accounts/", "/moderation/", "/api/", "/language/", "/search/"),
    *("/organisations/register/", "/design/"),
)
PREVIEWS: Final = ("facebookexternalhit", "LinkedInBot", "Twitterbot")

Entry = tuple[str, datetime | None]


def _organisations() -> QuerySet[Organisation]:
    """Real ones that everybody may see."""
    return Organisation.objects.verified().filter(is_illustrative=False)


def _initiatives() -> QuerySet[Initiative]:
    return Initiative.objects.exclude(source__standing=Source.Standing.ILLUSTRATIVE)


def _pages() -> Iterator[Entry]:
    """What is there once: the home page, the lists, and the two regions that the site is about."""
    for name in ("home", "regions:list", "organisations:list", "initiatives:list", "sources"):
        yield reverse(name), None
    for slug in Region.objects.order_by("name", "pk").values_list("slug", flat=True):
        yield reverse("regions:detail", args=[slug]), None
    if pair := _pair_in_focus():
        yield pair, None


def _pair_in_focus() -> str:
    if Region.objects.filter(slug__in=LEAD_REGIONS).count() < len(LEAD_REGIONS):
        return ""
    return reverse("regions:pair", args=LEAD_REGIONS)


def _in_part(rows: QuerySet[Any], part: int) -> QuerySet[Any]:
    return rows.filter(pk__gte=part * PART, pk__lt=(part + 1) * PART).order_by("pk")


def _organisations_of(part: int) -> Iterator[Entry]:
    rows = _in_part(_organisations(), part).values_list("slug", "updated_at")
    for slug, changed in rows.iterator():
        yield reverse("organisations:detail", args=[slug]), changed


def _initiatives_of(part: int) -> Iterator[Entry]:
    for slug in _in_part(_initiatives(), part).values_list("slug", flat=True).iterator():
        yield reverse("initiatives:detail", args=[slug]), None


KINDS: Final[dict[str, tuple[Callable[[], QuerySet[Any]], Callable[[int], Iterator[Entry]]]]] = {
    "organisations": (_organisations, _organisations_of),
    "initiatives": (_initiatives, _initiatives_of),
}


def parts() -> list[tuple[str, int]]:
    """Every part of the sitemap by its kind and number."""
    found = [("pages", 0)]
    for kind, (rows, _entries) in KINDS.items():
        last = rows().aggregate(last=Max("pk"))["last"]
        found += [(kind, number) for number in range(last // PART + 1)] if last else []
    return found


@require_safe
@cache_control(public=True, max_age=KEPT)
def index(request: HttpRequest) -> HttpResponse:
    """Where the parts of the sitemap are."""
    lines = [
        f"<sitemap><loc>{_absolute(request, reverse('sitemap_part', args=[*part]))}</loc></sitemap>"
        for part in parts()
    ]
    return _xml("sitemapindex", lines)


@require_safe
@cache_control(public=True, max_age=KEPT)
def part(request: HttpRequest, kind: str, part: int) -> HttpResponse:
    """The addresses of one part, and when what is there was changed, where that is known."""
    if (kind, part) not in parts():
        raise Http404(_("There is no such part of the sitemap."))
    entries = _pages() if kind == "pages" else KINDS[kind][1](part)
    host = _absolute(request, "")
    lines = (
        f"<url><loc>{host}{escape(path)}</loc>"
        f"{f'<lastmod>{changed:%Y-%m-%d}</lastmod>' if changed else ''}</url>"
        for path, changed in entries
    )
    return _xml("urlset", lines)


@require_safe
@cache_control(public=True, max_age=KEPT)
def robots(request: HttpRequest) -> HttpResponse:
    """Dossiers and whole lists; no search, no narrowed list, no pages of accounts, and of all the
    pairs only the regions that the site is about: there are millions, and each is computed. Those
    who show what somebody shared read that one page, a pair as well."""
    pair = _pair_in_focus()
    lines = [
        *(f"User-agent: {name}" for name in PREVIEWS),
        *(f"Disallow: {path}" for path in SHUT),
        "",
        "User-agent: *",
        *(f"Disallow: {path}" for path in SHUT),
        "Disallow: /regions/*/with/",
        "Disallow: /organisations/*/with/",
        *([f"Allow: {pair}"] if pair else []),
        "Disallow: /*?",
        "Allow: /*?page=",
        "Allow: /*?lang=",
        "",
        f"Sitemap: {_absolute(request, reverse('sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _absolute(request: HttpRequest, path: str) -> str:
    return f"{request.scheme}://{request.get_host()}{escape(path)}"


def _xml(name: str, lines: Any) -> HttpResponse:
    body = "\n".join(lines)
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{NAMESPACE}">'
    return HttpResponse(f"{head}\n{body}\n</{name}>\n", content_type=XML)
