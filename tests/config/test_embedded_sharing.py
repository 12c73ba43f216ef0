"""Several processes share one server, which lives exactly as long as one of them."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import psycopg
import pytest

from config.embedded import Cluster
from config.embedded.server import processes
from tests.config.conftest import gone, leave, pid_of, wait_until


def test_first_start_makes_a_database_that_knows_letters(sandbox, connect):
    cluster = sandbox.cluster()
    with connect(cluster) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE EXTENSION unaccent")
        connection.execute("CREATE EXTENSION btree_gin")
        row = connection.execute(
            "SELECT current_database(), lower('ŁÓDŹ'), unaccent('Łódź'),"
            " to_tsvector('simple', 'Rhône-Alpes') @@ to_tsquery('simple', 'rhône'),"
            " similarity('Małopolska', 'Malopolska') > 0.3"
        ).fetchone()
        assert row == ("regions_meet", "łódź", "Lodz", True, True)


def test_only_this_user_with_the_password_gets_in(sandbox, connect):
    cluster = sandbox.cluster()
    with connect(cluster) as connection:
        settings = dict(
            connection.execute(
                "SELECT name, setting FROM pg_settings WHERE name IN"
                " ('listen_addresses', 'fsync', 'synchronous_commit', 'full_page_writes')"
            ).fetchall()
        )
        superuser = connection.execute("SHOW is_superuser").fetchone()
    assert settings == {
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
    }
    assert superuser == ("off",)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(cluster, password="guessed")
    places = cluster.places
    for folder in (places.data, places.sockets):
        assert folder.stat().st_mode & 0o077 == 0
    assert places.password.stat().st_mode & 0o177 == 0
    assert places.password.stat().st_uid == places.password.parent.stat().st_uid == os.geteuid()


def test_two_processes_share_a_server_until_the_last_leaves(sandbox):
    first = sandbox.start_user()
    pid = pid_of(first)
    second = sandbox.start_user()
    assert pid_of(second) == pid

    leave(first)
    assert not gone(pid)
    leave(second)
    assert gone(pid)


def test_processes_that_start_together_get_one_server(sandbox):
    users = [sandbox.start_user() for _ in range(5)]
    assert len({pid_of(user) for user in users}) == 1
    for user in users:
        leave(user)
    wait_until(lambda: not list(processes(sandbox.cluster().places)))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_to_the_last_user_leaves_nothing_running(sandbox, number):
    user = sandbox.start_user()
    pid = pid_of(user)
    user.send_signal(number)
    user.wait(timeout=30)
    wait_until(lambda: gone(pid))
    wait_until(lambda: not list(processes(sandbox.cluster().places)))


def test_data_survives_a_stop(sandbox, connect):
    cluster = sandbox.cluster()
    with connect(cluster) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    pid = cluster.pid()
    cluster.release()
    assert gone(pid)
    assert cluster.pid() is None

    with connect(cluster) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert cluster.pid() != pid


def test_the_server_stops_even_when_connections_are_open(sandbox, connect):
    cluster = sandbox.cluster()
    connection = connect(cluster)
    pid = cluster.pid()
    cluster.release()
    assert gone(pid)
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()


def test_two_checkouts_side_by_side_do_not_disturb_each_other(sandbox, connect):
    one, other = sandbox.cluster("one/.data"), sandbox.cluster("other/.data")
    for cluster, name in ((one, "one"), (other, "other")):
        with connect(cluster) as connection:
            connection.execute("CREATE TABLE place (name text)")
            connection.execute("INSERT INTO place VALUES (%s)", [name])
    assert one.pid() != other.pid()
    assert one.places.sockets != other.places.sockets

    one.destroy()
    with connect(other) as connection:
        assert connection.execute("SELECT name FROM place").fetchall() == [("other",)]


def fork_and_wait(action) -> int:
    child = os.fork()
    if child == 0:
        try:
            action()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_the_end_of_a_forked_child_takes_nothing_from_its_parent(sandbox):
    cluster = sandbox.cluster()
    cluster.ensure_running()
    pid = cluster.pid()
    assert fork_and_wait(lambda: None) == 0
    assert fork_and_wait(cluster.release) == 0
    assert fork_and_wait(lambda: (cluster.ensure_running(), cluster.release())) == 0
    assert cluster.pid() == pid


def test_a_forked_child_that_never_connects_keeps_no_server(sandbox):
    cluster = sandbox.cluster()
    cluster.ensure_running()
    pid = cluster.pid()
    parent_end, child_end = socket.socketpair()
    with parent_end, child_end:
        child = os.fork()
        if child == 0:
            parent_end.close()
            child_end.recv(1)
            os._exit(0)
        child_end.close()
        cluster.release()
        assert gone(pid)
    os.waitpid(child, 0)


def test_a_forked_child_that_connects_keeps_the_server(sandbox):
    cluster = sandbox.cluster()
    cluster.ensure_running()
    pid = cluster.pid()
    parent_end, child_end = socket.socketpair()
    with parent_end, child_end:
        child = os.fork()
        if child == 0:
            parent_end.close()
            cluster.ensure_running()
            child_end.send(b"x")
            child_end.recv(1)
            os._exit(0)
        child_end.close()
        parent_end.recv(1)
        cluster.release()
        assert not gone(pid)
    os.waitpid(child, 0)
    wait_until(lambda: gone(pid))


def test_removed_data_are_made_anew_for_a_process_that_still_runs(sandbox, connect):
    cluster = sandbox.cluster()
    with connect(cluster) as connection:
        connection.execute("CREATE TABLE old ()")
    sandbox.cluster().destroy()
    assert not (sandbox.folder / "data" / "postgresql").exists()

    with connect(cluster) as connection:
        found = connection.execute("SELECT to_regclass('old')").fetchone()
    assert found == (None,)


def test_the_command_line_tells_the_state_and_cleans_up(sandbox):
    folder = sandbox.folder / "data"

    def command(word: str) -> str:
        return subprocess.run(
            ["python3", "-m", "config.embedded", word],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "REGIONS_MEET_DATA": str(folder)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    cluster = Cluster(folder)
    try:
        cluster.ensure_running()
        assert f"running, process {cluster.pid()}" in command("status")
        command("stop")
        assert "not running" in command("status")
        cluster.ensure_running()
        (folder / "other").touch()
        assert "left the rest" in command("clean")
        assert [path.name for path in folder.iterdir()] == ["other"]
    finally:
        cluster.destroy()
