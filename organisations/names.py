"""Names of organisations, compared as people do: without legal forms and accents."""

import csv
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from accounts.slugs import LETTERS

WORDS: Final = Path(__file__).resolve().parent / "data" / "name_words.csv"


def _words(reason: str) -> frozenset[str]:
    with WORDS.open(encoding="utf-8", newline="") as file:
        return frozenset(row["word"] for row in csv.DictReader(file) if row["reason"] == reason)


LEGAL_FORMS: Final = _words("legal-form")
GENERIC: Final = _words("common")
"""Words that many have in their names: sharing them alone makes nobody the same."""


def plain(text: str) -> str:
    """Lower case without accents, one space between words, no marks."""
    text = unicodedata.normalize("NFKD", text.lower().translate(LETTERS))
    text = "".join(c for c in text if not unicodedata.combining(c))
    # s.p.z o.o. and S.A. are words, not letters
    text = re.sub(r"(?<=\b\w)\.(?=\w\b)", "", text)
    return " ".join(re.findall(r"\w+", text))


def core(name: str) -> str:
    """The name without legal forms, in plain letters; the whole where nothing else is left."""
    words = re.sub(r"\bsp z oo\b|\bs p z oo\b|\bz oo\b", " ", plain(name)).split()
    return " ".join(word for word in words if word not in LEGAL_FORMS) or plain(name)


def likeness(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1: of the names without legal forms, and of the words in
    them that tell one from another, the mean of the shares of trigrams in common."""
    a, b = core(one), core(other)
    if a == b:
        return 1.0
    telling_a, telling_b = (
        [word for word in name.split() if word not in GENERIC] for name in (a, b)
    )
    if not (telling_a and telling_b):
        return _shared(a.split(), b.split())
    return (_shared(a.split(), b.split()) + _shared(telling_a, telling_b)) / 2


def contains(one: str, other: str, *, place: str = "") -> bool:
    """Whether all telling words of one name are words of the other, whichever is longer; the place
    tells nothing of those who sit there."""
    here = set(core(place).split())
    a, b = (
        {word for word in core(name).split() if word not in GENERIC and word not in here}
        for name in (one, other)
    )
    return bool(a and b) and (a <= b or b <= a)


def shorts(text: str) -> set[str]:
    """The short names that one field gives: “AGH / AGH-UST” is two."""
    return {plain(part) for part in text.replace(";", "/").split("/") if plain(part)}


def opening(name: str) -> str:
    """The first two words of a name: longer ones go on with a patron or a form."""
    return " ".join(core(name).split()[:2])


def telling_word(name: str) -> str:
    """The longest word that tells the name from others; the longest of all where none does."""
    words = core(name).split()
    return max([word for word in words if word not in GENERIC] or words or [name], key=len)


def _shared(one: Iterable[str], other: Iterable[str]) -> float:
    a, b = _trigrams(one), _trigrams(other)
    return len(a & b) / len(a | b) if a or b else 0.0


def _trigrams(words: Iterable[str]) -> set[str]:
    """Three letters in a row, as pg_trgm counts them."""
    return {
        padded[start : start + 3]
        for word in words
        for padded in [f"  {word} "]
        for start in range(len(padded) - 2)
    }
