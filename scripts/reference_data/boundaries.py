"""Boundaries of the regions as SVG paths in map kilometres, neighbours sharing every point."""

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from regions.projection import project
from scripts.reference_data.geography import Geography
from scripts.reference_data.tables import features, write

# Visvalingam–Whyatt's effective-area tolerance, as the side of a square in kilometres.
DETAIL_TOLERANCE_KM = 2.0
# Rings smaller than this, in km², are left out unless they are the region's largest.
COARSE_ISLAND_KM2 = 60.0
DETAIL_ISLAND_KM2 = 1.0
# Coordinates are written in whole kilometres and in tenths.
COARSE_SCALE = 1
DETAIL_SCALE = 10


def projected(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry in degrees as one in map kilometres."""
    return shapely.transform(
        geometry, lambda points: np.array([project(x, y) for x, y in points], dtype=float)
    )


@cache
def _read(path: Path) -> dict[str, BaseGeometry]:
    return {
        properties["NUTS_ID"]: projected(shape(geometry)) for properties, geometry in features(path)
    }


def _simplified(units: Mapping[str, BaseGeometry], tolerance: float) -> dict[str, BaseGeometry]:
    codes = sorted(units)
    simple: Any = shapely.coverage_simplify([units[code] for code in codes], tolerance)
    return dict(zip(codes, simple, strict=True))


def _number(value: int, scale: int) -> str:
    """Write a scaled integer in its unit, as short as it gets."""
    if scale == 1 or value % scale == 0:
        return str(value // scale if scale > 1 else value)
    text = f"{value / scale:.1f}"
    return text.replace("0.", ".", 1) if abs(value) < scale else text


def _ring(points: Iterable[tuple[float, float]], scale: int) -> str:
    """Return one ring in relative coordinates; nothing if rounding leaves no area."""
    rounded: list[tuple[int, int]] = []
    for x, y in points:
        point = (round(x * scale), round(y * scale))
        if not rounded or point != rounded[-1]:
            rounded.append(point)
    if rounded and rounded[0] == rounded[-1]:
        rounded.pop()
    if len(rounded) < 3:
        return ""
    text = f"M{_number(rounded[0][0], scale)} {_number(rounded[0][1], scale)}l"
    steps = []
    for (x0, y0), (x1, y1) in pairwise(rounded):
        dx, dy = _number(x1 - x0, scale), _number(y1 - y0, scale)
        steps.append(dx + (dy if dy.startswith("-") else f" {dy}"))
    joined = steps[0]
    for step in steps[1:]:
        joined += step if step.startswith("-") else f" {step}"
    return f"{text}{joined}z"


def svg_path(geometry: BaseGeometry, *, scale: int, island_km2: float) -> str:
    """Return the path data of a region; small islands are left out, its largest part never."""
    polygons = sorted(
        (part for part in shapely.get_parts(geometry) if part.area > 0), key=lambda part: -part.area
    )
    path = ""
    for index, polygon in enumerate(polygons):
        if index and polygon.area < island_km2:
            break
        path += _ring(polygon.exterior.coords, scale)
        for hole in polygon.interiors:
            if shapely.Polygon(hole).area >= island_km2:
                path += _ring(hole.coords, scale)
    return path


class Boundaries:
    """Boundaries and measured areas of every region."""

    def __init__(self, shared: Path, geography: Geography) -> None:
        self.geography = geography
        coarse = _read(shared / "NUTS_RG_60M_2021_4326.geojson.gz")
        newer = _read(shared / "NUTS_RG_60M_2024_4326.geojson.gz")
        self.exact = dict(_read(shared / "NUTS_RG_03M_2021_4326_LEVL_2.geojson.gz"))
        # The 1:3 million file has level 2 of 2021 only.
        for parts in geography.parts.values():
            for code in parts:
                if code not in self.exact:
                    self.exact[code] = coarse.get(code) or newer[code]
        self.coarse = {code: coarse.get(code) or newer[code] for code in self.exact}
        level_2 = {code: shape_ for code, shape_ in self.exact.items() if len(code) == 4}
        self.detailed = dict(self.exact) | _simplified(
            {code: shape_ for code, shape_ in level_2.items() if code in coarse},
            DETAIL_TOLERANCE_KM,
        )

    def area(self, key: str) -> float:
        """Return a region's area in km², measured on its boundary: the projection keeps areas."""
        return float(sum(self.exact[code].area for code in self.geography.parts[key]))

    def write(self, output: Path) -> None:
        """Write ``boundaries.csv.gz``."""
        lines = []
        for region in self.geography.regions:
            codes = self.geography.parts[region.key]
            coarse = shapely.union_all([self.coarse[code] for code in codes])
            detailed = shapely.union_all([self.detailed[code] for code in codes])
            scale, island = COARSE_SCALE, COARSE_ISLAND_KM2
            path = svg_path(coarse, scale=scale, island_km2=island)
            if not path:
                path = svg_path(coarse, scale=DETAIL_SCALE, island_km2=DETAIL_ISLAND_KM2)
            lines.append(
                [
                    region.slug,
                    path,
                    svg_path(detailed, scale=DETAIL_SCALE, island_km2=DETAIL_ISLAND_KM2),
                    *(f"{bound:.1f}" for bound in detailed.bounds),
                ]
            )
        write(
            output / "boundaries.csv.gz",
            "region path detailed_path min_x min_y max_x max_y",
            lines,
        )
