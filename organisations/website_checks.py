"""Asking whether a website answers, without ever asking anything inside the network.

``ask`` resolves the name once, refuses it unless every address is public, and connects to the
address that it looked at, so that a name that resolves differently a moment later (DNS rebinding)
changes nothing. Each redirect is a new address, and is looked at anew. No cookies, no credentials,
no proxy of the environment. Jobs ask (`organisations.jobs`); requests never do.
"""

import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from organisations.models import Organisation, WebsiteCheck
from organisations.websites import PORTS, domain_of, website_of

Outcome = WebsiteCheck.Outcome

SECONDS: Final = 10.0
MOST_BYTES: Final = 64 * 1024
REDIRECTS: Final = 5
MOST_ADDRESSES: Final = 2
"""Addresses of one name that are tried; the others would only wait as long."""

PAUSE: Final = timedelta(minutes=10)
"""Who asks by hand asks a website of somebody else's: not more often than this."""

AGENT: Final = "RegionsMeet/1.0 (checks that the website of a registered organisation answers)"
TASK: Final = "organisations.check_website"

PRESENT: Final = frozenset({401, 403, 405, 406, 429, 451})
"""Refusals of a server that is there, and would answer a person."""

NOT_GLOBAL_V4: Final = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))
GLOBAL_V6: Final = ipaddress.IPv6Network("2000::/3")
NOT_GLOBAL_V6: Final = tuple(
    map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
)
"""Of what is assigned worldwide: protocols, documentation, and tunnels that carry an IPv4 address
inside, as Teredo and 6to4 do."""


class Refused(Exception):
    """The website is not asked: its address is not a public one."""


class Failed(Exception):
    """The website does not answer; says why in a few words."""


@dataclass(frozen=True)
class Answer:
    """What a website said: outcome, and in a few words why."""

    outcome: WebsiteCheck.Outcome
    detail: str = ""


Resolve = Callable[[str], Sequence[str]]
"""The IP addresses of a host name."""

Connect = Callable[[SplitResult, str, float], HTTPConnection]
"""A connection, not open yet, to an IP address in order to ask for an address of the web."""


def resolve(host: str) -> list[str]:
    """The addresses that the system's resolver gives."""
    rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def connection_to(parts: SplitResult, address: str, timeout: float) -> HTTPConnection:
    """A connection to this very address; TLS asks for, and checks, the name."""
    host = parts.hostname or ""
    port = PORTS[parts.scheme]
    if parts.scheme == "https":
        return HTTPSConnection(
            address,
            port,
            timeout=timeout,
            server_hostname=host,
            assert_hostname=host,
            cert_reqs="CERT_REQUIRED",
        )
    return HTTPConnection(address, port, timeout=timeout)


def is_public_address(text: str) -> bool:
    """Whether an IP address is one of the internet at large: not private, of this machine or link,
    of a carrier's own network, multicast, reserved, nor one that hides another inside."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:  # also with a scope, as link-local ones have
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in NOT_GLOBAL_V4)
    return address in GLOBAL_V6 and not any(address in network for network in NOT_GLOBAL_V6)


def ask(
    url: str,
    *,
    resolve: Resolve = resolve,
    connect: Connect = connection_to,
    seconds: float = SECONDS,
) -> Answer:
    """Ask a website for its front page, and follow up to five redirects, for ten seconds in all."""
    deadline = time.monotonic() + seconds
    domain, asked = domain_of(url), url
    try:
        for _turn in range(REDIRECTS + 1):
            asked = _checked(asked)
            status, location = _ask_once(asked, deadline, resolve, connect)
            if location is None:
                return _judged(status, domain, domain_of(asked))
            asked = urljoin(asked, location)
        raise Failed(f"more than {REDIRECTS} redirects")
    except Refused as error:
        return Answer(Outcome.REFUSED, str(error)[:300])
    except Failed as error:
        return Answer(Outcome.FAILS, str(error)[:300])


def _checked(url: str) -> str:
    try:
        return website_of(url)
    except ValidationError as error:
        host = _host_of(url)
        raise Refused(
            f"{host}: {' '.join(error.messages)}" if host else "no web address"
        ) from error


def _host_of(url: str) -> str:
    with suppress(ValueError):
        return (urlsplit(url).hostname or "")[:100]
    return ""


def _judged(status: int, domain: str, final: str) -> Answer:
    if status >= 400 and status not in PRESENT:
        return Answer(Outcome.FAILS, f"HTTP {status}")
    if final != domain and not final.endswith(f".{domain}"):
        return Answer(Outcome.ELSEWHERE, final[:300])
    return Answer(Outcome.ANSWERS, f"HTTP {status}")


def _ask_once(
    url: str, deadline: float, resolve: Resolve, connect: Connect
) -> tuple[int, str | None]:
    """The status, and where the answer leads if it is a redirect."""
    parts = urlsplit(url)
    addresses = _public_addresses(parts.hostname or "", deadline, resolve)
    failure = Failed("no address")
    for address in addresses[:MOST_ADDRESSES]:
        try:
            return _ask_address(parts, address, deadline, connect)
        except Failed as error:
            failure = error
    raise failure


def _public_addresses(host: str, deadline: float, resolve: Resolve) -> Sequence[str]:
    """Every address of the name, resolved here and nowhere else; Refused if one is not public."""
    answers: queue.Queue[Sequence[str] | OSError | UnicodeError] = queue.Queue()

    def look_up() -> None:
        try:
            answers.put(resolve(host))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    # the system's resolver knows no deadline
    threading.Thread(target=look_up, daemon=True).start()
    try:
        found = answers.get(timeout=_left(deadline))
    except queue.Empty as error:
        raise Failed(f"{host}: the name is not resolved in time") from error
    if isinstance(found, Exception) or not found:
        raise Failed(f"{host}: no such name")
    if not all(is_public_address(address) for address in found):
        raise Refused(f"{host}: not a public address")
    return found


def _ask_address(
    parts: SplitResult, address: str, deadline: float, connect: Connect
) -> tuple[int, str | None]:
    connection = connect(parts, address, _left(deadline))
    ended = threading.Event()

    sockets: list[socket.socket] = []  # the connection forgets its own while an answer is read

    def end() -> None:
        ended.set()
        for one in sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    # a server that sends a letter now and then never runs into the timeout of a socket
    watch = threading.Timer(_left(deadline), end)
    watch.daemon = True
    watch.start()
    try:
        connection.connect()
        sockets.append(connection.sock)
        connection.request(
            "GET",
            urlunsplit(("", "", parts.path or "/", parts.query, "")),
            headers={
                "Host": parts.hostname or "",
                "User-Agent": AGENT,
                "Accept": "text/html, */*;q=0.1",
                "Accept-Encoding": "identity",
                "Connection": "close",
            },
            preload_content=False,
            decode_content=False,
        )
        response = connection.getresponse()
        location = response.get_redirect_location() or None
        try:
            _read_a_little(response, deadline)
        finally:
            response.close()
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        reason = "no answer in time" if ended.is_set() else type(error).__name__
        raise Failed(f"{parts.hostname}: {reason}") from error
    finally:
        watch.cancel()
        connection.close()
        for one in sockets:
            one.close()
    if ended.is_set():
        raise Failed(f"{parts.hostname}: no answer in time")
    return response.status, location


def _read_a_little(response: BaseHTTPResponse, deadline: float) -> None:
    """That a page comes at all; of a long one no more than `MOST_BYTES`."""
    read = 0
    while read < MOST_BYTES:
        _left(deadline)
        piece = response.read(min(8192, MOST_BYTES - read), decode_content=False)
        if not piece:
            return
        read += len(piece)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise Failed("no answer in time")
    return left


def check(
    *, organisation: Organisation, resolve: Resolve = resolve, connect: Connect = connection_to
) -> WebsiteCheck | None:
    """Ask the organisation's website and keep what it said; None without a website.

    An answer to an address that the profile has left meanwhile is not kept.
    """
    url = organisation.website
    if not url:
        WebsiteCheck.objects.filter(organisation=organisation).delete()
        return None
    answer = ask(url, resolve=resolve, connect=connect)
    with transaction.atomic():
        current = (
            Organisation.objects.select_for_update(no_key=True).filter(pk=organisation.pk).first()
        )
        if current is None or current.website != url:
            return None
        row, _new = WebsiteCheck.objects.update_or_create(
            organisation=current,
            defaults={
                "url": url,
                "outcome": answer.outcome,
                "detail": answer.detail,
                "checked_at": timezone.now(),
            },
        )
    return row


def ask_again(*, organisation: Organisation) -> bool:
    """Have a worker ask once more, unless this address was asked within `PAUSE`."""
    recent = WebsiteCheck.objects.filter(
        organisation=organisation,
        url=organisation.website,
        checked_at__gt=timezone.now() - PAUSE,
    )
    if not organisation.website or recent.exists():
        return False
    ask_later(organisation=organisation)
    return True


def ask_later(*, organisation: Organisation) -> None:
    """Have a worker ask the website once this transaction has come through; what an earlier address
    answered is forgotten. Waiting already, it is asked once."""
    if organisation.pk is None:
        raise ValueError("save the organisation first")
    WebsiteCheck.objects.filter(organisation=organisation).exclude(
        url=organisation.website
    ).delete()
    if not organisation.website:
        return
    # a lock that is held fails a statement, and with it the transaction around
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(TASK, queueing_lock=f"{TASK}:{organisation.pk}").defer(
            organisation=organisation.pk
        )
