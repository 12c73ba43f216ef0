"""Answers that were worked out once, kept for as long as they hold."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, TypeVar
from uuid import uuid4
from weakref import WeakKeyDictionary

from django.core.cache import caches
from django.utils.translation import get_language

from matching.engine import Match, MatchIndex, Scoring
from matching.feedback.hidden import Hidden
from matching.index import snapshot
from matching.ranking import Ranking
from organisations.models import Organisation

KEPT_FOR: Final = 300
"""Seconds for which an answer is kept. What changes scores gives it another key, so this bounds
only how long the title of a project, say, may lag behind."""

Answer = TypeVar("Answer")
Stamps = Mapping[int, datetime]
"""When each organisation in an answer was changed last."""

_identities: WeakKeyDictionary[MatchIndex, str] = WeakKeyDictionary()


def kept(
    make: Callable[[], Answer],
    stamps: Callable[[Answer], Stamps],
    *,
    kind: str,
    organisation: Organisation,
    ranking: Ranking,
    hidden: Hidden,
    asked: tuple[Any, ...],
) -> Answer:
    """The answer of this kind, from the cache if the very same was made before and still holds.

    Its key names everything that it depends on: the index with its changes, the weights, the order,
    the language, the organisation as it stands, what is hidden, and what else was asked. Those
    suggested in it that were withdrawn or edited since make it void, which takes one query to know.
    Whoever else it names is followed by the index; while that cannot follow, nothing is kept. Nor
    is the answer for a draft, which is made from what stands in it at the moment.
    Raises `IndexNotBuilt`.
    """
    now, cache = snapshot(), caches["suggestions"]
    if now.waiting or not organisation.is_public:
        return make()
    key = _key(
        kind,
        *_identity(now.index),
        organisation.pk,
        organisation.updated_at.isoformat(),
        ranking.scoring.as_dict(),
        ranking.exposure,
        sorted(hidden.organisations),
        sorted(hidden.regions),
        sorted(hidden.kinds),
        get_language(),
        asked,
    )
    answer: Answer | None = cache.get(key)
    if answer is None or not _still_holds(stamps(answer)):
        answer = make()
        cache.set(key, answer, KEPT_FOR)
    return answer


def kept_pairs(
    make: Callable[[], Sequence[Match]], *, scoring: Scoring, asked: tuple[Any, ...]
) -> Sequence[Match]:
    """Pairs of organisations, from the cache if the same of ``asked`` were compared before by this
    index, with its changes, and these weights. ``asked`` says which organisations; while the index
    cannot follow changes, nothing is kept. What ``make`` raises is not kept either."""
    now, cache = snapshot(), caches["suggestions"]
    if now.waiting:
        return make()
    key = _key("pairs", *_identity(now.index), scoring.as_dict(), asked)
    answer: Sequence[Match] | None = cache.get(key)
    if answer is None:
        answer = make()
        cache.set(key, answer, KEPT_FOR)
    return answer


def _identity(index: MatchIndex) -> tuple[str, str]:
    """What tells an index, with the changes that it holds, from every other."""
    return index.checksum, _identities.setdefault(index, uuid4().hex)


def _key(*parts: object) -> str:
    return "suggestions-" + sha256(repr(parts).encode()).hexdigest()


def _still_holds(stamps: Stamps) -> bool:
    """Whether all of them are public and unchanged."""
    now = dict(
        Organisation.objects.verified().filter(pk__in=stamps).values_list("pk", "updated_at")
    )
    return now == dict(stamps)
