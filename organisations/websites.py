"""Addresses of websites: which ones a profile may name, and what their domains prove.

`website_of` is the one rule for forms, pages and API. It looks at the text alone; whether the
website answers is what `organisations.website_checks` asks later, outside of any request.
"""

import csv
import ipaddress
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST: Final = 300
LONGEST_HOST: Final = 253
PORTS: Final = {"http": 80, "https": 443}

INTERNAL: Final = frozenset(
    {
        "localhost",
        "localdomain",
        "local",
        "internal",
        "intranet",
        "private",
        "lan",
        "home",
        "corp",
        "domain",
        "workgroup",
        "invalid",
        "test",
        "onion",
        "i2p",
        "arpa",
        "alt",
    }
)
"""Last labels that no public name has: RFC 6761, 6762, 7686, 8375 and 9476, what ICANN sets aside
for private use, and what home and office routers call their own network."""

SHARED: Final = Path(__file__).resolve().parent / "data" / "shared_domains.csv"

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
OTHER_SCHEME = re.compile(r"(?:javascript|data|mailto|tel|blob|about|vbscript):", re.I)
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
AS_THEY_STAND: Final = "/?:@!$&'()*+,;=-._~%[]"

NOT_AN_ADDRESS = _("This is not the address of a website. Write it as in https://example.org.")


def website_of(text: str) -> str:
    """The address as it is kept: with its scheme, its host in ASCII and lower case.

    Empty text is no website. Raises ValidationError unless the address is http or https, on a
    public host name and the usual port, without a user name, and at most 300 characters long.
    """
    text = text.strip()
    if not text:
        return ""
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"} for c in text):
        raise ValidationError(_("The address of a website has no spaces."), code="spaces")
    if "\\" in text or OTHER_SCHEME.match(text):
        raise ValidationError(NOT_AN_ADDRESS, code="website")
    parts = _split(text if SCHEME.match(text) else f"https://{text.removeprefix('//')}")
    host = public_host(parts.hostname or "")
    _check_port(parts)
    website = urlunsplit(
        (
            parts.scheme,
            host,
            quote(parts.path, safe=AS_THEY_STAND),
            quote(parts.query, safe=AS_THEY_STAND),
            quote(parts.fragment, safe=AS_THEY_STAND),
        )
    )
    if len(website) > LONGEST:
        raise ValidationError(
            _("The address is longer than %(most)d characters. Give that of the front page."),
            code="max_length",
            params={"most": LONGEST},
        )
    return website


def _split(text: str) -> SplitResult:
    """The parts of an address that is complete and plain."""
    try:
        parts = urlsplit(text)
    except ValueError as error:  # brackets that close nothing
        raise ValidationError(NOT_AN_ADDRESS, code="website") from error
    if parts.scheme not in PORTS:
        raise ValidationError(
            _("The address starts with http:// or https://."), code="website_scheme"
        )
    if parts.username is not None or parts.password is not None:
        raise ValidationError(
            _("Leave out the user name and the password."), code="website_credentials"
        )
    return parts


def _check_port(parts: SplitResult) -> None:
    """After the host: of a number of a server with a port, the number is what does not fit."""
    try:
        is_usual = parts.port in (None, PORTS[parts.scheme])
    except ValueError:  # no number, or none that a port has
        is_usual = False
    if not is_usual:
        raise ValidationError(
            _("Leave out the colon and the port number after “%(host)s”."),
            code="website_port",
            params={"host": parts.hostname},
        )


def public_host(host: str) -> str:
    """A host name that may be known on the internet, in ASCII. Raises ValidationError."""
    host = host.rstrip(".")
    if _is_number(host):
        raise ValidationError(
            _("Give the name of the website, not the number of its server."), code="website_number"
        )
    try:
        labels = [_ascii_label(label) for label in re.split(r"[.。．｡]", host.lower())]
    except UnicodeError as error:
        raise ValidationError(NOT_AN_ADDRESS, code="website") from error
    host = ".".join(labels)
    if len(host) > LONGEST_HOST or not all(LABEL.fullmatch(label) for label in labels):
        raise ValidationError(NOT_AN_ADDRESS, code="website")
    if len(labels) < 2 or labels[-1] in INTERNAL or not re.search("[a-z]", labels[-1]):
        raise ValidationError(
            _("This name is known only inside a network. Give the public address."),
            code="website_internal",
        )
    return host


def _is_number(host: str) -> bool:
    """Whether a browser would take the host for an IP address, in any of the ways to write one."""
    if re.fullmatch(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}", host, re.I):
        return True
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _ascii_label(label: str) -> str:
    """A label of a host name in ASCII (IDNA); ß and final sigma stay letters of their own."""
    if label.isascii():
        return label
    label = unicodedata.normalize("NFKC", label).lower()
    if any(c in "ßς" for c in label):
        return f"xn--{label.encode('punycode').decode()}"
    return label.encode("idna").decode()


def domain_of(website: str) -> str:
    """The host of a website without ``www.``, as ``Organisation.website_domain`` has it."""
    return (urlsplit(website).hostname or "").removeprefix("www.")


def domain_of_email(email: str) -> str:
    """The domain of an e-mail address, in ASCII and lower case; empty where it is none."""
    try:
        return public_host(email.rpartition("@")[2])
    except ValidationError:
        return ""


def is_shared(domain: str) -> bool:
    """Whether many who have nothing to do with each other have an address in the domain: public
    mail providers, and hosts of other people's websites. Such a domain proves nothing."""
    labels = domain.split(".")
    return any(".".join(labels[start:]) in shared_domains() for start in range(len(labels)))


@cache
def shared_domains() -> dict[str, str]:
    """Why each of these domains is nobody's own: ``mail`` or ``host``."""
    with SHARED.open(encoding="utf-8", newline="") as file:
        return {row["domain"]: row["reason"] for row in csv.DictReader(file)}


def proves(*, email: str, website: str) -> bool:
    """Whether an address that somebody has shown to be theirs is in exactly the website's domain.

    ``www.`` aside, no domain above or below it counts: a faculty does not speak for its
    university, nor a tenant for whoever lets the domain.
    """
    domain = domain_of(website)
    return bool(domain) and domain_of_email(email) == domain and not is_shared(domain)
