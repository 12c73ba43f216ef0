"""A list of members as a CSV file: read, checked row by row, and turned into plain values.

Pure: knows neither the database nor a request. Cells are text and stay text; what a spreadsheet
would run as a formula is refused in names, since somebody may open our lists in a spreadsheet.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from accounts.exchange.reading import is_no_text
from organisations.membership_rules import year_of_membership

COLUMNS: Final = ("email", "name", "pic", "website", "country", "since")
TELLING: Final = ("email", "name", "pic", "website")
MOST_BYTES: Final = 2 * 1024 * 1024
MOST_ROWS: Final = 2_000
LONGEST: Final = {"email": 254, "name": 300, "website": 300}

ENCODINGS: Final = {"windows-1250": "cp1250", "windows-1252": "cp1252"}
"""Encodings of eight bits that are read once somebody chose them; they cannot be told apart."""

CENTRAL: Final = frozenset(b"\x8c\x9c\x8f\x9f\xa3\xb3\xa5\xb9\xaf\xbf")
"""Śś Źź Łł Ąą Żż in Windows-1250, which are rare signs in Windows-1252."""

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
DELIMITERS: Final = (";", ",", "\t")
_website = URLValidator(schemes=["http", "https"])


class Unreadable(ValueError):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True)
class Line:
    """One row of the file; ``number`` is the line where it begins."""

    number: int
    email: str = ""
    name: str = ""
    pic: str = ""
    website: str = ""
    country: str = ""
    since: int | None = None

    @property
    def called(self) -> str:
        """What the row says it is about: the name, or else what it has."""
        return self.name or self.pic or self.website or self.email

    def packed(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, and what the row says it is about."""

    number: int
    message: str
    called: str = ""


@dataclass
class Table:
    """The rows that could be read, what is wrong with the others, and how many there are."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    total: int = 0


def read(content: bytes, *, encoding: str = "") -> Table:
    """Read a file of at most `MOST_BYTES`; raises `Unreadable`.

    UTF-8 and UTF-16 are recognised. More rows than `MOST_ROWS` are a fault of the file, beside
    those of its rows.
    """
    text = _decoded(content, encoding)
    if "\0" in text:
        raise Unreadable(_("The file holds a character that cannot be used. Is it a CSV file?"))
    table = Table()
    rows = _rows(text)
    header = next(rows, None)
    if header is None:
        raise Unreadable(_("The file is empty."))
    names = _header(header[1])
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        table.total += 1
        try:
            table.lines.append(_line(number, names, cells))
        except ValidationError as error:
            called = _called(names, cells)
            table.faults.extend(Fault(number, message, called) for message in error.messages)
    if not table.total:
        raise Unreadable(_("The file has no rows below the names of its columns."))
    return table


def _decoded(content: bytes, encoding: str) -> str:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(_("This is a workbook. Save it as “CSV UTF-8” and choose that file."))
    if is_no_text(content):
        raise Unreadable(
            _(
                "This is no text file: it looks like a picture, a document or a program. Choose a "
                "CSV file."
            )
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-16"
    elif content[1:2] == b"\0":
        codec = "utf-16-le"
    elif content[:1] == b"\0":
        codec = "utf-16-be"
    elif content.startswith(b"\xef\xbb\xbf"):
        codec = "utf-8-sig"
    else:
        codec = ENCODINGS.get(encoding, "utf-8")
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        if codec != "utf-8":
            raise Unreadable(
                _("The file is not in the encoding %(encoding)s throughout.") % {"encoding": codec}
            ) from error
        accented = [byte for byte in content if byte >= 0x80]
        is_central = sum(byte in CENTRAL for byte in accented) * 4 > len(accented)
        raise Unreadable(
            _(
                "The file is not UTF-8; it looks like %(encoding)s. Save it as “CSV UTF-8”, or "
                "choose its encoding below and choose the file again."
            )
            % {"encoding": "Windows-1250" if is_central else "Latin-1 (Windows-1252)"}
        ) from error


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with the line where each begins; the header decides what separates cells."""
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                _("Line %(line)s cannot be read: a quotation mark is missing or misplaced.")
                % {"line": begins}
            ) from error
        yield begins, cells
        begins = reader.line_num + 1


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    unknown = [name[:40] for name in names if name not in COLUMNS]
    if unknown:
        raise Unreadable(
            _("Unknown columns: %(unknown)s. The columns are: %(columns)s.")
            % {
                "unknown": ", ".join(f"“{name}”" for name in unknown[:10]),
                "columns": ", ".join(COLUMNS),
            }
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Unreadable(_("Columns given twice: %(names)s.") % {"names": ", ".join(twice)})
    if not set(TELLING) & set(names):
        raise Unreadable(
            _("One of these columns is needed at least: %(columns)s.")
            % {"columns": ", ".join(TELLING)}
        )
    return names


def _called(names: list[str], cells: list[str]) -> str:
    """What a row that cannot be read is about, so that its writer finds it again."""
    said = dict(zip(names, cells, strict=False))
    found = (said.get(name, "").strip() for name in ("name", "pic", "website", "email"))
    text = next(filter(None, found), "")
    return "".join(each if each.isprintable() else " " for each in text)[:60]


def _line(number: int, names: list[str], cells: list[str]) -> Line:
    if any(cell.strip() for cell in cells[len(names) :]):
        raise ValidationError(_("This row has more cells than there are columns."))
    values = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
    if values.get("name", "").startswith(FORMULA):
        raise ValidationError(
            _("The name begins as a formula does (=, +, - or @). Write the name alone.")
        )
    errors: list[str] = []
    for name, longest in LONGEST.items():
        if len(values.get(name, "")) > longest:
            errors.append(
                _("%(column)s: at most %(longest)s characters.")
                % {"column": name, "longest": longest}
            )
    if any(not cell.isprintable() for cell in values.values()):
        errors.append(_("A cell holds a line break or a character that cannot be used."))
    if errors:
        raise ValidationError(errors)
    if not any(values.get(name) for name in TELLING):
        raise ValidationError(_("Give a name, a PIC, a website or an e-mail address."))
    found: dict[str, Any] = {"name": values.get("name", "")}
    for name, check in CHECKS.items():
        if values.get(name):
            try:
                found[name] = check(values[name])
            except ValidationError as error:
                errors.extend(error.messages)
    if errors:
        raise ValidationError(errors)
    return Line(number, **found)


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise ValidationError(
            _("“%(text)s” is no e-mail address.") % {"text": text[:60]}
        ) from error
    return text.lower()


def _pic(text: str) -> str:
    digits = text.replace(" ", "")
    if not re.fullmatch(r"[0-9]{9}", digits):
        raise ValidationError(_("A PIC has nine digits; this is “%(text)s”.") % {"text": text[:30]})
    return digits


def _address(text: str) -> str:
    address = text if "://" in text else f"https://{text}"
    try:
        _website(address)
    except ValidationError as error:
        raise ValidationError(
            _("“%(text)s” is no address of a website.") % {"text": text[:60]}
        ) from error
    return address


def _country(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise ValidationError(
            _("A country has two letters, as in PL or FR; this is “%(text)s”.")
            % {"text": text[:30]}
        )
    return {"GR": "EL", "GB": "UK"}.get(text.upper(), text.upper())


def _since(text: str) -> int | None:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise ValidationError(
            _("A year has four digits; this is “%(text)s”.") % {"text": text[:30]}
        )
    return year_of_membership(int(text))


CHECKS: Final = {
    "email": _email,
    "pic": _pic,
    "website": _address,
    "country": _country,
    "since": _since,
}
