"""The index of this process, kept up to date beside the requests.

In a web process a thread waits for the database to say that something changed, looks every second
even if it does not, and puts a new snapshot in the place of the present one. Requests take whatever
is there and never wait for the thread. Only where it has not reported for two seconds (it died, it
lost its connection, it does not exist as in a command) the request itself reads what changed.

A position never goes back: a snapshot gives way only to one that covers it, or to another index.
"""

import logging
import os
import threading
import time
from contextlib import suppress
from typing import Final

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection, connections

from matching.engine import current
from matching.outbox.cursor import CHANNEL
from matching.outbox.snapshot import IndexNotBuilt, Snapshot

logger = logging.getLogger(__name__)

THREAD: Final = "thread"
REQUEST: Final = "request"
OFF: Final = "off"

POLL: Final = 1.0
"""Seconds after which the thread looks without having been woken."""

PATIENCE: Final = 2.0
"""Seconds without a report after which a request does the thread's work."""

AT_WORK: Final = 10.0
"""Seconds for which a thread may be at work, opening a new index say, before it counts as lost."""


class Follower:
    """The snapshot in use, and the thread that renews it."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Start anew: as in a process just forked, where no thread of its parent exists."""
        self._snapshot: Snapshot | None = None
        self._reported = 0.0
        self._began = 0.0
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._swapping = threading.Lock()
        self._asking = threading.Lock()
        self._stop = threading.Event()
        self._ready = threading.Event()

    def snapshot(self) -> Snapshot:
        """The snapshot to answer from. Raises `IndexNotBuilt`."""
        mode = settings.MATCH_FOLLOWER
        if mode == OFF:
            return self._swap(self._opened()).usable()
        self.start_if_wanted()
        found = self._snapshot
        if found is None or not self._reported_lately():
            with self._asking:
                # another request may have done it while this one waited
                if self._snapshot is None or not self._reported_lately():
                    self.catch_up()
            found = self._snapshot
            assert found is not None
        return found.usable()

    def catch_up(self) -> Snapshot:
        """Read what changed, now, on this thread's connection. Raises `IndexNotBuilt`."""
        began = time.monotonic()
        snapshot = self._swap(self._opened().caught_up())
        self._reported = max(began, self._reported)
        return snapshot

    def start_if_wanted(self, *, wait: float = 0.0) -> None:
        """Start the thread in a process whose settings say so, and give it some seconds to get
        ready: a first reader would wait as long for the kernels as the process does here."""
        if settings.MATCH_FOLLOWER == THREAD:
            self.start()
            self._ready.wait(wait)

    def start(self) -> None:
        """Start the thread, once per process."""
        if self._thread is None or not self._thread.is_alive():
            with self._starting:
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(
                        target=self._follow, name="match-follower", daemon=True
                    )
                    self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._thread = None
        self._stop.clear()

    def _reported_lately(self) -> bool:
        now = time.monotonic()
        return now - self._reported <= PATIENCE or (
            self._reported < self._began and now - self._began <= AT_WORK
        )

    def _opened(self) -> Snapshot:
        """The present snapshot, or the saved index where that is another one by now: not in use
        before it was caught up, which tells whether it is of this database and not too old."""
        folder = settings.MATCH_INDEX_DIR
        checksum = current(folder)
        if checksum is None:
            raise IndexNotBuilt(
                f"no match index has been built in {folder}; run: manage.py build_index"
            )
        found = self._snapshot
        if found is not None and (found.folder, found.checksum) == (folder, checksum):
            return found
        try:
            return Snapshot.open(folder)
        except IndexNotBuilt:
            # what is in memory is whole, and follows the database as well as its successor would
            if found is None or found.folder != folder:
                raise
            logger.exception("The new match index cannot be read; the one before stays in use.")
            return found

    def _swap(self, new: Snapshot) -> Snapshot:
        """Put a snapshot in use, unless a later one of the same index is; returns the one in use.

        A thread and a request may catch up at the same time, and the slower one must not undo what
        the faster one did.
        """
        with self._swapping:
            old = self._snapshot
            same = old is not None and (old.folder, old.checksum) == (new.folder, new.checksum)
            if old is None or not same or new.position.covers(old.position):
                self._snapshot = new
            assert self._snapshot is not None
            return self._snapshot

    def _follow(self) -> None:
        said = ""
        warm = False
        while not self._stop.is_set():
            try:
                with _listening() as listening:
                    while not self._stop.is_set():
                        self._began = time.monotonic()
                        snapshot = self.catch_up()
                        if not warm:
                            # so that no reader has to wait for it
                            snapshot.warm_up()
                            warm = True
                            self._ready.set()
                        said = ""
                        # back to the pool: this thread needs it for some milliseconds a second
                        connection.close()
                        for _ in listening.notifies(timeout=POLL, stop_after=1):
                            pass
            except (IndexNotBuilt, DatabaseError, psycopg.Error, OSError) as error:
                # the same trouble every second is one line of the log, not sixty a minute
                if str(error) != said:
                    said = str(error)
                    logger.warning("Following changes was interrupted: %s", said.strip())
                self._began = 0.0
                self._ready.set()
                with suppress(DatabaseError, psycopg.Error, OSError):
                    connection.close()
                    # after a restart of the server every connection in the pool is a broken one
                    pool = getattr(connection, "pool", None)
                    if pool is not None:
                        pool.check()
                self._stop.wait(POLL)


def _listening() -> "psycopg.Connection[tuple[object, ...]]":
    """A connection of its own, outside of the pool, that hears of changes."""
    parameters = connections.create_connection("default").get_connection_params()
    listening: psycopg.Connection[tuple[object, ...]] = psycopg.connect(
        **parameters, autocommit=True
    )
    listening.execute(f"LISTEN {CHANNEL}")
    return listening


follower = Follower()
os.register_at_fork(after_in_child=follower.forget)
