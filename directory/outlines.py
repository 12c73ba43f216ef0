"""The outlines of home regions, kept in memory and made as fine as a map needs them.

A map of Europe on a screen shows some eight kilometres in a pixel. So points are moved to a grid of
so many kilometres, the same for neighbours, which keeps their common border, and are written as
small whole numbers.
"""

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from directory.known import Known, RegionRow
from regions.maps import Frame
from regions.models import Region

_COMMAND: Final = re.compile(r"([MLlz])([^MLlz]*)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")

Point = tuple[float, float]
Ring = list[Point]


class Outline(NamedTuple):
    """A home region: its boundaries as text, coarse and detailed, and the box around it."""

    region: int
    slug: str
    country: str
    path: str
    detailed_path: str
    box: Frame

    def touches(self, frame: Frame) -> bool:
        box = self.box
        return (
            box.max_x >= frame.min_x
            and box.min_x <= frame.max_x
            and box.max_y >= frame.min_y
            and box.min_y <= frame.max_y
        )


class Drawn(NamedTuple):
    """An outline on a grid: a path in its units, and the middle and width of the largest part."""

    path: str
    x: float
    y: float
    width: float


@dataclass
class Outlines:
    """Those of all home regions, by number, in the order of country and name."""

    regions: dict[int, RegionRow] = field(default_factory=dict)
    by_region: dict[int, Outline] = field(default_factory=dict)
    drawn_before: dict[tuple[int, float, bool], Drawn] = field(default_factory=dict)

    def drawn(self, outline: Outline, grid: float, *, is_fine: bool) -> Drawn:
        key = (outline.region, grid, is_fine)
        if key not in self.drawn_before:
            path = outline.detailed_path if is_fine else outline.path
            self.drawn_before[key] = drawn(path, grid)
        return self.drawn_before[key]


_kept = Outlines()


def outlines(all_known: Known) -> Outlines:
    """Those of this process, read again once a region has changed: no query, if none has."""
    global _kept
    if _kept.regions != all_known.regions:
        rows = (
            Region.objects.homes()
            .filter(boundary__isnull=False)
            .select_related("boundary")
            .order_by("country", "name", "pk")
        )
        found = {}
        for row in rows:
            edge = row.boundary
            box = Frame(edge.min_x, edge.min_y, edge.max_x, edge.max_y)
            found[row.pk] = Outline(
                row.pk, row.slug, row.country_id, edge.path, edge.detailed_path, box
            )
        _kept = Outlines(all_known.regions, found)
    return _kept


def drawn(path: str, grid: float) -> Drawn:
    """The path on the grid. What is too small for it becomes a square that can be seen."""
    rings = _rings(path)
    kept = [ring for ring in (_on_grid(ring, grid) for ring in rings) if len(ring) > 2]
    if not kept:
        left, top = (round(value / grid) - 1 for value in rings[0][0]) if rings else (0, 0)
        kept = [[(left, top), (left + 2, top), (left + 2, top + 2), (left, top + 2)]]
    largest = max(kept, key=lambda ring: abs(_area(ring)))
    across = [x for x, _y in largest]
    x, y = _middle(largest)
    return Drawn("".join(map(_written, kept)), x, y, max(across) - min(across))


def _rings(path: str) -> list[Ring]:
    rings: list[Ring] = []
    for command, said in _COMMAND.findall(path):
        numbers = [float(number) for number in _NUMBER.findall(said)]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "M":
            rings.append(points[:1])
            points = points[1:]
        for x, y in points:
            if command == "l":
                last = rings[-1][-1]
                rings[-1].append((last[0] + x, last[1] + y))
            else:
                rings[-1].append((x, y))
    return rings


def _on_grid(ring: Ring, grid: float) -> list[tuple[int, int]]:
    points: list[tuple[int, int]] = []
    for x, y in ring:
        point = (round(x / grid), round(y / grid))
        if not points or point != points[-1]:
            points.append(point)
    while len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return points if _area(points) else []


def _area(ring: list[tuple[int, int]]) -> float:
    after = [*ring[1:], *ring[:1]]
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, after, strict=True)) / 2


def _middle(ring: list[tuple[int, int]]) -> Point:
    """The centre of gravity."""
    after = [*ring[1:], *ring[:1]]
    area = _area(ring)
    x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, after, strict=True):
        cross = x1 * y2 - x2 * y1
        x += (x1 + x2) * cross
        y += (y1 + y2) * cross
    return x / (6 * area), y / (6 * area)


def _written(ring: list[tuple[int, int]]) -> str:
    (x, y), *rest = ring
    text = f"M{x} {y}l"
    for after in rest:
        dx, dy = after[0] - x, after[1] - y
        x, y = after
        text += f"{dx}" if dx < 0 or text[-1] == "l" else f" {dx}"
        text += f"{dy}" if dy < 0 else f" {dy}"
    return text + "z"
