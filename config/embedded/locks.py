"""File locks that the kernel releases when their last holder ends, however it ends (flock(2))."""

import fcntl
import os
from pathlib import Path


class FileLock:
    """One open file description on a lock file, and the lock it holds.

    A lock on a file that has been removed meanwhile protects nothing, so each acquisition checks
    that the path still names the file that was locked.
    """

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self.fd = fd

    @classmethod
    def try_exclusive(cls, path: Path) -> "FileLock | None":
        """The lock for one holder alone, or None while anyone holds it."""
        return cls._try(path, fcntl.LOCK_EX)

    @classmethod
    def try_shared(cls, path: Path) -> "FileLock | None":
        """The lock for one of many holders, or None while someone has it alone."""
        return cls._try(path, fcntl.LOCK_SH)

    @classmethod
    def _try(cls, path: Path, kind: int) -> "FileLock | None":
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        lock = cls(path, fd)
        try:
            fcntl.flock(fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        if not lock.is_current():
            lock.close()
            return None
        return lock

    def try_upgrade(self) -> bool:
        """Turn a shared lock into an exclusive one; where that fails, no lock is left."""
        return self._convert(fcntl.LOCK_EX)

    def try_downgrade(self) -> bool:
        """Take the lock as one of many, whatever was held before."""
        return self._convert(fcntl.LOCK_SH)

    def _convert(self, kind: int) -> bool:
        try:
            fcntl.flock(self.fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def is_current(self) -> bool:
        """Whether the path still names the file that this lock is on."""
        try:
            here = os.stat(self.path)
        except FileNotFoundError:
            return False
        return os.path.samestat(here, os.fstat(self.fd))

    def close(self) -> None:
        """Give this process's hold up; a process that inherited the description keeps its own."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock at this moment."""
    try:
        lock = FileLock.try_exclusive(path)
    except FileNotFoundError:
        return True
    if lock is None:
        return False
    lock.close()
    return True
