"""Tables into files: CSV and JSON in pieces as they are sent, a workbook on disk."""

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import IO, Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.exchange.escaping import escape_formulae
from accounts.exchange.reading import as_text

LONGEST_CELL: Final = 32_767
"""Characters that a cell of a workbook holds."""
EXACT_DIGITS: Final = 15


class NotWritable(ValueError):
    """These rows do not fit into this kind of file; the message says why."""


class Echo:
    """Gives back what a writer would write."""

    def write(self, text: str) -> str:
        return text


def as_csv(headers: list[str], rows: Iterable[list[Any]]) -> Iterator[str]:
    """CSV in UTF-8 with a byte order mark, without which Excel takes it for something else."""
    writer = csv.writer(Echo())
    yield "\ufeff"
    yield writer.writerow(headers)
    for row in rows:
        yield writer.writerow([cell_of_csv(value) for value in row])


def cell_of_csv(value: Any) -> str:
    """Only text can pass for a formula: a number keeps its minus."""
    return escape_formulae(value) if isinstance(value, str) else as_text(value)


def as_json(headers: list[str], rows: Iterable[list[Any]]) -> Iterator[str]:
    """A list of objects, one a line. Decimal numbers are text, so that no digit is lost."""
    between = "[\n"
    for row in rows:
        yield between + json.dumps(
            dict(zip(headers, row, strict=True)), ensure_ascii=False, default=as_text
        )
        between = ",\n"
    yield "\n]\n" if between != "[\n" else "[]\n"


def as_xlsx(headers: list[str], rows: Iterable[list[Any]]) -> IO[bytes]:
    """A workbook in a temporary file, written row by row. Raises `NotWritable`."""
    # only for who writes a workbook: the library is large
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(headers)
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- whoever sends it closes it
    try:
        fill(sheet, rows)
    except NotWritable:
        # also what nobody gets has to be finished, or it stays on disk
        book.save(file)
        file.close()
        raise
    book.save(file)
    file.seek(0)
    return file


def fill(sheet: Any, rows: Iterable[list[Any]]) -> None:
    for number, row in enumerate(rows, 1):
        if number > settings.EXPORT_MAX_XLSX_ROWS:
            raise NotWritable(
                ngettext(
                    "A workbook of more than %(limit)s row is not made."
                    " Narrow the list, or choose CSV or JSON.",
                    "A workbook of more than %(limit)s rows is not made."
                    " Narrow the list, or choose CSV or JSON.",
                    settings.EXPORT_MAX_XLSX_ROWS,
                )
                % {"limit": settings.EXPORT_MAX_XLSX_ROWS}
            )
        sheet.append([cell_of_xlsx(value) for value in row])


def cell_of_xlsx(value: Any) -> Any:
    if isinstance(value, Decimal):
        exact = len(value.normalize().as_tuple().digits) <= EXACT_DIGITS
        return value if exact else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    text = escape_formulae(ILLEGAL_CHARACTERS_RE.sub("", value))
    if len(text) > LONGEST_CELL:
        raise NotWritable(
            _("“%(text)s…” is too long for a cell of a workbook. Choose CSV or JSON.")
            % {"text": value[:40]}
        )
    return text
