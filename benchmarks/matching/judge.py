"""Brute force: every pair by itself, in exact whole numbers, straight from the definition.

The judge of exactness for every engine of the benchmark. It looks at all organisations and at all
statements and ties of each; it shares no code with the engine.
"""

from collections.abc import Collection
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.matching.facts import INTERESTS, NEEDS, OFFERS, SEGMENTS, Facts
from matching.engine.types import Int64s

Ranked = list[tuple[int, int]]
"""(id, score in hundredths), best first."""

NOBODY: Final = np.zeros(0, dtype=np.int64)


class Judge:
    """Scores against one organisation at a time."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._need = np.zeros(facts.concepts, dtype=np.int64)
        self._offer = np.zeros(facts.concepts, dtype=np.int64)
        self._interest = np.zeros(facts.concepts, dtype=np.int64)
        self._segment = np.zeros(facts.concepts, dtype=np.int64)
        self._partner = np.zeros(len(facts.selectivity), dtype=np.int64)

    def scores(self, document: int, others: Int64s | None = None) -> Int64s:
        """The score of a document with each of `others` (all documents by default), 0 where it may
        not be suggested."""
        facts = self.facts
        marks = (
            (self._need, *facts.statements(document, NEEDS)),
            (self._offer, *facts.statements(document, OFFERS)),
            (self._interest, *facts.statements(document, INTERESTS)),
            (self._segment, *facts.statements(document, SEGMENTS)),
            (self._partner, *facts.ties(document)),
        )
        for table, where, value in marks:
            table[where] = value
        found: Int64s = _scores(  # type: ignore[call-arg]  # the stubs know no star before the last
            document,
            np.arange(len(facts)) if others is None else np.asarray(others, dtype=np.int64),
            *(table for table, _, _ in marks),
            facts.home,
            facts.country,
            facts.listed,
            facts.experience,
            facts.row_ptr,
            facts.row_field,
            facts.row_concept,
            facts.row_value,
            facts.total_needs,
            facts.partner,
            facts.tie_ptr,
            facts.tie_with,
            facts.tie_value,
            facts.edge_ptr,
            facts.edge_to,
            facts.edge_weight,
            facts.mass,
            facts.scoring,
        )
        for table, where, _ in marks:
            table[where] = 0
        return found

    def top(
        self,
        organisation: int,
        limit: int,
        *,
        keep: NDArray[np.bool_] | None = None,
        exclude: Collection[int] = (),
    ) -> Ranked:
        """The best partners of an organisation among all, or those that `keep` marks."""
        total = self.scores(self.facts.document(organisation))
        if keep is not None:
            total[~keep] = 0
        for other in exclude:
            total[self.facts.document(other)] = 0
        return best(self.facts, np.flatnonzero(total), total[total > 0], limit)

    def rerank(self, organisation: int, candidates: Int64s, limit: int) -> Ranked:
        """The best among a few documents."""
        total = self.scores(self.facts.document(organisation), candidates)
        return best(self.facts, candidates[total > 0], total[total > 0], limit)


def best(facts: Facts, documents: Int64s, total: Int64s, limit: int) -> Ranked:
    """The first `limit` by score descending, then by id."""
    if len(total) > limit:
        threshold = np.partition(total, len(total) - limit)[len(total) - limit]
        documents, total = documents[total >= threshold], total[total >= threshold]
    order = np.lexsort((documents, -total))[:limit]
    ids = facts.ids[documents[order]]
    return list(zip(ids.tolist(), total[order].tolist(), strict=True))


@njit(cache=True)
def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


@njit(cache=True)
def _growing(w: int, x: int, tau: int, doublings: int) -> int:
    """w · log2(1 + x/τ) / doublings, straight between powers of two, at most w."""
    full, unit = 0, tau
    while 2 * unit <= x + tau:
        unit *= 2
        full += 1
    if full >= doublings:
        return w
    return _half_up(w * (full * unit + x + tau - unit), doublings * unit)


@njit(cache=True)
def _scores(  # one argument per array: numba compiles functions of arrays
    a: int,
    others: Int64s,
    need: Int64s,
    offer: Int64s,
    interest: Int64s,
    segment: Int64s,
    worked: Int64s,
    home: Any,
    country: Any,
    listed: Any,
    experience: Any,
    row_ptr: Int64s,
    row_field: Any,
    row_concept: Any,
    row_value: Any,
    total_needs: Any,
    partner: Any,
    tie_ptr: Int64s,
    tie_with: Any,
    tie_value: Any,
    edge_ptr: Int64s,
    edge_to: Any,
    edge_weight: Any,
    mass: Any,
    scoring: Int64s,
) -> Int64s:
    total = np.zeros(len(others), dtype=np.int64)
    for i in range(len(others)):
        b = others[i]
        if b == a or not listed[b]:
            continue
        if home[a] and home[b]:
            if home[a] == home[b]:
                continue
        elif not country[a] or not country[b] or country[a] == country[b]:
            continue
        p = partner[b]
        if p >= 0 and worked[p]:
            continue

        met_a, met_b, shared, chain = 0, 0, 0, 0
        for r in range(row_ptr[b], row_ptr[b + 1]):
            field, c = row_field[r], row_concept[r]
            if field == 0:
                if offer[c]:
                    met_b += row_value[r]
            elif field == 1:
                met_a += need[c]
            elif field == 2:
                shared += interest[c] * row_value[r]
            else:
                for e in range(edge_ptr[c], edge_ptr[c + 1]):
                    s = edge_to[e]
                    if not segment[s]:
                        continue
                    counted = False
                    if segment[c] and s < c:
                        # a holds both ends: the edge counts once, at its lower end, if b does too
                        for other in range(row_ptr[b], row_ptr[b + 1]):
                            counted |= row_field[other] == 3 and row_concept[other] == s
                    if not counted:
                        chain += edge_weight[e]
        common = 0
        if p >= 0:
            for t in range(tie_ptr[p], tie_ptr[p + 1]):
                common += worked[tie_with[t]] * tie_value[t]

        all_a, all_b = max(1, total_needs[a]), max(1, total_needs[b])
        score = 0
        one_way = met_a * all_b + met_b * all_a
        if one_way:
            # w · ((AD + CB) / 4BD + AC / (AD + CB))
            whole = 4 * all_a * all_b
            both = one_way * one_way + whole * (met_a * met_b)
            score += _half_up(scoring[0] * both, whole * one_way)
        score += _growing(scoring[1], shared, scoring[7], scoring[8])
        score += _half_up(scoring[2] * chain, chain + scoring[6])
        score += _growing(scoring[3], common, scoring[9], scoring[10])
        if home[a] and home[b]:
            score += _half_up(scoring[4] * mass[home[a], home[b]], 10_000)
        score += _half_up(scoring[5] * (np.int64(experience[a]) + experience[b]), 510)
        total[i] = score
    return total
