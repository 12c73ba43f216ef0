"""Values of single cells: checked, converted, and refused with a reason."""

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from initiatives.cordis.errors import RowError

MISSING = frozenset({"", "NA"})
LARGEST_AMOUNT = Decimal("999999999999.99")
LARGEST_NUMBER = 2_147_483_647
MOST_DIGITS = 12
LONGEST_WEBSITE = 300
# CORDIS has used both of these for Greece and the United Kingdom.
COUNTRY_CODES = {"GR": "EL", "GB": "UK"}

_ABOVE_ASCII = re.compile(r"[\x80-\U0010ffff]{2,}")
_SPACES = re.compile(r"\s+")
# Control characters; marks of direction and others without a width; halves of surrogate pairs.
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_HOST = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)


def mended(value: str) -> str:
    """Return the text with UTF-8 that was once read as Windows-1252 put right (Ã© → é).

    Only runs that are valid UTF-8 when read as such are touched; real text of two accented
    letters in a row hardly ever is.
    """
    return value if value.isascii() else _ABOVE_ASCII.sub(_mend, value)


def _mend(match: re.Match[str]) -> str:
    run = match.group()
    try:
        octets = b"".join(bytes([ord(c)]) if ord(c) < 0xA0 else c.encode("cp1252") for c in run)
        return octets.decode("utf-8")
    except UnicodeError:
        return run


def one_line(value: str) -> str:
    """Return the value on one line, without unseen characters, in Unicode's composed form."""
    if not (value.isascii() and value.isprintable()):
        value = unicodedata.normalize("NFC", _seen(mended(value)))
    return _SPACES.sub(" ", value).strip()


def paragraphs(value: str) -> str:
    """Return a longer text with its line breaks, other unseen characters left out."""
    lines = mended(value).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _seen(lines)).strip()


def _seen(text: str) -> str:
    return "".join(c for c in text if c.isspace() or unicodedata.category(c) not in _UNSEEN)


def limited(value: str, column: str, most: int) -> str:
    """Return the value on one line; RowError if it is longer than ``most`` characters."""
    text = one_line(value)
    if len(text) > most:
        raise RowError(f"{column} has {len(text)} characters, at most {most} fit")
    return text


def number(value: str, column: str) -> int:
    """Return a positive whole number."""
    text = value.strip()
    if not text:
        raise RowError(f"{column} is missing")
    is_short = len(text) <= MOST_DIGITS and text.isascii() and text.isdigit()
    found = int(text) if is_short else 0
    if not 0 < found <= LARGEST_NUMBER:
        raise RowError(f"{column} {shown(text)} is not a record number")
    return found


def pic(value: str, column: str) -> str:
    """Return a participant identification code: nine digits."""
    text = value.strip()
    if text in MISSING:
        raise RowError(f"{column} is missing")
    if not (text.isascii() and text.isdigit() and len(text) == 9):
        raise RowError(f"{column} {shown(text)} is not a PIC of nine digits")
    return text


def day(value: str, column: str) -> date | None:
    """Return an ISO date, of which a time of day may follow; None where it is missing."""
    text = value.strip()
    if text in MISSING:
        return None
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        raise RowError(f"{column} {shown(text)} is not a date (year-month-day)") from None
    if not 1950 <= found.year <= 2100:
        raise RowError(f"{column} {shown(text)} is not a date from 1950 to 2100")
    return found


def amount(value: str, column: str) -> Decimal | None:
    """Return euros, to the cent, with a decimal point or comma; None where it is missing."""
    text = value.strip()
    if text in MISSING:
        return None
    try:
        found = Decimal(text.replace(",", ".", 1))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or any(mark in text for mark in "eE_"):
        raise RowError(f"{column} {shown(text)} is not an amount")
    if not 0 <= found <= LARGEST_AMOUNT:
        raise RowError(f"{column} {shown(text)} is not an amount from 0 to {LARGEST_AMOUNT:,.0f} €")
    return found.quantize(Decimal("0.01"))


def coordinates(latitude: str, longitude: str) -> tuple[float, float] | None:
    """Return degrees to four decimals (11 m), or None where they are missing."""
    if latitude.strip() in MISSING and longitude.strip() in MISSING:
        return None
    try:
        north, east = (float(text.replace(",", ".")) for text in (latitude, longitude))
    except ValueError:
        raise RowError(f"{shown(f'{latitude}, {longitude}')} are not coordinates") from None
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise RowError(f"{shown(f'{latitude}, {longitude}')} are not coordinates in degrees")
    return round(north, 4), round(east, 4)


def website(value: str) -> str:
    """Return an http or https address, its scheme added where it lacks.

    Raises RowError where the value is no such address.
    """
    text = one_line(value)
    if text in MISSING:
        return ""
    address = text if "://" in text else f"http://{text}"
    if len(address) > LONGEST_WEBSITE:
        raise RowError(f"{shown(text)} is not a web address")
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        parts.port  # noqa: B018 -- raises ValueError where the port is not a number
    except (ValueError, UnicodeError):
        host = ""
    if (
        not host
        or parts.scheme.lower() not in {"http", "https"}
        or not _HOST.fullmatch(host)
        or " " in address
        or "@" in parts.netloc
    ):
        raise RowError(f"{shown(text)} is not a web address")
    return address.replace(address[: len(parts.scheme)], parts.scheme.lower(), 1)


def country(value: str) -> str:
    """Return a country's code as Eurostat writes it; empty where it is missing."""
    text = value.strip().upper()
    return COUNTRY_CODES.get(text, text)


def shown(value: str) -> str:
    """Return the value in quotation marks, cut to a length fit for a message.

    What a terminal would obey or not show is written as an escape (``\\x1b``).
    """
    cut = value if len(value) <= 40 else f"{value[:39]}…"
    plain = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
    return f"“{''.join(plain)}”"
