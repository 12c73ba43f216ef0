"""The hydrogen value chain drawn as boxes: what is covered, what is missing, how much of each.

Two drawings of the same, one that reads from left to right and one for narrow screens, since
lettering inside an SVG cannot flow. All lengths are SVG units as text, so that no locale changes
them, and nothing needs a style.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from textwrap import wrap

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regions.models import Concept

BESIDE = "cross-cutting"
"""The stage that runs along the chain instead of being a link of it."""


class State(StrEnum):
    """How a segment stands: each has a look of its own, and says so in words as well."""

    COVERED = "covered"
    HELD = "held"
    GAP = "gap"
    BEYOND = "beyond"


LEGEND = {
    State.COVERED: gettext_lazy("covered"),
    State.HELD: gettext_lazy("held by participants"),
    State.GAP: gettext_lazy("gap"),
    State.BEYOND: gettext_lazy("not covered"),
}


@dataclass(frozen=True)
class ChainItem:
    """One segment: how it stands, and a few words or a number to go with it."""

    segment: Concept
    state: State
    note: str = ""
    url: str = ""
    is_illustrative: bool = False
    is_whole: bool = False
    """Whether it is a stage as a whole, beside the segments of that stage."""
    share: float = 0.0
    """The length of the bar in its box, from none to as long as the box."""

    @property
    def stage(self) -> Concept:
        """The broad segment under which it is drawn."""
        return self.segment.broader or self.segment

    @property
    def label(self) -> str:
        """Its name below the name of its stage, which needs none where the two are one."""
        if self.is_whole:
            return _("as a whole")
        return self.segment.label if self.segment.broader_id else ""

    @property
    def words(self) -> str:
        """How it stands, in words."""
        said = self.note or str(LEGEND[self.state])
        return _("%(said)s (illustrative)") % {"said": said} if self.is_illustrative else said


@dataclass(frozen=True)
class Line:
    """A line of lettering."""

    text: str
    x: str
    y: str


@dataclass(frozen=True)
class Box:
    """One segment as drawn."""

    state: State
    x: str
    y: str
    width: str
    height: str
    bar: str
    bar_y: str
    label: tuple[Line, ...]
    words: tuple[Line, ...]


@dataclass(frozen=True)
class Head:
    """The name of a stage, under a stroke."""

    x: str
    y: str
    width: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Drawing:
    """One layout of the chain."""

    css_class: str
    view_box: str
    heads: tuple[Head, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Style:
    """Sizes of a layout: the lettering is set by the style sheet to suit them."""

    width: float
    gap: float = 18
    label_line: float = 17
    word_line: float = 15
    padding: float = 9
    letter: float = 7.1
    """The width of one letter, on the wide side."""


BAR = 5
"""How thick the bar in a box is."""

WIDE = Style(width=1080)
NARROW = Style(width=340, gap=10)


def drawings(items: Sequence[ChainItem]) -> tuple[Drawing, ...]:
    """Both layouts of the same items, which are in the order of the chain."""
    stages = [(stage, list(rows)) for stage, rows in groupby(items, key=lambda item: item.stage)]
    return (_wide(stages), _narrow(stages)) if stages else ()


def summary(items: Iterable[ChainItem]) -> str:
    """The drawing in a sentence for each state, for those who do not see it."""
    rows = list(items)
    said = []
    for state, name in LEGEND.items():
        if labels := [item.segment.label for item in rows if item.state == state]:
            said.append(f"{name}: {', '.join(labels)}.")
    return " ".join(said)


Stages = Sequence[tuple[Concept, list[ChainItem]]]


def _wide(stages: Stages) -> Drawing:
    """A column for each link of the chain, and below the shorter ones what runs along it."""
    links = [row for row in stages if row[0].code != BESIDE]
    beside = [row for row in stages if row[0].code == BESIDE]
    columns = max(len(links), 1)
    width = (WIDE.width - WIDE.gap * (columns - 1)) / columns
    heads, boxes = [], []
    bottoms = []
    for place, (stage, items) in enumerate(links):
        x = place * (width + WIDE.gap)
        head, y = _head(WIDE, stage, x, 0, width, is_first=not place)
        heads.append(head)
        y = max(y, 56)
        for item in items:
            height = _height(WIDE, [item], width)
            boxes.append(_box(WIDE, item, x, y, width, height))
            y += height + 8
        bottoms.append(y)
    total = max(bottoms, default=0)
    for stage, items in beside:
        # under all columns but the last, which is the longest
        room = max(columns - 1, 1)
        y = max(bottoms[:room], default=0) + 22
        head, y = _head(WIDE, stage, 0, y, room * (width + WIDE.gap) - WIDE.gap, is_first=True)
        heads.append(head)
        for row in _rows(items, room):
            height = _height(WIDE, row, width)
            boxes += [
                _box(WIDE, item, place * (width + WIDE.gap), y, width, height)
                for place, item in enumerate(row)
            ]
            y += height + 8
        total = max(total, y)
    return Drawing("is-wide", _view_box(WIDE.width, total), tuple(heads), tuple(boxes))


def _narrow(stages: Stages) -> Drawing:
    """Stage below stage, two boxes to a row."""
    y = 0.0
    width = (NARROW.width - NARROW.gap) / 2
    heads, boxes = [], []
    for place, (stage, items) in enumerate(stages):
        head, y = _head(
            NARROW, stage, 0, y, NARROW.width, is_first=not place or stage.code == BESIDE
        )
        heads.append(head)
        for row in _rows(items, 2):
            height = _height(NARROW, row, width)
            boxes += [
                _box(NARROW, item, at * (width + NARROW.gap), y, width, height)
                for at, item in enumerate(row)
            ]
            y += height + 8
        y += 14
    return Drawing("is-narrow", _view_box(NARROW.width, y), tuple(heads), tuple(boxes))


def _view_box(width: float, height: float) -> str:
    """With room for the strokes of the outermost boxes."""
    return f"-1 -1 {width + 2:.0f} {height + 2:.0f}"


def _rows(items: Sequence[ChainItem], length: int) -> Iterator[Sequence[ChainItem]]:
    for start in range(0, len(items), length):
        yield items[start : start + length]


def _head(
    style: Style, stage: Concept, x: float, y: float, width: float, *, is_first: bool
) -> tuple[Head, float]:
    """The head of a stage, and where its boxes may begin."""
    name = stage.label if is_first else f"→ {stage.label}"
    lines = wrap(name, max(int(width / style.letter), 4))
    placed = tuple(
        Line(text, f"{x:.1f}", f"{y + 22 + row * style.label_line:.1f}")
        for row, text in enumerate(lines)
    )
    below = y + 22 + len(lines) * style.label_line - 6
    return Head(f"{x:.1f}", f"{y:.1f}", f"{width:.1f}", placed), below


def _lines(style: Style, item: ChainItem, width: float) -> tuple[list[str], list[str]]:
    letters = max(int((width - 2 * style.padding - 5) / style.letter), 4)
    return wrap(item.label, letters), wrap(item.words, max(int(letters * 1.08), 4))


def _height(style: Style, items: Sequence[ChainItem], width: float) -> float:
    """As high as the fullest box of a row."""
    heights = []
    for item in items:
        label, words = _lines(style, item, width)
        heights.append(len(label) * style.label_line + len(words) * style.word_line)
    return max(heights) + 2 * style.padding - 2 + (BAR if any(i.share for i in items) else 0)


def _box(style: Style, item: ChainItem, x: float, y: float, width: float, height: float) -> Box:
    label, words = _lines(style, item, width)
    left, line = x + style.padding + 5, y + style.padding - 4
    placed = []
    for text in label:
        line += style.label_line
        placed.append(Line(text, f"{left:.1f}", f"{line:.1f}"))
    said = []
    for text in words:
        line += style.word_line
        said.append(Line(text, f"{left:.1f}", f"{line:.1f}"))
    return Box(
        item.state,
        f"{x:.1f}",
        f"{y:.1f}",
        f"{width:.1f}",
        f"{height:.1f}",
        f"{item.share * width:.1f}" if item.share else "",
        f"{y + height - BAR:.1f}",
        tuple(placed),
        tuple(said),
    )
