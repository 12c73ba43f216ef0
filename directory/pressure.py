"""How many searches one process makes at once, so that heavy ones never take every thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

from django.conf import settings

WAIT: Final = 2.0
"""Seconds that a search waits for its turn."""

_turns = BoundedSemaphore(settings.SEARCHES_AT_ONCE)


class TooManyAtOnceError(Exception):
    """Other searches took all turns for longer than one waits; a reader may ask again soon."""


@contextmanager
def in_turn() -> Iterator[None]:
    """Wait for a turn, and give it back; raises `TooManyAtOnceError`."""
    if not _turns.acquire(timeout=WAIT):
        raise TooManyAtOnceError
    try:
        yield
    finally:
        _turns.release()
