"""What another program of the server's user may put in our way does no harm to root's files."""

import os
import subprocess
import sys

import pytest

from config.embedded import DataFolderError
from config.embedded.cluster import CHECKOUT
from config.embedded.places import _own_folder, locate
from config.embedded.server import (
    clear_leftovers,
    postmaster_pid,
    read_password,
    ready_pid,
    write_servers_file,
)
from tests.config.conftest import kill, wait_until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="left out: only root can try this")


@pytest.fixture
def places(sandbox):
    """The places of a server that was never started, with an empty data directory."""
    found = locate(sandbox.folder / "data", outside=sandbox.outside, short=sandbox.short)
    found.prepare()
    _own_folder(found.data, 0o700, found.user)
    return found


@pytest.fixture
def precious(sandbox):
    """A file of this process's user that the server's user would like to change."""
    path = sandbox.folder / "precious"
    path.write_text("precious")
    return path


@pytest.mark.parametrize("plant", ["symlink", "hard link", "pipe", "nothing"])
@pytest.mark.parametrize("append", [True, False])
def test_only_the_file_that_initdb_made_is_written(places, precious, plant, append):
    path = places.data / "pg_hba.conf"
    if plant == "symlink":
        path.symlink_to(precious)
    elif plant == "hard link":
        path.hardlink_to(precious)
    elif plant == "pipe":
        os.mkfifo(path)
    with pytest.raises(DataFolderError, match="not the file that initdb made"):
        write_servers_file(places, path, "local all all trust\n", append=append)
    assert precious.read_text() == "precious"


@pytest.mark.parametrize(("append", "after"), [(True, "one\ntwo\n"), (False, "two\n")])
def test_the_file_that_initdb_made_keeps_its_owner(places, append, after):
    path = places.data / "pg_hba.conf"
    path.write_text("one\n")
    if places.user:
        os.chown(path, places.user.uid, places.user.gid)
    before = path.stat()
    write_servers_file(places, path, "two\n", append=append)
    assert path.read_text() == after
    assert (path.stat().st_uid, path.stat().st_mode) == (before.st_uid, before.st_mode)


def test_no_secret_is_read_through_a_link(places, precious):
    for path in (places.password, places.pid_file, places.data / "PG_VERSION"):
        path.symlink_to(precious)
    with pytest.raises(OSError, match="symbolic link"):
        read_password(places)
    assert postmaster_pid(places) is None


def test_leftovers_are_not_removed_through_a_link(places, sandbox):
    other = sandbox.folder / "other"
    other.mkdir()
    (other / places.socket.name).touch()
    places.sockets.rmdir()
    places.sockets.symlink_to(other)
    with pytest.raises(NotADirectoryError):
        clear_leftovers(places)
    assert (other / places.socket.name).exists()


def test_a_link_put_in_place_of_the_servers_folder_gets_no_rights(places, sandbox, monkeypatch):
    """The server's user changes its folder for a link just after it was looked at."""
    private = sandbox.folder / "private"
    private.mkdir(mode=0o700)
    before = private.stat()
    path = sandbox.folder / "changing"
    path.mkdir()
    look = os.lstat

    def look_and_change(looked_at):
        found = look(looked_at)
        if looked_at == path:
            path.rmdir()
            path.symlink_to(private)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(os, "lstat", look_and_change)
        with pytest.raises(NotADirectoryError):
            _own_folder(path, 0o755, places.user)
    assert path.is_symlink()
    after = private.stat()
    assert (after.st_uid, after.st_mode) == (before.st_uid, before.st_mode)


@pytest.mark.parametrize("first", ["", "what", "-1", "0", "9" * 30, "\udcff"])
def test_a_damaged_pid_file_is_as_none(places, first):
    lines = [first, "data", "1", "5432", "socket", "", "0", "ready"]
    places.pid_file.write_bytes("\n".join(lines).encode(errors="surrogateescape"))
    assert ready_pid(places) is None
    assert postmaster_pid(places) is None


def test_a_damaged_pid_file_is_no_obstacle_to_the_next_start(sandbox, connect):
    cluster = sandbox.cluster()
    cluster.ensure_running()
    cluster.release()
    cluster.places.pid_file.write_text("what\n1\n2\n3\n4\n5\n6\nready\n")
    with connect(cluster) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_damaged_version_is_named_and_not_shown(sandbox):
    cluster = sandbox.cluster()
    cluster.ensure_running()
    cluster.release()
    (cluster.places.data / "PG_VERSION").write_text("root:secret")
    with pytest.raises(DataFolderError, match="missing or damaged") as refusal:
        cluster.ensure_running()
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("crashed", [False, True])
def test_a_lost_password_is_made_anew(sandbox, connect, crashed):
    cluster = sandbox.cluster()
    with connect(cluster) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    before = read_password(cluster.places)
    cluster.places.password.unlink()
    with pytest.raises(DataFolderError, match="embedded stop"):
        cluster.ensure_running()
    if crashed:
        kill(cluster.pid())
        wait_until(lambda: cluster.pid() is None)
    else:
        cluster.stop()
    with connect(cluster) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert read_password(cluster.places) != before


IMPOSTOR = """
import os, socket, sys, threading
from pathlib import Path
import django
django.setup()
from django.db import connection
from django.db.utils import OperationalError
from config.embedded import default_cluster

cluster = default_cluster()
cluster.ensure_running()
path = cluster.places.socket
path.unlink()
impostor = socket.socket(socket.AF_UNIX)
impostor.bind(str(path))
impostor.listen()
heard = []

def serve():
    while True:
        client, _ = impostor.accept()
        client.recv(4096)
        client.sendall(ANSWER)
        heard.append(client.recv(4096))
        client.close()

threading.Thread(target=serve, daemon=True).start()
try:
    connection.settings_dict["OPTIONS"].pop("pool")
    connection.ensure_connection()
except OperationalError as error:
    print(error)
assert not any(cluster.ensure_running().password.encode() in part for part in heard)
"""


@pytest.mark.parametrize(
    ("answer", "method"),
    [(b"R\0\0\0\x08\0\0\0\0", "did not complete"), (b"R\0\0\0\x08\0\0\0\x03", "password")],
    ids=["asks for nothing", "asks for the password itself"],
)
def test_an_impostor_on_the_socket_is_not_believed(sandbox, answer, method):
    sandbox.cluster()
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "PYTEST_CURRENT_TEST"}
    }
    environment["REGIONS_MEET_DATA"] = str(sandbox.folder / "data")
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    done = subprocess.run(
        [sys.executable, "-c", f"ANSWER = {answer!r}\n{IMPOSTOR}"],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert 'authentication method requirement "scram-sha-256" failed' in done.stdout
    assert method in done.stdout


@as_root
def test_a_data_folder_of_another_user_is_refused(sandbox):
    data = sandbox.folder / "data"
    data.mkdir()
    os.chown(data, 12345, 12345)
    with pytest.raises(DataFolderError, match="data belongs to user 12345"):
        sandbox.cluster().ensure_running()


def test_the_data_folder_is_passed_through_at_most(sandbox):
    sandbox.cluster("new/.data").ensure_running()
    mode = (sandbox.folder / "new" / ".data").stat().st_mode & 0o777
    assert mode == (0o711 if os.geteuid() == 0 else 0o700)
