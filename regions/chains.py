"""The hydrogen value chain as a diagram: where its boxes, headings and arrows stand.

The stages run from left to right on a wide page and from top to bottom on a narrow one; what runs
along the whole chain (the cross-cutting stage) lies below it. A box is as high as its lettering
needs. Nothing here knows what a state means: `regions.chain_segments` says which there are.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from regions.chain_segments import ChainSegment
from regions.lettering import Lettering, Line
from regions.models import Concept, ConceptRelation

VALUE_CHAIN = "hydrogen-value-chain"
BESIDE = "cross-cutting"
"""The stage that runs along the chain instead of being a link of it."""

WIDE, NARROW = 1000, 340
GAP_X, GAP_Y = 30, 10
BETWEEN = 8
"""The space between two boxes of a stage that stand beside each other."""
ARROW_GAP = 24
MOST_STACKED = 3
"""Stages of one segment each that may stand in one column, one under the other."""
MOST_IN_A_COLUMN = 5

HEADING = Lettering("heading", letter=8.0, line=16)
NAME = Lettering("name", letter=8.0, line=16)
NOTE = Lettering("note", letter=6.3, line=15)
LEFT, RIGHT, TOP, BOTTOM = 12, 6, 4, 9
"""The space around the lettering of a box."""
BAR = 5
"""How thick the bar of a share is."""

Links = Collection[tuple[int, int]]


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
    def edge(self) -> str:
        """The thick edge on the left, as a path."""
        return f"M{self.x} {self.y}h5v{self.height}h-5z"

    @property
    def bar(self) -> str:
        """The bar of its share along its lower side, as a path; none without a share."""
        length = round(self.segment.share * self.width)
        return f"M{self.x} {self.y + self.height}v-{BAR}h{length}v{BAR}z" if length else ""


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
    headings: tuple[Line, ...]
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
    across: int = 1
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
    def heading(self) -> tuple[Line, ...]:
        if self.is_single:
            return ()
        return HEADING.lines(self.stage.label, x=self.x, y=self.y - 2, width=self.width)

    @property
    def boxes_y(self) -> int:
        return self.y + (6 + HEADING.line * len(self.heading) if self.heading else 0)

    @property
    def middle_y(self) -> int:
        return (self.boxes_y + self.y + self.height) // 2

    @property
    def box_width(self) -> int:
        return (self.width - BETWEEN * (self.across - 1)) // self.across

    def fit(self, width: int, across: int) -> None:
        """Take this width with so many boxes beside each other, and the height that it needs."""
        self.width, self.across = width, across
        heights = [height for _row, height in self.rows()]
        self.height = self.boxes_y - self.y + sum(heights) + GAP_Y * (len(heights) - 1)

    def rows(self) -> Iterator[tuple[Sequence[ChainSegment], int]]:
        """The segments that stand beside each other, and the height of the fullest box."""
        for start in range(0, len(self.segments), self.across):
            row = self.segments[start : start + self.across]
            bar = BAR if any(segment.share for segment in row) else 0
            ends = [_lines(segment, 0, 0, self.box_width)[-1].y for segment in row]
            yield row, max(ends) + BOTTOM + bar

    def boxes(self) -> Iterator[Box]:
        y = self.boxes_y
        for row, height in self.rows():
            for place, segment in enumerate(row):
                x = self.x + place * (self.box_width + BETWEEN)
                lines = _lines(segment, x, y, self.box_width)
                yield Box(segment, x, y, self.box_width, height, lines)
            y += height + GAP_Y


def _lines(segment: ChainSegment, x: int, y: int, width: int) -> tuple[Line, ...]:
    """The name and the words of a segment in a box at this place."""
    x, room = x + LEFT, width - LEFT - RIGHT
    name = NAME.lines(segment.name, x=x, y=y + TOP, width=room)
    return (*name, *NOTE.lines(segment.words, x=x, y=name[-1].y, width=room))


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
    gaps = GAP_X * max(len(columns) - 1, 0) + sum(BETWEEN * (number - 1) for number in across)
    box = (WIDE - gaps) // max(sum(across), 4)
    for column, number in zip(columns, across, strict=True):
        for group in column:
            group.fit(box * number + BETWEEN * (number - 1), number)
    top = 26 if _skips(columns, links) else 0
    tallest = max(map(_column_height, columns), default=0)
    x = 0
    for column in columns:
        y = top + (tallest - _column_height(column)) // 2
        for group in column:
            group.x, group.y = x, y
            y += group.height + ARROW_GAP
        x += column[0].width + GAP_X
    bottom = top + tallest
    for group in beside:
        group.y = bottom + 20
        group.fit(WIDE, 6)
        bottom = group.y + group.height
    groups = [*chain, *beside]
    return Drawing(
        name="wide",
        width=WIDE,
        height=bottom,
        boxes=tuple(box for group in groups for box in group.boxes()),
        headings=tuple(line for group in groups for line in group.heading),
        arrows=_arrows_across(columns, links),
    )


def narrow(segments: Sequence[ChainSegment], links: Links) -> Drawing:
    """One stage under the other, two boxes beside each other."""
    chain, beside = grouped(segments)
    groups = [*chain, *beside]
    y = 0
    for group in groups:
        group.y = y
        group.fit(NARROW, min(len(group.segments), 2))
        y += group.height + ARROW_GAP
    linked = _either_way(links)
    return Drawing(
        name="narrow",
        width=NARROW,
        height=max(y - ARROW_GAP, 0),
        boxes=tuple(box for group in groups for box in group.boxes()),
        headings=tuple(line for group in groups for line in group.heading),
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


def _column_height(column: Sequence[Group]) -> int:
    return sum(group.height for group in column) + ARROW_GAP * (len(column) - 1)


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
