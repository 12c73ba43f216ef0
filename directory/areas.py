"""What a map of results shows: all Europe, a country, or a region and what is around it."""

from dataclasses import dataclass
from typing import Final

from directory.known import Known
from directory.outlines import Outlines
from regions.maps import EUROPE, Frame

LETTERS_ACROSS: Final = {False: 36, True: 28}
"""The width of a map of Europe, and of a part of it, in letters of its numbers."""


@dataclass(frozen=True)
class Area:
    """What a map shows: all Europe, a country, or a region; ``grid`` in kilometres."""

    name: str
    frame: Frame
    country: str = ""
    region: int | None = None

    @property
    def grid(self) -> float:
        width = self.frame.width
        return 4 if width > 2_000 else 2 if width > 1_000 else 1 if width > 500 else 0.5

    @property
    def letter(self) -> float:
        """The size of a letter of its numbers, in the units of the grid."""
        return self.frame.width / self.grid / LETTERS_ACROSS[self.is_fine]

    @property
    def is_fine(self) -> bool:
        return bool(self.country)

    @property
    def view_box(self) -> str:
        """The frame in the units of the grid, as SVG writes it."""
        frame = self.frame
        sides = (frame.min_x, frame.min_y, frame.width, frame.height)
        return " ".join(f"{side / self.grid:.0f}" for side in sides)


def area_called(name: str, kept: Outlines, all_known: Known) -> Area:
    """What the address calls for; what does not exist is all Europe."""
    region = kept.by_region.get(all_known.region_ids.get(name, 0))
    if region is not None:
        frame = region.box.around(0.45, 1.0)
        return Area(name, frame, region.country, region.region)
    inside = [
        each.box
        for each in kept.by_region.values()
        if each.country == name and each.touches(EUROPE)
    ]
    if inside:
        frame = Frame(
            max(min(box.min_x for box in inside), EUROPE.min_x),
            max(min(box.min_y for box in inside), EUROPE.min_y),
            min(max(box.max_x for box in inside), EUROPE.max_x),
            min(max(box.max_y for box in inside), EUROPE.max_y),
        )
        return Area(name, frame.around(0.06, 1.0), name)
    return Area("", EUROPE)
