"""Bars in the rows of a table share one scale."""

from regions.templatetags.bars import row_bar, year_columns


def test_a_bar_is_as_long_as_its_share_of_the_highest():
    assert [row_bar(value, 40)["width"] for value in (40, 10, 0)] == ["100.0", "25.0", "0.0"]
    assert row_bar(0, 0)["width"] == "0.0"


def test_a_year_without_projects_keeps_its_place():
    drawn = year_columns({2015: 4, 2017: 2}, [2015, 2016, 2017], 4)
    assert [column.height for column in drawn["columns"]] == ["30.0", "0.0", "15.0"]
    assert [column.x for column in drawn["columns"]] == ["0", "15", "30"]
    assert drawn["label"] == "2015: 4, 2016: 0, 2017: 2"


def test_no_years_draw_nothing():
    assert year_columns({}, [], 0)["columns"] == []
