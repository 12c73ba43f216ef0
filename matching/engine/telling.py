"""The terms of many matches at once, for the answers of a search; compiled.

The same division as `matching.engine.explain`, which tells one pair in full; a test holds the two
together. Terms of track record and regional fit are left to it, as are organisations whose sums
leave what 64 bits divide exactly.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine.asking import Coding, Question, Rates
from matching.engine.lists import (
    CHAIN,
    COMPLEMENTARITY,
    EXPERIENCE,
    PRIORITIES,
    bisect,
    terms_of,
)
from matching.engine.segment import (
    BLOCK,
    HELD,
    INTERESTED,
    NEEDED,
    OFFERED,
    Documents,
    Int64s,
    Postings,
)

SAFE_SUM = 12_000
"""Up to this sum of needs, points · v · D · (AD + 3CB) stays inside 64 bits."""


@njit(cache=True, error_model="numpy")
def apportion(whole: int, weight: Int64s, count: int, parts: Int64s, rest: Int64s) -> None:
    """Divide `whole` in proportion to the first `count` weights by largest remainder, the earlier
    one on a tie."""
    total = 0
    for i in range(count):
        total += weight[i]
    left = whole
    for i in range(count):
        parts[i] = whole * weight[i] // total
        rest[i] = whole * weight[i] % total
        left -= parts[i]
    for _ in range(left):
        most = 0
        for i in range(1, count):
            if rest[i] > rest[most]:
                most = i
        parts[most] += 1
        rest[most] = -1


@njit(cache=True, error_model="numpy", nogil=True)
def terms(
    found: Int64s,
    signals: NDArray[np.int64],
    identifier: int,
    documents: Documents,
    postings: Postings,
    coding: Coding,
    question: Question,
    rates: Rates,
) -> tuple[Int64s, NDArray[np.int64]]:
    """The terms with points of the documents found, document by document: where each one's start,
    and rows (signal, concept or edge or 0, side, points).

    `signals` are the rows that the search gave, `identifier` the asker's. The side is 1 for the
    asker's, 2 for the other's, 0 for both. A document whose terms were not worked out has the one
    row (-1, 0, 0, 0).
    """
    key, field, amount, _, _, edges = terms_of(question, postings, coding, rates)
    lists = len(key)
    room = max(lists, len(edges)) + 2
    ptr = np.zeros(len(found) + 1, np.int64)
    rows = np.empty((len(found) * (lists + len(edges) + 2) + len(found), 4), np.int64)
    name = np.empty(room, np.int64)
    side = np.empty(room, np.int64)
    weight = np.empty(room, np.int64)
    parts = np.empty(room, np.int64)
    rest = np.empty(room, np.int64)
    holds = np.empty(lists, np.int64)
    to = 0
    for f in range(len(found)):
        d = found[f]
        block, local = d // BLOCK, d % BLOCK
        met_a = met_b = 0
        for i in range(lists):
            low = np.int64(postings.start[key[i], block])
            high = np.int64(postings.start[key[i], block + 1])
            at = bisect(postings.local, low, high, local)
            holds[i] = at if at < high and postings.local[at] == local else -1
            if holds[i] >= 0 and field[i] == OFFERED:
                met_a += amount[i]
            elif holds[i] >= 0 and field[i] == NEEDED:
                met_b += np.int64(postings.value[at] & 3) * amount[i]
        all_a, all_b = max(1, question.needs_total), max(1, np.int64(documents.needs_total[d]))
        if max(all_a, all_b) > SAFE_SUM:
            rows[to, 0], rows[to, 1], rows[to, 2], rows[to, 3] = -1, 0, 0, 0
            to += 1
            ptr[f + 1] = to
            continue
        share_a = all_b * (met_a * all_b + 3 * met_b * all_a)
        share_b = all_a * (met_b * all_a + 3 * met_a * all_b)
        lower_first = identifier < np.int64(documents.id[d])
        for signal in (COMPLEMENTARITY, PRIORITIES, CHAIN, EXPERIENCE):
            if signals[f, signal] == 0:
                continue
            count = 0
            if signal == EXPERIENCE:
                for s in range(2):
                    mine = (s == 0) == lower_first
                    level = question.level if mine else np.int64(documents.level[d])
                    if level:
                        name[count], side[count], weight[count] = 0, 1 if mine else 2, level
                        count += 1
            elif signal == CHAIN:
                for e in range(len(edges)):
                    if (edges[e, 0] >= 0 and holds[edges[e, 0]] >= 0) or (
                        edges[e, 1] >= 0 and holds[edges[e, 1]] >= 0
                    ):
                        name[count], side[count], weight[count] = edges[e, 3], 0, edges[e, 2]
                        count += 1
            else:
                for i in range(lists):
                    if holds[i] < 0 or field[i] == HELD:
                        continue
                    if (field[i] == INTERESTED) != (signal == PRIORITIES):
                        continue
                    value = np.int64(postings.value[holds[i]]) if field[i] <= INTERESTED else 0
                    if field[i] == OFFERED:
                        new, whose = amount[i] * share_a, 1
                    elif field[i] == NEEDED:
                        new, whose = (value & 3) * amount[i] * share_b, 2
                    else:
                        new, whose = amount[i] * value, 0
                    concept = np.int64(postings.concept[key[i]])
                    at = count
                    while at and (
                        name[at - 1] > concept
                        or (name[at - 1] == concept and (side[at - 1] == 1) != lower_first)
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
