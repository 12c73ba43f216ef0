"""Pages of the whole house: home, search, sources."""

from http import HTTPStatus
from itertools import groupby
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.db.models import Count, Max, Min, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from initiatives.models import Initiative, Participation
from organisations.models import Organisation
from regions.maps import europe_map
from regions.models import Region, RegionBoundary, Source, Vocabulary
from regions.naming import alphabetical_region
from regions.sorting import alphabetical_label

M = TypeVar("M", bound=Model)

LEAD_REGIONS = ("malopolska", "auvergne-rhone-alpes")
"""The two regions whose meeting the product grew out of."""

HEADLINES = 6
OWN_SHOWN = 10
MAP_KEPT_SECONDS = 3_600


def home(request: HttpRequest) -> HttpResponse:
    """What the product is, the map, the figures, and the story that it grew out of."""
    leads = {region.slug: region for region in Region.objects.filter(slug__in=LEAD_REGIONS)}
    pair = [leads[slug] for slug in LEAD_REGIONS] if len(leads) == len(LEAD_REGIONS) else []
    regions = list(
        Region.objects.homes()
        .select_related("country")
        .order_by(alphabetical_label("country__labels"), alphabetical_region())
    )
    headline = Initiative.objects.headline().order_by("start_date", "name", "pk")
    return render(
        request,
        "home.html",
        {
            "map_svg": _map_of_europe(pair),
            "figures": _figures(regions),
            "countries": [
                (country, list(rows))
                for country, rows in groupby(regions, key=lambda region: region.country)
            ],
            "pair": pair,
            "joint_projects": _joint_projects(pair),
            "headline": _led_by(headline.exclude(kind=Initiative.Kind.EVENT), pair)[:HEADLINES],
            "events": _led_by(headline.filter(kind=Initiative.Kind.EVENT), pair)[:3],
        },
    )


def _map_of_europe(pair: list[Region]) -> SafeString:
    """The drawn map, kept while the boundaries stay the same."""
    state = RegionBoundary.objects.aggregate(Count("pk"), Max("pk"))
    key = f"map-of-europe:{get_language()}:{state['pk__count']}:{state['pk__max']}"
    cache = caches["process"]
    svg: str | None = cache.get(key)
    if svg is None:
        svg = render_to_string(
            "components/map.html",
            {"map": europe_map(led_by=pair), "label": _("Map of regions; each is a link")},
        )
        cache.set(key, svg, MAP_KEPT_SECONDS)
    return mark_safe(svg)  # it comes from the template above


def _figures(regions: list[Region]) -> dict[str, Any]:
    """How much there is that is real, and of which years the projects are."""
    projects = _real(Initiative.objects.projects())
    return {
        "regions": len(regions),
        "countries": len({region.country_id for region in regions}),
        "organisations": Organisation.objects.verified().filter(is_illustrative=False).count(),
        "participations": _real(Participation.objects.all()).count(),
        **projects.aggregate(
            projects=Count("pk"), first=Min("start_date__year"), last=Max("start_date__year")
        ),
    }


def _real(rows: QuerySet[M]) -> QuerySet[M]:
    """Without what was invented to show how the product works."""
    return rows.exclude(source__standing=Source.Standing.ILLUSTRATIVE)


def _joint_projects(pair: list[Region]) -> int:
    if not pair:
        return 0
    projects = _real(Initiative.objects.projects())
    for region in pair:
        projects = projects.filter(
            pk__in=Participation.objects.filter(organisation__home_region=region).values(
                "initiative"
            )
        )
    return projects.count()


def _led_by(initiatives: QuerySet[Initiative], pair: list[Region]) -> list[Initiative]:
    """Initiatives of the two lead regions before the others."""
    ours = set(initiatives.filter(regions__in=pair).values_list("pk", flat=True))
    return sorted(initiatives, key=lambda initiative: initiative.pk not in ours)


def no_access(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What right is missing and whom to ask; whoever is not logged in may log in."""
    user = getattr(request, "user", None)
    person = user if isinstance(user, User) else None
    own = (
        person.teams.select_related("organisation").order_by("organisation__name", "pk")[:OWN_SHOWN]
        if person
        else []
    )
    return render(
        request,
        "403.html",
        {"reason": str(exception), "person": person, "own": own},
        status=HTTPStatus.FORBIDDEN,
    )


def favicon(request: HttpRequest) -> HttpResponsePermanentRedirect:
    """For programs that ask for the icon without reading a page. The address without a digest: it
    is kept for long."""
    return HttpResponsePermanentRedirect(f"{settings.STATIC_URL}img/favicon.svg")


def sources(request: HttpRequest) -> HttpResponse:
    """Where everything comes from, under which licence, and how far it was checked."""
    return render(
        request,
        "sources.html",
        {
            "sources": Source.objects.order_by("title", "pk"),
            "vocabularies": Vocabulary.objects.select_related("source")
            .annotate(concept_count=Count("concepts"))
            .order_by("title", "pk"),
        },
    )
