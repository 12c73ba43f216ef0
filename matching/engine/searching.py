"""The exact search: top k of one segment by blocked accumulators over postings.

Policy. Every document that may be suggested is a candidate; nothing is left out by approximation.
Documents are ranked by (score − what being well known costs, descending; id, ascending).

How. Block by block, an upper bound of each document's score in hundredths is summed up from the
postings of the asker's concepts: a posting brings at most the share it has in its signal, and every
signal is at most the sum of what its terms bring alone (concave functions from 0 are subadditive,
complementarity is at most (f+g)/2). Only documents whose bound reaches
the k-th best so far are looked at: filters first, then the exact score by bisection in the same
postings. Lists of frequent concepts that together bring less than `SLACK` of the k-th best are not
summed; their sum is added to every bound instead (MaxScore; Turtle and Flood 1995, "Query
evaluation: strategies and optimizations").
"""

# numba has no types of its own
# mypy: disable-error-code="untyped-decorator"

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine import points
from matching.engine.asking import Coding, Limits, Question, Rates
from matching.engine.segment import (
    BLOCK,
    HELD,
    INTERESTED,
    LISTED,
    NEEDED,
    OFFERED,
    SHARES,
    Documents,
    Int64s,
    Integers,
    Postings,
    Ties,
)

COMPLEMENTARITY, PRIORITIES, CHAIN, TRACK, FIT, EXPERIENCE = range(6)
"""Positions of the signals in a row of points."""

LEVELS = 510
"""Twice the highest level of experience: of both sides together."""

FAMILIARITY = 16
"""Steps of familiarity per doubling of partners."""

CEILING = 9_000
"""What the lists of needs, or of segments, may bring together and still be summed: bounds of both,
of the signals' weights and of fame then stay inside 16 bits."""

MARGIN = 4
"""Hundredths that rounding half up may add to a sum of unrounded bounds."""

MAX_EXPOSURE = 750
"""Hundredths per doubling of partners; `OFFSET` holds it for 2¹⁶ partners."""

OFFSET = 12_000
"""Added to bounds where being well known is taken off, so that they stay above 0."""

SLACK = 0.1
FREQUENT = 50
"""A list is worth leaving out if more than one document in `FREQUENT` is in it."""

CHUNK = 64


@njit(cache=True, error_model="numpy")
def bisect(values: Integers, low: int, high: int, wanted: int) -> int:
    """The first position from low to high whose value is not below `wanted`, near where it would
    stand if values were spread evenly."""
    while high - low > 8:
        middle = (low + high) >> 1
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    while low < high and values[low] < wanted:
        low += 1
    return low


@njit(cache=True, error_model="numpy")
def key_of(postings: Postings, field: int, concept: int) -> int:
    """The key of a field and a concept, -1 without postings."""
    end = postings.field[field + 1]
    at = bisect(postings.concept, postings.field[field], end, concept)
    return at if at < end and postings.concept[at] == concept else -1


@njit(cache=True, error_model="numpy")
def terms_of(
    question: Question, postings: Postings, coding: Coding, rates: Rates
) -> tuple[Int64s, Int64s, Int64s, NDArray[np.uint16], Int64s, NDArray[np.int64]]:
    """The lists that the question touches: (key, field, amount, bound by value of a posting, most
    it brings; and the edges as rows (list of one end or -1, of the other or -1, weight))."""
    edges = len(coding.edge_low)
    most = len(question.needs) + len(question.offers) + len(question.interests)
    most += 2 * edges if len(question.segments) else 0
    key = np.empty(most, np.int64)
    field = np.empty(most, np.int64)
    amount = np.zeros(most, np.int64)
    count = 0
    for i in range(len(question.needs)):
        k = key_of(postings, OFFERED, question.needs[i])
        if k >= 0:
            key[count], field[count], amount[count] = k, OFFERED, question.needs_value[i]
            count += 1
    for i in range(len(question.offers)):
        k = key_of(postings, NEEDED, question.offers[i])
        if k >= 0:
            key[count], field[count] = k, NEEDED
            amount[count] = coding.exchange_idf[question.offers[i]]
            count += 1
    for i in range(len(question.interests)):
        k = key_of(postings, INTERESTED, question.interests[i])
        if k >= 0:
            key[count], field[count], amount[count] = k, INTERESTED, question.interests_value[i]
            count += 1
    held = count
    joined = np.empty((edges if len(question.segments) else 0, 3), np.int64)
    found = 0
    chain = rates.weights[CHAIN]
    reach = np.zeros(most, np.int64)
    for e in range(len(joined)):
        low, high = coding.edge_low[e], coding.edge_high[e]
        at_high = at_low = -1
        for end in range(2):
            mine, theirs = (low, high) if end == 0 else (high, low)
            at = bisect(question.segments, 0, len(question.segments), mine)
            if at == len(question.segments) or question.segments[at] != mine:
                continue
            k = key_of(postings, HELD, theirs)
            if k < 0:
                continue
            where = held
            while where < count and key[where] != k:
                where += 1
            if where == count:
                key[where], field[where] = k, HELD
                count += 1
            if end == 0:
                at_high = where
            else:
                at_low = where
            weight = coding.edge_weight[e]
            reach[where] += -(-chain * weight // (weight + rates.tau_value_chain))
        if at_high >= 0 or at_low >= 0:
            joined[found, 0], joined[found, 1] = at_high, at_low
            joined[found, 2] = coding.edge_weight[e]
            found += 1
    bound = np.empty((count, 256), np.uint16)
    highest = np.zeros(count, np.int64)
    w, v = rates.weights[COMPLEMENTARITY], rates.weights[PRIORITIES]
    value = np.empty((count, 256))
    for i in range(count):
        for j in range(256 if field[i] <= INTERESTED else 1):
            share = (j >> 2) / SHARES
            if field[i] == OFFERED:
                value[i, j] = w * amount[i] / (2 * question.needs_total)
            elif field[i] == NEEDED:
                value[i, j] = w * share / 2
            elif field[i] == INTERESTED:
                value[i, j] = points.growing(
                    v, amount[i] * j, rates.tau_priorities, rates.doublings_priorities
                )
            else:
                value[i, j] = reach[i]
    for i in range(count):
        for j in range(256 if field[i] <= INTERESTED else 1):
            bound[i, j] = np.uint16(min(value[i, j], 60_000.0) + 1) if value[i, j] > 0 else 0
            highest[i] = max(highest[i], np.int64(bound[i, j]))
    return (
        key[:count],
        field[:count],
        amount[:count],
        bound,
        highest,
        joined[:found],
    )


@njit(cache=True, error_model="numpy")
def in_common(question: Question, ties: Ties, x: Int64s) -> tuple[NDArray[np.int32], Int64s]:
    """Sum selectivity · tie · tie over the partners in common into `x` (zero before) and say which
    documents have any: in order of their blocks, with where each block starts."""
    blocks = (len(x) + BLOCK - 1) // BLOCK
    per_block = np.zeros(blocks + 1, np.int64)
    for i in range(len(question.partners)):
        z = question.partners[i]
        strength = np.int64(ties.selectivity[z]) * question.ties[i]
        for p in range(ties.tied_ptr[z], ties.tied_ptr[z + 1]):
            d = ties.tied_document[p]
            if x[d] == 0:
                per_block[d // BLOCK + 1] += 1
            x[d] += strength * np.int64(ties.tied_value[p])
    for b in range(blocks):
        per_block[b + 1] += per_block[b]
    touched = np.empty(per_block[blocks], np.int32)
    to = per_block[:-1].copy()
    for i in range(len(question.partners)):
        z = question.partners[i]
        for p in range(ties.tied_ptr[z], ties.tied_ptr[z + 1]):
            d = ties.tied_document[p]
            if x[d] > 0:
                touched[to[d // BLOCK]] = d
                to[d // BLOCK] += 1
                x[d] = -x[d]
    for i in range(len(touched)):
        x[touched[i]] = -x[touched[i]]
    return touched, per_block


@njit(cache=True, error_model="numpy", inline="always")
def cost_of_fame(familiarity: int, exposure: int) -> int:
    """What is taken off the rank: exposure · log2(1 + partners), rounded half up."""
    return (familiarity * exposure + FAMILIARITY // 2) // FAMILIARITY


@njit(cache=True, error_model="numpy")
def has(sorted_values: Integers, wanted: int) -> bool:
    at = bisect(sorted_values, 0, len(sorted_values), wanted)
    return at < len(sorted_values) and sorted_values[at] == wanted


@njit(cache=True, error_model="numpy")
def may_be_suggested(d: int, documents: Documents, question: Question, limits: Limits) -> bool:
    """Whether document d passes the rules about homes, and the filters."""
    home, country = documents.home[d], documents.country[d]
    if not limits.homes[home] or not limits.countries[country]:
        return False
    if not documents.flags[d] & LISTED:
        return False
    if not (limits.kinds >> np.uint64(documents.kind[d])) & np.uint64(1):
        return False
    if len(limits.among) and not limits.among[d]:
        return False
    if home == question.home and home:
        return False
    if (home == 0 or question.home == 0) and (
        country == 0 or question.country == 0 or country == question.country
    ):
        return False
    return not has(limits.excluded, d) and not has(limits.dead, d)


@njit(cache=True, error_model="numpy")
def score(
    d: int,
    x: int,
    documents: Documents,
    postings: Postings,
    question: Question,
    rates: Rates,
    key: Int64s,
    field: Int64s,
    amount: Int64s,
    edges: NDArray[np.int64],
    holds: Int64s,
    signals: Int64s,
) -> int:
    """The exact score of document d, its signals written to `signals`; `holds[i]` becomes the
    position of its posting in list i, -1 without one."""
    block = d // BLOCK
    local = d - block * BLOCK
    met_a = met_b = shared = 0
    for i in range(len(key)):
        low = np.int64(postings.start[key[i], block])
        high = np.int64(postings.start[key[i], block + 1])
        at = bisect(postings.local, low, high, local)
        if at == high or postings.local[at] != local:
            holds[i] = -1
            continue
        holds[i] = at
        if field[i] == OFFERED:
            met_a += amount[i]
        elif field[i] == NEEDED:
            met_b += np.int64(postings.value[at] & 3) * amount[i]
        elif field[i] == INTERESTED:
            shared += amount[i] * np.int64(postings.value[at])
    reach = 0
    for e in range(len(edges)):
        if (edges[e, 0] >= 0 and holds[edges[e, 0]] >= 0) or (
            edges[e, 1] >= 0 and holds[edges[e, 1]] >= 0
        ):
            reach += edges[e, 2]
    signals[COMPLEMENTARITY] = points.complementarity(
        rates.weights[COMPLEMENTARITY],
        met_a,
        question.needs_total,
        met_b,
        np.int64(documents.needs_total[d]),
    )
    signals[PRIORITIES] = points.growing(
        rates.weights[PRIORITIES], shared, rates.tau_priorities, rates.doublings_priorities
    )
    signals[CHAIN] = points.saturating(rates.weights[CHAIN], reach, rates.tau_value_chain)
    signals[TRACK] = points.growing(
        rates.weights[TRACK], x, rates.tau_track_record, rates.doublings_track_record
    )
    signals[FIT] = question.fit[documents.home[d]]
    signals[EXPERIENCE] = points.half_up(
        rates.weights[EXPERIENCE] * (question.level + np.int64(documents.level[d])), LEVELS
    )
    total = 0
    for s in range(6):
        total += signals[s]
    return total


@njit(cache=True, error_model="numpy", nogil=True)
def all_signals(
    first: int,
    last: int,
    documents: Documents,
    postings: Postings,
    ties: Ties,
    coding: Coding,
    question: Question,
    rates: Rates,
    x: Int64s,
) -> NDArray[np.int64]:
    """The hundredths of every signal for documents `first` to `last`: int64[last - first, 6]."""
    key, field, amount, _, _, edges = terms_of(question, postings, coding, rates)
    touched, _ = in_common(question, ties, x)
    answer = np.zeros((last - first, 6), np.int64)
    holds = np.empty(len(key), np.int64)
    for d in range(first, last):
        score(
            d, x[d], documents, postings, question, rates, key, field, amount, edges, holds,
            answer[d - first],
        )  # fmt: skip
    for i in range(len(touched)):
        x[touched[i]] = 0
    return answer


@njit(cache=True, error_model="numpy", nogil=True)
def search(
    k: int,
    documents: Documents,
    postings: Postings,
    ties: Ties,
    coding: Coding,
    question: Question,
    limits: Limits,
    rates: Rates,
    x: Int64s,
) -> tuple[Int64s, Int64s, NDArray[np.int64], Int64s]:
    """The best k documents: (document, rank key, signals[., 6], counts of work done).

    The counts are documents looked at, documents scored, postings summed. Nobody with a score of 0
    is suggested.
    """
    n = len(documents.id)
    blocks = (n + BLOCK - 1) // BLOCK
    key, field, amount, bound, highest, edges = terms_of(question, postings, coding, rates)
    lists = len(key)
    touched, touched_ptr = in_common(question, ties, x)
    best = np.empty(k, np.int64)
    rank = np.empty(k, np.int64)
    rows = np.zeros((k, 6), np.int64)
    count = 0
    work = np.zeros(3, np.int64)
    holds = np.empty(lists, np.int64)
    signals = np.zeros(6, np.int64)

    # a sum that could leave 16 bits is not summed at all, but bounded by its signal's weight
    spare = 0
    crowd = np.zeros(4, np.int64)
    for i in range(lists):
        crowd[field[i]] += highest[i] if field[i] == HELD else 1
    half = rates.weights[COMPLEMENTARITY] // 2 + 1
    crowd[NEEDED] += half * (SHARES + crowd[NEEDED]) // SHARES
    crowd[INTERESTED] = crowd[OFFERED] = 0
    if crowd[NEEDED] > CEILING:
        spare += half
    if crowd[HELD] > CEILING:
        spare += rates.weights[CHAIN]

    length = np.empty(lists, np.int64)
    for i in range(lists):
        length[i] = np.int64(postings.start[key[i], blocks]) - np.int64(postings.start[key[i], 0])
    order = np.arange(lists)
    for i in range(1, lists):
        j = i
        while j and highest[order[j - 1]] * (length[order[j]] + 1) > highest[order[j]] * (
            length[order[j - 1]] + 1
        ):
            order[j - 1], order[j] = order[j], order[j - 1]
            j -= 1
    summed = np.ones(lists, np.bool_)
    for i in range(lists):
        summed[i] = crowd[field[i]] <= CEILING
    slack = 0
    decided = -(1 << 40)

    own = question.level * rates.weights[EXPERIENCE] // LEVELS
    per_level = rates.weights[EXPERIENCE] * 256 // LEVELS + 1
    bounds = np.zeros(BLOCK, np.uint16)
    worst = -(1 << 40)
    for b in range(blocks):
        base = b * BLOCK
        size = min(BLOCK, n - base)
        fit = -1
        for h in range(documents.home[base], documents.home[base + size - 1] + 1):
            if limits.homes[h]:
                fit = max(fit, question.fit[h])
        if fit < 0:
            continue
        if count == k and worst > decided + decided // 32 + 8:
            decided = worst
            slack = 0
            budget = np.int64(SLACK * max(0, worst - own))
            for i in range(lists):
                j = order[i]
                if crowd[field[j]] > CEILING:
                    continue
                summed[j] = slack + highest[j] > budget or length[j] * FREQUENT < n
                if not summed[j]:
                    slack += highest[j]
        offset = 0
        moved = rates.exposure != 0
        if moved or documents.block_level[b]:
            offset = OFFSET if moved else 0
            for d in range(size):
                level = np.int32(documents.level[base + d])
                fame = np.int32(documents.familiarity[base + d])
                bounds[d] = np.uint16(
                    offset
                    + ((level * np.int32(per_level)) >> 8)
                    + 1
                    - ((fame * np.int32(rates.exposure)) >> np.int32(4))
                )
        else:
            for d in range(BLOCK):
                bounds[d] = 0
        for i in range(lists):
            if not summed[i]:
                continue
            low = np.int64(postings.start[key[i], b])
            high = np.int64(postings.start[key[i], b + 1])
            where = postings.local[low:high]
            work[2] += len(where)
            if field[i] <= INTERESTED:
                what = postings.value[low:high]
                brings = bound[i]
                for p in range(len(where)):
                    bounds[where[p]] += brings[what[p]]
            else:
                always = bound[i, 0]
                for p in range(len(where)):
                    bounds[where[p]] += always
        for p in range(touched_ptr[b], touched_ptr[b + 1]):
            d = touched[p]
            bounds[d - base] += np.uint16(
                points.growing(
                    rates.weights[TRACK],
                    x[d],
                    rates.tau_track_record,
                    rates.doublings_track_record,
                )
            )
        least = np.int64(1 if fit == 0 and question.level == 0 else 0)
        goal = least if count < k else worst
        goal += offset - fit - own - slack - spare - MARGIN
        needed = np.uint16(min(max(goal, 0), 65_535))
        for first in range(0, size, CHUNK):
            peak = np.uint16(0)
            for d in range(first, first + CHUNK):
                peak = max(peak, bounds[d])
            if peak < needed:
                continue
            for local in range(first, min(first + CHUNK, size)):
                if bounds[local] < needed:
                    continue
                d = base + local
                work[0] += 1
                if not may_be_suggested(d, documents, question, limits):
                    continue
                work[1] += 1
                total = score(
                    d, x[d], documents, postings, question, rates, key, field, amount, edges,
                    holds, signals,
                )  # fmt: skip
                if total == 0:
                    continue
                placed = total - cost_of_fame(np.int64(documents.familiarity[d]), rates.exposure)
                if count == k:
                    if placed < worst:
                        continue
                    if placed == worst and documents.id[d] > documents.id[best[k - 1]]:
                        continue
                at = min(count, k - 1)
                count = min(count + 1, k)
                while at > 0 and (
                    rank[at - 1] < placed
                    or (rank[at - 1] == placed and documents.id[best[at - 1]] > documents.id[d])
                ):
                    best[at], rank[at] = best[at - 1], rank[at - 1]
                    for s in range(6):
                        rows[at, s] = rows[at - 1, s]
                    at -= 1
                best[at], rank[at] = d, placed
                for s in range(6):
                    rows[at, s] = signals[s]
                if count == k:
                    worst = rank[k - 1]
                    goal = worst + offset - fit - own - slack - spare - MARGIN
                    needed = np.uint16(min(max(goal, 0), 65_535))
    for i in range(len(touched)):
        x[touched[i]] = 0
    return best[:count], rank[:count], rows[:count], work
