"""Lines as a table: CSV for programs and spreadsheets, a workbook for readers."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.exchange import writing
from directory.exporting.lines import Line
from directory.known import ConceptRow, Known
from directory.models import Entry
from initiatives.models import Initiative
from organisations.models import Organisation
from regions.models.places import localised

BETWEEN: Final = "; "
"""Stands between several values of one cell."""

PIECE: Final = 32 * 1024
"""Letters that are sent at once."""

WHAT: Final = {choice.value: choice.label for choice in Entry.What}
KINDS: Final = {
    **{choice.value: choice.label for choice in Organisation.Kind},
    **{choice.value: choice.label for choice in Initiative.Kind},
}

Cell = Callable[[Known, Line], Any]


@dataclass(frozen=True)
class Column:
    """``name`` heads it in CSV and never changes, ``label`` in a workbook; ``means`` says what is
    in it. ``worded``: what a workbook says where CSV has a code."""

    name: str
    label: str | Promise
    means: str | Promise
    cell: Cell
    worded: Cell | None = None
    width: int = 18


def _labels(concepts: Iterable[ConceptRow]) -> str:
    """Each once: two vocabularies may call something the same."""
    return BETWEEN.join(dict.fromkeys(localised(concept.labels) for concept in concepts))


def _country_names(known: Known, line: Line) -> str:
    labels = (known.countries.get(code) for code in line.countries)
    return BETWEEN.join(localised(label) for label in labels if label)


def _yes_no(value: bool | None) -> str:
    return "" if value is None else _("yes") if value else _("no")


COLUMNS: Final = (
    Column(
        "what",
        gettext_lazy("What"),
        gettext_lazy("organisation, cluster, initiative or region"),
        lambda known, line: line.what,
        lambda known, line: capfirst(str(WHAT[line.what])),
        14,
    ),
    Column(
        "kind",
        gettext_lazy("Kind"),
        gettext_lazy("what kind of organisation or initiative it is"),
        lambda known, line: line.kind,
        lambda known, line: capfirst(str(KINDS.get(line.kind, line.kind))),
    ),
    Column(
        "name",
        gettext_lazy("Name"),
        gettext_lazy("the whole name"),
        lambda known, line: line.name,
        width=44,
    ),
    Column(
        "short_name",
        gettext_lazy("Short name"),
        gettext_lazy("short name or acronym"),
        lambda known, line: line.short_name,
    ),
    Column(
        "country",
        gettext_lazy("Country"),
        gettext_lazy("the code that Eurostat uses in CSV; several of an initiative"),
        lambda known, line: BETWEEN.join(line.countries),
        _country_names,
    ),
    Column(
        "region",
        gettext_lazy("Region"),
        gettext_lazy("home region; several of an initiative"),
        lambda known, line: BETWEEN.join(line.regions),
        width=24,
    ),
    Column(
        "nuts",
        gettext_lazy("NUTS"),
        gettext_lazy("NUTS 3 unit of the seat, or the units of a region"),
        lambda known, line: line.nuts,
        width=10,
    ),
    Column(
        "city",
        gettext_lazy("Place"),
        gettext_lazy("seat of an organisation, place of an initiative, capital of a region"),
        lambda known, line: line.city,
    ),
    Column(
        "website",
        gettext_lazy("Website"),
        gettext_lazy("its own website"),
        lambda known, line: line.website,
        width=30,
    ),
    Column(
        "verified",
        gettext_lazy("Verified"),
        gettext_lazy("whether moderators verified the organisation"),
        lambda known, line: line.is_verified,
        lambda known, line: _yes_no(line.is_verified),
        10,
    ),
    Column(
        "invented",
        gettext_lazy("Invented"),
        gettext_lazy("whether it was invented, to explain the site"),
        lambda known, line: line.is_invented,
        lambda known, line: _yes_no(line.is_invented),
        10,
    ),
    Column(
        "offers",
        gettext_lazy("Offers"),
        gettext_lazy("what it offers, the most central first"),
        lambda known, line: _labels(line.offers),
        width=40,
    ),
    Column(
        "needs",
        gettext_lazy("Needs"),
        gettext_lazy("what it looks for"),
        lambda known, line: _labels(line.needs),
        width=40,
    ),
    Column(
        "interests",
        gettext_lazy("Interests"),
        gettext_lazy("what it is interested in"),
        lambda known, line: _labels(line.interests),
        width=40,
    ),
    Column(
        "about",
        gettext_lazy("Themes"),
        gettext_lazy(
            "sectors of an organisation, what an initiative covers or is about, priorities of a"
            " region"
        ),
        lambda known, line: _labels(line.about),
        width=40,
    ),
    Column(
        "member_of",
        gettext_lazy("Member of"),
        gettext_lazy("clusters that it is a member of"),
        lambda known, line: BETWEEN.join(cluster.name for cluster in line.member_of),
        width=30,
    ),
    Column(
        "fit",
        gettext_lazy("Fit"),
        gettext_lazy("points of 100 as a partner of your organisation, where they are known"),
        lambda known, line: line.fit,
        width=8,
    ),
    Column(
        "address",
        gettext_lazy("Page"),
        gettext_lazy("its page on this site"),
        lambda known, line: line.address,
        width=44,
    ),
)


def as_csv(known: Known, lines: Iterable[Line]) -> Iterator[str]:
    """Text in UTF-8 with a byte order mark, in pieces; codes instead of words, no formulae."""
    rows = ([column.cell(known, line) for column in COLUMNS] for line in lines)
    return in_pieces(writing.as_csv([column.name for column in COLUMNS], rows))


def in_pieces(parts: Iterable[str]) -> Iterator[str]:
    """The same text, some at a time: each piece that is sent has its price."""
    held: list[str] = []
    length = 0
    for part in parts:
        held.append(part)
        length += len(part)
        if length >= PIECE:
            yield "".join(held)
            held, length = [], 0
    if held:
        yield "".join(held)


def as_workbook(known: Known, lines: Iterable[Line], about: list[tuple[str, Any]]) -> IO[bytes]:
    """A workbook in a temporary file that vanishes when it is closed: the list, and a sheet that
    says where it is from and what its columns mean."""
    # only for who writes a workbook: the library is large
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- whoever sends it closes it
    try:
        _fill_list(book.create_sheet(_("Results")), known, lines)
        _fill_about(book.create_sheet(_("About this list")), about)
    except BaseException:
        # what nobody gets has to be finished as well, or its sheets stay on disk
        book.save(file)
        file.close()
        raise
    book.save(file)
    file.seek(0)
    return file


def _fill_list(sheet: Any, known: Known, lines: Iterable[Line]) -> None:
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for place, column in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.append([_bold(sheet, str(column.label)) for column in COLUMNS])
    for line in lines:
        sheet.append(
            [_shortened((column.worded or column.cell)(known, line)) for column in COLUMNS]
        )


def _fill_about(sheet: Any, about: list[tuple[str, Any]]) -> None:
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 90
    for name, said in about:
        sheet.append([_bold(sheet, name), _plain(sheet, _shortened(said))])
    sheet.append([])
    for column in COLUMNS:
        sheet.append([_bold(sheet, str(column.label)), _plain(sheet, str(column.means))])


def _plain(sheet: Any, value: Any) -> Any:
    """A cell beside a bold one: what is no cell would be bold as well."""
    from openpyxl.cell import WriteOnlyCell

    return WriteOnlyCell(sheet, value)


def _bold(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _shortened(value: Any) -> Any:
    """A cell of a workbook; text beyond what one holds ends in an ellipsis."""
    if isinstance(value, str) and len(value) > writing.LONGEST_CELL - 2:
        value = f"{value[: writing.LONGEST_CELL - 3]}…"
    return writing.cell_of_xlsx(value)
