"""One embedded PostgreSQL server, shared by all processes that work on one data folder."""

import atexit
import os
import shutil
import signal
import sys
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from config.embedded import server
from config.embedded.binaries import Binaries, candidates, choose
from config.embedded.errors import DataFolderError, EmbeddedPostgresError, ServerStartError
from config.embedded.locks import FileLock, is_free
from config.embedded.places import OUTSIDE, PORT, SHORT, Places, locate

CHECKOUT = Path(__file__).resolve().parents[2]
PAUSE = 0.01  # seconds between two looks
ORPHANS_AFTER = 1.0  # seconds until processes of a killed server are ended


@dataclass(frozen=True)
class ConnectionInfo:
    """How to connect; `host` is the folder of the Unix socket."""

    host: str
    port: int
    user: str
    password: str
    dbname: str


class Cluster:
    """The server of one data folder: started by its first user, stopped after its last.

    A process becomes a user with `ensure_running()` and stays one until it ends, however it ends,
    or calls `release()`. A forked child is no user until it calls `ensure_running()` itself.

    `binaries` replaces the search for PostgreSQL's programs; `outside` and `short` are the folders
    for what cannot be in the data folder (see `places`); `seconds` is the longest time to wait for
    a start, a stop, or crash recovery.
    """

    def __init__(
        self,
        data_folder: Path,
        *,
        binaries: Sequence[Binaries] | None = None,
        outside: Path = OUTSIDE,
        short: Path = SHORT,
        seconds: float = 120.0,
    ) -> None:
        self.data_folder = Path(data_folder)
        self._binaries = binaries
        self._outside = outside
        self._short = short
        self._seconds = seconds
        self._places: Places | None = None
        self._use: FileLock | None = None
        self._mutex = threading.RLock()
        _clusters.add(self)

    @property
    def places(self) -> Places:
        """Where the server's files are; decided once per process."""
        if self._places is None:
            try:
                self._places = locate(self.data_folder, outside=self._outside, short=self._short)
            except OSError as error:
                raise DataFolderError(f"The data folder cannot be used: {error}") from error
        return self._places

    def ensure_running(self) -> ConnectionInfo:
        """Become a user of the server, starting it if it does not run; cheap when it does.

        Raises EmbeddedPostgresError.
        """
        with self._mutex:
            if self._use is None or not self._use.is_current() or not self._answers():
                self._join()
            return self._connection_info()

    def release(self) -> None:
        """Stop being a user; the last one stops the server and returns when it is gone."""
        with self._mutex:
            use, self._use = self._use, None
            if use is None:
                return
            try:
                if use.try_upgrade():
                    self._stop_server()
                else:
                    self._wait(use.try_downgrade, "the server to be stopped by another process")
            finally:
                use.close()

    def stop(self) -> None:
        """Stop the server for everybody, and return when it is gone."""
        with self._mutex:
            self._stop_server()
            if self._use is not None:
                self._use.close()
                self._use = None

    def destroy(self) -> None:
        """Stop the server and remove its data and every folder of its own."""
        with self._mutex:
            self.stop()
            shutil.rmtree(self.places.sockets, ignore_errors=True)
            if self.places.state.exists():
                shutil.rmtree(self.places.state)
            self._places = None

    def pid(self) -> int | None:
        """The process id of the running server, None while there is none."""
        return server.ready_pid(self.places) if self._answers() else None

    def psql(self) -> Path | None:
        """The client program that comes with the server's programs, if it does."""
        found = [binaries.psql for binaries in self._found() if binaries.psql.is_file()]
        return found[0] if found else None

    def _found(self) -> list[Binaries]:
        return list(candidates() if self._binaries is None else self._binaries)

    def _answers(self) -> bool:
        """Whether the server runs: its process is there, ready, and its lock is held."""
        return (
            server.ready_pid(self.places) is not None
            and self.places.socket.exists()
            and not is_free(self.places.server_lock)
        )

    def _connection_info(self) -> ConnectionInfo:
        places = self.places
        password = server.read_password(places)
        return ConnectionInfo(str(places.sockets), PORT, server.ROLE, password, server.DATABASE)

    def _join(self) -> None:
        places = self.places
        places.prepare()
        if self._use is not None:
            self._use.close()
            self._use = None
        try:
            self._wait(self._take_use, "the server to be stopped by another process")
            self._wait(self._start_unless_running, "the server to be started by another process")
        except OSError as error:
            self._leave()
            raise DataFolderError(f"The data folder cannot be used: {error}") from error
        except BaseException:
            self._leave()
            raise

    def _leave(self) -> None:
        if self._use is not None:
            self._use.close()
            self._use = None

    def _take_use(self) -> bool:
        self._use = FileLock.try_shared(self.places.users_lock)
        return self._use is not None

    def _start_unless_running(self) -> bool:
        if self._answers():
            return True
        lock = FileLock.try_exclusive(self.places.server_lock)
        if lock is None:
            return False
        try:
            self._start(lock)
        finally:
            lock.close()
        return True

    def _start(self, lock: FileLock) -> None:
        places = self.places
        binaries, major = choose(
            self._found(),
            user=places.user,
            needed_major=server.data_version(places),
            copies=places.binaries,
        )
        if server.data_version(places) is None:
            server.initialise(places, binaries, major, lock)
        elif not places.password.exists():
            server.renew_password(places, binaries, lock)
        server.start(places, binaries, lock, self._seconds)

    def _stop_server(self) -> None:
        places = self.places
        if not places.state.exists():
            return
        begun = time.monotonic()

        def gone() -> bool:
            hurried = time.monotonic() - begun > self._seconds / 2
            server.signal_server(places, signal.SIGQUIT if hurried else signal.SIGINT)
            return is_free(places.server_lock)

        self._wait(gone, "the server to stop")

    def _wait(self, done: Callable[[], bool], what: str) -> None:
        begun = time.monotonic()
        while not done():
            waited = time.monotonic() - begun
            if waited > self._seconds:
                raise ServerStartError(
                    f"Waited {waited:.0f} s in vain for {what}. `ps -ef | grep postgres` shows "
                    f"what runs; the server's log is {self.places.log}."
                )
            if waited > ORPHANS_AFTER:
                server.kill_orphans(self.places)
            time.sleep(PAUSE)

    def _forget_after_fork(self) -> None:
        """A child closes what it inherited; the lock itself stays with the parent."""
        self._mutex = threading.RLock()
        self._leave()


_clusters: weakref.WeakSet[Cluster] = weakref.WeakSet()


def _forget_after_fork() -> None:
    for cluster in list(_clusters):
        cluster._forget_after_fork()


def _release_at_exit() -> None:
    for cluster in list(_clusters):
        try:
            cluster.release()
        except (EmbeddedPostgresError, OSError) as error:
            print(f"The embedded PostgreSQL: {error}", file=sys.stderr)


os.register_at_fork(after_in_child=_forget_after_fork)
atexit.register(_release_at_exit)


def default_data_folder() -> Path:
    """`.data` in this checkout, or what the variable REGIONS_MEET_DATA names."""
    return Path(os.environ.get("REGIONS_MEET_DATA") or CHECKOUT / ".data")


@lru_cache(maxsize=1)
def default_cluster() -> Cluster:
    """The server of this checkout."""
    return Cluster(default_data_folder())
