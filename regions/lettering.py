"""Lettering inside an SVG, which cannot flow: it is set in lines beforehand."""

from dataclasses import dataclass
from textwrap import wrap


@dataclass(frozen=True)
class Line:
    """One line at its place; ``fit`` is the width to squeeze a word into that is too long."""

    text: str
    kind: str
    x: int
    y: int
    fit: str = ""


@dataclass(frozen=True)
class Lettering:
    """One kind of lettering, whose size the style sheet sets to suit, in SVG units."""

    kind: str
    letter: float
    """The average width of a letter, on the generous side."""
    line: int
    """From one line to the next."""

    def lines(self, text: str, *, x: int, y: int, width: int) -> tuple[Line, ...]:
        """A text in as many lines as its width asks for, below ``y``."""
        room = max(int(width / self.letter), 1)
        return tuple(
            Line(row, self.kind, x, y + place * self.line, str(width) if len(row) > room else "")
            for place, row in enumerate(wrap(text, room, break_long_words=False), start=1)
        )
