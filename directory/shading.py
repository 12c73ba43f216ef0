"""The shades of a map: which counts of results share one."""

from collections.abc import Iterable
from typing import Final

from django.utils.formats import number_format

CLASSES: Final = 5


def shades(counts: Iterable[int]) -> list[int]:
    """The least count of each class, of five at most: as many times more from each to the next."""
    most = max(counts)
    if most <= CLASSES:
        return list(range(1, most + 1))
    return sorted({round_number(most ** (step / CLASSES)) for step in range(CLASSES)})


def round_number(value: float) -> int:
    """The number of one digit, or of two that end in 5, that is next to it."""
    size = 10 ** max(len(str(int(value))) - 1, 0)
    half = size / 2 if size > 1 else 1
    return max(int(round(value / half) * half), 1)


def legend(lows: list[int], most: int, *, is_more: bool) -> list[tuple[int, str]]:
    """The shades, and how many results each stands for."""
    said = []
    for shade, low in enumerate(lows, 1):
        high = lows[shade] - 1 if shade < len(lows) else most
        if is_more and shade == len(lows):
            said.append((shade, f"≥ {number_format(low)}"))
        elif high == low:
            said.append((shade, number_format(low)))
        else:
            said.append((shade, f"{number_format(low)}–{number_format(high)}"))
    return said
