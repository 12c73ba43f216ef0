"""A search as an address asks it and a reader may see it: for the page, the API and files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from accounts.models import User
from directory import facets, fitting, listing
from directory.asking import Question, understood
from directory.found import Found, Hit
from directory.known import Known, known
from directory.scopes import Scope
from directory.searching import listed, search
from organisations.models import Organisation
from regions.naming import region_label
from regions.pressure import in_turn
from regions.sorting import alphabetical

ORDERS: Final = ("best", "text", "fit", "name")


@dataclass(frozen=True)
class Request:
    """What an address asks: words, a directory, values of facets, an order, and which
    one is ``usual``."""

    words: str
    question: Question
    scope: Scope
    asked: facets.Asked
    order: str
    usual: str
    known: Known

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked: then nothing is searched."""
        return not (self.words or self.asked.values or self.scope.what)

    @property
    def chosen_count(self) -> int:
        return sum(map(len, self.asked.values.values()))


@dataclass(frozen=True)
class Answer:
    """What was found, in the order asked for; ``points`` are fits to ``mine``, the reader's
    organisation."""

    found: Found
    hits: Sequence[Hit]
    points: dict[int, float]
    mine: Organisation | None


def request_of(query: QueryDict, scope: Scope) -> Request:
    """Read an address; what does not exist is in ``asked.unknown``."""
    words = query.get("q", "").strip()
    all_known = known()
    usual = "name" if scope.is_by_name and not words else ORDERS[0]
    order = query.get("sort", "")
    return Request(
        words=words,
        question=understood(words),
        scope=scope,
        asked=facets.asked(query, all_known, scope.what),
        order=order if order in ORDERS else usual,
        usual=usual,
        known=all_known,
    )


def answer_whole(
    request: Request, user: User | AnonymousUser, *, most: int
) -> tuple[Answer, list[tuple[str, int]]]:
    """The same in the same order, as far as the first ``most``: and what follows the ranked hits,
    of what and its number; raises `regions.pressure.TooManyAtOnceError`."""
    with in_turn():
        found, rest = listed(
            request.question,
            reader=listing.reader(user),
            what=request.scope.what,
            listed_of=request.asked.kinds(request.scope.what),
            chosen=request.asked.numbers(request.known),
            most=most,
            by_name=request.order == "name",
            all_known=request.known,
        )
        return _for(request, user, found), rest


def answer(request: Request, user: User | AnonymousUser) -> Answer:
    """Search as this reader may; raises `regions.pressure.TooManyAtOnceError`."""
    with in_turn():
        found = search(
            request.question,
            reader=listing.reader(user),
            what=request.scope.what,
            listed_of=request.asked.kinds(request.scope.what),
            chosen=request.asked.numbers(request.known),
            by_name=request.order == "name",
            all_known=request.known,
        )
        return _for(request, user, found)


def _for(request: Request, user: User | AnonymousUser, found: Found) -> Answer:
    mine = listing.own_organisation(user)
    points = fitting.fits(mine, found.hits) if mine else {}
    hits = fitting.ordered(found, points, request.order)
    if request.order == "name" and request.scope.what == ("region",):
        # the database knows English names alone; all regions are fewer than are listed
        hits.sort(key=lambda hit: alphabetical(region_label(hit.title)))
    return Answer(found, hits, points, mine)
