"""Staged rows: what both formats have in common."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from django.utils.text import slugify

from initiatives.cordis import values
from initiatives.cordis.errors import RowError
from initiatives.cordis.reading import Record
from initiatives.cordis.reference import KINDS, Place
from initiatives.models import Participation
from organisations.models import Organisation

P = ParamSpec("P")
T = TypeVar("T")

Note = Callable[[RowError], None]
Row = tuple[object, ...]

# Third parties and partners of all kinds take part without a grant of their own.
ROLES = {
    "coordinator": Participation.Role.COORDINATOR,
    "participant": Participation.Role.PARTICIPANT,
    "beneficiary": Participation.Role.PARTICIPANT,
    "partner": Participation.Role.PARTNER,
    "associatedpartner": Participation.Role.PARTNER,
    "internationalpartner": Participation.Role.PARTNER,
    "thirdparty": Participation.Role.PARTNER,
}


class Reading(Protocol):
    """Reads one file from beginning to end, giving each good record to ``take``."""

    def __call__(
        self,
        path: Path,
        table: str,
        columns: Sequence[str],
        delimiter: str,
        take: Callable[[str, Record], None],
        /,
    ) -> None: ...


def kept(note: Note, otherwise: T, convert: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return the converted value; where it is refused, note why and return ``otherwise``."""
    try:
        return convert(*args, **kwargs)
    except RowError as error:
        note(RowError(f"{error}: left out"))
        return otherwise


def activity_type(value: str) -> str:
    """Return HES, REC, PRC, PUB, OTH, or nothing where it is missing."""
    code = value.strip().upper()
    if code in values.MISSING:
        return ""
    if code not in KINDS:
        raise RowError(f"activity type {values.shown(code)} is not one of {', '.join(KINDS)}")
    return code


def role(value: str, note: Note) -> str:
    """Return the role; an unknown one is noted and taken for a participant's."""
    found = ROLES.get(value.strip().lower())
    if found is None:
        note(RowError(f"role {values.shown(value.strip())} is unknown: taken for a participant"))
        return Participation.Role.PARTICIPANT
    return found


def checked_period(start: date | None, end: date | None) -> None:
    """Raise RowError if the end is before the start."""
    if start is not None and end is not None and end < start:
        raise RowError(f"it ends on {end}, before it starts on {start}")


def organisation_row(
    file: str,
    line: int,
    *,
    pic: str | None,
    name: str,
    short_name: str,
    activity: str,
    is_sme: bool | None,
    website: str,
    city: str,
    country: str | None,
    place: Place | None,
    coordinates: tuple[float, float] | None,
    source: int,
    updated: str,
    note: Note,
) -> Row:
    """Return a row of ``staged_organisation``; RowError without a usable name.

    ``is_sme`` is None where the format does not say. ``updated`` orders several rows about the
    same organisation: the last one wins.
    """
    full = values.limited(name, "name", 300)
    if not full:
        raise RowError("name is missing")
    short = values.one_line(short_name)
    if short.casefold() == full.casefold():
        short = ""
    base = slugify(full)[:90].strip("-") or "organisation"
    tail = pic or (country or "").lower() or "cordis"
    kind = KINDS.get(activity, Organisation.Kind.OTHER)
    if kind == Organisation.Kind.COMPANY and is_sme:
        kind = Organisation.Kind.SME
    return (
        file,
        line,
        pic,
        f"{base}-{tail[-4:]}",
        f"{base}-{tail}",
        full,
        kept(note, "", values.limited, short, "short name", 120),
        kind if activity else "",
        is_sme is not None,
        website,
        kept(note, "", values.limited, city, "city", 120),
        country,
        place.nuts3 if place else None,
        place.home_region if place else None,
        *(coordinates or (None, None)),
        source,
        updated,
    )


def project_row(
    file: str,
    line: int,
    *,
    key: int,
    is_detail: bool,
    source: int,
    rcn: int | None = None,
    grant_id: int | None = None,
    acronym: str = "",
    title: str = "",
    objective: str = "",
    call_topics: str = "",
    status: str = "",
    start: date | None = None,
    end: date | None = None,
    total_cost: Decimal | None = None,
    max_contribution: Decimal | None = None,
) -> Row:
    """Return a row of ``staged_project``. ``key`` is what the other files of the folder call it."""
    return (
        file,
        line,
        key,
        is_detail,
        rcn,
        grant_id,
        values.limited(acronym, "acronym", 80),
        values.limited(title, "title", 500),
        values.paragraphs(objective),
        values.limited(call_topics, "topics", 300),
        status,
        start,
        end,
        total_cost,
        max_contribution,
        source,
    )
