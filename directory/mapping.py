"""The results of a search as a map: each home region shaded by how many of them are in it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.areas import Area, area_called
from directory.facets import BY_NAME, WHERE, Asked
from directory.found import Counted, Found
from directory.known import Known
from directory.outlines import Drawn, Outlines, outlines
from directory.shading import legend, shades
from regions.maps import EUROPE
from regions.models.places import localised

EVERYWHERE: Final = "europe"
"""What addresses call the map of all Europe, which is shown without a word as well, unless all that
is chosen is in one country."""

NEAR: Final = 8
"""Places to zoom in to that are named beside the map: those with the most results."""

LONGEST: Final = 700
"""Letters of an address: a map would repeat a longer one hundreds of times, and so has no links."""

MOST_NUMBERS: Final = 60
"""Counts that are written on a map."""

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Step:
    """A map to go to: how it is called, and its address; none is where the reader is."""

    label: str
    href: str = ""


@dataclass(frozen=True)
class Place:
    """A region with results, or chosen without any (then its ``shade`` is 0, else 1 to 5); with
    ``is_least`` there may be more than ``count``; the address that chooses it or no longer does,
    and those that zoom in to it and to its country."""

    name: str
    country: str
    title: str
    count: int
    is_least: bool
    shade: int
    is_chosen: bool
    href: str
    zoom: str
    country_zoom: str
    path: str


@dataclass(frozen=True)
class Number:
    """A count written on the map; where, as text that no locale changes."""

    x: str
    y: str
    text: str


@dataclass(frozen=True)
class ResultMap:
    """``places`` are what is drawn, in the order of country and name, ``table`` the same by count,
    of all Europe with what lies beyond the edge of the map; ``rest`` is the land without results;
    ``legend`` says how many each shade is. ``area`` is what the address asks to see, ``unknown``
    one that does not exist. ``is_wider``: of what is not chosen, it counts what choosing it would
    add.
    """

    area: str
    is_wider: bool
    unknown: str
    view_box: str
    rest: str
    places: list[Place]
    table: list[Place]
    numbers: list[Number]
    font_size: str
    legend: list[tuple[int, str]]
    above: list[Step]
    within: list[Step]

    @property
    def label(self) -> str:
        return _("Map of the results by region: %(place)s") % {"place": self.above[-1].label}


class _Words:
    """Counts and countries in the reader's language, each put into words once."""

    def __init__(self, all_known: Known) -> None:
        self._known = all_known
        self._numbers: dict[int, str] = {}
        self._counts: dict[tuple[int, bool], str] = {}
        self._countries: dict[str, str] = {}

    def number(self, count: int) -> str:
        if count not in self._numbers:
            self._numbers[count] = number_format(count)
        return self._numbers[count]

    def results(self, count: int, *, is_least: bool) -> str:
        key = count, is_least
        if key not in self._counts:
            said = ngettext("%(count)s result", "%(count)s results", count)
            least = "≥ " if is_least else ""
            self._counts[key] = said % {"count": f"{least}{self.number(count)}"}
        return self._counts[key]

    def title(self, name: str, count: int, *, is_least: bool, would_add: bool) -> str:
        results = self.results(count, is_least=is_least)
        if not would_add:
            return f"{name}: {results}"
        # Translators: of a region of the map, such as “Savoy: 2 results if you choose it, too”
        return _("%(name)s: %(results)s if you choose it, too") % {
            "name": name,
            "results": results,
        }

    def country(self, code: str) -> str:
        if code not in self._countries:
            self._countries[code] = localised(self._known.countries[code])
        return self._countries[code]


class _Addresses:
    """The page in other states; with too much in its address, none. They are made by the hundred:
    slugs and codes need no quoting."""

    def __init__(self, said: Pairs, regions: Sequence[str], area: str, europe: str) -> None:
        self.regions = regions
        self._europe = europe
        self._said = urlencode(said)
        self._chosen = "".join(f"&region={slug}" for slug in regions)
        self._area = f"&area={area}" if area else ""

    def with_or_without(self, region: str) -> str:
        """Where this region is chosen, or no longer is."""
        chosen = (
            self._chosen.replace(f"&region={region}&", "&", 1).removesuffix(f"&region={region}")
            if region in self.regions
            else f"{self._chosen}&region={region}"
        )
        return self._whole(f"{chosen}{self._area}")

    def zoomed(self, area: str) -> str:
        """Where the map is that of another area; none is Europe."""
        area = area or self._europe
        address = self._whole(f"{self._chosen}&area={area}" if area else self._chosen)
        return f"{address}#map" if address else ""

    def _whole(self, more: str) -> str:
        query = f"{self._said}{more}".removeprefix("&")
        return f"?{query}" if len(query) <= LONGEST else ""


def result_map(
    found: Found, asked: Asked, all_known: Known, *, said: Pairs, area: str
) -> ResultMap | None:
    """The map of these results, or None if no home region has any. ``said`` is what the address
    says beside filters and area, such as the words.

    Without an ``area`` it shows the country in which all is that is chosen, or else Europe."""
    kept = outlines(all_known)
    counted = found.counted_for(WHERE)
    counts = _counts(counted, kept, all_known)
    if not counts:
        return None
    countries = asked.whole_countries(all_known)
    places_chosen = {*countries, *asked.countries_of_regions(all_known)}
    implied = places_chosen.pop() if len(places_chosen) == 1 else ""
    shown = area_called(area.replace(EVERYWHERE, "") if area else implied, kept, all_known)
    unknown = area if area not in ("", EVERYWHERE, shown.name) else ""
    area = "" if unknown else area
    filters = [
        (name, BY_NAME[name].written(all_known, value))
        for name, values in asked.values.items()
        if name != "region"
        for value in values
    ]
    chosen = [all_known.regions[int(value)].slug for value in asked.values.get("region", [])]
    addresses = _Addresses([*said, *filters], chosen, area, EVERYWHERE if implied else "")
    lows = shades(counts.values())
    known_whole = _known_whole(counted, all_known)
    is_wider = bool(chosen or countries)
    words = _Words(all_known)
    places: dict[int, Place] = {}
    drawings: dict[int, Drawn] = {}
    rest = []
    for outline in kept.by_region.values():
        is_seen = outline.touches(shown.frame)
        slug, count = outline.slug, counts.get(outline.region, 0)
        drawing = kept.drawn(outline, shown.grid, is_fine=shown.is_fine) if is_seen else None
        if count or slug in chosen:
            name = all_known.regions[outline.region].label
            is_least = counted.is_more and not {slug, outline.country} & known_whole
            places[outline.region] = Place(
                name=name,
                country=words.country(outline.country),
                title=words.title(
                    name,
                    count,
                    is_least=is_least,
                    would_add=is_wider and slug not in chosen and outline.country not in countries,
                ),
                count=count,
                is_least=is_least,
                shade=bisect_right(lows, count),
                is_chosen=slug in chosen,
                href=addresses.with_or_without(slug),
                zoom=addresses.zoomed(slug),
                country_zoom=addresses.zoomed(outline.country),
                path=drawing.path if drawing else "",
            )
            if drawing:
                drawings[outline.region] = drawing
        elif drawing:
            rest.append(drawing.path)
    return ResultMap(
        area=area,
        is_wider=is_wider,
        unknown=unknown[:60],
        view_box=shown.view_box,
        rest="".join(rest),
        # the outline of a chosen one lies over its neighbours
        places=sorted(
            (place for place in places.values() if place.path), key=lambda place: place.is_chosen
        ),
        table=sorted(
            (place for place in places.values() if place.path or not shown.name),
            key=lambda place: (-place.count, place.name),
        ),
        numbers=_numbers(drawings, counts, shown, words),
        font_size=f"{shown.letter:.1f}",
        legend=legend(lows, max(counts.values()), is_more=counted.is_more),
        above=_above(shown, all_known, addresses),
        within=_within(
            shown, counts, kept, all_known, addresses, words, asked.values.get("country", [])
        ),
    )


def _counts(counted: Counted, kept: Outlines, all_known: Known) -> dict[int, int]:
    """Results by home region: those that there would be with it, where others are chosen."""
    counts = {}
    for number, count in counted.by_number.items():
        family, value = all_known.values.get(number, ("", ""))
        if family == "region" and int(value) in kept.by_region:
            counts[int(value)] = count
    return counts


def _known_whole(counted: Counted, all_known: Known) -> set[str]:
    """Slugs of regions and codes of countries all of whose results were counted."""
    values = (all_known.values.get(number, ("", "")) for number in counted.exact)
    return {
        all_known.regions[int(value)].slug if family == "region" else value
        for family, value in values
        if family in ("region", "country")
    }


def _numbers(
    drawings: dict[int, Drawn], counts: dict[int, int], shown: Area, words: _Words
) -> list[Number]:
    """Counts for which there is room inside of their regions, the largest first, and no two that
    touch."""
    font = shown.letter
    frame = shown.frame
    left, right = frame.min_x / shown.grid, frame.max_x / shown.grid
    top, bottom = frame.min_y / shown.grid, frame.max_y / shown.grid
    written: list[Number] = []
    taken: list[tuple[float, float, float]] = []
    for region, drawing in sorted(drawings.items(), key=lambda row: -counts.get(row[0], 0)):
        if len(written) == MOST_NUMBERS:
            break
        text = words.number(counts.get(region, 0))
        half = font * 0.32 * len(text)
        x, y = drawing.x, drawing.y
        is_inside = left + half < x < right - half and top + font < y < bottom - font
        if not is_inside or half * 1.8 > drawing.width:
            continue
        if any(
            abs(x - other_x) < half + other_half and abs(y - other_y) < font
            for other_x, other_y, other_half in taken
        ):
            continue
        taken.append((x, y, half))
        written.append(Number(f"{x:.0f}", f"{y + font * 0.35:.0f}", text))
    return written


def _above(shown: Area, all_known: Known, addresses: _Addresses) -> list[Step]:
    """From Europe to what is shown."""
    steps = [Step(_("Europe"), addresses.zoomed(""))]
    if shown.country:
        label = localised(all_known.countries[shown.country])
        steps.append(Step(label, addresses.zoomed(shown.country)))
    if shown.region:
        steps.append(Step(all_known.regions[shown.region].label))
    return [*steps[:-1], Step(steps[-1].label)]


def _within(
    shown: Area,
    counts: dict[int, int],
    kept: Outlines,
    all_known: Known,
    addresses: _Addresses,
    words: _Words,
    chosen: Sequence[str],
) -> list[Step]:
    """What has the most results of what one can zoom in to: countries of Europe, those ``chosen``
    first, or regions of a country."""
    if shown.region:
        return []
    totals: dict[str, int] = {}
    labels: dict[str, str] = {}
    for region, count in counts.items():
        outline = kept.by_region[region]
        if not shown.country and outline.touches(EUROPE):
            labels[outline.country] = words.country(outline.country)
            totals[outline.country] = totals.get(outline.country, 0) + count
        elif shown.country == outline.country:
            labels[outline.slug] = all_known.regions[region].label
            totals[outline.slug] = count
    most = sorted(totals, key=lambda name: (name not in chosen, -totals[name], labels[name]))[:NEAR]
    steps = [Step(labels[name], addresses.zoomed(name)) for name in most]
    return [step for step in steps if step.href]
