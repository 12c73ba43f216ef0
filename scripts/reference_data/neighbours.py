"""Which home regions lie next to each region, from the committed tables alone.

Neighbours' boundaries share every point (`boundaries.py`), so a common border is two points or
more in common. A region without any, an island say, has the nearest ones instead.
"""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scripts.reference_data.tables import rows, write

Point = tuple[int, int]

POINTS_OF_A_BORDER = 2
NEAREST = 3
FARTHEST_KM = 1000
"""Beyond this nothing is near: French Guiana has no neighbour in Europe."""

NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")


def points(path: str) -> set[Point]:
    """Return the corners of a boundary, in tenths of map kilometres."""
    found = set()
    for ring in path.split("M")[1:]:
        x = y = 0
        steps = [round(float(number) * 10) for number in NUMBER.findall(ring)]
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            found.add((x, y))
    return found


def homes_inside(folder: Path) -> dict[str, set[str]]:
    """Return the home regions that each region or area has a NUTS 3 unit in common with."""
    homes: dict[str, set[str]] = defaultdict(set)
    for unit in rows(folder / "nuts.csv.gz"):
        if unit["level"] == "3":
            for length in range(2, 6):
                homes[f"{unit['version']} {unit['code'][:length]}"].add(unit["home"])
    return {
        region["slug"]: {
            home
            for version in (2021, 2024)
            for code in region[f"nuts_{version}"].split()
            for home in homes[f"{version} {code}"]
        }
        for region in rows(folder / "regions.csv")
    }


def distance(a: npt.NDArray[np.int64], b: npt.NDArray[np.int64]) -> int:
    """Return the whole kilometres between the nearest corners of two boundaries."""
    between = np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1])
    return max(round(float(between.min()) / 10), 1)


def write_neighbours(folder: Path) -> None:
    """Write ``neighbours.csv.gz`` beside the tables that it is made from: no kilometres between
    regions that share a border."""
    csv.field_size_limit(10_000_000)
    corners = {
        row["region"]: points(row["detailed_path"]) for row in rows(folder / "boundaries.csv.gz")
    }
    arrays = {slug: np.array(sorted(found), dtype=np.int64) for slug, found in corners.items()}
    homes = [row["slug"] for row in rows(folder / "regions.csv") if row["kind"] == "home"]
    homes_at: dict[Point, list[str]] = defaultdict(list)
    for home in homes:
        for point in corners[home]:
            homes_at[point].append(home)
    lines: list[tuple[str, str, int]] = []
    for region, inside in homes_inside(folder).items():
        others = {*homes} - inside - {region}
        shared = Counter(home for point in corners[region] for home in homes_at.get(point, ()))
        found = (
            sorted((other, 0) for other in others if shared[other] >= POINTS_OF_A_BORDER)
            or sorted(
                (
                    (other, km)
                    for other in others
                    if (km := distance(arrays[region], arrays[other])) <= FARTHEST_KM
                ),
                key=lambda pair: (pair[1], pair[0]),
            )[:NEAREST]
        )
        lines += [(region, other, km) for other, km in found]
    write(folder / "neighbours.csv.gz", "region neighbour km", lines)
