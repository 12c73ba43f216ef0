"""Slugs made of names: the words that addresses are made of."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Final

LETTERS: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"}
)
"""Letters that keep their shape when accents are taken away."""

GREEK: Final = (
    "α:a β:v γ:g δ:d ε:e ζ:z η:i θ:th ι:i κ:k λ:l μ:m ν:n ξ:x ο:o π:p ρ:r σ:s ς:s τ:t υ:y φ:f χ:ch"
    " ψ:ps ω:o"
)
CYRILLIC: Final = (
    "а:a б:b в:v г:g ґ:g д:d е:e є:ye ж:zh з:z и:i і:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u"
    " ф:f х:h ц:ts ч:ch ш:sh щ:sht ъ:a ы:y ь: э:e ю:yu я:ya ђ:dj ј:j љ:lj њ:nj ћ:c џ:dz"
)
LATIN: Final = str.maketrans(dict(pair.split(":") for pair in f"{GREEK} {CYRILLIC}".split()))
"""Greek and Cyrillic letters without accents, roughly as their countries write them in Latin: for
addresses that can be read, not for names."""

LOOKED_UP: Final = 10
"""How many numbers are tried at once where a slug is taken."""


def slug_of(name: str, *, longest: int, otherwise: str) -> str:
    """The name as words of ASCII with hyphens; ``otherwise`` where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    plain = plain.replace("ου", "ou").translate(LATIN)
    words = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode())
    return words[:longest].strip("-") or otherwise


def free_slugs(
    bases: Sequence[str], taken: Callable[[Collection[str]], Collection[str]]
) -> list[str]:
    """For each base the base itself, or with the first number from 2 on, that is free and given to
    no other base before it.

    ``taken`` says which of some slugs are not free; it is asked a few times for all bases together,
    about as many numbers of each base as wait for one: thousands of equal bases cost no more than
    thousands of different ones. A base of digits alone never stands without a number.
    """
    free: dict[str, bool] = {}
    found: list[str] = [""] * len(bases)
    following = {base: 2 if base.isdigit() else 1 for base in bases}
    waiting = list(range(len(bases)))
    factor = 1
    while waiting:
        ends = {
            base: following[base] + max(LOOKED_UP, count) * factor
            for base, count in Counter(bases[place] for place in waiting).items()
        }
        asked = {
            _numbered(base, number)
            for base, end in ends.items()
            for number in range(following[base], end)
        } - free.keys()
        not_free = taken(asked)
        free |= {slug: slug not in not_free for slug in asked}
        for place in waiting:
            base = bases[place]
            while not found[place] and following[base] < ends[base]:
                slug = _numbered(base, following[base])
                following[base] += 1
                if free[slug]:
                    free[slug] = False
                    found[place] = slug
        waiting = [place for place in waiting if not found[place]]
        factor *= 4
    return found


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}-{number}"
