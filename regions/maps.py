"""Maps as shapes for SVG: all Europe, one region among its neighbours, two regions together.

Coordinates are those of `regions.models.RegionBoundary`: kilometres of ETRS89-LAEA Europe with
the vertical axis turned down, so a map of any part is the same paths in another frame.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import number_format

from regions.models import Region, RegionBoundary
from regions.projection import project

SMALLEST_KM = 260.0
"""A locator map shows at least this much land around a region."""


@dataclass(frozen=True)
class Frame:
    """What a map shows, in map kilometres."""

    min_x: float
    min_y: float
    max_x: float
    max_y: float

    @property
    def width(self) -> float:
        return self.max_x - self.min_x

    @property
    def height(self) -> float:
        return self.max_y - self.min_y

    def around(self, margin: float, shape: float) -> "Frame":
        """Widen by a share of the size on each side, to a width of ``shape`` times the height."""
        width = max(self.width * (1 + 2 * margin), SMALLEST_KM)
        height = max(self.height * (1 + 2 * margin), SMALLEST_KM)
        width, height = max(width, height * shape), max(height, width / shape)
        x, y = (self.min_x + self.max_x) / 2, (self.min_y + self.max_y) / 2
        return Frame(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


EUROPE = Frame(2560, -5420, 6560, -1500)
"""Europe without its islands in other oceans."""


@dataclass(frozen=True)
class Shape:
    """One region on a map."""

    path: str
    title: str = ""
    href: str = ""
    css_class: str = ""


@dataclass(frozen=True)
class Map:
    """Shapes in a frame, those to be seen best last, and a line between two places."""

    frame: Frame
    shapes: tuple[Shape, ...]
    line: tuple[str, str, str, str] | None = None

    @property
    def view_box(self) -> str:
        frame = self.frame
        return f"{frame.min_x:.0f} {frame.min_y:.0f} {frame.width:.0f} {frame.height:.0f}"

    @cached_property
    def has_links(self) -> bool:
        return any(shape.href for shape in self.shapes)


def europe_map(*, led_by: Iterable[Region] = ()) -> Map:
    """Every home region with a link to its page; ``led_by`` stand out."""
    leading = {region.pk for region in led_by}
    shapes = [
        (boundary.pk in leading, _linked(boundary, "is-lead" if boundary.pk in leading else ""))
        for boundary in _boundaries(EUROPE)
    ]
    return Map(EUROPE, tuple(shape for _leads, shape in sorted(shapes, key=lambda row: row[0])))


def region_map(region: Region, *, shape: float = 1.15) -> Map | None:
    """One region or area among the home regions around it, ``shape`` times as wide as it is high;
    None without a boundary."""
    try:
        boundary = region.boundary
    except RegionBoundary.DoesNotExist:
        return None
    frame = _frame([boundary]).around(0.45, shape)
    around = [Shape(other.detailed_path) for other in _boundaries(frame) if other.pk != region.pk]
    return Map(frame, (*around, Shape(boundary.detailed_path, css_class="is-here")))


def pair_map(a: Region, b: Region, *, shape: float = 1.35) -> Map | None:
    """Two regions, a line between them, and what lies around, ``shape`` times as wide as high;
    None without their boundaries."""
    both = RegionBoundary.objects.in_bulk([a.pk, b.pk])
    if len(both) < 2:
        return None
    frame = _frame(both.values()).around(0.12, shape)
    around = [Shape(other.path) for other in _boundaries(frame) if other.pk not in both]
    sides = [Shape(both[a.pk].path, css_class="side-a"), Shape(both[b.pk].path, css_class="side-b")]
    return Map(frame, (*around, *sides), _line(a, b))


def counted_map(counts: Mapping[int, int]) -> Map | None:
    """Home regions shaded by how many there are in each, by region id, among those around them;
    only those with any are links. None where no such region has a boundary."""
    held = RegionBoundary.objects.filter(pk__in=counts.keys(), region__kind=Region.Kind.HOME)
    rows = list(held)
    if not rows:
        return None
    inside = [row for row in rows if row.max_y <= EUROPE.max_y and row.min_x >= EUROPE.min_x]
    frame = _frame(inside or rows).around(0.12, 1.35)
    shapes = []
    for boundary in _boundaries(frame):
        if count := counts.get(boundary.pk, 0):
            shape = _linked(boundary, f"level-{level_of(count)}")
            title = f"{shape.title}: {number_format(count)}"
            shapes.append((count, Shape(shape.path, title, shape.href, shape.css_class)))
        else:
            shapes.append((0, Shape(boundary.path)))
    return Map(frame, tuple(shape for _count, shape in sorted(shapes, key=lambda row: row[0])))


LEVELS = (1, 2, 5, 10)
"""The smallest number of each shade of a map that counts."""


def level_of(count: int) -> int:
    """The shade of a number, from 1."""
    return sum(count >= least for least in LEVELS)


def _line(a: Region, b: Region) -> tuple[str, str, str, str] | None:
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    start, end = project(a.longitude, a.latitude), project(b.longitude, b.latitude)
    return (f"{start.x:.0f}", f"{start.y:.0f}", f"{end.x:.0f}", f"{end.y:.0f}")


def _frame(boundaries: Iterable[RegionBoundary]) -> Frame:
    rows = list(boundaries)
    return Frame(
        min(row.min_x for row in rows),
        min(row.min_y for row in rows),
        max(row.max_x for row in rows),
        max(row.max_y for row in rows),
    )


def _boundaries(frame: Frame) -> Iterable[RegionBoundary]:
    """Boundaries of home regions that may show in the frame."""
    return (
        RegionBoundary.objects.filter(
            Q(max_x__gte=frame.min_x, min_x__lte=frame.max_x),
            Q(max_y__gte=frame.min_y, min_y__lte=frame.max_y),
            region__kind=Region.Kind.HOME,
        )
        .select_related("region__country")
        .order_by(F("region__country").asc(), "region__name", "pk")
    )


def _linked(boundary: RegionBoundary, css_class: str) -> Shape:
    region = boundary.region
    return Shape(
        path=boundary.path,
        title=f"{region.label}, {region.country.label}",
        href=reverse("regions:detail", args=[region.slug]),
        css_class=css_class,
    )
