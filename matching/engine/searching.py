"""The exact search: top k of one segment by blocked accumulators over postings.

Policy. Every document that may be suggested is a candidate; nothing is left out by approximation.
Documents are ranked by (score − what being well known costs, descending; id, ascending).

How. The upper bound of each document's score (`matching.engine.bounding`) is summed up for some
blocks at a time; then documents are looked at from the highest bound downwards, until no bound
reaches the k-th best so far: filters first, then the exact score from the same postings.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine import points
from matching.engine.asking import Limits, Question, Rates, Tied
from matching.engine.bounding import (
    CEILING,
    CHUNK,
    CHUNKS,
    MARGIN,
    OTHERS,
    add_lists,
    add_up,
    bounds_of,
)
from matching.engine.judging import LEVELS, cost_of_fame, passes, score
from matching.engine.lists import EXPERIENCE, TRACK, Lists, has, in_common
from matching.engine.segment import BLOCK, LISTED, Documents, Int64s, Postings

MAX_EXPOSURE = 750
"""Hundredths per doubling of partners; `OFFSET` holds it for 2¹⁶ partners."""

OFFSET = 12_000
"""Added to bounds where being well known is taken off, so that they stay above 0."""

SPAN = 32
"""Blocks whose bounds are held at a time: half a megabyte, as much as stays near a processor."""

NARROW = 64
"""Bounds below this are not worth looking at in steps."""

BELOW_ALL = -(1 << 40)


@njit(cache=True, error_model="numpy")
def most_fit(
    block: int,
    documents: Documents,
    homes: NDArray[np.bool_],
    fits: Int64s,
    among: NDArray[np.bool_],
) -> int:
    """The best regional fit of those of a block who may be suggested, -1 where nobody may."""
    first = block * BLOCK
    last = min(first + BLOCK, len(documents.home)) - 1
    fit = np.int64(-1)
    for h in range(documents.home[first], documents.home[last] + 1):
        if homes[h]:
            fit = max(fit, fits[h])
    if fit >= 0 and len(among):
        for d in range(first, last + 1):
            if among[d]:
                return fit
        return np.int64(-1)
    return fit


@njit(cache=True, error_model="numpy")
def start_from(
    block: int, documents: Documents, base: int, per_level: int, exposure: int,
    others: NDArray[np.uint16],
) -> None:  # fmt: skip
    """What bounds start from: `base`, the other side's experience, and less for being known."""
    if not exposure and not documents.block_level[block]:
        others[:] = np.uint16(base)
        return
    first = block * BLOCK
    size = min(BLOCK, len(documents.level) - first)
    level = documents.level[first : first + size]
    familiarity = documents.familiarity[first : first + size]
    for d in range(size):
        step = (np.int32(level[d]) * np.int32(per_level) + np.int32(255)) >> np.int32(8)
        fame = (np.int32(familiarity[d]) * np.int32(exposure)) >> np.int32(4)
        others[d] = np.uint16(np.int32(base) + step - fame)
    others[size:] = np.uint16(0)


@njit(cache=True, error_model="numpy", nogil=True)
def search(
    k: int,
    documents: Documents,
    postings: Postings,
    ties: Tied,
    question: Question,
    lists: Lists,
    limits: Limits,
    excluded: NDArray[np.int32],
    rates: Rates,
    x: Int64s,
    room: NDArray[np.uint16],
) -> tuple[Int64s, Int64s, NDArray[np.int64], NDArray[np.int64], Int64s]:
    """The best k documents: (document, rank key, signals[., 6], the value of each in every list or
    0, counts of work done).

    The counts are documents looked at, documents scored, postings read. Nobody with a score of 0
    is suggested. `x` is zeros, and is left so; `room` is uint16[2, SPAN * BLOCK] of anything.
    """
    ids, home, country, kind = documents.id, documents.home, documents.country, documents.kind
    flags, level, familiarity = documents.flags, documents.level, documents.familiarity
    needs_total = documents.needs_total
    posting_local, posting_value, start = postings.local, postings.value, postings.start
    values, bits = postings.values, postings.bits
    homes, countries, kinds, among = limits.homes, limits.countries, limits.kinds, limits.among
    dead = limits.dead
    my_home, my_country, fits = question.home, question.country, question.fit
    my_needs_total, my_level = question.needs_total, question.level
    weights, exposure, tau_chain = rates.weights, rates.exposure, rates.tau_value_chain
    tau_priorities, doublings_priorities = rates.tau_priorities, rates.doublings_priorities
    tau_track, doublings_track = rates.tau_track_record, rates.doublings_track_record
    key, field, amount, row, edges = lists.key, lists.field, lists.amount, lists.row, lists.edges
    n = len(ids)
    blocks = (n + BLOCK - 1) // BLOCK
    touched, touched_ptr = in_common(question, ties, x)
    bounds = bounds_of(question, lists, rates)

    best = np.empty(k, np.int64)
    rank = np.empty(k, np.int64)
    kept = np.empty((k + 1, 6), np.int64)
    held = np.empty((k + 1, len(key)), np.int64)
    place = np.arange(k + 1)
    count = 0
    worst = BELOW_ALL
    work = np.zeros(3, np.int64)
    low = np.empty(len(key), np.int64)
    high = np.empty(len(key), np.int64)

    offset = OFFSET if exposure else 0
    own = my_level * weights[EXPERIENCE] // LEVELS
    per_level = weights[EXPERIENCE] * 256 // LEVELS + 1
    lowest = np.int64(0 if exposure or my_level else 1)
    needed = lowest
    span = min(SPAN, blocks)
    sums = np.zeros(4 * BLOCK, np.uint16)
    rest_of = sums[OTHERS * BLOCK :]
    bound, others = room[0], room[1]
    peaks = np.empty(span * CHUNKS, np.int32)
    fit = np.empty(span, np.int64)
    for first in range(0, blocks if k else 0, SPAN):
        last = min(first + SPAN, blocks)
        peak = np.int64(-1)
        for b in range(first, last):
            at = b - first
            fit[at] = most_fit(b, documents, homes, fits, among)
            if fit[at] < 0:
                peaks[at * CHUNKS : (at + 1) * CHUNKS] = -1
                continue
            start_from(b, documents, offset + fit[at], per_level, exposure, rest_of)
            work[2] += add_lists(b, lists, bounds, postings, sums)
            for p in range(touched_ptr[b], touched_ptr[b + 1]):
                d = touched[p]
                brings = points.growing(weights[TRACK], x[d], tau_track, doublings_track)
                local = d - b * BLOCK
                rest_of[local] = min(np.int64(rest_of[local]) + brings, CEILING)
            top = add_up(
                sums,
                bounds.lines,
                bounds.full,
                others[at * BLOCK : (at + 1) * BLOCK],
                bound[at * BLOCK : (at + 1) * BLOCK],
                peaks[at * CHUNKS : (at + 1) * CHUNKS],
            )
            peak = max(peak, top)
        above = np.int64(1 << 17)
        end = min(n - first * BLOCK, span * BLOCK)
        while above > needed and peak >= needed:
            from_here = max(needed, min(above, peak + 1) * 7 // 8)
            if from_here < NARROW:
                from_here = needed
            block = -1
            for c in range((last - first) * CHUNKS):
                if peaks[c] < from_here:
                    continue
                left = np.int32(-1)
                for slot in range(c * CHUNK, min(c * CHUNK + CHUNK, end)):
                    if bound[slot] < from_here:
                        left = max(left, np.int32(bound[slot]))
                        continue
                    if bound[slot] >= above or bound[slot] < needed:
                        continue
                    at, local = slot // BLOCK, slot % BLOCK
                    d = first * BLOCK + slot
                    work[0] += 1
                    if not flags[d] & LISTED or not (kinds >> np.uint64(kind[d])) & np.uint64(1):
                        continue
                    if not passes(home[d], country[d], my_home, my_country, homes, countries):
                        continue
                    if len(among) and not among[d]:
                        continue
                    rest = np.int64(others[slot]) - fit[at] + fits[home[d]]
                    both = np.int64(bound[slot]) - np.int64(others[slot])
                    goal = worst + offset - own - MARGIN
                    if both + rest < goal or has(excluded, d) or has(dead, d):
                        continue
                    work[1] += 1
                    if block != first + at:
                        block = first + at
                        for i in range(len(key)):
                            low[i] = start[key[i], block]
                            high[i] = start[key[i], block + 1]
                    total = score(
                        block, local, x[d], np.int64(needs_total[d]), np.int64(level[d]),
                        fits[home[d]], goal - rest, posting_local, posting_value, values, bits,
                        my_needs_total, my_level, weights, tau_chain, tau_priorities,
                        doublings_priorities, tau_track, doublings_track, field, amount, row, low,
                        high, edges, held[place[k]], kept[place[k]],
                    )  # fmt: skip
                    if total <= 0:
                        continue
                    placed = total - cost_of_fame(np.int64(familiarity[d]), exposure)
                    if count == k:
                        if placed < worst:
                            continue
                        if placed == worst and ids[d] > ids[best[k - 1]]:
                            continue
                    to = min(count, k - 1)
                    count = min(count + 1, k)
                    # what was worked out for it is where it stays; only the places move
                    new, place[k] = place[k], place[to]
                    while to > 0 and (
                        rank[to - 1] < placed
                        or (rank[to - 1] == placed and ids[best[to - 1]] > ids[d])
                    ):
                        best[to], rank[to], place[to] = best[to - 1], rank[to - 1], place[to - 1]
                        to -= 1
                    best[to], rank[to], place[to] = d, placed, new
                    if count == k:
                        worst = rank[k - 1]
                        needed = max(worst + offset - own - MARGIN, lowest)
                peaks[c] = left
            above = from_here
    for i in range(len(touched)):
        x[touched[i]] = 0
    signals = np.empty((count, 6), np.int64)
    holds = np.empty((count, len(key)), np.int64)
    for i in range(count):
        signals[i] = kept[place[i]]
        holds[i] = held[place[i]]
    return best[:count], rank[:count], signals, holds, work
