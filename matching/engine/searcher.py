"""Questions in identifiers, asked of every segment of an index, and their answers put together."""

import threading
from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine import answering, bounding, judging
from matching.engine.asking import Rates
from matching.engine.handles import Manner, Space, manner_of, space_of
from matching.engine.questions import ANYONE, Narrowing, fit_points, limits_of, question_of
from matching.engine.searching import MAX_EXPOSURE, SPAN
from matching.engine.segment import BLOCK
from matching.engine.sides import NO_RECORD, Lookup, Side
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

NOT_NARROWING: Final = frozenset({"exclude", "exposure"})
"""What may be given without restricting the documents."""

MANNERS: Final = 4_096
"""Ways of asking that are kept."""


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
        self._tables: tuple[NDArray[np.uint16], NDArray[np.uint16]] | None = None
        self._fits: dict[tuple[int, int | None], Int64s] = {}
        self._manners: dict[tuple[int, int | None, int], Manner] = {}
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
        record = found[0].record(found[1]) if found else NO_RECORD
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
        found = []
        for which, ((lookup, dead), marked) in enumerate(zip(self.segments, marks, strict=True)):
            manner = self._manner(side.home, lookup, dead, marked, narrowed)
            packed = question_of(side, lookup, narrowed.get("exclude", ()))
            most = max(0, min(limit, len(lookup)))
            space = _space_of(len(lookup))
            try:
                flat = answering.answer(most, told, packed, lookup.source, manner, space)
            except BaseException:
                _spare.__dict__.clear()
                raise
            document, identifier, rank, score, signals, start, terms = answering.columns(flat)
            where = np.zeros(len(document), dtype=np.int64)
            if which:
                where += which
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
            rows.append(self._signals(side, lookup, dead, chosen))
        return np.concatenate(ids), np.concatenate(rows)

    def scores(self, side: Side, others: Iterable[int]) -> dict[int, int]:
        """The score of each of these organisations with `side`, in hundredths; those that are not
        in the index are left out."""
        wanted: dict[int, list[tuple[int, int]]] = {}
        for other in others:
            if (found := self.find(other)) is not None:
                wanted.setdefault(id(found[0]), []).append((found[1], other))
        scores: dict[int, int] = {}
        for lookup, dead in self.segments:
            if rows := sorted(wanted.get(id(lookup), [])):
                chosen = np.array([document for document, _other in rows], dtype=np.int64)
                totals = self._signals(side, lookup, dead, chosen).sum(axis=1).tolist()
                scores |= {other: total for (_, other), total in zip(rows, totals, strict=True)}
        return scores

    def _signals(
        self, side: Side, lookup: Lookup, dead: NDArray[np.int32], chosen: Int64s
    ) -> NDArray[np.int64]:
        manner = self._manner(side.home, lookup, dead, ANYONE, {})
        packed, space = question_of(side, lookup), _space_of(len(lookup))
        return judging.all_signals(chosen, packed, lookup.source, manner, space)

    def _manner(
        self,
        home: int | None,
        lookup: Lookup,
        dead: NDArray[np.int32],
        marked: NDArray[np.bool_],
        narrowed: Narrowing,
    ) -> Manner:
        """How a segment is asked from this home; kept for those who narrow nothing."""
        exposure = narrowed.get("exposure", 0)
        key = (id(lookup), home, exposure)
        unnarrowed = marked is ANYONE and not (narrowed.keys() - NOT_NARROWING)
        if unnarrowed and key in self._manners:
            return self._manners[key]
        manner = manner_of(
            limits_of(home, lookup, dead, marked, narrowed),
            self._fit(lookup, home),
            self._rates_for(exposure),
        )
        if unnarrowed:
            if len(self._manners) >= MANNERS:
                self._manners.clear()
            self._manners[key] = manner
        return manner

    def _fit(self, lookup: Lookup, home: int | None) -> Int64s:
        """What the regional fit with each home of a segment brings."""
        key = (id(lookup), home)
        if key not in self._fits:
            self._fits[key] = fit_points(lookup, home, self._scoring.weights[REGIONAL_FIT])
        return self._fits[key]

    def _rates_for(self, exposure: int) -> Rates:
        scoring = self._scoring
        if self._tables is None:
            self._tables = bounding.tables(
                self._weights, scoring.tau_priorities, scoring.doublings_priorities
            )
        return Rates(
            self._weights,
            scoring.tau_value_chain,
            scoring.tau_priorities,
            scoring.doublings_priorities,
            scoring.tau_track_record,
            scoring.doublings_track_record,
            exposure,
            *self._tables,
        )


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


def _space_of(length: int) -> Space:
    """Room for a search among so many documents, which one that fails spoils; one of every length
    for each thread."""
    kept: dict[int, Space] | None = getattr(_spare, "kept", None)
    if kept is None:
        kept = _spare.kept = {}
        _spare.sums = np.zeros(4 * BLOCK, dtype=np.uint16)
        _spare.bound = np.empty(SPAN * BLOCK, dtype=np.uint16)
    if length not in kept:
        if len(kept) > 4:
            kept.clear()
        x = np.zeros(length, dtype=np.int64)
        kept[length] = space_of(x, _spare.sums, _spare.bound)
    return kept[length]
