"""After a crash the next command recovers by itself, with every committed row."""

import os
import shutil
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from config.embedded import DataFolderError, ServerStartError
from config.embedded.cluster import CHECKOUT
from config.embedded.places import ServerUser
from config.embedded.server import is_alive, postmaster_pid, processes
from tests.config.conftest import USE, gone, kill, pid_of, wait_until

WRITER = (
    USE
    + """
import psycopg, dataclasses
with psycopg.connect(**dataclasses.asdict(cluster.ensure_running()), autocommit=True) as connection:
    connection.execute("CREATE TABLE written (number int)")
    for number in range(1_000_000):
        connection.execute("INSERT INTO written VALUES (%s)", [number])
        print(number, flush=True)
"""
)


@pytest.mark.parametrize("victims", ["postmaster", "all"])
def test_committed_rows_survive_kill_9_of_the_server(sandbox, connect, victims):
    writer = sandbox.start_user(script=WRITER)
    pid = pid_of(writer)
    while (number := pid_of(writer)) < 200:
        pass
    cluster = sandbox.cluster()
    kill(*([pid] if victims == "postmaster" else processes(cluster.places)))
    out, _ = writer.communicate(timeout=30)
    confirmed = [number, *(int(line) for line in out.splitlines())][-1]

    with connect(cluster) as connection:
        rows = [n for (n,) in connection.execute("SELECT number FROM written ORDER BY 1")]
    assert rows[: confirmed + 1] == list(range(confirmed + 1))
    assert len(rows) <= confirmed + 2  # one more may have been committed, but not confirmed
    assert cluster.pid() != pid


def test_a_process_that_goes_on_gets_the_server_back(sandbox, connect):
    cluster = sandbox.cluster()
    with connect(cluster) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        kill(cluster.pid())
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT pg_sleep(5)")
    with connect(cluster) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_a_statement_that_outlives_its_server_does_not_keep_the_next_one_out(sandbox, connect):
    cluster = sandbox.cluster()
    connection = connect(cluster)
    connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 2000000000)")
    before = set(processes(cluster.places))
    time.sleep(0.3)
    kill(cluster.pid())
    with connect(cluster) as again:
        assert again.execute("SELECT 1").fetchone() == (1,)
    assert not before & set(processes(cluster.places))
    connection.close()


def test_the_keeper_may_die_and_the_last_user_still_stops_the_server(sandbox):
    cluster = sandbox.cluster()
    cluster.ensure_running()
    pid = cluster.pid()
    with open(f"/proc/{pid}/stat") as stat:
        keeper = int(stat.read().rpartition(")")[2].split()[1])
    kill(keeper)
    cluster.release()
    assert gone(pid)


def test_an_initdb_that_was_interrupted_is_done_again(sandbox, connect):
    user = sandbox.start_user()
    places = sandbox.cluster().places
    wait_until(lambda: (places.unfinished_data / "PG_VERSION").exists())
    user.kill()
    user.wait()
    assert not places.data.exists()
    with connect(sandbox.cluster()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not places.unfinished_data.exists()


def test_a_stale_pid_file_that_names_a_living_stranger_is_no_obstacle(sandbox):
    cluster = sandbox.cluster()
    cluster.ensure_running()
    text = cluster.places.pid_file.read_text()
    kill(*processes(cluster.places))
    wait_until(lambda: not list(processes(cluster.places)))
    user = ServerUser.for_this_process()
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **(user.for_subprocess() if user else {}))
    try:
        cluster.places.pid_file.write_text(
            text.replace(text.split("\n", 1)[0], str(stranger.pid), 1)
        )
        cluster.ensure_running()
        assert cluster.pid() == postmaster_pid(cluster.places) != stranger.pid
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_that_cannot_start_says_why(sandbox):
    cluster = sandbox.cluster()
    cluster.ensure_running()
    cluster.release()
    with open(cluster.places.data / "postgresql.conf", "a") as settings:
        settings.write("shared_buffers = much\n")
    with pytest.raises(ServerStartError, match=r'(?s)ends with:.*"shared_buffers": "much"'):
        cluster.ensure_running()
    assert not list(processes(cluster.places))


def test_a_data_directory_without_its_version_is_refused(sandbox):
    cluster = sandbox.cluster()
    cluster.ensure_running()
    cluster.release()
    (cluster.places.data / "PG_VERSION").unlink()
    with pytest.raises(DataFolderError, match="make clean"):
        cluster.ensure_running()


@pytest.mark.skipif(os.geteuid() != 0, reason="left out: only root can mount a small disk")
def test_a_full_disk_is_named(sandbox):
    disk = sandbox.folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=20m,mode=0755", "none", disk],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("left out: this root may not mount a small disk")
    script = """
import sys
from pathlib import Path
from config.embedded import Cluster, DiskFullError
data, outside, short = map(Path, sys.argv[1:])
try:
    Cluster(data, outside=outside, short=short).ensure_running()
except DiskFullError as error:
    print(error)
"""
    try:
        answer = subprocess.run(
            [sys.executable, "-c", script, disk / "data", sandbox.outside, sandbox.short],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "is full" in answer.stdout
        assert "Make room" in answer.stdout
    finally:
        subprocess.run(["umount", disk], check=True)


def test_sigterm_to_the_keeper_stops_the_server_in_order(sandbox, connect):
    cluster = sandbox.cluster()
    cluster.ensure_running()
    pid = cluster.pid()
    with open(f"/proc/{pid}/stat") as stat:
        os.kill(int(stat.read().rpartition(")")[2].split()[1]), signal.SIGTERM)
    wait_until(lambda: gone(pid))
    assert not cluster.places.pid_file.exists()
    with connect(cluster) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_lost_socket_folder_is_made_again(sandbox, connect):
    cluster = sandbox.cluster()
    cluster.ensure_running()
    cluster.release()
    shutil.rmtree(cluster.places.sockets)
    with connect(cluster) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_killed_process_that_nobody_reaped_is_not_alive():
    """Its id is still taken then; a server in that state must not be believed to answer."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    wait_until(lambda: gone(child))
    assert not is_alive(child)
    os.waitpid(child, 0)
    assert not is_alive(child)
    assert is_alive(os.getpid())
