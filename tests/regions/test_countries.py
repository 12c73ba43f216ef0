"""Countries to choose from."""

import pytest
from django.utils import translation

from regions.countries import countries
from tests.factories import CountryFactory, NutsUnitFactory, RegionFactory


@pytest.mark.django_db
def test_those_with_regions_come_first_by_name(django_assert_num_queries):
    for code, name in (
        ("AT", "Österreich"),
        ("PL", "Polen"),
        ("OM", "Oman"),
        ("NL", "Niederlande"),
    ):
        country = CountryFactory(code=code, labels={"en": code, "de": name})
        if code != "OM":
            NutsUnitFactory(country=country, home_region=RegionFactory(country=country))
    with translation.override("de"), django_assert_num_queries(1):
        (_here, first), (_there, others) = countries()
    assert [code for code, _name in first] == ["NL", "AT", "PL"]
    assert others == [("OM", "Oman")]
