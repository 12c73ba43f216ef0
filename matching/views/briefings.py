"""Two regions: the briefing as a page and as a PDF."""

import logging
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from rest_framework.throttling import SimpleRateThrottle

from accounts.api import OF_THIS_PROCESS
from matching.briefing import briefing, pdf
from matching.briefing.document import document
from matching.forms import OtherRegion
from matching.services import IndexNotBuilt, fitting_regions
from regions.citations import Citations
from regions.listing import found
from regions.maps import pair_map
from regions.models import Region

log = logging.getLogger(__name__)

FITTING_REGIONS = 12


class PdfThrottle(SimpleRateThrottle):
    """So many PDFs for each reader and server process."""

    scope = "pdf"
    cache = OF_THIS_PROCESS

    def get_cache_key(self, request: Any, view: Any) -> str:
        user = request.user
        ident = f"user-{user.pk}" if user.is_authenticated else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}


def both(slug: str, other: str) -> tuple[Region, Region]:
    """The two regions of an address; Http404 where there is none of either."""
    regions = Region.objects.select_related("country")
    return found(regions, slug), found(regions, other)


def address_of(request: HttpRequest, a: Region, b: Region) -> str:
    """The whole address of the page, to be printed."""
    return request.build_absolute_uri(reverse("regions:pair", args=[a.slug, b.slug]))


def one_region_twice(request: HttpRequest, region: Region) -> HttpResponse:
    """Asks for another region instead."""
    return render(
        request,
        "regions/choose.html",
        {
            "region": region,
            "is_same": True,
            "form": OtherRegion(region=region),
            "fitting": fitting_regions(region=region, limit=FITTING_REGIONS),
        },
    )


class RegionPairPage(TemplateView):
    """What two regions can do together; the same in either order."""

    template_name = "regions/pair.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.a, self.b = both(kwargs["slug"], kwargs["other"])
        if self.a == self.b:
            return one_region_twice(request, self.a)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        a, b = self.a, self.b
        try:
            about = briefing(a=a, b=b)
        except IndexNotBuilt:
            about = briefing(a=a, b=b, pairs=0)
        return super().get_context_data(
            a=a,
            b=b,
            briefing=about,
            fit=about.fit,
            citations=Citations(),
            map=pair_map(a, b),
            form=OtherRegion(region=a),
            address=address_of(self.request, a, b),
            **kwargs,
        )


class RegionPairPdf(View):
    """The briefing as a file to carry."""

    def get(self, request: HttpRequest, slug: str, other: str) -> HttpResponse:
        a, b = both(slug, other)
        if a == b:
            return one_region_twice(request, a)
        throttle = PdfThrottle()
        if not throttle.allow_request(request, self):  # type: ignore[arg-type]  # reads user, META
            return too_often(request, throttle.wait())
        try:
            about = briefing(a=a, b=b)
        except IndexNotBuilt:
            return later(request, "", 60)
        content = document(about, address=address_of(request, a, b))
        etag = quote_etag(pdf.digest(content)[:32])
        unchanged = get_conditional_response(request, etag=etag)
        if unchanged is not None:
            return unchanged
        try:
            made = pdf.as_pdf(content)
        except pdf.NotSet as error:
            log.error("no PDF of %s with %s: %s", a.slug, b.slug, error)
            return later(request, _("The PDF could not be made just now. Try again shortly."), 30)
        response = HttpResponse(made, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{a.slug}-{b.slug}.pdf"'
        response["ETag"] = etag
        return response


def later(request: HttpRequest, reason: str, seconds: int) -> HttpResponse:
    """A 503 in words; without a reason, that suggestions are being prepared."""
    response = render(
        request, "503.html", {"reason": reason}, status=HTTPStatus.SERVICE_UNAVAILABLE
    )
    response["Retry-After"] = str(seconds)
    return response


def too_often(request: HttpRequest, wait: float | None) -> HttpResponse:
    response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(int(wait or 0) + 1)
    return response
