"""The hydrogen value chain as a diagram: where its boxes, headings and arrows stand.

The stages run from left to right on a wide page and from top to bottom on a narrow one; what runs
along the whole chain (the cross-cutting stage) lies below it. Nothing here knows what a state
means: whoever draws a chain says which states there are, and how to read them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from regions.models import Concept, ConceptRelation

VALUE_CHAIN = "hydrogen-value-chain"
BESIDE = "cross-cutting"
"""The stage that runs along the chain instead of being a link of it."""

WIDE, NARROW = 900, 340
GAP_X, GAP_Y = 30, 10
HEADING = 22
LINE = 16
BOX_HEIGHT = 66
ARROW_GAP = 24
MOST_STACKED = 3
"""Stages of one segment each that may stand in one column, one under the other."""
MOST_IN_A_COLUMN = 4
CHARACTER = 6.7
"""Average width of a letter of a label, in SVG units, on the generous side."""
PADDING = 9

State = str
Links = Collection[tuple[int, int]]


@dataclass(frozen=True)
class ChainSegment:
    """One segment as a chain shows it.

    ``state`` names how the box looks (``here``, ``near``, ``absent``, ``example``, ``both``, ``a``,
    ``b``), ``note`` says the same in words, and ``is_held`` whether links to it stand.
    """

    concept: Concept
    state: State
    note: str
    is_held: bool
    href: str = ""

    @property
    def stage(self) -> Concept:
        return self.concept.broader or self.concept


@dataclass(frozen=True)
class Line:
    """One line of a label; ``fit`` is the width to squeeze it into, where it is too long."""

    text: str
    y: int
    fit: str = ""


@dataclass(frozen=True)
class Box:
    """A segment at its place."""

    segment: ChainSegment
    x: int
    y: int
    width: int
    height: int
    lines: tuple[Line, ...]

    @property
    def text_x(self) -> int:
        return self.x + PADDING + 3

    @property
    def note_y(self) -> int:
        return self.y + self.height - 9

    @property
    def edge(self) -> str:
        """The thick edge on the left, as a path."""
        return f"M{self.x} {self.y}h5v{self.height}h-5z"


@dataclass(frozen=True)
class Heading:
    text: str
    x: int
    y: int


@dataclass(frozen=True)
class Arrow:
    """A link between two stages; held where each has a segment that is."""

    path: str
    head: str
    is_held: bool


@dataclass(frozen=True)
class Drawing:
    """A chain laid out for one width."""

    name: str
    width: int
    height: int
    boxes: tuple[Box, ...]
    headings: tuple[Heading, ...]
    arrows: tuple[Arrow, ...]

    @property
    def view_box(self) -> str:
        """With room for half the width of a line around it."""
        return f"-1 -1 {self.width + 2} {self.height + 2}"


@dataclass
class Group:
    """A stage with its segments, and the room that it takes up."""

    stage: Concept
    segments: list[ChainSegment] = field(default_factory=list)
    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0

    @property
    def is_single(self) -> bool:
        """Whether its one segment is the stage itself, whose name needs no heading."""
        return len(self.segments) == 1 and self.segments[0].concept.pk == self.stage.pk

    @property
    def is_held(self) -> bool:
        return any(segment.is_held for segment in self.segments)

    @property
    def middle_x(self) -> int:
        return self.x + self.width // 2

    @property
    def boxes_y(self) -> int:
        return self.y + (0 if self.is_single else HEADING)

    @property
    def middle_y(self) -> int:
        return (self.boxes_y + self.y + self.height) // 2


def links_between_stages() -> Links:
    """The neighbouring stages of the chain, by concept id; one query."""
    return set(
        ConceptRelation.objects.filter(
            kind=ConceptRelation.Kind.NEIGHBOUR,
            source__vocabulary__scheme=VALUE_CHAIN,
            source__broader__isnull=True,
            target__broader__isnull=True,
        ).values_list("source_id", "target_id")
    )


def drawings(segments: Sequence[ChainSegment], links: Links) -> tuple[Drawing, Drawing]:
    """The chain for a wide page and for a narrow one; segments come in the chain's order."""
    return wide(segments, links), narrow(segments, links)


def grouped(segments: Iterable[ChainSegment]) -> tuple[list[Group], list[Group]]:
    """The stages that are links of the chain, and those that run along it."""
    groups: dict[int, Group] = {}
    for segment in segments:
        groups.setdefault(segment.stage.pk, Group(segment.stage)).segments.append(segment)
    rows = list(groups.values())
    return (
        [group for group in rows if group.stage.code != BESIDE],
        [group for group in rows if group.stage.code == BESIDE],
    )


def wide(segments: Sequence[ChainSegment], links: Links) -> Drawing:
    """Columns from left to right, each as high as it must be, around one middle line."""
    chain, beside = grouped(segments)
    columns = _columns(chain)
    across = [_boxes_across(column) for column in columns]
    skips = _skips(columns, links)
    top = 26 if skips else 0
    gaps = GAP_X * max(len(columns) - 1, 0) + sum(8 * (number - 1) for number in across)
    box = (WIDE - gaps) // max(sum(across), 4)
    heights = [_column_height(column) for column in columns]
    tallest = max(heights, default=0)
    x = 0
    for column, number, height in zip(columns, across, heights, strict=True):
        y = top + (tallest - height) // 2
        for group in column:
            group.x, group.y, group.width = x, y, box * number + 8 * (number - 1)
            group.height = _group_height(group, number)
            y += group.height + ARROW_GAP
        x += box * number + 8 * (number - 1) + GAP_X
    bottom = top + tallest
    for group in beside:
        group.x, group.y, group.width = 0, bottom + 20, WIDE
        group.height = _group_height(group, 6)
        bottom = group.y + group.height
    boxes = [
        placed
        for column, number in zip(columns, across, strict=True)
        for group in column
        for placed in _boxes(group, number)
    ]
    boxes += [placed for group in beside for placed in _boxes(group, 6)]
    return Drawing(
        name="wide",
        width=WIDE,
        height=bottom,
        boxes=tuple(boxes),
        headings=_headings([*chain, *beside]),
        arrows=_arrows_across(columns, links),
    )


def narrow(segments: Sequence[ChainSegment], links: Links) -> Drawing:
    """One stage under the other, two boxes beside each other."""
    chain, beside = grouped(segments)
    y = 0
    for group in [*chain, *beside]:
        group.x, group.y, group.width = 0, y, NARROW
        group.height = _group_height(group, 2)
        y += group.height + ARROW_GAP
    linked = _either_way(links)
    return Drawing(
        name="narrow",
        width=NARROW,
        height=max(y - ARROW_GAP, 0),
        boxes=tuple(
            box
            for group in [*chain, *beside]
            for box in _boxes(group, 1 if len(group.segments) == 1 else 2)
        ),
        headings=_headings([*chain, *beside]),
        arrows=tuple(
            _downward(above, below)
            for above, below in pairwise(chain)
            if (above.stage.pk, below.stage.pk) in linked
        ),
    )


def _columns(chain: Sequence[Group]) -> list[list[Group]]:
    """Each stage is a column; stages of one segment that follow each other share one."""
    columns: list[list[Group]] = []
    for group in chain:
        last = columns[-1] if columns else []
        if (
            group.is_single
            and last
            and all(above.is_single for above in last)
            and len(last) < MOST_STACKED
        ):
            last.append(group)
        else:
            columns.append([group])
    return columns


def _boxes_across(column: Sequence[Group]) -> int:
    return max(-(-len(group.segments) // MOST_IN_A_COLUMN) for group in column)


def _group_height(group: Group, across: int) -> int:
    rows = -(-len(group.segments) // across)
    return rows * BOX_HEIGHT + (rows - 1) * GAP_Y + (0 if group.is_single else HEADING)


def _column_height(column: Sequence[Group]) -> int:
    across = _boxes_across(column)
    heights = [_group_height(group, across) for group in column]
    return sum(heights) + ARROW_GAP * (len(heights) - 1)


def _boxes(group: Group, across: int) -> list[Box]:
    width = (group.width - 8 * (across - 1)) // across
    return [
        Box(
            segment,
            x=group.x + (place % across) * (width + 8),
            y=(y := group.boxes_y + (place // across) * (BOX_HEIGHT + GAP_Y)),
            width=width,
            height=BOX_HEIGHT,
            lines=_lines(segment.concept.label, width - 2 * PADDING, y + 19),
        )
        for place, segment in enumerate(group.segments)
    ]


def _lines(label: str, width: int, y: int) -> tuple[Line, ...]:
    """A label in two lines at most, squeezed where a line does not fit."""
    room = int(width / CHARACTER)
    rows = [""]
    for word in label.split():
        longer = f"{rows[-1]} {word}".strip()
        if len(longer) <= room or not rows[-1] or len(rows) == 2:
            rows[-1] = longer
        else:
            rows.append(word)
    return tuple(
        Line(text, y + place * LINE, str(width) if len(text) > room else "")
        for place, text in enumerate(rows)
    )


def _headings(groups: Iterable[Group]) -> tuple[Heading, ...]:
    return tuple(
        Heading(group.stage.label, group.x, group.y + 14) for group in groups if not group.is_single
    )


def _either_way(links: Links) -> set[tuple[int, int]]:
    return {*links, *((b, a) for a, b in links)}


def _skips(columns: Sequence[Sequence[Group]], links: Links) -> bool:
    """Whether a link passes over a column."""
    column_of = _column_of(columns)
    return any(
        a in column_of and b in column_of and abs(column_of[a] - column_of[b]) > 1 for a, b in links
    )


def _column_of(columns: Sequence[Sequence[Group]]) -> Mapping[int, int]:
    return {group.stage.pk: number for number, column in enumerate(columns) for group in column}


def _arrows_across(columns: Sequence[Sequence[Group]], links: Links) -> tuple[Arrow, ...]:
    """Links between neighbouring columns, down a column, and over the columns between."""
    groups = {group.stage.pk: group for column in columns for group in column}
    column_of = _column_of(columns)
    order = {pk: place for place, pk in enumerate(groups)}
    arrows = []
    for pair in sorted(
        (sorted(link, key=order.__getitem__) for link in links if groups.keys() >= set(link)),
        key=lambda pair: [order[pk] for pk in pair],
    ):
        a, b = groups[pair[0]], groups[pair[1]]
        distance = column_of[pair[1]] - column_of[pair[0]]
        if distance == 0:
            if order[pair[1]] - order[pair[0]] == 1:
                arrows.append(_downward(a, b))
        elif distance == 1:
            arrows.append(_rightward(a, b))
        else:
            arrows.append(_over(a, b))
    return tuple(arrows)


def _downward(a: Group, b: Group) -> Arrow:
    x, start, end = a.middle_x, a.y + a.height + 3, b.y - 3
    return Arrow(f"M{x} {start}V{end - 6}", f"M{x} {end}l-5-7h10z", a.is_held and b.is_held)


def _rightward(a: Group, b: Group) -> Arrow:
    x0, y0, x1, y1 = a.x + a.width + 3, a.middle_y, b.x - 3, b.middle_y
    middle = (x0 + x1 - 6) // 2
    return Arrow(
        f"M{x0} {y0}C{middle} {y0} {middle} {y1} {x1 - 6} {y1}",
        f"M{x1} {y1}l-7-5v10z",
        a.is_held and b.is_held,
    )


def _over(a: Group, b: Group) -> Arrow:
    """A link that passes above what lies between."""
    x0, x1, end = a.x + a.width - 18, b.middle_x, b.y - 3
    start = a.y + (0 if a.is_single else 4)
    return Arrow(
        f"M{x0} {start}V14Q{x0} 8 {x0 + 6} 8H{x1 - 6}Q{x1} 8 {x1} 14V{end - 6}",
        f"M{x1} {end}l-5-7h10z",
        a.is_held and b.is_held,
    )
