"""Where the embedded server keeps its files, and as whom it runs.

Everything is in the folder `postgresql` of the data folder, with two exceptions. Started by root,
PostgreSQL must run as another user; where that user cannot reach the data folder, the files go to
`/var/lib/regions-meet-HASH`. And a socket's path holds 107 bytes, so that a deep data folder has
its socket in `/tmp/regions-meet-UID-HASH`. The hash is of the data folder's real path: two
checkouts never share anything.
"""

import hashlib
import os
import pwd
import re
import stat
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.embedded.errors import DataFolderError

PORT = 5432  # only a part of the socket's file name: nothing listens on TCP
SOCKET_NAME = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH = 107
LONGEST_DATA_PATH = 900  # PostgreSQL holds paths in 1,024 bytes, with file names of its own
OUTSIDE = Path("/var/lib")
SHORT = Path("/tmp")


def server_environment() -> dict[str, str]:
    """What PostgreSQL's programs see: nothing of a PG* variable or a locale of the caller's."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class ServerUser:
    """The user that the server runs as when root starts it."""

    uid: int
    gid: int

    @classmethod
    def for_this_process(cls) -> "ServerUser | None":
        """`nobody` for root, None for everyone else: they run the server as themselves."""
        if os.geteuid() != 0:
            return None
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            return cls(65534, 65534)
        return cls(nobody.pw_uid, nobody.pw_gid)

    def for_subprocess(self) -> dict[str, Any]:
        """Arguments of `subprocess.run` that make the child this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, test: str, path: Path) -> bool:
        """Whether `test TEST PATH` of the shell holds for this user, access lists included."""
        try:
            answer = subprocess.run(
                ["/bin/sh", "-c", f'test {test} "$1"', "sh", path],
                cwd="/",
                stderr=subprocess.DEVNULL,
                check=False,
                **self.for_subprocess(),
            )
        except OSError as error:
            raise DataFolderError(
                f"Root cannot start a process as user {self.uid} here ({error}), and PostgreSQL "
                "does not run as root. Run as an ordinary user, or set DATABASE_URL."
            ) from error
        return answer.returncode == 0

    def can_enter(self, folder: Path) -> bool:
        """Whether this user can reach files below the folder, or below where it will be made."""
        while not folder.exists():
            folder = folder.parent
        return self.can("-x", folder)


@dataclass(frozen=True)
class Places:
    """The files of one embedded server."""

    data_folder: Path
    state: Path
    sockets: Path
    user: ServerUser | None

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.state / "data"

    @property
    def unfinished_data(self) -> Path:
        """A data directory in the making; it is renamed once it is complete."""
        return self.state / "data.unfinished"

    @property
    def password(self) -> Path:
        """The password of our role, in a folder that the server's user cannot write to."""
        return self.state / "password"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def log(self) -> Path:
        return self.state / "server.log"

    @property
    def users_lock(self) -> Path:
        """Held by every process that uses the server; alone by whoever stops it."""
        return self.state / "users.lock"

    @property
    def server_lock(self) -> Path:
        """Held by whoever makes or starts the server, and then by each of its processes."""
        return self.state / "server.lock"

    @property
    def binaries(self) -> Path:
        return self.state / "binaries"

    @property
    def socket(self) -> Path:
        return self.sockets / SOCKET_NAME

    def prepare(self) -> None:
        """Make the folders that are missing, and refuse those that are not ours.

        Raises DataFolderError.
        """
        try:
            if not self.data_folder.exists():
                self.data_folder.mkdir(mode=0o700, parents=True)
                if self.user:
                    self.data_folder.chmod(0o711)
            _refuse_a_strangers(self.data_folder, os.geteuid())
            _own_folder(self.state, 0o711 if self.user else 0o700, None)
            if self.sockets.parent != self.state or not self.sockets.exists():
                _own_folder(self.sockets, 0o700, self.user)
        except OSError as error:
            raise DataFolderError(
                f"The data folder cannot be made: {error}. Make {self.state} writable for user "
                f"{os.geteuid()}, or set REGIONS_MEET_DATA to a folder that is."
            ) from error


def locate(data_folder: Path, *, outside: Path = OUTSIDE, short: Path = SHORT) -> Places:
    """Decide where the server of a data folder keeps its files; nothing is made yet.

    Raises DataFolderError.
    """
    data_folder = Path(os.path.realpath(data_folder))
    if "\n" in str(data_folder) or "\r" in str(data_folder):
        raise DataFolderError(f"The path of the data folder has a line break: {str(data_folder)!r}")
    length = len(os.fsencode(data_folder))
    if length > LONGEST_DATA_PATH:
        raise DataFolderError(
            f"The path of the data folder is too long for PostgreSQL: {length} bytes, at most "
            f"{LONGEST_DATA_PATH} work. Use a shorter folder, or set REGIONS_MEET_DATA to one: "
            f"{data_folder}"
        )
    if data_folder.exists() and not data_folder.is_dir():
        raise DataFolderError(f"{data_folder} is in the way: it is not a folder.")
    user = ServerUser.for_this_process()
    mark = hashlib.sha256(os.fsencode(data_folder)).hexdigest()[:16]
    state = data_folder / "postgresql"
    elsewhere = outside / f"regions-meet-{mark}"
    if user and (
        (elsewhere / "data").exists()
        or not ((state / "data").exists() or user.can_enter(data_folder))
    ):
        state = elsewhere
    sockets = state / "socket"
    plain = re.fullmatch(r"[A-Za-z0-9/._-]+", str(sockets))
    if not plain or len(os.fsencode(sockets / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        sockets = short / f"regions-meet-{os.geteuid()}-{mark}"
    return Places(data_folder, state, sockets, user)


def _own_folder(path: Path, mode: int, user: ServerUser | None) -> None:
    """Make a folder for this process or the server's user, or check that it is such a one.

    Rights and owner are set on the folder that was checked: the server's user could put a link in
    place of its own folder in between.
    """
    owner = user.uid if user else os.geteuid()
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    _refuse_a_strangers(path, owner)
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        _refuse_a_strangers(path, owner, os.fstat(fd))
        os.fchmod(fd, mode)
        if user:
            os.fchown(fd, user.uid, user.gid)
    finally:
        os.close(fd)


def _refuse_a_strangers(path: Path, owner: int, found: os.stat_result | None = None) -> None:
    """Raise DataFolderError for what is no folder, or neither this process's nor the owner's."""
    found = found or os.lstat(path)
    if not stat.S_ISDIR(found.st_mode):
        raise DataFolderError(f"{path} is in the way: it is not a folder.")
    if found.st_uid not in {owner, os.geteuid()}:
        raise DataFolderError(
            f"{path} belongs to user {found.st_uid}, and this is user {os.geteuid()}. Run as the "
            "user who made it, or have that user remove it with `make clean`."
        )
