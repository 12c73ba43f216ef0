"""What the picture of each dossier says: what it is about, in the language of the page."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from config.cards.drawing import Card
from initiatives.models import Initiative
from organisations.models import Organisation
from regions.maps import Map, pair_map, region_map
from regions.models import Region

SHAPE = 230 / 315
"""Width of the map on a card, as a share of its height."""


def of_region(region: Region) -> Card:
    """A region, its country, and where it lies."""
    return _card(
        kind=_("Region") if region.kind == Region.Kind.HOME else _("Area"),
        name=region.label,
        place=_place(region.nuts_label, region.country.label),
        drawn=region_map(region, shape=SHAPE),
    )


def of_regions(a: Region, b: Region) -> Card:
    """Two regions and the way between them."""
    return _card(
        kind=_("What two regions can do together"),
        name=a.label,
        other=b.label,
        place=_place(a.country.label, b.country.label) if a.country_id != b.country_id else "",
        drawn=pair_map(a, b, shape=SHAPE),
    )


def of_organisation(organisation: Organisation) -> Card:
    """An organisation and its home region."""
    region, country = organisation.home_region, organisation.country
    return _card(
        kind=_capital(organisation.get_kind_display()),
        name=organisation.name,
        place=_place(
            organisation.city, region.label if region else "", country.label if country else ""
        ),
        drawn=region_map(region, shape=SHAPE) if region else None,
    )


def of_initiative(initiative: Initiative) -> Card:
    """An initiative, and the region that leads it where one does."""
    parts = initiative.region_roles.select_related("region__country").order_by("region__name", "pk")
    regions = [part.region for part in parts if part.role == part.Role.LEAD]
    full = initiative.name if initiative.acronym != initiative.name else ""
    return _card(
        kind=_capital(initiative.get_kind_display()),
        name=initiative.acronym or initiative.name,
        place=_place(full) if initiative.acronym else _place(*(each.label for each in regions[:3])),
        drawn=region_map(regions[0], shape=SHAPE) if regions else None,
    )


def _card(*, kind: str, name: str, place: str, drawn: Map | None, other: str = "") -> Card:
    return Card(
        site=_("Regions Meet"),
        kind=kind,
        name=name,
        place=place,
        other=other,
        map=_svg(drawn) if drawn else "",
    )


def _place(*parts: str) -> str:
    return ", ".join(part for part in dict.fromkeys(parts) if part)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _svg(drawn: Map) -> str:
    frame = drawn.frame
    return render_to_string(
        "cards/map.svg",
        {
            "map": drawn,
            "view_box": drawn.view_box,
            "width": f"{frame.width:.0f}",
            "height": f"{frame.height:.0f}",
            "stroke": f"{frame.width / 300:.2f}",
            "line_width": f"{frame.width / 90:.2f}",
        },
    )
