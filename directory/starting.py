"""Where a search can start: examples that find something, the directories, countries, segments."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.core.cache import caches
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.asking import understood
from directory.facets import BY_NAME, ORGANISATIONS, counts_of
from directory.known import Known
from directory.scopes import SCOPES, Scope
from directory.searching import MOST_RANKED, Reader, search
from directory.terms import terms_of
from regions.pressure import TooManyAtOnceError, in_turn
from regions.sorting import alphabetical

KEPT_SECONDS: Final = 900
MOST_COUNTRIES: Final = 10

EXAMPLES: Final[Sequence[tuple[str, str | Promise]]] = (
    ("hydrogen malopolska", _("a subject and a place, with or without accents")),
    ("wodór", _("a subject in any of six languages")),
    ("AGH", _("a short name")),
    ("hidrogen", _("a word with a typing mistake")),
    ('"fuel cells" -aircraft', _("words in a row, and without what you do not look for")),
)
"""What one can type, and what it shows; those that find nothing here are left out."""


EVERYBODY: Final = Reader()

COUNTED: Final = """
    (SELECT count(*) FROM (
        SELECT FROM directory_entry e
        WHERE {public} AND e.what = ANY (%(what{number})s) LIMIT %(most)s
    ) counted)"""

FINDS: Final = """
    EXISTS (
        SELECT FROM directory_entry e
        WHERE {public} AND e.words @@ %(asked{number})s::tsquery
    )"""


class _State(NamedTuple):
    """What everybody may find, as it is kept: no words of any language."""

    totals: dict[str, tuple[int, bool]]
    countries: list[str]
    segments: list[str]
    examples: list[str]


@dataclass(frozen=True)
class Link:
    """A way in: how an address writes it, how it is called."""

    written: str
    label: str | Promise


@dataclass(frozen=True)
class Directory:
    """One of the directories, and how many everybody finds there, or how many at least."""

    scope: Scope
    total: int
    is_more: bool


@dataclass(frozen=True)
class Start:
    """``countries`` are those with the most organisations, by name; ``segments`` those of the
    hydrogen value chain that organisations state, in its order."""

    examples: list[Link]
    directories: list[Directory]
    countries: list[Link]
    segments: list[Link]


def start(known: Known) -> Start | None:
    """Ways into the search in the reader's language; None while too many search. Without a query,
    if somebody began in the last quarter of an hour."""
    cache = caches["process"]
    state: _State | None = cache.get("search-start")
    if state is None:
        try:
            with in_turn(wait=0):
                state = _found(known)
        except TooManyAtOnceError:
            return None
        cache.set("search-start", state, KEPT_SECONDS)
    country, segment = BY_NAME["country"], BY_NAME["segment"]
    countries = [Link(code, country.called(known, code)) for code in state.countries]
    return Start(
        examples=[Link(words, shows) for words, shows in EXAMPLES if words in state.examples],
        directories=[
            Directory(scope, *state.totals[scope.name])
            for scope in SCOPES
            if scope.name in state.totals
        ],
        countries=sorted(countries, key=lambda link: alphabetical(str(link.label))),
        segments=[
            Link(segment.written(known, value), segment.called(known, value))
            for value in state.segments
            if segment.written(known, value)
        ],
    )


def _found(known: Known) -> _State:
    """What there is, from few queries: a search for the counts, one for all totals and examples,
    and what is asked about the words of each example."""
    found = search(
        understood(""), reader=EVERYBODY, what=ORGANISATIONS, is_listed=False, all_known=known
    )
    by_country = counts_of(BY_NAME["country"], found.counts, known)
    by_segment = counts_of(BY_NAME["segment"], found.counts, known)
    scopes = [scope for scope in SCOPES if scope.what]
    given: dict[str, Any] = {"most": MOST_RANKED + 1}
    columns = []
    for number, scope in enumerate(scopes):
        given[f"what{number}"] = list(scope.what)
        columns.append(COUNTED.format(public=EVERYBODY.condition, number=number))
    for number, (words, _shows) in enumerate(EXAMPLES):
        terms = terms_of(understood(words), known, is_near=False)
        given[f"asked{number}"] = terms.given["asked"]
        columns.append(FINDS.format(public=EVERYBODY.condition, number=number))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", given)
        row = cursor.fetchone()
    assert row is not None
    totals, finds = row[: len(scopes)], row[len(scopes) :]
    return _State(
        totals={
            scope.name: (min(total, MOST_RANKED), total > MOST_RANKED)
            for scope, total in zip(scopes, totals, strict=True)
        },
        countries=sorted(by_country, key=lambda code: (-by_country[code], code))[:MOST_COUNTRIES],
        segments=sorted(by_segment, key=lambda value: known.concepts[int(value)].position),
        examples=[
            words for (words, _shows), is_there in zip(EXAMPLES, finds, strict=True) if is_there
        ],
    )
