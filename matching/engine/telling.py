"""The terms of many matches at once, for the answers of a search; compiled.

The same division as `matching.engine.explain`, which tells one pair in full; a test holds the two
together. Organisations whose sums leave what 64 bits divide exactly are left to it.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine.asking import Coding, Question, Reasons, Tied, bisect
from matching.engine.lists import (
    CHAIN,
    EXPERIENCE,
    FIT,
    PRIORITIES,
    TRACK,
    Lists,
)
from matching.engine.segment import (
    HELD,
    INTERESTED,
    NEEDED,
    OFFERED,
    Documents,
    Int64s,
    Postings,
)

SAFE_SUM = 9_600
"""Up to this sum of needs S, points · v · D · (AD + 3CB) ≤ 10,000 · 255 · 4 S³ fits 64 bits."""

FEW = 4_096
"""Up to so many comparisons, the largest remainders are looked for one by one."""

BOTH, MINE, THEIRS = range(3)
"""The side of a term."""


@njit(cache=True, error_model="numpy")
def apportion(whole: int, weight: Int64s, count: int, parts: Int64s, rest: Int64s) -> None:
    """Divide `whole` in proportion to the first `count` weights by largest remainder, the earlier
    one on a tie."""
    total = 0
    for i in range(count):
        total += weight[i]
    left = whole
    # without signs, which would have to be looked at
    for i in range(count):
        product = np.uint64(whole * weight[i])
        parts[i] = np.int64(product // np.uint64(total))
        rest[i] = np.int64(product) - parts[i] * total
        left -= parts[i]
    if left * count > FEW:
        for i in np.argsort(-rest[:count], kind="mergesort")[:left]:
            parts[i] += 1
        return
    for _ in range(left):
        most = 0
        for i in range(1, count):
            if rest[i] > rest[most]:
                most = i
        parts[most] += 1
        rest[most] = -1


@njit(cache=True, error_model="numpy")
def common_partners(
    found: Int64s, question: Question, ties: Tied, x: Int64s
) -> tuple[Int64s, Int64s, Int64s]:
    """The partners in common with each document found: (where its start, numbers, weights); `x` is
    zeros, and is left so."""
    ptr = np.zeros(len(found) + 1, np.int64)
    for f in range(len(found)):
        x[found[f]] = f + 1
    for i in range(len(question.partners)):
        z = question.partners[i]
        for p in range(ties.ptr[z], ties.ptr[z + 1]):
            ptr[x[ties.document[p]]] += 1
    ptr[0] = 0
    for f in range(len(found)):
        ptr[f + 1] += ptr[f]
    partner = np.empty(ptr[-1], np.int64)
    weight = np.empty(ptr[-1], np.int64)
    to = ptr[:-1].copy()
    for i in range(len(question.partners)):
        z = question.partners[i]
        strength = np.int64(ties.selectivity[z]) * question.ties[i]
        for p in range(ties.ptr[z], ties.ptr[z + 1]):
            f = x[ties.document[p]] - 1
            if f >= 0:
                partner[to[f]], weight[to[f]] = z, strength * np.int64(ties.value[p])
                to[f] += 1
    for f in range(len(found)):
        x[found[f]] = 0
    return ptr, partner, weight


@njit(cache=True, error_model="numpy")
def fit_of(home: int, other: int, reasons: Reasons) -> tuple[int, int]:
    """Where the reasons of two homes start and end."""
    low, high = min(home, other) - 1, max(home, other) - 1
    if low < 0 or high >= reasons.regions:
        return 0, 0
    wanted = low * reasons.regions + high
    at = bisect(reasons.key, 0, len(reasons.key), wanted)
    if at == len(reasons.key) or reasons.key[at] != wanted:
        return 0, 0
    return reasons.ptr[at], reasons.ptr[at + 1]


@njit(cache=True, error_model="numpy")
def terms(
    found: Int64s,
    signals: NDArray[np.int64],
    holds: NDArray[np.int64],
    documents: Documents,
    postings: Postings,
    ties: Tied,
    coding: Coding,
    reasons: Reasons,
    question: Question,
    lists: Lists,
    x: Int64s,
) -> tuple[Int64s, NDArray[np.int64]]:
    """The terms with points of the documents found, document by document: where each one's start,
    and rows (signal, name, side, points).

    `signals` and `holds` are the rows that the search gave. The name is the concept, the number of
    the edge, the partner, the reason, or the organisation whose record it is. A document whose
    terms were not worked out has the one row (-1, 0, 0, 0).
    """
    key, field, amount, edges = lists.key, lists.field, lists.amount, lists.edges
    concept_of = postings.concept
    concept_id, partner_key, fit_reason, fit_mass = (
        coding.concept_id, ties.partner_key, reasons.reason, reasons.mass,
    )  # fmt: skip
    ids, home, level_of, needs_total = (
        documents.id, documents.home, documents.level, documents.needs_total,
    )  # fmt: skip
    count_lists = len(field)
    concepts = np.empty(count_lists, np.int64)
    for i in range(count_lists):
        concepts[i] = concept_id[concept_of[key[i]]]
    ascending = np.argsort(concepts, kind="mergesort")
    common_ptr, partner, partner_weight = common_partners(found, question, ties, x)
    fits = np.empty((len(found), 2), np.int64)
    room = max(count_lists, len(edges)) + 2
    space = len(found) * (count_lists + len(edges) + 3) + len(partner)
    for f in range(len(found)):
        fits[f] = fit_of(question.home, np.int64(home[found[f]]), reasons)
        given = fits[f, 1] - fits[f, 0]
        room = max(room, common_ptr[f + 1] - common_ptr[f], given)
        space += given
    ptr = np.zeros(len(found) + 1, np.int64)
    rows = np.empty((space, 4), np.int64)
    name = np.empty(room, np.int64)
    side = np.empty(room, np.int64)
    weight = np.empty(room, np.int64)
    parts = np.empty(room, np.int64)
    rest = np.empty(room, np.int64)
    to = 0
    for f in range(len(found)):
        d = found[f]
        other = np.int64(ids[d])
        met_a = met_b = 0
        for i in range(count_lists):
            value = holds[f, i]
            if field[i] == OFFERED:
                met_a += value * amount[i]
            elif field[i] == NEEDED:
                met_b += (value & 3) * amount[i]
        all_a, all_b = max(1, question.needs_total), max(1, np.int64(needs_total[d]))
        if max(all_a, all_b) > SAFE_SUM:
            rows[to, 0], rows[to, 1], rows[to, 2], rows[to, 3] = -1, 0, 0, 0
            to += 1
            ptr[f + 1] = to
            continue
        share_a = all_b * (met_a * all_b + 3 * met_b * all_a)
        share_b = all_a * (met_b * all_a + 3 * met_a * all_b)
        lower_first = question.id < other
        for signal in range(6):
            if signals[f, signal] == 0:
                continue
            count = 0
            if signal == EXPERIENCE:
                for s in range(2):
                    mine = (s == 0) == lower_first
                    level = question.level if mine else np.int64(level_of[d])
                    if level:
                        name[count], side[count] = question.id if mine else other, THEIRS - mine
                        weight[count] = level
                        count += 1
            elif signal == TRACK:
                for p in range(common_ptr[f], common_ptr[f + 1]):
                    name[count], side[count] = partner_key[partner[p]], BOTH
                    weight[count] = partner_weight[p]
                    count += 1
            elif signal == FIT:
                for p in range(fits[f, 0], fits[f, 1]):
                    name[count], side[count] = fit_reason[p], BOTH
                    weight[count] = fit_mass[p]
                    count += 1
            elif signal == CHAIN:
                for e in range(len(edges)):
                    if (edges[e, 0] >= 0 and holds[f, edges[e, 0]]) or (
                        edges[e, 1] >= 0 and holds[f, edges[e, 1]]
                    ):
                        name[count], side[count], weight[count] = edges[e, 3], BOTH, edges[e, 2]
                        count += 1
            else:
                for i in ascending:
                    value = holds[f, i]
                    if value == 0 or field[i] == HELD:
                        continue
                    if (field[i] == INTERESTED) != (signal == PRIORITIES):
                        continue
                    if field[i] == OFFERED:
                        new, whose = amount[i] * share_a, MINE
                    elif field[i] == NEEDED:
                        new, whose = (value & 3) * amount[i] * share_b, THEIRS
                    else:
                        new, whose = amount[i] * value, BOTH
                    concept = concepts[i]
                    at = count
                    while at and (
                        name[at - 1] > concept
                        or (name[at - 1] == concept and (side[at - 1] == MINE) != lower_first)
                    ):
                        name[at], side[at] = name[at - 1], side[at - 1]
                        weight[at] = weight[at - 1]
                        at -= 1
                    name[at], side[at], weight[at] = concept, whose, new
                    count += 1
            apportion(signals[f, signal], weight, count, parts, rest)
            for i in range(count):
                if parts[i]:
                    rows[to, 0], rows[to, 1] = signal, name[i]
                    rows[to, 2], rows[to, 3] = side[i], parts[i]
                    to += 1
        ptr[f + 1] = to
    return ptr, rows[:to]
