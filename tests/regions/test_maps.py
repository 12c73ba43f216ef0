"""Maps over the committed boundaries: what they show, in which frame, with how many queries."""

import pytest

from regions.maps import EUROPE, europe_map, pair_map, region_map
from regions.models import Region
from regions.projection import project
from tests.factories import RegionFactory

pytestmark = pytest.mark.usefixtures("reference")


def region(slug):
    return Region.objects.get(slug=slug)


def test_europe_shows_every_home_region_in_its_frame_with_a_link(django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        drawn = europe_map()
    links = {shape.href for shape in drawn.shapes}
    assert "/regions/malopolska/" in links
    assert len(links) == len(drawn.shapes) > 240
    # areas are drawn by no map of Europe
    assert "/regions/weser-ems/" not in links
    # an ocean away
    assert not links & {"/regions/reunion/", "/regions/french-guiana/", "/regions/mayotte/"}


def test_europe_names_region_and_country():
    titles = {shape.title for shape in europe_map().shapes}
    assert "Małopolska, Poland" in titles


def test_those_that_lead_stand_out_and_are_drawn_last():
    drawn = europe_map(led_by=[region("malopolska"), region("lombardy")])
    assert [shape.css_class for shape in drawn.shapes[-3:]] == ["", "is-lead", "is-lead"]


def test_a_region_lies_inside_its_frame(django_assert_max_num_queries):
    malopolska = region("malopolska")
    with django_assert_max_num_queries(2):
        drawn = region_map(malopolska)
    x, y = project(19.94, 50.06)
    assert drawn.frame.min_x < x < drawn.frame.max_x
    assert drawn.frame.min_y < y < drawn.frame.max_y
    assert drawn.shapes[-1].css_class == "is-here"
    assert drawn.shapes[-1].path == malopolska.boundary.detailed_path


@pytest.mark.parametrize("slug", ["gavleborg", "northern-netherlands", "liechtenstein", "reunion"])
def test_areas_small_and_distant_regions_have_a_map(slug):
    assert region_map(region(slug)).shapes


def test_a_pair_shows_both_and_a_line_between(django_assert_max_num_queries):
    a, b = region("malopolska"), region("auvergne-rhone-alpes")
    with django_assert_max_num_queries(2):
        drawn = pair_map(a, b)
    assert [shape.css_class for shape in drawn.shapes[-2:]] == ["side-a", "side-b"]
    assert len(drawn.line) == 4


def test_without_a_boundary_there_is_no_map():
    unknown = RegionFactory()
    assert region_map(unknown) is None
    assert pair_map(unknown, region("malopolska")) is None


def test_the_frame_of_europe_holds_the_continent():
    for place in [(-22, 64), (33, 35), (-9.5, 38.7), (28, 70)]:
        x, y = project(*place)
        assert EUROPE.min_x < x < EUROPE.max_x
        assert EUROPE.min_y < y < EUROPE.max_y
