"""Cards drawn by Typst, with the fonts inside of its wheel: the same picture on every machine."""

import hashlib
import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import typst
from django.core.cache import caches

from regions.pressure import TooManyAtOnceError, place

SIZE: Final = (1200, 630)
TEMPLATE: Final = Path(__file__).with_name("card.typ")
LONGEST: Final = 180
LONGEST_WORD: Final = 24
PIXELS_PER_INCH: Final = 144.0
KEPT_SECONDS: Final = 7 * 24 * 3_600
WAIT_SECONDS: Final = 1.0

_drawing = threading.BoundedSemaphore(1)


class TooBusy(Exception):
    """Others wait for their pictures already, or this one cannot be drawn."""


@dataclass(frozen=True)
class Card:
    """What a picture says: words as they are shown, and a map as SVG or nothing."""

    site: str
    kind: str
    name: str
    place: str
    other: str = ""
    map: str = ""

    @property
    def digest(self) -> str:
        """Changes with the content and with the drawing."""
        told = json.dumps(asdict(self), sort_keys=True).encode() + TEMPLATE.read_bytes()
        return hashlib.sha256(told).hexdigest()[:32]


def fitting(words: str) -> str:
    """Words on one line, not endlessly many of them, and each with places where it may break."""
    words = " ".join(words.split())
    if len(words) > LONGEST:
        words = f"{words[: LONGEST - 1].rstrip()}…"
    return " ".join(
        "\u200b".join(
            word[start : start + LONGEST_WORD] for start in range(0, len(word), LONGEST_WORD)
        )
        for word in words.split(" ")
    )


def png(card: Card) -> bytes:
    """The picture; drawn once as long as it is remembered, and one at a time, so that those who ask
    for many leave the site its processors. Raises `TooBusy`."""
    cache, key = caches["cards"], card.digest
    kept: bytes | None = cache.get(key)
    if kept is not None:
        return kept
    try:
        with place():
            if not _drawing.acquire(timeout=WAIT_SECONDS):
                raise TooBusy
            try:
                drawn = _drawn(card)
            finally:
                _drawing.release()
    except (TooManyAtOnceError, typst.TypstError) as error:
        raise TooBusy from error
    cache.set(key, drawn, KEPT_SECONDS)
    return drawn


def _drawn(card: Card) -> bytes:
    words = {
        name: fitting(value) if name in {"site", "kind", "name", "place", "other"} else value
        for name, value in asdict(card).items()
    }
    # the root is the folder of the drawing, so nothing else can be read
    return typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        package_path=TEMPLATE.parent,
        package_cache_path=TEMPLATE.parent,
        ignore_system_fonts=True,
        format="png",
        ppi=PIXELS_PER_INCH,
        sys_inputs={"card": json.dumps(words)},
    )
