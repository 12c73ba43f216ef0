"""Places: found by name, and listed by country."""

import pytest

from organisations.places import MOST, areas_of, places_named
from tests.factories import CountryFactory, NutsUnitFactory, OrganisationFactory, RegionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def germany():
    return CountryFactory(code="DE", labels={"en": "Germany", "de": "Deutschland"})


@pytest.fixture
def bavaria(germany):
    return RegionFactory(
        slug="bavaria", name="Bavaria", local_name="Bayern", capital="München", country=germany
    )


def unit(code, name, region, parent=None):
    return NutsUnitFactory(
        code=code, name=name, country=region.country, home_region=region, parent=parent
    )


@pytest.fixture
def upper_bavaria(bavaria):
    return NutsUnitFactory(
        code="DE21", level=2, name="Oberbayern", country=bavaria.country, home_region=None
    )


@pytest.fixture
def erding(bavaria, upper_bavaria):
    return unit("DE21A", "Erding", bavaria, upper_bavaria)


@pytest.mark.parametrize("words", ["erding", "Bavaria", "bayern", "munchen", "DE21A", "oberbay"])
def test_found_in_english_and_as_the_region_calls_itself(erding, words):
    assert [place.unit for place in places_named(words)] == [erding]


@pytest.mark.parametrize("words", ["Bavière", "bawaria", "Baviera"])
def test_found_by_what_the_region_is_called_in_other_languages(erding, words):
    assert [place.unit for place in places_named(words)] == [erding]


def test_those_of_the_country_come_first(erding, bavaria):
    there = unit("AT111", "Erdingen", RegionFactory(country=CountryFactory(code="AT")))
    assert [place.unit for place in places_named("erding")] == [there, erding]
    assert [place.unit for place in places_named("erding", country="DE")] == [erding, there]


def test_a_town_without_a_unit_of_its_name_finds_nothing(erding):
    assert places_named("Taufkirchen") == []
    OrganisationFactory(city="Taufkirchen", nuts3=erding, home_region=erding.home_region)
    assert [(p.unit, p.organisations) for p in places_named("Taufkirchen")] == [(erding, 1)]


def test_a_country_is_listed_by_what_its_units_are_in(
    erding, bavaria, upper_bavaria, django_assert_num_queries
):
    swabia = NutsUnitFactory(
        code="DE27", level=2, name="Allgäu", country=bavaria.country, home_region=None
    )
    units = [unit(f"DE27{n}", f"Unit {n}", bavaria, swabia) for n in (2, 1)]
    unit("AT111", "Elsewhere", RegionFactory(country=CountryFactory(code="AT")))
    with django_assert_num_queries(1):
        groups = areas_of("DE")
        assert [(g.unit, g.areas) for g in groups] == [
            (swabia, units[::-1]),
            (upper_bavaria, [erding]),
        ]
        assert groups[0].areas[0].country.label == "Germany"
    assert areas_of("") == areas_of("US") == []


def test_no_more_than_fit_on_a_page(bavaria, upper_bavaria):
    for number in range(MOST + 3):
        unit(f"DE{number:03}", "Neustadt", bavaria, upper_bavaria)
    assert len(places_named("neustadt")) == MOST
