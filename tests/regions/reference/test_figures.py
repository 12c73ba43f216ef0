"""Key figures of every region: what they add up to, where they are missing, how they rank."""

from decimal import Decimal

import pytest

from regions.models import KeyFigure, Region

pytestmark = pytest.mark.usefixtures("reference")

# What the raw tables lack, by name.
MISSING = {
    "population": {"svalbard-and-jan-mayen"},
    "area": set(),
    "gdp": {
        "lake-geneva-region",
        "espace-mittelland",
        "north-west-switzerland",
        "zurich",
        "eastern-switzerland",
        "central-switzerland",
        "ticino",
        "iceland",
        "liechtenstein",
        "svalbard-and-jan-mayen",
        # a NUTS 3 unit: Eurostat's table ends at level 2
        "gavleborg",
    },
    "unemployment-rate": {"aland", "liechtenstein", "svalbard-and-jan-mayen", "gavleborg"},
}


def figure(region, indicator, year, source=None):
    figures = KeyFigure.objects.filter(
        region__slug=region, indicator__slug=indicator, year=year
    ).exclude(source__slug="founding-presentation")
    return figures.get(source__slug=source) if source else figures.get()


@pytest.mark.parametrize("indicator", MISSING)
def test_every_region_of_eu_efta_and_uk_has_it_but_those_named(indicator):
    regions = Region.objects.filter(country__group__in=["eu27", "efta", "uk"])
    with_figure = KeyFigure.objects.filter(
        indicator__slug=indicator, source__slug__in=["eurostat-2020", "jrc-crosswalk", "gisco"]
    ).values("region")
    missing = regions.exclude(pk__in=with_figure).values_list("slug", flat=True)
    assert set(missing) == MISSING[indicator]


def test_every_figure_has_unit_source_and_year():
    figures = KeyFigure.objects.select_related("indicator", "source")
    assert all(row.indicator.unit for row in figures)
    given_without_year = {row.source.slug for row in figures if row.year is None}
    assert given_without_year == {"founding-presentation", "public-source-check"}


@pytest.mark.parametrize(
    ("region", "indicator", "year", "value"),
    [
        # the crosswalk's sums, as its README states them
        ("malopolska", "population", 2021, "3323486"),
        ("malopolska", "area", 2021, "15183.65"),
        ("auvergne-rhone-alpes", "population", 2021, "8103438"),
        ("auvergne-rhone-alpes", "area", 2021, "71134.52"),
        # Eurostat, one unit: as it stands
        ("malopolska", "population", 2018, "3349498"),
        ("malopolska", "gdp", 2018, "40426.69"),
        ("malopolska", "unemployment-rate", 2018, "2.9"),
        # NUTS 2016 UKN0; the crosswalk divides it into UKN0 and UKN1
        ("northern-ireland", "population", 2018, "1875957"),
    ],
)
def test_value(region, indicator, year, value):
    assert figure(region, indicator, year).value == Decimal(value)


def test_a_sum_over_units_is_the_sum_of_its_areas():
    whole = figure("auvergne-rhone-alpes", "gdp", 2018).value
    parts = [figure(area, "gdp", 2018).value for area in ("auvergne", "rhone-alpes")]
    assert whole == sum(parts)


def test_a_rate_over_units_is_their_mean_by_population_and_says_so():
    whole = figure("auvergne-rhone-alpes", "unemployment-rate", 2018)
    parts = [
        (
            figure(area, "unemployment-rate", 2018).value,
            figure(area, "population", 2018).value,
        )
        for area in ("auvergne", "rhone-alpes")
    ]
    mean = sum(rate * people for rate, people in parts) / sum(people for _rate, people in parts)
    assert whole.value == pytest.approx(mean, abs=Decimal("0.05"))
    assert "weighted by population" in whole.note


def test_a_unit_that_was_divided_is_an_estimate_and_says_so():
    parts = [
        figure(region, "population", 2018)
        for region in ("city-of-zagreb", "northern-croatia", "pannonian-croatia")
    ]
    # HR04 of NUTS 2016 had 2,725,000 people
    assert sum(part.value for part in parts) == pytest.approx(2_724_000, abs=15_000)
    assert all(part.qualifier == "about" and "Estimated" in part.note for part in parts)


def test_no_census_figure_where_the_crosswalk_has_none():
    census = KeyFigure.objects.filter(indicator__slug="population", year=2021)
    assert not census.filter(region__country_id="UK").exists()
    assert not census.filter(region__slug__in=["reunion", "mayotte", "guadeloupe"]).exists()


def test_census_and_eurostat_populations_are_of_the_same_order():
    """A crosswalk that went wrong would show here: three years change a region by a tenth."""
    census = dict(
        KeyFigure.objects.filter(indicator__slug="population", year=2021).values_list(
            "region__slug", "value"
        )
    )
    for slug, value in KeyFigure.objects.filter(
        indicator__slug="population", year=2018
    ).values_list("region__slug", "value"):
        if slug in census:
            assert census[slug] == pytest.approx(value, rel=Decimal("0.13")), slug


def test_a_region_is_ranked_in_its_country_where_five_or_more_have_the_figure():
    row = figure("malopolska", "population", 2021)
    assert (row.rank_scope, row.rank_of) == ("country", 16)
    larger = KeyFigure.objects.filter(
        indicator__slug="population",
        year=2021,
        region__kind="home",
        region__country_id="PL",
        value__gt=row.value,
    ).count()
    assert row.rank == larger + 1 == 4


def test_a_region_of_a_small_country_is_ranked_among_all():
    row = figure("slovenia", "population", 2021)
    assert row.rank_scope == "europe"
    assert row.rank_of > 200


def test_the_lowest_unemployment_ranks_first():
    first = KeyFigure.objects.filter(
        indicator__slug="unemployment-rate",
        year=2018,
        region__country_id="PL",
        region__kind="home",
    ).order_by("value")[0]
    assert first.rank == 1


def test_areas_are_not_ranked():
    assert not KeyFigure.objects.filter(region__kind="area", rank__isnull=False).exists()
