"""Slugs made of names: the words that addresses are made of."""

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from typing import Final

LETTERS: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"}
)
"""Letters that keep their shape when accents are taken away."""

LOOKED_UP: Final = 10
"""How many numbers are tried at once where a slug is taken."""


def slug_of(name: str, *, longest: int, otherwise: str) -> str:
    """The name as words of ASCII with hyphens; ``otherwise`` where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    words = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode())
    return words[:longest].strip("-") or otherwise


def free_slugs(
    bases: Sequence[str], taken: Callable[[Collection[str]], Collection[str]]
) -> list[str]:
    """For each base the base itself, or with the first number from 2 on, that is free and given to
    no other base before it.

    ``taken`` says which of some slugs are not free; it is asked a few times for all bases together.
    A base of digits alone never stands without a number.
    """
    given: dict[str, str | None] = {}
    found: list[str] = [""] * len(bases)
    numbers = [2 if base.isdigit() else 1 for base in bases]
    waiting = list(range(len(bases)))
    width = LOOKED_UP
    while waiting:
        asked = {
            _numbered(bases[place], numbers[place] + step)
            for place in waiting
            for step in range(width)
        } - given.keys()
        given |= dict.fromkeys(asked) | dict.fromkeys(taken(asked), "taken")
        later = []
        for place in waiting:
            window = range(numbers[place], numbers[place] + width)
            free = (_numbered(bases[place], number) for number in window)
            slug = next((each for each in free if given[each] is None), "")
            if slug:
                given[slug] = found[place] = slug
            else:
                numbers[place] += width
                later.append(place)
        waiting = later
        width *= 4
    return found


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}-{number}"
