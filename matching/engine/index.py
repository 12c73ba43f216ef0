"""The match index: exact answers to "who fits this organisation?" and "who should meet between
these regions?"."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from matching.engine import store
from matching.engine.arrays import Arrays, Integers
from matching.engine.build import build_arrays
from matching.engine.explain import explain
from matching.engine.matrix import Columns, eligible, signal_matrices
from matching.engine.types import (
    SIGNALS,
    EngineError,
    Int64s,
    Match,
    Participations,
    Places,
    Profile,
    RegionFit,
    Scoring,
    SegmentEdges,
    Statistics,
    UnknownOrganisation,
)

BLOCK: Final = 1 << 20
"""Pairs scored at once."""

MAX_PAIRS: Final = 1 << 26
"""Pairs one question about best pairs may span: 8,192 organisations with as many others."""

SORTED_AT_ONCE: Final = 4096
"""Pairs put in order before the next ones are looked at."""

NOWHERE: Final[Places] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Colleague:
    """A partner an organisation already works with: joint projects, and the ordinal of the newest
    one's start (0 unknown)."""

    id: int
    projects: int
    last: int


class MatchIndex:
    """Exact, immutable, explained.

    Rank by score, descending, then by id, ascending. An organisation is never suggested to itself,
    to one of its own home region, or to one that it already worked with; where a home region is
    unknown, only across two known countries. A pair that scores 0 is not suggested. Every answer is
    the same on every machine for the same facts.
    """

    def __init__(self, arrays: Arrays, scoring: Scoring, checksum: str = "") -> None:
        self.arrays = arrays
        self.scoring = scoring
        self.checksum = checksum
        """Identity of the saved content; empty for an index that was not loaded."""
        by_id = np.argsort(arrays.document_id, kind="stable")
        self._sorted_ids = np.asarray(arrays.document_id)[by_id]
        self._by_id = by_id

    @classmethod
    def build(
        cls,
        profiles: Iterable[Profile],
        participations: Participations,
        segment_edges: SegmentEdges,
        region_fit: RegionFit,
        *,
        places: Places = NOWHERE,
        scoring: Scoring | None = None,
        statistics: Statistics | None = None,
    ) -> Self:
        """Quantise and lay out; the same facts in any order give the same index.

        `places` tells home region and country of partners without a profile. `statistics` freezes
        what idf, selectivity and age are counted from (`statistics_of`); by default it comes from
        these very facts. Raises `BuildError`.
        """
        arrays = build_arrays(
            profiles, participations, segment_edges, region_fit, places, statistics
        )
        return cls(arrays, scoring or Scoring())

    def save(self, folder: Path) -> str:
        """Write to a new folder beside the present one, then switch to it in one step; returns the
        checksum."""
        return store.save(folder, self.arrays, self.scoring)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open the current index of a folder, its arrays memory-mapped; raises
        `IndexUnreadable`."""
        return cls(*store.load(folder))

    def with_scoring(self, scoring: Scoring) -> Self:
        """The same facts under other weights and constants, without copying anything."""
        return type(self)(self.arrays, scoring, self.checksum)

    def __len__(self) -> int:
        return len(self.arrays.document_id)

    def __contains__(self, organisation: int) -> bool:
        return self._find(organisation) is not None

    def organisations_of(self, regions: int | Collection[int]) -> list[int]:
        """Ids of the organisations whose home is one of these regions, ascending."""
        wanted = self._regions([regions] if isinstance(regions, int) else regions)
        here = np.isin(self.arrays.document_home, wanted)
        return sorted(self.arrays.document_id[here].tolist())

    def recent_projects(self, organisation: int) -> int:
        """How many recent projects with other regions the experience signal counts for it."""
        return int(self.arrays.document_experience[self._document(organisation)])

    def match(self, a: int, b: int) -> Match:
        """Any two organisations, explained, whether or not they may be suggested to each other."""
        if a == b:
            raise EngineError(f"organisation {a} is not matched with itself")
        return explain(self.arrays, self.scoring, self._document(a), self._document(b))

    def signals(self, a: int) -> tuple[Int64s, dict[str, Int64s]]:
        """The ids of all organisations, and beside them the hundredths that each signal gives them
        with `a`."""
        rows = np.array([self._document(a)])
        found = signal_matrices(self.arrays, self.scoring, rows, Columns(self.arrays))
        ids = np.asarray(self.arrays.document_id, dtype=np.int64)
        return ids, {signal: found[signal][0] for signal in SIGNALS}

    def top(
        self,
        a: int,
        limit: int,
        *,
        regions: Collection[int] | None = None,
        countries: Collection[str] | None = None,
        among: Collection[int] | None = None,
        exclude: Collection[int] = (),
    ) -> list[Match]:
        """The best partners of one organisation: exact, over all who may be suggested to it.

        Restricted to home `regions`, to `countries`, and to the ids in `among` (an area, a search)
        where these are given, and never any of `exclude`. Raises `UnknownOrganisation`.
        """
        document = self._document(a)
        rows = np.array([document])
        columns = Columns(self.arrays)
        found = signal_matrices(self.arrays, self.scoring, rows, columns)
        total = _sum(found)[0]
        may = eligible(self.arrays, rows, columns)[0] & (total > 0)
        if regions is not None:
            may &= np.isin(self.arrays.document_home, self._regions(regions))
        if countries is not None:
            codes = self.arrays.country_code.tolist()
            wanted = [i for i, code in enumerate(codes) if code in set(countries)]
            may &= np.isin(self.arrays.document_country, wanted)
        if among is not None:
            may &= np.isin(self.arrays.document_id, list(among))
        if exclude:
            may &= ~np.isin(self.arrays.document_id, list(exclude))
        candidates = np.flatnonzero(may)
        if len(candidates) > limit:
            kept = total[candidates]
            threshold = np.partition(kept, len(kept) - limit)[len(kept) - limit] if limit else 0
            candidates = candidates[kept >= threshold]
        order = np.lexsort((self.arrays.document_id[candidates], -total[candidates]))
        return [
            explain(self.arrays, self.scoring, document, other)
            for other in candidates[order][:limit].tolist()
        ]

    def best_pairs(
        self,
        left: int | Collection[int],
        right: int | Collection[int],
        limit: int,
        *,
        max_per_organisation: int | None = None,
    ) -> list[Match]:
        """The best pairs between two home regions, or two sets of them; see
        `best_pairs_between`."""
        return self.best_pairs_between(
            self.organisations_of(left),
            self.organisations_of(right),
            limit,
            max_per_organisation=max_per_organisation,
        )

    def best_pairs_between(
        self,
        left: Collection[int],
        right: Collection[int],
        limit: int,
        *,
        max_per_organisation: int | None = None,
    ) -> list[Match]:
        """The best pairs of one organisation of `left` (a) with one of `right` (b) that may be
        suggested to each other.

        Ranked by score, descending, then by the lower and the higher id of the pair, so that both
        directions list the same pairs. `max_per_organisation` passes over pairs, best first, one of
        whose organisations was listed that often. A pair inside both sets counts once. Raises
        `UnknownOrganisation`, and `EngineError` for more than 2²⁶ pairs.
        """
        if len(left) * len(right) > MAX_PAIRS:
            raise EngineError(f"{len(left)} × {len(right)} organisations are too many pairs")
        rows = np.array([self._document(a) for a in sorted(set(left))], dtype=np.int64)
        columns = Columns(
            self.arrays, np.array([self._document(b) for b in sorted(set(right))], dtype=np.int64)
        )
        total = self._totals(rows, columns)
        shown: dict[int, int] = {}
        met: set[tuple[int, int]] = set()
        answer: list[Match] = []
        for a, b in self._ranked(total, rows, columns.documents):
            if len(answer) == limit:
                break
            pair = (min(a, b), max(a, b))
            full = max_per_organisation is not None and (
                max(shown.get(a, 0), shown.get(b, 0)) >= max_per_organisation
            )
            if pair in met or full:
                continue
            met.add(pair)
            for one in pair:
                shown[one] = shown.get(one, 0) + 1
            answer.append(explain(self.arrays, self.scoring, a, b))
        return answer

    def partners(self, a: int, *, outside: bool = False) -> list[Colleague]:
        """Who already works with `a`: most joint projects first, then the newest, then by id.

        Partners without a profile are left out unless `outside` is true.
        """
        row = self.arrays.ties.row(self._document(a))
        keys = self.arrays.ties.key[row]
        listed = np.full(len(keys), True) if outside else self.arrays.partner_document[keys] >= 0
        found = zip(
            self.arrays.partner_key[keys[listed]].tolist(),
            self.arrays.ties_projects[row][listed].tolist(),
            self.arrays.ties_last[row][listed].tolist(),
            strict=True,
        )
        return sorted(
            (Colleague(*one) for one in found), key=lambda c: (-c.projects, -c.last, c.id)
        )

    def _totals(self, rows: Integers, columns: Columns) -> NDArray[np.int32]:
        """Score of every pair, 0 where it may not be suggested."""
        width = len(columns.documents)
        total = np.zeros((len(rows), width), dtype=np.int32)
        step = max(1, BLOCK // max(1, width))
        for first in range(0, len(rows), step):
            block = rows[first : first + step]
            found = signal_matrices(self.arrays, self.scoring, block, columns)
            score = _sum(found)
            total[first : first + step] = score * eligible(self.arrays, block, columns)
        return total

    def _ranked(
        self, total: NDArray[np.int32], rows: Integers, columns: Integers
    ) -> Iterator[tuple[int, int]]:
        """Pairs of documents with a score, best first, sorting no more of them than asked for."""
        flat = total.ravel()
        remaining = np.flatnonzero(flat)
        taken = SORTED_AT_ONCE
        while len(remaining):
            here = remaining
            if len(remaining) > taken:
                values = flat[remaining]
                threshold = np.partition(values, len(values) - taken)[len(values) - taken]
                here, remaining = remaining[values >= threshold], remaining[values < threshold]
            else:
                remaining = remaining[:0]
            row, column = np.divmod(here, len(columns))
            a, b = rows[row], columns[column]
            ids = self.arrays.document_id[a], self.arrays.document_id[b]
            order = np.lexsort((np.maximum(*ids), np.minimum(*ids), -flat[here]))
            yield from zip(a[order].tolist(), b[order].tolist(), strict=True)
            taken *= 8

    def _regions(self, regions: Collection[int]) -> list[int]:
        wanted = set(regions)
        return [i for i, region in enumerate(self.arrays.region_id.tolist()) if region in wanted]

    def _find(self, organisation: int) -> int | None:
        at = int(np.searchsorted(self._sorted_ids, organisation))
        if at == len(self._sorted_ids) or self._sorted_ids[at] != organisation:
            return None
        return int(self._by_id[at])

    def _document(self, organisation: int) -> int:
        found = self._find(organisation)
        if found is None:
            raise UnknownOrganisation(organisation)
        return found


def _sum(signals: dict[str, Int64s]) -> Int64s:
    total = signals[SIGNALS[0]].copy()
    for signal in SIGNALS[1:]:
        total += signals[signal]
    return total
