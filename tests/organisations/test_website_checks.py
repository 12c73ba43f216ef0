"""Asking websites: what is never asked, and what the answers mean. Only a server on the loopback
is asked here; resolver and connection are given by the test."""

import socket
import threading
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from urllib3.connection import HTTPSConnection

from organisations import jobs, website_checks
from organisations.models import Organisation, WebsiteCheck
from organisations.website_checks import connection_to, is_public_address
from tests.factories import OrganisationFactory
from tests.organisations.loopback import PUBLIC

Outcome = WebsiteCheck.Outcome


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "192.0.0.9",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::8.8.8.8",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "5f00::1",
        "localhost",
        "",
        "127.1",
    ],
)
def test_addresses_that_are_not_public(address):
    assert not is_public_address(address)


@pytest.mark.parametrize("address", ["8.8.8.8", PUBLIC, "2606:2800:220:1::1", "2a00:1450::1"])
def test_addresses_that_are(address):
    assert is_public_address(address)


def test_a_website_that_answers(net, server):
    answer = net.ask("https://www.example.org")
    assert (answer.outcome, answer.detail) == (Outcome.ANSWERS, "HTTP 200")
    assert net.connected == [("www.example.org", PUBLIC)]
    host, path, headers = server.asked[0]
    assert (host, path) == ("www.example.org", "/")
    assert "Cookie" not in headers
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["169.254.169.254"],
        ["100.64.3.4"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        [PUBLIC, "192.168.0.1"],
        ["2606:2800:220:1::1", "fe80::1"],
    ],
)
def test_a_name_with_one_address_inside_is_not_asked(net, server, addresses):
    net.names["example.org"] = addresses
    answer = net.ask("http://example.org")
    assert answer.outcome == Outcome.REFUSED
    assert not net.connected
    assert not server.asked


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1", "http://localhost", "http://[::1]/", "http://example.org:5432"]
)
def test_an_address_that_no_profile_may_have_is_not_even_resolved(net, url):
    assert net.ask(url).outcome == Outcome.REFUSED
    assert not net.resolved


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:5432/",
        "http://[::1]/",
        "http://inside.example.net/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "http://user:secret@example.org/",
        "http://example.org:8080/",
        "//2130706433/",
    ],
)
def test_a_redirect_inside_is_not_followed(net, server, location):
    net.names["inside.example.net"] = ["10.0.0.7"]
    server.answers["/"] = (302, {"Location": location}, b"")
    assert net.ask("http://example.org").outcome == Outcome.REFUSED
    assert len(server.asked) == 1
    assert net.connected == [("example.org", PUBLIC)]


def test_a_name_that_resolves_inside_the_second_time_leads_nowhere(net, server):
    """DNS rebinding: the connection goes to the address that was looked at, and a redirect to the
    same name is resolved, and refused, anew."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    net.names["example.org"] = lambda: next(answers)
    server.answers["/"] = (302, {"Location": "/again"}, b"")
    server.answers["/again"] = (200, {}, b"secret")
    answer = net.ask("http://example.org")
    assert answer.outcome == Outcome.REFUSED
    assert net.resolved == ["example.org", "example.org"]
    assert net.connected == [("example.org", PUBLIC)]
    assert [path for _host, path, _headers in server.asked] == ["/"]


def test_the_name_is_resolved_by_us_alone(monkeypatch):
    """The connection asks no resolver: it is opened to numbers."""
    looked_up = []
    original = socket.getaddrinfo

    def watched(host, *args, **options):
        looked_up.append(host)
        return original(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", watched)
    listener = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setitem(website_checks.PORTS, "http", listener.getsockname()[1])
    connection = connection_to(urlsplit("http://example.org/"), "127.0.0.1", 2.0)
    connection.connect()
    connection.close()
    listener.close()
    assert looked_up == ["127.0.0.1"]


def test_tls_asks_for_the_name_and_checks_it():
    connection = connection_to(urlsplit("https://www.example.org/"), PUBLIC, 2.0)
    assert isinstance(connection, HTTPSConnection)
    assert (connection.host, connection.port) == (PUBLIC, 443)
    assert connection.server_hostname == "www.example.org"
    assert connection.assert_hostname == "www.example.org"
    assert connection.cert_reqs == "CERT_REQUIRED"


def test_redirects_are_followed_to_where_they_lead(net, server):
    server.answers["/"] = (301, {"Location": "https://www.example.org/en"}, b"")
    server.answers["/en"] = (200, {"Set-Cookie": "a=b"}, b"hello")
    assert net.ask("http://example.org").outcome == Outcome.ANSWERS
    server.answers["/en"] = (302, {"Location": "http://other.org/"}, b"")
    server.answers["/"] = (301, {"Location": "/en"}, b"")
    answer = net.ask("http://example.org/en")
    assert answer.outcome == Outcome.FAILS  # it goes round: / leads to /en, on both names
    assert "redirects" in answer.detail
    assert all("Cookie" not in headers for _host, _path, headers in server.asked)


def test_another_domain_is_said(net, server):
    server.answers["/"] = (301, {"Location": "http://other.org/new"}, b"")
    server.answers["/new"] = (200, {}, b"")
    answer = net.ask("http://example.org")
    assert (answer.outcome, answer.detail) == (Outcome.ELSEWHERE, "other.org")


def test_at_most_five_redirects(net, server):
    for turn in range(5):
        server.answers[f"/{turn or ''}"] = (302, {"Location": f"/{turn + 1}"}, b"")
    server.answers["/5"] = (200, {}, b"")
    assert net.ask("http://example.org").outcome == Outcome.ANSWERS
    server.answers["/5"] = (302, {"Location": "/6"}, b"")
    server.answers["/6"] = (200, {}, b"")
    server.asked.clear()
    assert net.ask("http://example.org").outcome == Outcome.FAILS
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.ANSWERS),
        (403, Outcome.ANSWERS),
        (429, Outcome.ANSWERS),
        (404, Outcome.FAILS),
        (410, Outcome.FAILS),
        (500, Outcome.FAILS),
        (503, Outcome.FAILS),
    ],
)
def test_what_a_status_means(net, server, status, outcome):
    server.answers["/"] = (status, {}, b"")
    assert net.ask("http://example.org").outcome == outcome


def test_a_name_that_nobody_has(net):
    net.names["example.org"] = socket.gaierror("no such name")
    answer = net.ask("http://example.org")
    assert (answer.outcome, answer.detail) == (Outcome.FAILS, "example.org: no such name")


def test_no_more_than_64_kb_are_read(net, server):
    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 4096)
                handler.server.sent += 4096
        except OSError:
            handler.close_connection = True

    server.answers["/"] = endless
    started = time.monotonic()
    assert net.ask("http://example.org").outcome == Outcome.ANSWERS
    assert time.monotonic() - started < 3
    time.sleep(0.1)
    # what the sockets buffer on the way is more than what was read
    assert server.sent < 16 * 1024 * 1024


@pytest.mark.parametrize("slow", ["headers", "body", "resolver", "silence"])
def test_a_slow_answer_ends_at_the_deadline(net, server, slow):
    stop = threading.Event()

    def drip(handler):
        try:
            if slow == "silence":
                stop.wait(5)
            if slow == "body":
                handler.send_response(200)
                handler.end_headers()
            for _turn in range(100):
                if stop.wait(0.05):
                    break
                handler.wfile.write(b"X" if slow == "body" else b"HTTP/1.1 200 OK\r\nA: b\r\n"[:1])
                handler.wfile.flush()
        except OSError:
            pass
        handler.close_connection = True

    server.answers["/"] = drip
    if slow == "resolver":
        net.names["example.org"] = lambda: (stop.wait(5), [PUBLIC])[1]
    started = time.monotonic()
    answer = net.ask("http://example.org", seconds=0.5)
    assert time.monotonic() - started < 2
    stop.set()
    assert answer.outcome == Outcome.FAILS
    assert "in time" in answer.detail or "Timeout" in answer.detail


def test_what_is_no_http_fails(net, server):
    server.answers["/"] = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n") and None
    assert net.ask("http://example.org", seconds=2).outcome == Outcome.FAILS


@pytest.fixture
def company(db):
    return OrganisationFactory(website="https://www.example.org")


def test_the_answer_is_kept_in_one_row(company, net, server):
    for status, outcome in ((200, Outcome.ANSWERS), (500, Outcome.FAILS)):
        server.answers["/"] = (status, {}, b"")
        row = website_checks.check(organisation=company, resolve=net.resolve, connect=net.connect)
        assert row.outcome == outcome
        assert timezone.now() - row.checked_at < timedelta(minutes=1)
    assert WebsiteCheck.objects.get() == row


def test_the_answer_of_an_address_that_was_left_is_not_kept(company, net):
    stale = Organisation.objects.get(pk=company.pk)
    Organisation.objects.filter(pk=company.pk).update(website="https://other.org")
    assert not website_checks.check(organisation=stale, resolve=net.resolve, connect=net.connect)
    assert not WebsiteCheck.objects.exists()


def waiting(company):
    jobs_of = ProcrastinateJob.objects.filter(args={"organisation": company.pk})
    return list(jobs_of.values_list("task_name", "queueing_lock"))


def test_it_is_asked_later_and_once(company):
    for _turn in range(2):
        website_checks.ask_later(organisation=company)
    lock = f"organisations.check_website:{company.pk}"
    assert waiting(company) == [("organisations.check_website", lock)]
    assert Organisation.objects.filter(pk=company.pk).exists()  # the transaction goes on


def test_what_an_earlier_address_answered_is_forgotten(company):
    WebsiteCheck.objects.create(
        organisation=company, url="https://old.org", outcome="answers", checked_at=timezone.now()
    )
    company.website = ""
    company.save()
    website_checks.ask_later(organisation=company)
    assert not WebsiteCheck.objects.exists()
    assert not waiting(company)


def test_the_job_asks(company, monkeypatch):
    monkeypatch.setattr(
        website_checks, "ask", lambda url, **_options: website_checks.Answer(Outcome.ANSWERS, url)
    )
    assert jobs.check_website(organisation=company.pk) == "answers"
    assert WebsiteCheck.objects.get().detail == "https://www.example.org"
    assert jobs.check_website(organisation=0) == "gone"
