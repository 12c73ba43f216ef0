"""Files into tables of text, with a clear word for each file that cannot be read.

Nothing here knows a model. Every cell becomes text; what it means is up to its column.
"""

import csv
import io
import json
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.exchange.escaping import unescape_formulae
from accounts.exchange.formats import Format

ENCODINGS: Final = {
    "utf-8": gettext_lazy("UTF-8, with or without a byte order mark"),
    "windows-1250": gettext_lazy("Windows-1250 (Central European)"),
    "windows-1252": gettext_lazy("Windows-1252 or Latin-1 (Western European)"),
    "utf-16": gettext_lazy("UTF-16"),
}
MOST_COLUMNS: Final = 200
MOST_FILES_IN_A_WORKBOOK: Final = 1_000
UNPACKED: Final = 4
"""How many times its allowed size a workbook may unpack to."""

# what Polish text in Windows-1250 becomes when it is read as Windows-1252: Ma³opolska, ¿ywiec
READ_AS_WESTERN: Final = re.compile(r"[^\W\d_][³¹¿]|[³¿][^\W\d_]")
CENTRAL_EUROPEAN: Final = re.compile("[ąęłńśźżĄĘŁŚŹŻčďěňřšťůžČŘŠŽőűŐŰ]")
UNUSABLE: Final = re.compile("[\0\ud800-\udfff]")


NO_TEXT: Final = (
    *(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF-", b"\x1f\x8b", b"BZh"),
    *(b"7z\xbc\xaf", b"Rar!", b"\x7fELF", b"MZ\x90", b"\xd0\xcf\x11\xe0"),
)
"""How files begin that are pictures, documents, archives or programs."""
CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")


def is_no_text(data: bytes) -> bool:
    """Whether a file is none that a person wrote, in whatever encoding: one of known kinds, or with
    control characters in it that no text of eight bits has, and not in UTF-8 or UTF-16 either."""
    if data.startswith(NO_TEXT):
        return True
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:2]:
        return False
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return bool(CONTROLS.search(data))
    return False


class Unreadable(ValueError):
    """The file cannot be read; the message says why, for whoever sent it."""


@dataclass(frozen=True)
class Sheet:
    """A table of text: the headers, and the rows with the numbers that a spreadsheet shows."""

    headers: list[str]
    rows: list[list[str]]
    numbers: list[int]
    """The row in the file, the headers being row 1; in JSON the place in the list."""
    wrong: list[tuple[int, str]] = field(default_factory=list)
    """Rows that are no rows of this table, and why."""


def check_size(size: int) -> None:
    """Raise `Unreadable` for a file that is larger than the setting `IMPORT_MAX_BYTES` allows."""
    if size > settings.IMPORT_MAX_BYTES:
        raise Unreadable(
            _("The file has %(size)s, and may have %(limit)s. Import it in parts.")
            % {"size": filesizeformat(size), "limit": filesizeformat(settings.IMPORT_MAX_BYTES)}
        )
    if not size:
        raise Unreadable(_("The file is empty."))


def read(data: bytes, *, kind: str, encoding: str = "utf-8") -> Sheet:
    """The table in a file. Raises `Unreadable`."""
    check_size(len(data))
    if kind != Format.XLSX and data[:4] == b"PK\x03\x04":
        raise Unreadable(
            _("This is an Excel workbook (XLSX), not %(kind)s.") % {"kind": kind.upper()}
        )
    if kind != Format.XLSX and is_no_text(data):
        raise Unreadable(
            _(
                "This is no text file, and so not %(kind)s: it looks like a picture, a document or"
                " a program."
            )
            % {"kind": kind.upper()}
        )
    rows: Iterator[tuple[int, list[str]]]
    if kind == Format.XLSX:
        rows = from_xlsx(data)
    elif kind == Format.CSV:
        rows = from_csv(decoded(data, encoding))
    else:
        rows = from_json(decoded(data, encoding))
    return as_sheet(rows)


def as_sheet(rows: Iterator[tuple[int, list[str]]]) -> Sheet:
    _number, headers = next(rows, (1, []))
    headers = [header.strip() for header in headers]
    while headers and not headers[-1]:
        headers.pop()
    if not headers:
        raise Unreadable(_("The file has no row of headers."))
    if "" in headers:
        raise Unreadable(_("Column %(number)s has no header.") % {"number": headers.index("") + 1})
    twice = sorted({header for header in headers if headers.count(header) > 1})
    if twice:
        raise Unreadable(_("These columns are there twice: %(names)s.") % {"names": in_list(twice)})
    sheet = Sheet(headers, [], [])
    for number, cells in rows:
        if not any(cells):
            continue
        if len(sheet.rows) + len(sheet.wrong) == settings.IMPORT_MAX_ROWS:
            raise Unreadable(
                ngettext(
                    "The file has more than %(limit)s row. Import it in parts.",
                    "The file has more than %(limit)s rows. Import it in parts.",
                    settings.IMPORT_MAX_ROWS,
                )
                % {"limit": settings.IMPORT_MAX_ROWS}
            )
        while len(cells) > len(headers) and not cells[-1]:
            cells = cells[:-1]
        unusable = next((i for i, cell in enumerate(cells) if UNUSABLE.search(cell)), None)
        if len(cells) != len(headers):
            reason = _("The row has %(count)s cells, and there are %(headers)s headers.")
            sheet.wrong.append((number, reason % {"count": len(cells), "headers": len(headers)}))
        elif unusable is not None:
            reason = _("Column “%(column)s” holds a character that cannot be used.")
            sheet.wrong.append((number, reason % {"column": headers[unusable]}))
        else:
            sheet.rows.append(cells)
            sheet.numbers.append(number)
    if not sheet.rows and not sheet.wrong:
        raise Unreadable(_("The file has headers, and no rows."))
    return sheet


def decoded(data: bytes, encoding: str) -> str:
    """The text of a file in the encoding that its sender named; never a guess that might be wrong.

    Raises `Unreadable` where the bytes are not in that encoding, or plainly in another.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        if encoding != "utf-16":
            raise Unreadable(_("The file is in UTF-16. Choose that encoding."))
    elif encoding == "utf-16":
        raise Unreadable(_("The file is not in UTF-16: it has no byte order mark."))
    try:
        in_utf8 = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            raise Unreadable(not_utf8(data, error)) from error
    else:
        if encoding == "utf-8":
            if "\N{REPLACEMENT CHARACTER}" in in_utf8:
                raise Unreadable(
                    _("The file holds “�”: letters were lost when it was saved. Save it as UTF-8.")
                )
            return in_utf8
        if not data.isascii() and encoding != "utf-16":
            raise Unreadable(_("The file is in UTF-8. Choose that encoding."))
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            _("The file is not in %(encoding)s.") % {"encoding": ENCODINGS[encoding]}
        ) from error
    strange = READ_AS_WESTERN.search(text) if encoding == "windows-1252" else None
    if strange:
        start = max(text.rfind("\n", 0, strange.start()) + 1, strange.start() - 30)
        around = text[start : strange.end() + 30].split("\n")[0].strip()
        raise Unreadable(
            _("Read as %(encoding)s the file says “%(text)s”. It is rather in Windows-1250.")
            % {"encoding": ENCODINGS[encoding], "text": around}
        )
    return text


def not_utf8(data: bytes, error: UnicodeDecodeError) -> str:
    """Where the file stops being UTF-8, and what it may be instead."""
    line = data.count(b"\n", 0, error.start) + 1
    start = data.rfind(b"\n", 0, error.start) + 1
    nearby = data[max(start, error.start - 30) : error.end + 30].split(b"\n")[0]
    likely = "windows-1252"
    if CENTRAL_EUROPEAN.search(data.decode("windows-1250", "ignore")):
        western = data.decode("windows-1252", "ignore")
        likely = "windows-1250" if READ_AS_WESTERN.search(western) else likely
    return _(
        "The file is not in UTF-8: see line %(line)s. In %(encoding)s it says “%(text)s”;"
        " if that is right, choose that encoding."
    ) % {
        "line": line,
        "encoding": ENCODINGS[likely],
        "text": nearby.decode(likely, "replace").strip(),
    }


def from_csv(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of comma-, semicolon- or tab-separated text, as its first line shows."""
    first = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").split("\n", 1)[0])
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows, None)
        except csv.Error as error:
            raise Unreadable(
                _("Line %(line)s is no CSV: %(reason)s.") % {"line": rows.line_num, "reason": error}
            ) from error
        if cells is None:
            return
        if cells or number > 1:
            yield number, [unescape_formulae(cell) for cell in cells]


def from_json(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a list of objects, all with the same keys."""
    try:
        items = json.loads(text, parse_float=str, parse_int=str, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise Unreadable(
            _("Line %(line)s is no JSON: %(reason)s.") % {"line": line, "reason": reason}
        ) from error
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Unreadable(_("A JSON file holds a list of objects, one for each row."))
    if not items:
        raise Unreadable(_("The list has no rows."))
    headers = list(items[0])
    yield 0, headers
    for number, item in enumerate(items, 1):
        if item.keys() != items[0].keys():
            different = sorted(item.keys() ^ items[0].keys())
            raise Unreadable(
                _("Row %(number)s has other columns than row 1: %(names)s.")
                % {"number": number, "names": in_list(different)}
            )
        nested = [name for name in headers if isinstance(item[name], list | dict)]
        if nested:
            raise Unreadable(
                _("Row %(number)s: “%(column)s” is no text or number.")
                % {"number": number, "column": shortened(nested[0])}
            )
        yield number, [as_text(item[name]) for name in headers]


def refuse_constant(name: str) -> Any:
    raise ValueError(_("%(name)s is no number") % {"name": name})


def from_xlsx(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows of the first sheet of a workbook."""
    check_archive(data)
    # only for who reads a workbook: the library is large
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # what a workbook has besides its cells is nothing to us
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
            sheet = book.worksheets[0]
            # what it says about its own size may be wrong
            sheet.reset_dimensions()
            width = 0
            rows: Iterable[Any] = sheet.iter_rows(max_col=MOST_COLUMNS + 1)
            for number, cells in enumerate(rows, 1):
                if number > 10 * settings.IMPORT_MAX_ROWS:
                    raise Unreadable(_("The sheet has too many empty rows."))
                texts = [cell_text(cell, number) for cell in up_to_the_last(cells)]
                width = width or len(texts)
                # empty cells at the end of a row are not kept in a workbook
                yield number, texts + [""] * (width - len(texts))
        except Unreadable:
            raise
        # a damaged workbook breaks in as many ways as there are parts of it
        except Exception as error:
            raise Unreadable(_("The file is no workbook that can be read (XLSX).")) from error


def check_archive(data: bytes) -> None:
    """Raise `Unreadable` unless this is a zip archive that unpacks to something reasonable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable(_("The file is no Excel workbook (XLSX).")) from error
    # no more than the size that it declares is ever unpacked of a file
    if (
        len(files) > MOST_FILES_IN_A_WORKBOOK
        or sum(each.file_size for each in files) > UNPACKED * settings.IMPORT_MAX_BYTES
    ):
        raise Unreadable(_("The workbook unpacks to more than can be read."))
    if not any(each.filename == "xl/workbook.xml" for each in files):
        raise Unreadable(_("The file is no Excel workbook (XLSX)."))


def up_to_the_last(cells: tuple[Any, ...]) -> list[Any]:
    used = [index for index, cell in enumerate(cells) if cell.value is not None]
    if used and used[-1] >= MOST_COLUMNS:
        raise Unreadable(_("The sheet has more than %(count)s columns.") % {"count": MOST_COLUMNS})
    return list(cells[: used[-1] + 1]) if used else []


def cell_text(cell: Any, row: int) -> str:
    if cell.value is not None and cell.data_type in ("f", "e"):
        words = {
            "f": _("Row %(row)s, column %(column)s holds a formula. Keep its value instead."),
            "e": _("Row %(row)s, column %(column)s holds an error of Excel."),
        }
        raise Unreadable(words[cell.data_type] % {"row": row, "column": cell.column_letter})
    text = as_text(cell.value)
    return unescape_formulae(text) if isinstance(cell.value, str) else text


def as_text(value: Any) -> str:
    """A cell as text: numbers without a needless fraction, days in ISO 8601."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
    return str(value)


def in_list(names: Iterable[object], render: Callable[[object], str] | None = None) -> str:
    """Names from a file as part of a sentence: not too many, and none too long."""
    shown = [(render or shortened)(name) for name in names]
    return ", ".join(shown[:10]) + (" …" if len(shown) > 10 else "")


def shortened(name: object) -> str:
    text = "".join(character for character in str(name) if character.isprintable())
    return text if len(text) <= 60 else f"{text[:59]}…"
