from decimal import Decimal

import pytest

from regions.models import KeyFigure
from regions.services import rank_key_figures
from tests.factories import (
    CountryFactory,
    IndicatorFactory,
    KeyFigureFactory,
    RegionFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def indicator():
    return IndicatorFactory(slug="gdp", higher_is_first=True)


def figures(indicator, values, *, country="PL", source="eurostat-2020", year=2018, kind="home"):
    return [
        KeyFigureFactory(
            region=RegionFactory(country=CountryFactory(code=country), kind=kind),
            indicator=indicator,
            value=Decimal(value),
            year=year,
            source=SourceFactory(slug=source),
            rank=None,
            rank_scope="",
            rank_of=None,
        )
        for value in values
    ]


def standing(row):
    row.refresh_from_db()
    return row.rank, row.rank_scope, row.rank_of


def test_five_regions_of_a_country_are_ranked_among_themselves(indicator):
    rows = figures(indicator, [50, 40, 30, 20, 10])
    figures(indicator, [99], country="FR")
    rank_key_figures(indicator=indicator)
    assert [standing(row) for row in rows] == [(n, "country", 5) for n in (1, 2, 3, 4, 5)]


def test_fewer_are_ranked_among_all(indicator):
    figures(indicator, [50, 40, 30, 20, 10])
    (french,) = figures(indicator, [35], country="FR")
    rank_key_figures(indicator=indicator)
    assert standing(french) == (3, "europe", 6)


def test_four_regions_in_all_make_no_ranking(indicator):
    rows = figures(indicator, [4, 3, 2, 1])
    rank_key_figures(indicator=indicator)
    assert {standing(row) for row in rows} == {(None, "", None)}


def test_equal_values_share_the_better_rank(indicator):
    rows = figures(indicator, [50, 40, 40, 20, 10])
    rank_key_figures(indicator=indicator)
    assert [standing(row)[0] for row in rows] == [1, 2, 2, 4, 5]


def test_the_lowest_first_where_the_indicator_says_so():
    unemployment = IndicatorFactory(slug="unemployment-rate", higher_is_first=False)
    rows = figures(unemployment, [9, 3, 5, 7, 8])
    rank_key_figures(indicator=unemployment)
    assert [standing(row)[0] for row in rows] == [5, 1, 2, 3, 4]


def test_years_are_not_mixed(indicator):
    rows = figures(indicator, [5, 4, 3, 2, 1])
    figures(indicator, [99], year=2017)
    rank_key_figures(indicator=indicator)
    assert standing(rows[0]) == (1, "country", 5)


def test_areas_stand_aside(indicator):
    rows = figures(indicator, [5, 4, 3, 2, 1])
    (area,) = figures(indicator, [99], kind="area")
    rank_key_figures(indicator=indicator)
    assert standing(rows[0]) == (1, "country", 5)
    assert standing(area) == (None, "", None)


def test_a_rank_that_a_source_gives_is_kept(indicator):
    (given,) = figures(indicator, [455_000], source="founding-presentation")
    KeyFigure.objects.filter(pk=given.pk).update(rank=4, rank_scope="country")
    figures(indicator, [5, 4, 3, 2, 1])
    rank_key_figures(indicator=indicator)
    assert standing(given) == (4, "country", None)


def test_says_how_many_changed_and_then_none(indicator):
    figures(indicator, [5, 4, 3, 2, 1])
    assert rank_key_figures(indicator=indicator) == 5
    assert rank_key_figures(indicator=indicator) == 0


def test_a_figure_that_lost_its_company_loses_its_rank(indicator):
    rows = figures(indicator, [5, 4, 3, 2, 1])
    rank_key_figures(indicator=indicator)
    rows[-1].delete()
    assert rank_key_figures(indicator=indicator) == 4
    assert standing(rows[0]) == (None, "", None)
