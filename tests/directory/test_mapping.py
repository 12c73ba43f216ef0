"""The results as a map: how regions are shaded, where links lead, what is seen from how near."""

import re
from urllib.parse import parse_qs

import pytest

from directory.mapping import LONGEST
from directory.outlines import drawn
from directory.shading import round_number, shades
from tests.factories import (
    CountryFactory,
    OrganisationFactory,
    RegionBoundaryFactory,
    RegionFactory,
)

SEARCH = "/search/"


def square(left, top, side=100):
    path = f"M{left} {top}l{side} 0 0 {side}-{side} 0z"
    return {
        "path": path,
        "detailed_path": path,
        "min_x": left,
        "min_y": top,
        "max_x": left + side,
        "max_y": top + side,
    }


@pytest.fixture
def some(db):
    """Two regions of Poland, one of France, an island in another ocean, and an area."""
    poland = CountryFactory(code="PL", labels={"en": "Poland"})
    france = CountryFactory(code="FR", labels={"en": "France"})
    places = {
        "malopolska": (poland, "Małopolska", square(5000, -2500), 3),
        "slaskie": (poland, "Śląskie", square(4900, -2500), 1),
        "empty": (poland, "Empty", square(4800, -2500), 0),
        "savoy": (france, "Savoy", square(4000, -2500), 2),
        "island": (france, "Island", square(9900, 3000), 1),
    }
    made = {}
    for slug, (country, name, edge, total) in places.items():
        made[slug] = RegionFactory(slug=slug, name=name, country=country)
        RegionBoundaryFactory(region=made[slug], **edge)
        for number in range(total):
            OrganisationFactory(name=f"Maker {slug} {number}", home_region=made[slug])
    area = RegionFactory(slug="area", name="Area", kind="area", country=france)
    RegionBoundaryFactory(region=area, **square(4000, -2500))
    return made


def map_of(client, address=SEARCH, **asked):
    answer = client.get(address, {"q": "maker", **asked})
    assert answer.status_code == 200
    return answer.context["result_map"]


def by_name(places):
    return {place.name: place for place in places}


def states(href):
    address, _hash, _fragment = href.partition("#")
    return parse_qs(address.removeprefix("?"))


def test_regions_are_shaded_by_results_and_the_table_says_the_same(anonymous, some):
    shown = map_of(anonymous)
    assert {place.name: (place.count, place.shade) for place in shown.places} == {
        "Małopolska": (3, 3),
        "Savoy": (2, 2),
        "Śląskie": (1, 1),
    }
    assert [(place.name, place.count) for place in shown.table] == [
        ("Małopolska", 3), ("Savoy", 2), ("Island", 1), ("Śląskie", 1),
    ]  # fmt: skip
    assert by_name(shown.places)["Małopolska"].title == "Małopolska: 3 results"
    assert shown.legend == [(1, "1"), (2, "2"), (3, "3")]
    assert shown.rest == drawn(some["empty"].boundary.path, 4).path


def test_every_region_of_the_page_is_a_link_with_a_name(anonymous, some):
    text = anonymous.get(SEARCH, {"q": "maker"}).content.decode()
    links = re.findall(r'<a href="([^"]+)"><title>([^<]+)</title><path', text)
    assert [title for _href, title in links] == [
        "Savoy: 2 results", "Małopolska: 3 results", "Śląskie: 1 result",
    ]  # fmt: skip
    assert links[1][0] == "?q=maker&amp;region=malopolska"
    assert '<details class="result-map" id="map" open>' in text


def test_a_link_adds_a_region_and_the_same_link_takes_it_away(anonymous, some):
    asked = {"address": "/organisations/", "kind": "research", "sort": "text", "page": "1"}
    kept = {"q": ["maker"], "kind": ["research"], "sort": ["text"]}
    first = by_name(map_of(anonymous, **asked, area="PL").places)["Małopolska"]
    assert not first.is_chosen
    assert states(first.href) == {**kept, "region": ["malopolska"], "area": ["PL"]}
    asked["area"], kept["area"] = "europe", ["europe"]
    shown = map_of(anonymous, **asked, region=["malopolska", "empty", "slaskie"])
    places = by_name(shown.places)
    assert places["Savoy"].count == 2  # what it would add
    assert {name for name, place in places.items() if place.is_chosen} == {
        "Małopolska", "Śląskie", "Empty",
    }  # fmt: skip
    assert states(places["Małopolska"].href) == {**kept, "region": ["empty", "slaskie"]}
    assert states(places["Empty"].href)["region"] == ["malopolska", "slaskie"]
    assert states(places["Śląskie"].href)["region"] == ["malopolska", "empty"]
    assert shown.places[-1].is_chosen


def test_zoom_to_a_country_and_to_a_region_and_back(anonymous, some):
    europe = map_of(anonymous, area="europe")
    assert (europe.area, europe.unknown) == ("europe", "")
    assert [step.label for step in europe.above] == ["Europe"]
    assert [step.label for step in europe.within] == ["Poland", "France"]
    assert states(europe.within[0].href) == {"q": ["maker"], "area": ["PL"]}
    country = map_of(anonymous, area="PL")
    assert [step.label for step in country.above] == ["Europe", "Poland"]
    assert states(country.above[0].href) == {"q": ["maker"]}
    assert [step.label for step in country.within] == ["Małopolska", "Śląskie"]
    assert {place.name for place in country.table} == {"Małopolska", "Śląskie"}
    region = map_of(anonymous, area="malopolska")
    assert [step.label for step in region.above] == ["Europe", "Poland", "Małopolska"]
    assert {place.name for place in region.places} == {"Małopolska", "Śląskie"}
    assert map_of(anonymous, area="island").places[0].name == "Island"
    assert len({europe.view_box, country.view_box, region.view_box}) == 3


def test_counts_in_a_chosen_place_are_exact_where_all_of_them_were_counted(
    anonymous, some, monkeypatch
):
    monkeypatch.setattr("directory.searching.MOST_RANKED", 4)

    def least(**asked):
        shown = map_of(anonymous, **asked, area="europe")
        assert all(place.is_least == ("≥" in place.title) for place in shown.table)
        return {place.name for place in shown.table if place.is_least}

    known = {"Małopolska", "Śląskie"}
    beyond = least(country="PL")
    assert beyond
    assert not beyond & known
    assert "Małopolska" not in least(region="malopolska")
    monkeypatch.setattr("directory.searching.MOST_RANKED", 3)
    assert least(country="PL") & known


def test_the_map_starts_in_the_one_country_that_is_chosen(anonymous, some):
    def seen(**asked):
        return [step.label for step in map_of(anonymous, **asked).above]

    assert seen(country="PL") == ["Europe", "Poland"]
    assert seen(region=["malopolska", "slaskie"]) == ["Europe", "Poland"]
    assert seen(country="PL", region="malopolska") == ["Europe", "Poland"]
    assert seen(country="PL", area="europe") == ["Europe"]
    assert seen(country="PL", area="FR") == ["Europe", "France"]
    assert seen(country="PL", area="nowhere") == ["Europe"]
    assert seen(country=["PL", "FR"]) == seen(country="PL", region="savoy") == ["Europe"]
    shown = map_of(anonymous, country="PL")
    assert states(shown.above[0].href) == {"q": ["maker"], "country": ["PL"], "area": ["europe"]}
    assert "area" not in states(by_name(shown.places)["Małopolska"].href)
    text = anonymous.get(SEARCH, {"q": "maker", "country": "PL"}).content.decode()
    assert 'name="area"' not in text


def test_it_says_that_what_is_not_chosen_is_counted_too(anonymous, some):
    said = "choosing another adds its own results"
    assert said not in anonymous.get(SEARCH, {"q": "maker"}).content.decode()
    asked = {"q": "maker", "area": "europe", "region": "malopolska"}
    assert said in anonymous.get(SEARCH, asked).content.decode()
    titles = {place.name: place.title for place in map_of(anonymous, **asked).places}
    assert titles == {
        "Małopolska": "Małopolska: 3 results",
        "Savoy": "Savoy: 2 results if you choose it, too",
        "Śląskie": "Śląskie: 1 result if you choose it, too",
    }
    whole = map_of(anonymous, country="PL", area="europe")
    assert by_name(whole.places)["Śląskie"].title == "Śląskie: 1 result"
    assert by_name(whole.places)["Savoy"].title == "Savoy: 2 results if you choose it, too"


@pytest.mark.parametrize("area", ["XX", "pl", "area", "<b>", "x" * 200])
def test_an_area_that_does_not_exist_is_said_and_is_europe(anonymous, some, area):
    answer = anonymous.get(SEARCH, {"q": "maker", "area": area})
    assert answer.context["result_map"].area == ""
    text = " ".join(answer.content.decode().split())
    assert "There is no map of “" in text
    assert "<b>" not in text


def test_the_area_stays_when_filters_change(anonymous, some):
    text = anonymous.get(SEARCH, {"q": "maker", "area": "PL"}).content.decode()
    assert '<input type="hidden" name="area" value="PL">' in text


def test_a_long_address_is_not_repeated_for_every_region(anonymous, some):
    shown = map_of(anonymous, q="maker" + " -x" * 90)
    assert len(shown.places) == 3
    assert all(len(place.href) <= LONGEST + 1 for place in shown.places)
    for number in range(40):
        RegionFactory(slug=f"region-with-a-long-name-{number}")
    many = [f"region-with-a-long-name-{number}" for number in range(40)]
    answer = anonymous.get(SEARCH, {"q": "maker", "region": many, "area": "europe"})
    shown = answer.context["result_map"]
    assert not any(place.href or place.zoom for place in shown.places)
    assert "<title>Savoy: 2 results if you choose it, too</title></path>" in answer.content.decode()


def test_no_map_where_no_result_has_a_region(anonymous, db):
    OrganisationFactory(name="Maker", home_region=None)
    answer = anonymous.get(SEARCH, {"q": "maker"})
    assert answer.context["result_map"] is None
    assert 'id="map"' not in answer.content.decode()


def test_the_map_needs_no_query_while_regions_stay_as_they_are(anonymous, some, connection_queries):
    first = connection_queries(anonymous, SEARCH, q="maker")
    again = connection_queries(anonymous, SEARCH, q="maker", area="PL")
    assert again < first <= 12


def test_numbers_that_have_room_are_written_and_do_not_touch(anonymous, some):
    shown = map_of(anonymous, area="PL")
    assert sorted(number.text for number in shown.numbers) == ["1", "3"]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([1], [1]),
        ([1, 5], [1, 2, 3, 4, 5]),
        ([6], [1, 2, 3, 4]),
        ([132, 1], [1, 3, 7, 20, 50]),
        ([9_999], [1, 6, 40, 250, 1_500]),
    ],
)
def test_classes_grow_by_equal_factors(counts, expected):
    assert shades(counts) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(1, 1), (7.4, 7), (12.2, 10), (13, 15), (163, 150)]
)
def test_round_numbers(value, expected):
    assert round_number(value) == expected


def test_neighbours_keep_their_common_border_on_the_grid():
    left = drawn("M0 0l10.3 0-1.9 7.7 2.3 8.1-10.7.2z", 4)
    right = drawn("M10.3 0l9 0 0 16-8.6-.2-2.3-8.1z", 4)
    assert left.path == "M0 0l3 0-1 2 1 2-3 0z"
    assert right.path == "M3 0l2 0 0 4-2 0-1-2z"


def test_what_is_too_small_can_still_be_seen():
    assert drawn("M100 100l.5 0 0 .5z", 4).path == "M24 24l2 0 0 2-2 0z"
