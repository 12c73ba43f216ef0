"""Questions in identifiers, asked of every segment of an index, and their answers put together."""

import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine import answering, judging
from matching.engine.asking import Limits, Rates
from matching.engine.questions import ANYONE, Narrowing, fit_points, limits_of, question_of
from matching.engine.searching import MAX_EXPOSURE, SPAN
from matching.engine.segment import BLOCK
from matching.engine.sides import Lookup, Record, Side
from matching.engine.types import (
    REGIONAL_FIT,
    SIGNALS,
    EngineError,
    Int64s,
    Profile,
    Scoring,
    UnknownOrganisation,
)

NO_DOCUMENTS: Final = np.zeros(0, dtype=np.int32)


class Ranking(NamedTuple):
    """Suggested organisations, best first, as columns of one length n.

    `id`, what they are ranked by, their `score`, and `signals` int64[n, 6] in the order of
    `SIGNALS`, all in hundredths; `segment` and `document` say where they are in the index. The
    terms of the i-th are rows `term_start[i]` to `term_start[i + 1]` of `terms`, int64[., 4]: the
    number of the signal, what it is about, the side (1 the asker's, 2 the other's, 0 both) and
    points. What it is about is the concept, the number of the edge of the value chain, the partner,
    the reason, or the organisation with the record. Rows without terms worked out have signal -1;
    without `told` there are none.
    """

    id: Int64s
    rank: Int64s
    score: Int64s
    signals: NDArray[np.int64]
    segment: Int64s
    document: Int64s
    term_start: Int64s
    terms: NDArray[np.int64]


class Searcher:
    """What an index consists of, asked: a base, and in `delta` who joined or changed since; what
    the base says of its documents in `dead` no longer holds."""

    def __init__(
        self, base: Lookup, delta: Lookup | None, dead: NDArray[np.int32], scoring: Scoring
    ) -> None:
        self.base = base
        self.delta = delta
        self.dead = dead
        self.segments = [(base, dead), *([(delta, NO_DOCUMENTS)] if delta else [])]
        self._scoring = scoring
        self._weights = np.array([scoring.weights[s] for s in SIGNALS], dtype=np.int64)
        self._rates: dict[int, Rates] = {}
        self._fits: dict[tuple[int, int | None], Int64s] = {}
        self._unnarrowed: dict[tuple[int, int | None], Limits] = {}
        self._worked = any(len(lookup.segment.ties.partner_key) for lookup, _ in self.segments)

    def __len__(self) -> int:
        return len(self.base) - len(self.dead) + (len(self.delta) if self.delta else 0)

    def find(self, organisation: int) -> tuple[Lookup, int] | None:
        for lookup, dead in reversed(self.segments):
            document = lookup.document(organisation)
            if document >= 0 and not np.isin(document, dead):
                return lookup, document
        return None

    def located(self, organisation: int) -> tuple[Lookup, int]:
        found = self.find(organisation)
        if found is None:
            raise UnknownOrganisation(organisation)
        return found

    def side(self, organisation: int) -> Side:
        lookup, document = self.located(organisation)
        return lookup.side(document)

    def side_of(self, profile: Profile) -> Side:
        """A profile as it stands now, whether or not it is in the index; its joint work is what the
        index knows of its id."""
        found = self.find(profile.id) if self._worked else None
        record = found[0].record(found[1]) if found else Record()
        return self.base.side_of_profile(profile, record)

    def marked(self, among: Collection[int] | None) -> list[NDArray[np.bool_]]:
        """Which documents of each segment are among some organisations; nothing for all of them."""
        if among is None:
            return [ANYONE] * len(self.segments)
        marks = []
        wanted = np.array(list(among), dtype=np.int64)
        for lookup, _ in self.segments:
            chosen = np.zeros(len(lookup), dtype=np.bool_)
            chosen[lookup.documents_of(wanted)] = True
            marks.append(chosen)
        return marks

    def rank(
        self,
        side: Side,
        limit: int,
        narrowed: Narrowing,
        *,
        marks: list[NDArray[np.bool_]] | None = None,
        told: bool = False,
    ) -> Ranking:
        """The best `limit` for one side, with their terms if `told`; `marks` are those of
        `narrowed["among"]`. Raises `EngineError` for an exposure out of range."""
        exposure = narrowed.get("exposure", 0)
        if abs(exposure) > MAX_EXPOSURE:
            raise EngineError(f"exposure {exposure} is above {MAX_EXPOSURE}")
        if marks is None:
            marks = self.marked(narrowed.get("among"))
        rates = self._rates_for(exposure)
        found = []
        for which, ((lookup, dead), marked) in enumerate(zip(self.segments, marks, strict=True)):
            segment = lookup.segment
            with _zeros(len(lookup)) as x:
                document, identifier, rank, score, signals, start, terms, _ = answering.answer(
                    max(0, min(limit, len(lookup))),
                    told,
                    question_of(side, lookup, narrowed.get("exclude", ())),
                    self._fit(lookup, side),
                    segment.documents,
                    lookup.home_start,
                    segment.postings,
                    lookup.tied,
                    lookup.coding,
                    lookup.why,
                    self._limits(side, lookup, dead, marked, narrowed),
                    rates,
                    x,
                    _room(),
                )
            where = np.empty(len(document), dtype=np.int64)
            where.fill(which)
            found.append(Ranking(identifier, rank, score, signals, where, document, start, terms))
        return found[0] if len(found) == 1 else _merged(found, limit)

    def signals(self, side: Side) -> tuple[Int64s, NDArray[np.int64]]:
        """The ids of all organisations, and the signals of each with `side` as rows."""
        ids, rows = [], []
        for lookup, dead in self.segments:
            alive = np.ones(len(lookup), dtype=np.bool_)
            alive[dead] = False
            chosen = np.flatnonzero(alive).astype(np.int64)
            ids.append(lookup.segment.documents.id[alive].astype(np.int64))
            rows.append(self._signals(side, lookup, chosen))
        return np.concatenate(ids), np.concatenate(rows)

    def scores(self, side: Side, others: Iterable[int]) -> dict[int, int]:
        """The score of each of these organisations with `side`, in hundredths; those that are not
        in the index are left out."""
        wanted: dict[int, tuple[Lookup, list[tuple[int, int]]]] = {}
        for other in others:
            if (found := self.find(other)) is not None:
                wanted.setdefault(id(found[0]), (found[0], []))[1].append((found[1], other))
        scores: dict[int, int] = {}
        for lookup, rows in wanted.values():
            rows.sort()
            chosen = np.array([document for document, _other in rows], dtype=np.int64)
            totals = self._signals(side, lookup, chosen).sum(axis=1).tolist()
            scores |= {other: total for (_, other), total in zip(rows, totals, strict=True)}
        return scores

    def _signals(self, side: Side, lookup: Lookup, chosen: Int64s) -> NDArray[np.int64]:
        segment = lookup.segment
        with _zeros(len(lookup)) as x:
            return judging.all_signals(
                chosen,
                segment.documents,
                segment.postings,
                lookup.tied,
                lookup.coding,
                question_of(side, lookup),
                self._fit(lookup, side),
                self._rates_for(0),
                x,
            )

    def _limits(
        self,
        side: Side,
        lookup: Lookup,
        dead: NDArray[np.int32],
        marked: NDArray[np.bool_],
        narrowed: Narrowing,
    ) -> Limits:
        """`limits_of`, kept for those who narrow nothing."""
        if narrowed:
            return limits_of(side.home, lookup, dead, marked, narrowed)
        key = (id(lookup), side.home)
        if key not in self._unnarrowed:
            self._unnarrowed[key] = limits_of(side.home, lookup, dead, ANYONE, {})
        kept = self._unnarrowed[key]
        return kept if marked is ANYONE else kept._replace(among=marked)

    def _fit(self, lookup: Lookup, side: Side) -> Int64s:
        """What the regional fit with each home of a segment brings."""
        key = (id(lookup), side.home)
        if key not in self._fits:
            self._fits[key] = fit_points(lookup, side.home, self._scoring.weights[REGIONAL_FIT])
        return self._fits[key]

    def _rates_for(self, exposure: int) -> Rates:
        if exposure not in self._rates:
            scoring = self._scoring
            self._rates[exposure] = Rates(
                weights=self._weights,
                tau_value_chain=scoring.tau_value_chain,
                tau_priorities=scoring.tau_priorities,
                doublings_priorities=scoring.doublings_priorities,
                tau_track_record=scoring.tau_track_record,
                doublings_track_record=scoring.doublings_track_record,
                exposure=exposure,
            )
        return self._rates[exposure]


def _merged(found: list[Ranking], limit: int) -> Ranking:
    """The best of several rankings, with the terms of each."""
    joined = {
        name: np.concatenate([getattr(one, name) for one in found])
        for name in ("id", "rank", "score", "signals", "segment", "document", "terms")
    }
    before = np.cumsum([0, *(len(one.terms) for one in found)])
    first = np.concatenate([one.term_start[:-1] + b for one, b in zip(found, before, strict=False)])
    last = np.concatenate([one.term_start[1:] + b for one, b in zip(found, before, strict=False)])
    order = np.lexsort((joined["id"], -joined["rank"]))[:limit]
    rows = [np.arange(first[i], last[i]) for i in order.tolist()]
    terms = joined.pop("terms")[np.concatenate([np.zeros(0, dtype=np.int64), *rows])]
    start = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    columns: dict[str, Any] = {name: column[order] for name, column in joined.items()}
    return Ranking(**columns, term_start=start, terms=terms)


_spare = threading.local()


@contextmanager
def _zeros(length: int) -> Iterator[Int64s]:
    """Zeros for the search to sum in, which it leaves as zeros unless it fails; one array per
    thread and length."""
    kept: dict[int, Int64s] = _spare.__dict__.setdefault("kept", {})
    if length not in kept:
        if len(kept) > 4:
            kept.clear()
        kept[length] = np.zeros(length, dtype=np.int64)
    try:
        yield kept[length]
    except BaseException:
        del kept[length]
        raise


def _room() -> NDArray[np.uint16]:
    """Where the search holds the bounds of a span of blocks; one array per thread."""
    room: NDArray[np.uint16] | None = getattr(_spare, "room", None)
    if room is None:
        room = _spare.room = np.empty((2, SPAN * BLOCK), dtype=np.uint16)
    return room
