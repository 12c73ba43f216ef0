"""Where a search can start: examples that find something, the directories, countries, segments."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.core.cache import caches
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.asking import understood
from directory.facets import BY_NAME, ORGANISATIONS, counts_of
from directory.known import Known
from directory.scopes import SCOPES, Scope
from directory.searching import Reader, search
from regions.pressure import TooManyAtOnceError, in_turn
from regions.sorting import alphabetical

KEPT_SECONDS: Final = 900
MOST_COUNTRIES: Final = 10

EXAMPLES: Final[Sequence[tuple[str, str | Promise]]] = (
    ("hydrogen malopolska", _("a subject and a place, with or without accents")),
    ("wodór", _("a subject in any of six languages")),
    ("AGH", _("a short name")),
    ("hidrogen", _("a word with a typing mistake")),
    ('"fuel cells"', _("words in a row")),
    ("hydrogen -storage", _("without what you do not look for")),
)
"""What one can type, and what it shows; those that find nothing here are left out."""


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
    """What there is, from one search in each directory and one for each example."""
    everybody = Reader()
    by_scope = {
        scope.name: search(understood(""), reader=everybody, what=scope.what, all_known=known)
        for scope in SCOPES
        if scope.what
    }
    of_organisations = next(
        by_scope[scope.name].counts for scope in SCOPES if scope.what == ORGANISATIONS
    )
    by_country = counts_of(BY_NAME["country"], of_organisations, known)
    by_segment = counts_of(BY_NAME["segment"], of_organisations, known)
    found = {
        words: search(understood(words), reader=everybody, all_known=known)
        for words, _shows in EXAMPLES
    }
    return _State(
        totals={name: (each.total, each.is_more) for name, each in by_scope.items()},
        countries=sorted(by_country, key=lambda code: (-by_country[code], code))[:MOST_COUNTRIES],
        segments=sorted(by_segment, key=lambda value: known.concepts[int(value)].position),
        examples=[words for words, each in found.items() if each.total and not each.is_near],
    )
