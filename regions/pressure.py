"""How much heavy work one process takes on at once, so that something is left for everything else.

Searches, documents and pictures share `HEAVY_AT_ONCE` places, fewer than there are threads: those
at work and those who wait. Who finds none is turned away at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

from django.conf import settings

WAIT: Final = 2.0
"""Seconds that a search waits for its turn."""

_places = BoundedSemaphore(settings.HEAVY_AT_ONCE)
_turns = BoundedSemaphore(settings.SEARCHES_AT_ONCE)


class TooManyAtOnceError(Exception):
    """Others took all places, or all turns for longer than one waits; one may ask again soon."""


@contextmanager
def place() -> Iterator[None]:
    """Take a place without waiting, and give it back; raises `TooManyAtOnceError`."""
    if not _places.acquire(blocking=False):
        raise TooManyAtOnceError
    try:
        yield
    finally:
        _places.release()


@contextmanager
def in_turn(*, wait: float | None = None) -> Iterator[None]:
    """Wait for the turn of a search, and give it back; raises `TooManyAtOnceError`."""
    with place():
        if not _turns.acquire(timeout=WAIT if wait is None else wait):
            raise TooManyAtOnceError
        try:
            yield
        finally:
            _turns.release()
