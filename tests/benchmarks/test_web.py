"""The load that the web benchmark makes: bounded, counted, and honest about failures."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.web.__main__ import row
from benchmarks.web.load import Load, load


class Answer(BaseHTTPRequestHandler):
    """200 for what begins with /good, 404 for the rest."""

    protocol_version = "HTTP/1.1"
    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(200 if self.path.startswith("/good") else 404)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def port():
    Answer.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_address_is_asked_once_and_failures_are_counted_apart(port):
    addresses = [f"/good/{i}" for i in range(20)] + ["/bad"] * 3
    found = load(port, addresses, clients=4, seconds=30)
    assert sorted(Answer.asked) == sorted(addresses)
    assert len(found.milliseconds) == 20
    assert found.failures == {"404": 3}
    assert found.per_second > 0


def test_the_load_ends_with_its_time(port):
    assert load(port, ["/good"] * 100, clients=2, seconds=0).milliseconds == []


def test_a_server_that_is_gone_is_a_failure():
    found = load(9, ["/good"] * 2, clients=1, seconds=30)
    assert sum(found.failures.values()) == 2
    assert found.milliseconds == []


def test_percentiles_are_of_the_answers():
    found = Load(milliseconds=[float(i) for i in range(1, 101)], seconds=10)
    assert row("page", found) == {
        "what": "page",
        "requests": 100,
        "per_second": 10.0,
        "p50_ms": 51.0,
        "p95_ms": 96.0,
        "p99_ms": 100.0,
        "failures": {},
    }
