"""What a saved search looks for: its query string, normalised, read, and told in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

from directory import facets
from directory.asking import LONGEST, folded, understood
from directory.found import Found
from directory.known import Known, known
from directory.scopes import SCOPES, Scope
from directory.searching import Reader, search

LONGEST_QUERY: Final = 4_000
EVERYONE: Final = Reader()
"""What is not public yet is no news, not even to its own team."""


@dataclass(frozen=True)
class Wanted:
    """A search as an address asks it: the words, the directory, and what is chosen."""

    words: str
    scope: Scope
    asked: facets.Asked
    known: Known = field(repr=False, compare=False)

    def __bool__(self) -> bool:
        return bool(self.words or self.scope.what or self.asked.values)

    @property
    def has_gaps(self) -> bool:
        """Whether a facet is left without any value that exists: a region that is no more, say.

        Ignored, it would make a narrow search a wide one; so the search finds nothing.
        """
        return any(facet.name not in self.asked.values for facet, _written in self.asked.unknown)

    def found(self, *, since: datetime | None = None) -> Found:
        """What everyone may see of it; nothing where no entry has all of the words."""
        if not self or self.has_gaps:
            return Found()
        found = search(
            understood(self.words),
            reader=EVERYONE,
            what=self.scope.what,
            listed_of=self.asked.kinds(self.scope.what),
            chosen=self.asked.numbers(self.known),
            since=since,
        )
        return Found() if found.is_near else found

    def concepts(self) -> set[int]:
        """Those that it is about: chosen ones, and those that its words may mean."""
        meant = self.known.meant_by(folded(self.words))
        chosen = [
            int(value)
            for name, values in self.asked.values.items()
            if facets.BY_NAME[name].schemes
            for value in values
        ]
        return {*chosen, *(int(lexeme[2:]) for lexeme in meant if lexeme.startswith("#c"))}

    def in_words(self) -> str:
        """As in: “hydrogen”, clusters, Country: France or Poland."""
        said = [f"“{self.words}”"] if self.words else []
        if self.scope.what:
            said.append(str(self.scope.label))
        for name, values in self.asked.values.items():
            facet = facets.BY_NAME[name]
            called = [capfirst(facet.called(self.known, value)) for value in values]
            said.append(f"{capfirst(str(facet.label))}: {get_text_list(called, _('or'))}")
        return " · ".join(said)

    @property
    def query(self) -> str:
        """The query string that every address of the same search has: without the page and the
        order, in the order of the facets, and without what does not exist."""
        pairs = [("q", self.words)] if self.words else []
        if self.scope.name:
            pairs.append(("in", self.scope.name))
        for facet in facets.FACETS:
            values = self.asked.values.get(facet.name, [])
            pairs += sorted((facet.name, facet.written(self.known, value)) for value in values)
        return urlencode(pairs)


def read(query: str | QueryDict, all_known: Known | None = None) -> Wanted:
    """The search of a query string, whatever it holds."""
    given = query if isinstance(query, QueryDict) else QueryDict(query.replace("\x00", ""))
    wanted = given.get("in", "")
    scope = next((each for each in SCOPES if each.name == wanted), SCOPES[0])
    said = "".join(sign if sign.isprintable() else " " for sign in given.get("q", ""))
    words = " ".join(said.split())[:LONGEST]
    all_known = all_known or known()
    return Wanted(words, scope, facets.asked(given, all_known, scope.what), all_known)


def normalised(query: str | QueryDict) -> str:
    return read(query).query


def in_words(queries: Mapping[int, str]) -> dict[int, str]:
    """Many searches told at once, each under its key; one query of the database for all."""
    all_known = known()
    return {key: read(query, all_known).in_words() for key, query in queries.items()}
