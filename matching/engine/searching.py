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

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine import points
from matching.engine.asking import Coding, Limits, Question, Rates, Tied
from matching.engine.judging import LEVELS, cost_of_fame, passes, score
from matching.engine.lists import (
    COMPLEMENTARITY,
    EXPERIENCE,
    TRACK,
    has,
    in_common,
    terms_of,
)
from matching.engine.segment import (
    BLOCK,
    INTERESTED,
    LISTED,
    NEEDED,
    Documents,
    Int64s,
    Postings,
)

CEILING = 50_000
"""Sums of bounds stop here, above whatever all signals and fame can come to, inside 16 bits."""

MARGIN = 4
"""Hundredths that rounding half up may add to a sum of unrounded bounds."""

MAX_EXPOSURE = 750
"""Hundredths per doubling of partners; `OFFSET` holds it for 2¹⁶ partners."""

OFFSET = 12_000
"""Added to bounds where being well known is taken off, so that they stay above 0."""

SLACK = 0.05
FREQUENT = 50
"""A list is worth leaving out if more than one document in `FREQUENT` is in it."""

CHUNK = 64
CHUNKS = BLOCK // CHUNK

I_NEED, THEY_NEED, OTHERS = range(3)
"""What is summed apart: half of f, half of g, and all other signals."""

PART = np.array([THEY_NEED, OTHERS, I_NEED, OTHERS], dtype=np.int64)
"""Where the postings of a field are summed."""


@njit(cache=True, error_model="numpy", nogil=True)
def search(
    k: int,
    documents: Documents,
    postings: Postings,
    ties: Tied,
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
    ids, home, country, kind = documents.id, documents.home, documents.country, documents.kind
    flags, level, familiarity = documents.flags, documents.level, documents.familiarity
    needs_total, block_level = documents.needs_total, documents.block_level
    posting_local, posting_value, start = postings.local, postings.value, postings.start
    homes, countries, kinds, among = limits.homes, limits.countries, limits.kinds, limits.among
    excluded, dead = limits.excluded, limits.dead
    my_home, my_country, fits = question.home, question.country, question.fit
    my_needs_total, my_level = question.needs_total, question.level
    weights, exposure, tau_chain = rates.weights, rates.exposure, rates.tau_value_chain
    tau_priorities, doublings_priorities = rates.tau_priorities, rates.doublings_priorities
    tau_track, doublings_track = rates.tau_track_record, rates.doublings_track_record
    n = len(ids)
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

    part = np.empty(lists, np.int64)
    for i in range(lists):
        part[i] = PART[field[i]]

    length = np.empty(lists, np.int64)
    for i in range(lists):
        length[i] = np.int64(start[key[i], blocks]) - np.int64(start[key[i], 0])
    order = np.arange(lists)
    for i in range(1, lists):
        j = i
        while j and highest[order[j - 1]] * (length[order[j]] + 1) > highest[order[j]] * (
            length[order[j - 1]] + 1
        ):
            order[j - 1], order[j] = order[j], order[j - 1]
            j -= 1
    summed = np.ones(lists, np.bool_)
    slack = np.zeros(3, np.int64)
    half = np.int64(weights[COMPLEMENTARITY] // 2 + 1)
    decided = -(1 << 40)

    own = my_level * weights[EXPERIENCE] // LEVELS
    per_level = weights[EXPERIENCE] * 256 // LEVELS + 1
    bounds = np.zeros((3, BLOCK), np.uint16)
    low = np.empty(lists, np.int64)
    high = np.empty(lists, np.int64)
    sums = np.zeros(BLOCK, np.uint16)
    peaks = np.zeros(CHUNKS, np.uint16)
    first_part, second_part, third_part = bounds[0], bounds[1], bounds[2]
    worst = -(1 << 40)
    for b in range(blocks):
        base = b * BLOCK
        size = min(BLOCK, n - base)
        fit = -1
        for h in range(home[base], home[base + size - 1] + 1):
            if homes[h]:
                fit = max(fit, fits[h])
        if fit < 0:
            continue
        if len(among):
            wanted = False
            for d in range(base, base + size):
                wanted |= among[d]
            if not wanted:
                continue
        if count == k and worst > decided + decided // 32 + 8:
            decided = worst
            for p in range(3):
                slack[p] = 0
            left = np.int64(SLACK * max(0, worst - own))
            for i in range(lists):
                j = order[i]
                summed[j] = highest[j] > left or length[j] * FREQUENT < n
                if not summed[j]:
                    slack[part[j]] += highest[j]
                    left -= highest[j]
        for p in range(2):
            for d in range(BLOCK):
                bounds[p, d] = 0
        offset = 0
        moved = exposure != 0
        if moved or block_level[b]:
            offset = OFFSET if moved else 0
            for d in range(size):
                step = np.int32(level[base + d])
                fame = np.int32(familiarity[base + d])
                third_part[d] = np.uint16(
                    offset
                    + ((step * np.int32(per_level)) >> 8)
                    + 1
                    - ((fame * np.int32(exposure)) >> np.int32(4))
                )
        else:
            for d in range(BLOCK):
                third_part[d] = 0
        for i in range(lists):
            low[i] = start[key[i], b]
            high[i] = start[key[i], b + 1]
            if not summed[i]:
                continue
            where = posting_local[low[i] : high[i]]
            work[2] += len(where)
            into = bounds[part[i]]
            if field[i] <= INTERESTED:
                what = posting_value[low[i] : high[i]]
                brings = bound[i]
                most = np.int64(half if field[i] == NEEDED else CEILING)
                for p in range(len(where)):
                    into[where[p]] = min(np.int64(into[where[p]]) + brings[what[p]], most)
            else:
                always = bound[i, 0]
                most = np.int64(CEILING)
                for p in range(len(where)):
                    into[where[p]] = min(np.int64(into[where[p]]) + always, most)
        for p in range(touched_ptr[b], touched_ptr[b + 1]):
            d = touched[p]
            third_part[d - base] += np.uint16(
                points.growing(
                    weights[TRACK],
                    x[d],
                    tau_track,
                    doublings_track,
                )
            )
        least = np.int64(1 if fit == 0 and my_level == 0 else 0)
        # with fame taken off, a place may be below zero and still be among the best there are
        goal = worst
        if count < k and not moved:
            goal = least
        missing = slack[0] + slack[1] + slack[2]
        goal += offset - fit - own - MARGIN
        needed = min(max(goal - missing, 0), 65_535)
        peak = np.uint16(0)
        for c in range(CHUNKS):
            highest_here = np.uint16(0)
            first = c * CHUNK
            for d in range(first, first + CHUNK):
                sums[d] = first_part[d] + second_part[d] + third_part[d]
                highest_here = max(highest_here, sums[d])
            peaks[c] = highest_here
            peak = max(peak, highest_here)
        # the most promising first, so that the k-th best rises before the many are looked at
        above = 1 << 16
        while above > needed and peak >= needed:
            from_here = max(needed, np.int64(min(above, peak + 1)) * 3 // 4)
            if from_here < 64:
                from_here = needed
            for c in range(CHUNKS):
                if peaks[c] < from_here:
                    continue
                for local in range(c * CHUNK, min(c * CHUNK + CHUNK, size)):
                    if sums[local] < from_here or sums[local] >= above:
                        continue
                    if sums[local] < needed:
                        continue
                    d = base + local
                    work[0] += 1
                    f = float(first_part[local] + slack[I_NEED])
                    g = float(second_part[local] + slack[THEY_NEED])
                    both = (f + g) / 2 + (2 * f * g / (f + g) if f > 0 and g > 0 else 0.0)
                    others = third_part[local] + slack[OTHERS] - fit + fits[home[d]]
                    if both + others < goal:
                        continue
                    if not flags[d] & LISTED or not (kinds >> np.uint64(kind[d])) & np.uint64(1):
                        continue
                    if not passes(home[d], country[d], my_home, my_country, homes, countries):
                        continue
                    if len(among) and not among[d]:
                        continue
                    if has(excluded, d) or has(dead, d):
                        continue
                    work[1] += 1
                    total = score(
                        local, x[d], np.int64(needs_total[d]), np.int64(level[d]), fits[home[d]],
                        goal - others, posting_local, posting_value, my_needs_total, my_level,
                        weights, tau_chain, tau_priorities, doublings_priorities, tau_track,
                        doublings_track, field, amount, low, high, edges, holds, signals,
                    )  # fmt: skip
                    if total <= 0:
                        continue
                    placed = total - cost_of_fame(np.int64(familiarity[d]), exposure)
                    if count == k:
                        if placed < worst:
                            continue
                        if placed == worst and ids[d] > ids[best[k - 1]]:
                            continue
                    at = min(count, k - 1)
                    count = min(count + 1, k)
                    while at > 0 and (
                        rank[at - 1] < placed
                        or (rank[at - 1] == placed and ids[best[at - 1]] > ids[d])
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
                        goal = worst + offset - fit - own - MARGIN
                        needed = min(max(goal - missing, 0), 65_535)
            above = from_here
    for i in range(len(touched)):
        x[touched[i]] = 0
    return best[:count], rank[:count], rows[:count], work
