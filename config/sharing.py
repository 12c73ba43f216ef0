"""What search engines and those who share a link are told of a page: its address in each language,
what it is about, and a picture."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from config import addresses
from config.cards.drawing import SIZE
from config.views import LEAD_REGIONS
from initiatives.models import Initiative
from organisations.models import Organisation
from regions import own_texts
from regions.models import Region

LONGEST: Final = 200
"""Characters of a description; search engines show no more."""


@dataclass(frozen=True)
class About:
    """One page in a few words, the path of its picture or nothing, whether everybody may see it,
    and whether search engines may list it."""

    title: str
    description: str
    picture: str = ""
    kind: str = "website"
    is_public: bool = True
    is_listed: bool = True


@dataclass(frozen=True)
class Head:
    """What the head of a page says, beside its title."""

    is_indexed: bool
    is_shared: bool
    address: str
    alternates: list[tuple[str, str]]
    title: str
    description: str
    image: str
    kind: str
    locale: str
    image_size: tuple[int, int] = SIZE


def of_site(*, is_public: bool = True) -> About:
    return About(
        _("Regions Meet"),
        _("Partners between European regions, and why they fit."),
        is_public=is_public,
    )


def of_list(title: str, description: str) -> About:
    return About(f"{title} – {_('Regions Meet')}", description)


def of_region(region: Region) -> About:
    words = {"name": region.label, "country": region.country.label}
    said = _(
        "%(name)s, %(country)s: who the region is, what it gives priority to, its organisations "
        "and initiatives, and which other regions fit."
    )
    return About(
        title=_("%(name)s, %(country)s") % words,
        description=own_texts.said(region.summary) or said % words,
        picture=reverse("cards:region", args=[region.slug]),
        kind="article",
    )


def of_regions(a: Region, b: Region) -> About:
    words = {"a": a.name, "b": b.name}
    return About(
        title=_("%(a)s with %(b)s") % words,
        description=_(
            "%(a)s and %(b)s side by side: shared priorities, complementary segments of the value "
            "chain, joint projects, and organisations that should meet."
        )
        % words,
        picture=reverse("cards:regions", args=[a.slug, b.slug]),
        kind="article",
        is_listed=(a.slug, b.slug) == LEAD_REGIONS,
    )


def of_organisation(organisation: Organisation) -> About:
    seat = [organisation.city, organisation.country.label if organisation.country else ""]
    words = {
        "name": organisation.name,
        "kind": organisation.get_kind_display(),
        "place": ", ".join(part for part in seat if part),
    }
    said = _(
        "%(name)s (%(kind)s; %(place)s): what it offers and needs, its projects, and partners in "
        "other regions."
    )
    return About(
        title=organisation.name,
        description=own_texts.said(organisation.description) or said % words,
        picture=reverse("cards:organisation", args=[organisation.slug]),
        kind="profile",
        is_public=organisation.is_public,
        is_listed=not organisation.is_illustrative,
    )


def of_initiative(initiative: Initiative) -> About:
    name = initiative.name
    if initiative.acronym and initiative.acronym != name:
        name = f"{initiative.acronym}: {name}"
    words = {"name": name, "kind": initiative.get_kind_display()}
    said = _("%(name)s (%(kind)s): who takes part, what it covers, and its figures with sources.")
    return About(
        title=name,
        description=own_texts.said(initiative.description) or said % words,
        picture=reverse("cards:initiative", args=[initiative.slug]),
        kind="article",
        is_listed=not initiative.source.is_illustrative,
    )


ABOUT: Final[Mapping[str, Callable[[Mapping[str, Any]], About]]] = {
    "regions:list": lambda shown: of_list(
        _("Regions"),
        _("European regions: who each is, what it gives priority to, and which others fit."),
    ),
    "regions:detail": lambda shown: of_region(shown["region"]),
    "regions:pair": lambda shown: of_regions(shown["a"], shown["b"]),
    "organisations:list": lambda shown: of_list(
        _("Organisations"),
        _("Companies, universities, research centres, clusters and public bodies by region."),
    ),
    "clusters": lambda shown: of_list(
        _("Clusters"),
        _("Clusters by region: their members, what they cover, and which others fit."),
    ),
    "organisations:detail": lambda shown: of_organisation(shown["organisation"]),
    "initiatives:list": lambda shown: of_list(
        _("Initiatives"),
        _("Hydrogen valleys, projects, alliances and events, with who takes part."),
    ),
    "initiatives:detail": lambda shown: of_initiative(shown["initiative"]),
}
"""By the name of the page, from what its template is given."""


def about(request: HttpRequest, shown: Mapping[str, Any]) -> About:
    """What the page is about; the site itself where the page is of none of the kinds, or says
    that there is no such thing."""
    match = request.resolver_match
    said = ABOUT.get(match.view_name) if match else None
    if said is None:
        return of_site()
    try:
        return said(shown)
    except KeyError:
        return of_site(is_public=False)


def head(request: HttpRequest, shown: Mapping[str, Any]) -> Head:
    """What the head of this page says; ``shown`` is what its template is given."""
    page = about(request, shown)
    is_shared = page.is_public and is_of_public_kind(request)
    return Head(
        is_indexed=is_shared and page.is_listed and not is_narrowed(request, shown),
        is_shared=is_shared,
        address=addresses.own_address(request),
        alternates=addresses.alternates(request),
        title=page.title,
        description=described(page),
        image=addresses.in_language(request, page.picture) if page.picture else "",
        kind=page.kind,
        locale=to_locale(get_language() or "en"),
    )


def described(page: About) -> str:
    return Truncator(" ".join(page.description.split())).chars(LONGEST)


def is_of_public_kind(request: HttpRequest) -> bool:
    """Whether the page is one of those that search engines and those who share links know."""
    match = request.resolver_match
    return match is not None and match.view_name in addresses.INDEXED


def is_narrowed(request: HttpRequest, shown: Mapping[str, Any]) -> bool:
    """Whether words, facets or an order make another list of a directory: the whole one is for
    search engines, its parts are not."""
    kept = {addresses.KEPT, addresses.LANGUAGE}
    return "scope" in shown and any(request.GET.get(name) for name in request.GET.keys() - kept)
