"""The projection of every map: ETRS89 / LAEA Europe (EPSG:3035), in kilometres, y downwards.

Formulas: J. P. Snyder, *Map Projections – A Working Manual*, U.S. Geological Survey Professional
Paper 1395 (1987), pp. 187–188, oblique Lambert azimuthal equal-area on the ellipsoid; the same as
EPSG coordinate operation method 9820. Ellipsoid GRS 1980; centre 52° N 10° E; false easting
4,321,000 m and false northing 3,210,000 m.
"""

import math
from typing import NamedTuple

_A = 6_378_137.0
_F = 1 / 298.257222101
_E2 = _F * (2 - _F)
_E = math.sqrt(_E2)
_LATITUDE_0 = math.radians(52)
_LONGITUDE_0 = math.radians(10)
FALSE_EASTING_M = 4_321_000.0
FALSE_NORTHING_M = 3_210_000.0


def _q(sin_latitude: float) -> float:
    """Return Snyder's q (3-12), the authalic counterpart of a latitude's sine."""
    es = _E * sin_latitude
    return (1 - _E2) * (sin_latitude / (1 - es * es) - math.log((1 - es) / (1 + es)) / (2 * _E))


_Q_POLE = _q(1.0)
_R_Q = _A * math.sqrt(_Q_POLE / 2)
_BETA_0 = math.asin(_q(math.sin(_LATITUDE_0)) / _Q_POLE)
_M_0 = math.cos(_LATITUDE_0) / math.sqrt(1 - _E2 * math.sin(_LATITUDE_0) ** 2)
_D = _A * _M_0 / (_R_Q * math.cos(_BETA_0))


class MapPoint(NamedTuple):
    """A place on the maps: kilometres to the east, and kilometres downwards (southwards)."""

    x: float
    y: float


def easting_northing(longitude: float, latitude: float) -> tuple[float, float]:
    """Return EPSG:3035 easting and northing in metres of a place in degrees (ETRS89 or WGS 84).

    Raises ValueError for the point opposite the centre of the projection, which has no place.
    """
    beta = math.asin(max(-1.0, min(1.0, _q(math.sin(math.radians(latitude))) / _Q_POLE)))
    turn = math.radians(longitude) - _LONGITUDE_0
    nearness = (
        1 + math.sin(_BETA_0) * math.sin(beta) + math.cos(_BETA_0) * math.cos(beta) * math.cos(turn)
    )
    if nearness < 1e-9:
        raise ValueError("the point opposite the centre of the projection has no place on the map")
    b = _R_Q * math.sqrt(2 / nearness)
    x = b * _D * math.cos(beta) * math.sin(turn)
    y = (b / _D) * (
        math.cos(_BETA_0) * math.sin(beta) - math.sin(_BETA_0) * math.cos(beta) * math.cos(turn)
    )
    return FALSE_EASTING_M + x, FALSE_NORTHING_M + y


def project(longitude: float, latitude: float) -> MapPoint:
    """Return the place in map kilometres: x = easting, y = −northing (SVG counts downwards)."""
    easting, northing = easting_northing(longitude, latitude)
    return MapPoint(easting / 1000, -northing / 1000)
