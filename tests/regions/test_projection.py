import math

import pytest

from regions.projection import easting_northing, project


@pytest.mark.parametrize(
    ("longitude", "latitude", "easting", "northing", "tolerance"),
    [
        # the centre of the projection, by definition
        (10, 52, 4_321_000, 3_210_000, 0.001),
        # the worked example of IOGP Guidance Note 7-2, method 9820: 5°E 50°N
        (5, 50, 3_962_799.45, 2_999_718.85, 0.01),
        # due north of the centre the easting is that of the centre
        (10, 60, 4_321_000, 4_101_000, 1500),
    ],
)
def test_agrees_with_known_coordinates(longitude, latitude, easting, northing, tolerance):
    assert easting_northing(longitude, latitude) == pytest.approx(
        (easting, northing), abs=tolerance
    )


def test_keeps_areas():
    """A degree square has on the map the area that it has on the ellipsoid (GRS 80)."""
    a, e2 = 6_378_137.0, 0.00669438002290

    def strip(latitude):
        e, s = math.sqrt(e2), math.sin(math.radians(latitude))
        return s / (2 * (1 - e2 * s * s)) + math.log((1 + e * s) / (1 - e * s)) / (4 * e)

    true_km2 = a * a * (1 - e2) * math.radians(1) * (strip(46) - strip(45)) / 1e6
    steps = [n / 50 for n in range(50)]
    edge = (
        [(4 + t, 45) for t in steps]
        + [(5, 45 + t) for t in steps]
        + [(5 - t, 46) for t in steps]
        + [(4, 46 - t) for t in steps]
    )
    points = [project(*place) for place in edge]
    shoelace = sum(
        p.x * q.y - q.x * p.y for p, q in zip(points, points[1:] + points[:1], strict=True)
    )
    assert abs(shoelace) / 2 == pytest.approx(true_km2, rel=1e-5)


def test_the_map_counts_kilometres_and_downwards():
    south, north = project(10, 40), project(10, 60)
    assert north.y < south.y
    assert project(10, 52) == pytest.approx((4321, -3210))


def test_the_opposite_point_has_no_place():
    with pytest.raises(ValueError, match="opposite"):
        easting_northing(-170, -52)
