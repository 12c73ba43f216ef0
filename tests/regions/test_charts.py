"""Bars by year: which years are written below them."""

import pytest

from regions.templatetags.charts import year_chart


@pytest.mark.parametrize(
    ("years", "wide", "narrow"),
    [(3, 1, 1), (12, 1, 2), (19, 2, 2), (30, 2, 4)],
)
def test_years_are_written_as_often_as_there_is_room(years, wide, narrow):
    bars = year_chart([(year, 1) for year in range(2000, 2000 + years)], "Projects")["bars"]

    assert [bar.year for bar in bars if bar.shows_year] == list(range(2000, 2000 + years, wide))
    assert [bar.year for bar in bars if bar.shows_year_when_narrow] == list(
        range(2000, 2000 + years, narrow)
    )
