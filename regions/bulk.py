"""Writing very many rows at once: what is derived from them waits, and is made anew at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction
from django.dispatch import Signal

FROM: Final = 100_000
"""From so many organisations on, making everything anew is quicker than following each row."""

PAUSED: Final = "regions_meet.derived"
"""A setting of a transaction: ``later`` while triggers shall not follow each change."""

written: Final = Signal()
"""Sent after a transaction whose changes no trigger followed: what is derived is made anew."""


@contextmanager
def in_bulk() -> Iterator[None]:
    """One transaction without the triggers that ask `PAUSED`; `written` is sent after it.

    If the process dies between the two, ``manage.py build_directory`` does what is missing.
    """
    with transaction.atomic():
        pause(True)
        yield
        pause(False)
    written.send(sender=None)


def pause(is_paused: bool) -> None:
    """Let triggers wait, or follow again, in this transaction; who does so sends `written` after
    it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [PAUSED, "later" if is_paused else ""])
