"""The demonstration's web server ends with everything it started, however it is ended."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest
from gunicorn.app import wsgiapp

from config.embedded.cluster import CHECKOUT
from config.embedded.server import processes
from config.serve import serve
from tests.config.conftest import gone, wait_until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    """Whether a worker answers, be it with an error: no page has data or collected files here."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/no-such-page/", timeout=30).close()
    except urllib.error.HTTPError as error:
        error.close()
    except OSError:
        return False
    return True


def children(pid: int) -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.add(int(stat.parent.name))
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_ends_the_workers_and_the_database(sandbox, number):
    port = free_port()
    cluster = sandbox.cluster()
    server = subprocess.Popen(
        [sys.executable, "-m", "config.serve", "--port", str(port)],
        cwd=CHECKOUT,
        env={
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "REGIONS_MEET_DATA": str(sandbox.folder / "data"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        assert server.stdout is not None
        assert f"http://127.0.0.1:{port}" in server.stdout.readline()
        wait_until(lambda: answers(port), 30)
        workers = children(server.pid)
        # two that answer, and the one of background jobs until it finds no tables here
        assert len(workers) in (2, 3)
        assert cluster.pid() is not None

        server.send_signal(number)
        status = server.wait(timeout=30)
        if number != signal.SIGKILL:
            assert status == 0
            assert not list(processes(cluster.places))
        wait_until(lambda: all(map(gone, workers)))
        wait_until(lambda: not list(processes(cluster.places)))
    finally:
        server.kill()
        server.communicate()


def test_a_taken_port_is_said_before_anything_starts(sandbox):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = subprocess.run(
            [sys.executable, "-m", "config.serve", "--check", "--port", str(port)],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert answer.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken by another program" in answer.stderr


@pytest.mark.parametrize(
    ("set_before", "expected"),
    [("", "http://127.0.0.1:8123"), ("https://meet.example.org", "https://meet.example.org")],
)
def test_messages_and_feeds_lead_to_the_port_that_is_served(monkeypatch, set_before, expected):
    served = []

    class Application:
        cfg = SimpleNamespace(set=lambda name, value: None)

        def run(self):
            served.append(os.environ["SITE_URL"])

    monkeypatch.setattr(wsgiapp, "WSGIApplication", Application)
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setenv("DATABASE_URL", "postgres://127.0.0.1/nowhere")
    monkeypatch.setenv("SITE_URL", set_before)
    if not set_before:
        monkeypatch.delenv("SITE_URL")
    serve(8123)
    assert served == [expected]
