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
from matching.engine.asking import Coding, Limits, Question, Rates, Tied
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

SLACK = 0.05
FREQUENT = 50
"""A list is worth leaving out if more than one document in `FREQUENT` is in it."""

CHUNK = 64
CHUNKS = BLOCK // CHUNK

I_NEED, THEY_NEED, OTHERS = range(3)
"""What is summed apart: half of f, half of g, and all other signals."""

PART = np.array([THEY_NEED, OTHERS, I_NEED, OTHERS], dtype=np.int64)
"""Where the postings of a field are summed."""


@njit(cache=True, error_model="numpy", forceinline=True)
def bisect(values: Integers, low: int, high: int, wanted: int) -> int:
    """The first position from low to high whose value is not below `wanted`, found without branches
    that a processor could guess wrongly."""
    length = high - low
    if length <= 0:
        return low
    while length > 1:
        half = length >> 1
        low += half * np.int64(values[low + half - 1] < wanted)
        length -= half
    low += np.int64(values[low] < wanted)
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
    it brings; and the edges as rows (list of one end or -1, of the other or -1, weight, edge))."""
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
    joined = np.empty((edges if len(question.segments) else 0, 4), np.int64)
    found = 0
    chain = rates.weights[CHAIN]
    reach = np.zeros(most, np.int64)
    edge_low, edge_high, edge_weight = coding.edge_low, coding.edge_high, coding.edge_weight
    mine_too = np.zeros(len(coding.exchange_idf), np.bool_)
    for i in range(len(question.segments)):
        mine_too[question.segments[i]] = True
    for e in range(len(joined)):
        low, high = edge_low[e], edge_high[e]
        if not mine_too[low] and not mine_too[high]:
            continue
        at_high = at_low = -1
        for end in range(2):
            mine, theirs = (low, high) if end == 0 else (high, low)
            if not mine_too[mine]:
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
            weight = edge_weight[e]
            reach[where] += -(-chain * weight // (weight + rates.tau_value_chain))
        if at_high >= 0 or at_low >= 0:
            joined[found, 0], joined[found, 1] = at_high, at_low
            joined[found, 2], joined[found, 3] = edge_weight[e], e
            found += 1
    bound = np.empty((count, 256), np.uint16)
    highest = np.zeros(count, np.int64)
    w, v = rates.weights[COMPLEMENTARITY], rates.weights[PRIORITIES]
    for i in range(count):
        # four values of a posting at a time share the bound of the highest
        for j in range(64 if field[i] <= INTERESTED else 1):
            if field[i] == OFFERED:
                value = w * amount[i] / (2 * question.needs_total)
            elif field[i] == NEEDED:
                value = w * j / (2 * SHARES)
            elif field[i] == INTERESTED:
                value = float(
                    points.growing(
                        v, amount[i] * (4 * j + 3), rates.tau_priorities, rates.doublings_priorities
                    )
                )
            else:
                value = float(reach[i])
            brings = np.uint16(min(value, 60_000.0) + 1) if value > 0 else np.uint16(0)
            for same in range(4):
                bound[i, 4 * j + same] = brings
            highest[i] = max(highest[i], np.int64(brings))
    return (
        key[:count],
        field[:count],
        amount[:count],
        bound,
        highest,
        joined[:found],
    )


@njit(cache=True, error_model="numpy")
def in_common(question: Question, ties: Tied, x: Int64s) -> tuple[NDArray[np.int32], Int64s]:
    """Sum selectivity · tie · tie over the partners in common into `x` (zero before) and say which
    documents have any: in order of their blocks, with where each block starts."""
    blocks = (len(x) + BLOCK - 1) // BLOCK
    per_block = np.zeros(blocks + 1, np.int64)
    for i in range(len(question.partners)):
        z = question.partners[i]
        strength = np.int64(ties.selectivity[z]) * question.ties[i]
        for p in range(ties.ptr[z], ties.ptr[z + 1]):
            d = ties.document[p]
            if x[d] == 0:
                per_block[d // BLOCK + 1] += 1
            x[d] += strength * np.int64(ties.value[p])
    for b in range(blocks):
        per_block[b + 1] += per_block[b]
    touched = np.empty(per_block[blocks], np.int32)
    to = per_block[:-1].copy()
    for i in range(len(question.partners)):
        z = question.partners[i]
        for p in range(ties.ptr[z], ties.ptr[z + 1]):
            d = ties.document[p]
            if x[d] > 0:
                touched[to[d // BLOCK]] = d
                to[d // BLOCK] += 1
                x[d] = -x[d]
    for i in range(len(touched)):
        x[touched[i]] = -x[touched[i]]
    return touched, per_block


@njit(cache=True, error_model="numpy", forceinline=True)
def cost_of_fame(familiarity: int, exposure: int) -> int:
    """What is taken off the rank: exposure · log2(1 + partners), rounded half up."""
    return (familiarity * exposure + FAMILIARITY // 2) // FAMILIARITY


@njit(cache=True, error_model="numpy", forceinline=True)
def has(sorted_values: Integers, wanted: int) -> bool:
    at = bisect(sorted_values, 0, len(sorted_values), wanted)
    return at < len(sorted_values) and sorted_values[at] == wanted


# The functions below take plain arrays and numbers, not named tuples: taking an array out of a tuple
# counts references, which costs more than the work done here for one document.


@njit(cache=True, error_model="numpy", forceinline=True)
def passes(
    home: int,
    country: int,
    my_home: int,
    my_country: int,
    homes: NDArray[np.bool_],
    countries: NDArray[np.bool_],
) -> bool:
    """Whether somebody of this home and country may be suggested, by the rules and the filters."""
    if not homes[home] or not countries[country]:
        return False
    if home != 0 and my_home != 0:
        return home != my_home
    return country != 0 and my_country != 0 and country != my_country


@njit(cache=True, error_model="numpy", forceinline=True)
def score(
    local: int,
    x: int,
    needs_total: int,
    level: int,
    fit: int,
    least: int,
    posting_local: NDArray[np.uint16],
    posting_value: NDArray[np.uint8],
    my_needs_total: int,
    my_level: int,
    weights: Int64s,
    tau_chain: int,
    tau_priorities: int,
    doublings_priorities: int,
    tau_track: int,
    doublings_track: int,
    field: Int64s,
    amount: Int64s,
    low: Int64s,
    high: Int64s,
    edges: NDArray[np.int64],
    holds: Int64s,
    signals: Int64s,
) -> int:
    """The exact score of document `local` of a block, its signals written to `signals`.

    The postings of list i in the block are `low[i]` to `high[i]`; `holds[i]` becomes the position
    of its own, -1 without one. -1 is returned early where complementarity stays below `least`.
    """
    met_a = met_b = shared = 0
    exchanged = 0
    while exchanged < len(field) and field[exchanged] != INTERESTED and field[exchanged] != HELD:
        at = bisect(posting_local, low[exchanged], high[exchanged], local)
        if at == high[exchanged] or posting_local[at] != local:
            holds[exchanged] = -1
        else:
            holds[exchanged] = at
            if field[exchanged] == OFFERED:
                met_a += amount[exchanged]
            else:
                met_b += np.int64(posting_value[at] & 3) * amount[exchanged]
        exchanged += 1
    signals[COMPLEMENTARITY] = points.complementarity(
        weights[COMPLEMENTARITY], met_a, my_needs_total, met_b, needs_total
    )
    if signals[COMPLEMENTARITY] < least:
        return -1
    for i in range(exchanged, len(field)):
        at = bisect(posting_local, low[i], high[i], local)
        if at == high[i] or posting_local[at] != local:
            holds[i] = -1
            continue
        holds[i] = at
        if field[i] == INTERESTED:
            shared += amount[i] * np.int64(posting_value[at])
    reach = 0
    for e in range(len(edges)):
        if (edges[e, 0] >= 0 and holds[edges[e, 0]] >= 0) or (
            edges[e, 1] >= 0 and holds[edges[e, 1]] >= 0
        ):
            reach += edges[e, 2]
    signals[PRIORITIES] = points.growing(
        weights[PRIORITIES], shared, tau_priorities, doublings_priorities
    )
    signals[CHAIN] = points.saturating(weights[CHAIN], reach, tau_chain)
    signals[TRACK] = points.growing(weights[TRACK], x, tau_track, doublings_track)
    signals[FIT] = fit
    signals[EXPERIENCE] = points.half_up(weights[EXPERIENCE] * (my_level + level), LEVELS)
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
    ties: Tied,
    coding: Coding,
    question: Question,
    rates: Rates,
    x: Int64s,
) -> NDArray[np.int64]:
    """The hundredths of every signal for documents `first` to `last`: int64[last - first, 6]."""
    key, field, amount, _, _, edges = terms_of(question, postings, coding, rates)
    touched, _ = in_common(question, ties, x)
    answer = np.zeros((last - first, 6), np.int64)
    signals = np.zeros(6, np.int64)
    home, level, needs_total = documents.home, documents.level, documents.needs_total
    posting_local, posting_value, start = postings.local, postings.value, postings.start
    fits, weights = question.fit, rates.weights
    holds = np.empty(len(key), np.int64)
    low = np.empty(len(key), np.int64)
    high = np.empty(len(key), np.int64)
    for d in range(first, last):
        if d == first or d % BLOCK == 0:
            for i in range(len(key)):
                low[i] = start[key[i], d // BLOCK]
                high[i] = start[key[i], d // BLOCK + 1]
        score(
            d % BLOCK, x[d], np.int64(needs_total[d]), np.int64(level[d]), fits[home[d]], 0,
            posting_local, posting_value, question.needs_total, question.level, weights,
            rates.tau_value_chain, rates.tau_priorities, rates.doublings_priorities,
            rates.tau_track_record, rates.doublings_track_record, field, amount, low, high, edges,
            holds, signals,
        )  # fmt: skip
        for s in range(6):
            answer[d - first, s] = signals[s]
    for i in range(len(touched)):
        x[touched[i]] = 0
    return answer


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

    # a sum that could leave 16 bits is not summed at all, but bounded by its signal's weight
    half = weights[COMPLEMENTARITY] // 2 + 1
    crowd = np.zeros(4, np.int64)
    for i in range(lists):
        if field[i] == HELD:
            crowd[HELD] += highest[i]
        elif field[i] == NEEDED:
            crowd[NEEDED] += 1
    crowd[NEEDED] = half * (SHARES + crowd[NEEDED]) // SHARES
    spare = np.zeros(3, np.int64)
    if crowd[NEEDED] > CEILING:
        spare[THEY_NEED] = half
    if crowd[HELD] > CEILING:
        spare[OTHERS] = weights[CHAIN]
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
    for i in range(lists):
        summed[i] = crowd[field[i]] <= CEILING
    slack = spare.copy()
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
        if count == k and worst > decided + decided // 32 + 8:
            decided = worst
            for p in range(3):
                slack[p] = spare[p]
            left = np.int64(SLACK * max(0, worst - own))
            for i in range(lists):
                j = order[i]
                if crowd[field[j]] > CEILING:
                    continue
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
                for p in range(len(where)):
                    into[where[p]] += brings[what[p]]
            else:
                always = bound[i, 0]
                for p in range(len(where)):
                    into[where[p]] += always
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
        goal = least if count < k else worst
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
