"""What the launcher does to PostgreSQL: makes a data directory, starts the server, stops it.

Every function here is called with the server lock held, except those that only look or signal.
"""

import os
import re
import secrets
import select
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from config.embedded.binaries import Binaries
from config.embedded.errors import DataFolderError, DiskFullError, ServerStartError
from config.embedded.locks import FileLock
from config.embedded.places import PORT, Places, server_environment

ROLE = "regions_meet"
DATABASE = "regions_meet"
KEEPER = Path(__file__).with_name("keeper.py")
LOG_TAIL_LINES = 12
LARGEST_LOG = 5 * 1024 * 1024
LARGEST_READ = 4096  # characters; what is read at once are a few lines
BUILTIN_LOCALE_SINCE = 17

SETTINGS = """
# Regions Meet: one small machine, no TCP port, and every commit on disk before it is confirmed
listen_addresses = ''
max_connections = 100
shared_buffers = {buffers}MB
effective_cache_size = {cache}MB
work_mem = 16MB
maintenance_work_mem = 128MB
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
wal_compression = on
random_page_cost = 1.1
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
jit = off
log_checkpoints = off
log_timezone = 'UTC'
timezone = 'UTC'
cluster_name = 'regions-meet'
"""
MOST_BUFFERS = 1024  # MB; the pages of a directory of a million organisations
ACCESS = "local all all scram-sha-256\n"


def settings() -> str:
    """The server's settings, with a sixteenth of this machine's memory for pages, 256 MB to 1 GB:
    what is not used is not taken."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    buffers = min(max(memory // 16, 256), MOST_BUFFERS)
    return SETTINGS.format(buffers=buffers, cache=max(memory // 4, 1024))


def initialise(places: Places, binaries: Binaries, major: int, lock: FileLock) -> None:
    """Make the data directory with our role and database, complete or not at all.

    It takes its name only when it is finished, so that one whose making was interrupted is made
    anew. The role is no superuser: what works here works on a managed server, too.
    """
    made = places.unfinished_data
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(mode=0o700)
    if places.user:
        os.chown(made, places.user.uid, places.user.gid)
    command: list[str | Path] = [binaries.initdb, "-D", made, "-U", "postgres", "--encoding=UTF8"]
    _run(places, [*command, "--auth=trust", *_locale_options(major)], lock)
    password = secrets.token_urlsafe(32)
    _run(
        places,
        [binaries.postgres, "--single", "-D", made, "postgres"],
        lock,
        f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'\n"
        f"CREATE DATABASE {DATABASE} OWNER {ROLE}\n",
    )
    write_servers_file(places, made / "postgresql.conf", settings(), append=True)
    write_servers_file(places, made / "pg_hba.conf", ACCESS)
    _sync_folder(made)
    _keep_password(places, password)
    made.rename(places.data)
    _sync_folder(places.state)


def renew_password(places: Places, binaries: Binaries, lock: FileLock) -> None:
    """Give our role a new password, where its file is lost; the server must not run."""
    clear_leftovers(places)
    password = secrets.token_urlsafe(32)
    _run(
        places,
        [binaries.postgres, "--single", "-D", places.data, "postgres"],
        lock,
        f"ALTER ROLE {ROLE} PASSWORD '{password}'\n",
    )
    _keep_password(places, password)


def _keep_password(places: Places, password: str) -> None:
    """Write the password's file, whole or not at all, for this process's user alone."""
    draft = places.password.with_suffix(".unfinished")
    draft.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(draft, flags, 0o600), "w", encoding="utf-8") as file:
        file.write(password)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(places.password)
    _sync_folder(places.state)


def read_password(places: Places) -> str:
    """The password of our role.

    Raises DataFolderError where its file is lost.
    """
    try:
        return _read(places.password)
    except FileNotFoundError:
        raise DataFolderError(
            f"{places.password} is missing. Stop the server with `python -m config.embedded stop`: "
            "a new password is made when it starts again."
        ) from None


def _locale_options(major: int) -> list[str]:
    """Sort by code point; know the letters of every alphabet (full text and trigrams need that)."""
    listed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
    character_type = "C.UTF-8" if "c.utf" in listed.lower() else "C"
    options = ["--lc-collate=C", f"--lc-ctype={character_type}", "--lc-messages=C"]
    options += ["--lc-monetary=C", "--lc-numeric=C", "--lc-time=C"]
    if major >= BUILTIN_LOCALE_SINCE:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return options


def _run(places: Places, command: list[str | Path], lock: FileLock, statements: str = "") -> None:
    """Run one of PostgreSQL's programs to its end, out of reach of the terminal's Ctrl-C.

    The program holds the server lock with us: should we be killed, the next one waits for it.
    """
    answer = subprocess.run(
        command,
        input=statements,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=server_environment(),
        start_new_session=True,
        pass_fds=[lock.fd],
        **(places.user.for_subprocess() if places.user else {}),
    )
    output = answer.stdout + answer.stderr
    if answer.returncode or "ERROR:" in output or "FATAL:" in output:
        raise _explained(places, f"PostgreSQL's {Path(command[0]).name} failed", output)


def write_servers_file(places: Places, path: Path, text: str, *, append: bool = False) -> None:
    """Change a file that `initdb` made, and no other that the server's user put in its place.

    Root writes here in a folder of `nobody`, as whom other programs may run, too: a link, or a
    second name of a file of somebody else, is refused with DataFolderError.
    """
    owner = places.user.uid if places.user else os.geteuid()
    flags = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        fd = os.open(path, flags)
    except OSError as error:
        raise DataFolderError(f"{path} is not the file that initdb made: {error}") from error
    with open(fd, "a", encoding="utf-8") as file:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != owner or found.st_nlink != 1:
            raise DataFolderError(f"{path} is not the file that initdb made.")
        if not append:
            os.ftruncate(fd, 0)
        file.write(text)
        file.flush()
        os.fsync(fd)


def _read(path: Path) -> str:
    """The text of a small file, not following a link that the server's user may have put there."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(fd, encoding="utf-8", errors="replace") as file:
        return file.read(LARGEST_READ)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def data_version(places: Places) -> int | None:
    """The major version that made the data directory, None where there is none yet."""
    try:
        return int(_read(places.data / "PG_VERSION"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        if places.data.exists():
            raise DataFolderError(
                f"{places.data} is not a PostgreSQL data directory: its file PG_VERSION is "
                "missing or damaged. Remove the data with `make clean` and load it again."
            ) from None
        return None


def start(places: Places, binaries: Binaries, lock: FileLock, seconds: float) -> None:
    """Start the server under its keeper and wait until it answers, recovery included.

    `lock` is the server lock; from here on the server's processes hold it, too.
    """
    clear_leftovers(places)
    if places.log.exists() and places.log.stat().st_size > LARGEST_LOG:
        places.log.unlink()
    quoted = str(places.sockets).replace('"', '""')
    command = [str(binaries.postgres), "-D", str(places.data), "-p", str(PORT)]
    command += ["-c", f'unix_socket_directories="{quoted}"', "-c", "unix_socket_permissions=0700"]
    user = places.user
    owner = [str(user.uid), str(user.gid)] if user else ["-1", "-1"]
    with open(places.log, "ab", opener=_private) as log:
        before = log.tell()
        keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", KEEPER, places.users_lock, str(lock.fd), *owner, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd="/",
            env=server_environment(),
            pass_fds=[lock.fd],
            start_new_session=True,
        )
    with keeper:
        assert keeper.stdout is not None
        pipe = keeper.stdout.fileno()
        deadline = time.monotonic() + seconds
        said = b""
        while not (b"\n" in said and ready_pid(places) == int(said)):
            if select.select([pipe], [], [], 0.01)[0]:
                heard = os.read(pipe, 64)
                if not heard:
                    raise _explained(places, "The server did not start", _log_from(places, before))
                said += heard
            if time.monotonic() > deadline:
                if b"\n" in said:
                    os.kill(int(said), signal.SIGINT)
                reason = f"The server did not answer within {seconds:.0f} s"
                raise _explained(places, reason, _log_from(places, before))


def _log_from(places: Places, offset: int) -> str:
    with open(places.log, "rb") as log:
        log.seek(offset)
        return log.read().decode(errors="replace")


def _explained(places: Places, reason: str, output: str) -> ServerStartError | DiskFullError:
    tail = "\n".join(f"  {line}" for line in output.strip().splitlines()[-LOG_TAIL_LINES:])
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return DiskFullError(
            f"The disk with {places.state} is full: PostgreSQL needs about 100 MB to begin with. "
            f"Make room and try again.\n{tail}"
        )
    return ServerStartError(f"{reason}. Its log ({places.log}) ends with:\n{tail}")


def ready_pid(places: Places) -> int | None:
    """The server's process id, once it says in its pid file that it takes connections."""
    lines = _pid_file_lines(places)
    ready = len(lines) > 7 and lines[7].strip() == "ready"
    pid = _pid_in(lines)
    return pid if ready and pid is not None and is_alive(pid) else None


def postmaster_pid(places: Places) -> int | None:
    """The process id in the pid file, whatever the state of that process."""
    return _pid_in(_pid_file_lines(places))


def _pid_file_lines(places: Places) -> list[str]:
    try:
        return _read(places.pid_file).splitlines()
    except OSError:
        return []


def _pid_in(lines: list[str]) -> int | None:
    """The process id in the first line, None where the file is empty or damaged."""
    found = re.fullmatch(r"[1-9][0-9]{0,8}", lines[0].strip()) if lines else None
    return int(found[0]) if found else None


def is_alive(pid: int) -> bool:
    """Whether a process of that id works, of whatever user; one that was killed and that nobody
    has reaped yet does not (as far as /proc tells)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return True
    return state != "Z"


def processes(places: Places) -> Iterator[int]:
    """The living PostgreSQL processes that work in the data directory (Linux only)."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "comm").read_text().strip() == "postgres" and os.path.samefile(
                entry / "cwd", places.data
            ):
                yield int(entry.name)
        except OSError:
            continue


def signal_server(places: Places, number: signal.Signals) -> None:
    """Send a signal to the server's first process, if the pid file still names it."""
    pid = postmaster_pid(places)
    if pid is not None and pid in set(processes(places)):
        with suppress(ProcessLookupError):  # it may end of itself in between
            os.kill(pid, number)


def kill_orphans(places: Places) -> None:
    """End what a killed server left behind, so that the next one may have the data directory.

    Its processes notice the loss themselves, but only when their current statement allows it.
    """
    found = set(processes(places))
    if postmaster_pid(places) not in found:
        for pid in found:
            with suppress(ProcessLookupError):  # it may end of itself in between
                os.kill(pid, signal.SIGKILL)


def clear_leftovers(places: Places) -> None:
    """Remove the pid and socket files of a server that is gone.

    PostgreSQL would refuse to start when another process happens to have the old process id. Its
    own check is left in place where a server runs that was not started by us.
    """
    if postmaster_pid(places) in set(processes(places)):
        return
    _remove(places.data, places.pid_file.name)
    _remove(places.sockets, places.socket.name, f"{places.socket.name}.lock")


def _remove(folder: Path, *names: str) -> None:
    """Remove files from a folder, which must not be a link to somebody else's."""
    try:
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        for name in names:
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=fd)
    finally:
        os.close(fd)
