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
    Bounds,
    bounds_of,
)
from matching.engine.judging import BATCH, LEVELS, cost_of_fame, judge, passes
from matching.engine.lists import EXPERIENCE, TRACK, Lists, has, in_common
from matching.engine.segment import BLOCK, LISTED, Documents, Int64s, Integers, Postings
from matching.engine.summing import add_lists, add_up

MAX_EXPOSURE = 750
"""Hundredths per doubling of partners; `OFFSET` holds it for 2¹⁶ partners."""

OFFSET = 12_000
"""Added to bounds where being well known is taken off, so that they stay above 0."""

SPAN = 32
"""Blocks whose bounds are held at a time: a quarter of a megabyte, which stays near a processor."""

FEW = 64
"""Of so few asked for, where to begin is looked up among the highest bounds of chunks."""

NARROW = 64
"""Bounds below this are not worth looking at in steps."""

TOP = 1 << 17


@njit(cache=True, error_model="numpy", forceinline=True)
def most_fit(
    block: int,
    home: NDArray[np.uint16],
    homes: NDArray[np.bool_],
    fits: Int64s,
    among: NDArray[np.bool_],
) -> int:
    """The best regional fit of those of a block who may be suggested, -1 where nobody may."""
    first = block * BLOCK
    last = min(first + BLOCK, len(home)) - 1
    fit = np.int64(-1)
    for h in range(home[first], home[last] + 1):
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
    """What bounds start from where it is not the same for everybody: `base`, the other side's
    experience, and less for being known."""
    first = block * BLOCK
    size = min(BLOCK, len(documents.level) - first)
    level = documents.level[first : first + size]
    familiarity = documents.familiarity[first : first + size]
    for d in range(size):
        step = (np.int32(level[d]) * np.int32(per_level) + np.int32(255)) >> np.int32(8)
        fame = (np.int32(familiarity[d]) * np.int32(exposure)) >> np.int32(4)
        others[d] = np.uint16(np.int32(base) + step - fame)


@njit(cache=True, error_model="numpy")
def bound_span(
    first: int,
    last: int,
    offset: int,
    documents: Documents,
    postings: Postings,
    lists: Lists,
    limits: Limits,
    rates: Rates,
    bounds: Bounds,
    fits: Int64s,
    x: Int64s,
    touched: NDArray[np.int32],
    touched_ptr: Int64s,
    fit: Int64s,
    sums: NDArray[np.uint16],
    bound: NDArray[np.uint16],
    peaks: NDArray[np.int32],
) -> tuple[int, int]:
    """The bounds of some blocks: the highest of all, and how many postings were read. Writes the
    bound of every document, the highest of each chunk, and the best regional fit of each block."""
    homes, among = limits.homes, limits.among
    home, block_level = documents.home, documents.block_level
    key, field, amount, row = lists.key, lists.field, lists.amount, lists.row
    start, local, value = postings.start, postings.local, postings.value
    values, bits = postings.values, postings.bits
    factor, shift, cap, part = bounds.factor, bounds.shift, bounds.cap, bounds.part
    most, guarded, lines = bounds.most, bounds.guarded, bounds.lines
    full, careful = bounds.full, bounds.careful
    needed, shared, weights, exposure = rates.needed, rates.shared, rates.weights, rates.exposure
    tau_track, doublings_track = rates.tau_track_record, rates.doublings_track_record
    per_level = weights[EXPERIENCE] * 256 // LEVELS + 1
    rest_of = sums[OTHERS * BLOCK :]
    peak, read = np.int64(-1), np.int64(0)
    for b in range(first, last):
        at = b - first
        fit[at] = most_fit(b, home, homes, fits, among)
        if fit[at] < 0:
            peaks[at * CHUNKS : (at + 1) * CHUNKS] = -1
            continue
        base = offset + fit[at]
        if exposure or block_level[b]:
            start_from(b, documents, base, per_level, exposure, rest_of)
            base = np.int64(0)
        read += add_lists(
            b, key, field, amount, row, start, local, value, values, bits, factor, shift, cap,
            part, most, guarded, needed, shared, sums,
        )  # fmt: skip
        for p in range(touched_ptr[b], touched_ptr[b + 1]):
            d = touched[p]
            brings = points.growing(weights[TRACK], x[d], tau_track, doublings_track)
            d -= b * BLOCK
            rest_of[d] = min(np.int64(rest_of[d]) + brings, CEILING)
        top = add_up(
            sums, lines, full, careful, base, bound[at * BLOCK : (at + 1) * BLOCK],
            peaks[at * CHUNKS : (at + 1) * CHUNKS],
        )  # fmt: skip
        peak = max(peak, top)
    return peak, read


@njit(cache=True, error_model="numpy")
def highest_of(peaks: NDArray[np.int32], k: int) -> int:
    """The k-th highest of some numbers, -1 of fewer."""
    best = np.full(k, -1, np.int32)
    for peak in peaks:
        if peak > best[k - 1]:
            to = k - 1
            while to > 0 and best[to - 1] < peak:
                best[to] = best[to - 1]
                to -= 1
            best[to] = peak
    return best[k - 1]


@njit(cache=True, error_model="numpy")
def settle(
    judged: Int64s,
    waiting: int,
    signals: NDArray[np.int64],
    holds: NDArray[np.int64],
    ids: Integers,
    familiarity: Integers,
    exposure: int,
    count: int,
    k: int,
    best: Int64s,
    rank: Int64s,
    place: Int64s,
    kept: NDArray[np.int64],
    held: NDArray[np.int64],
) -> int:
    """Put those who belong there among the best `k`; how many these are now.

    Only their places move: what was worked out of the i-th best stays in row `place[i]`."""
    for c in range(waiting):
        d = judged[c]
        total = np.int64(0)
        for s in range(6):
            total += signals[c, s]
        if total <= 0:
            continue
        placed = total - cost_of_fame(np.int64(familiarity[d]), exposure)
        if count == k:
            if placed < rank[k - 1]:
                continue
            if placed == rank[k - 1] and ids[d] > ids[best[k - 1]]:
                continue
        to = min(count, k - 1)
        count = min(count + 1, k)
        free = place[to]
        while to > 0 and (
            rank[to - 1] < placed or (rank[to - 1] == placed and ids[best[to - 1]] > ids[d])
        ):
            best[to], rank[to], place[to] = best[to - 1], rank[to - 1], place[to - 1]
            to -= 1
        best[to], rank[to], place[to] = d, placed, free
        for s in range(6):
            kept[free, s] = signals[c, s]
        for i in range(holds.shape[1]):
            held[free, i] = holds[c, i]
    return count


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
    sums: NDArray[np.uint16],
    bound: NDArray[np.uint16],
) -> tuple[Int64s, Int64s, NDArray[np.int64], NDArray[np.int64], Int64s]:
    """The best k documents: (document, rank key, signals[., 6], the value of each in every list or
    0, counts of work done).

    The counts are documents looked at, documents scored, postings read. Nobody with a score of 0
    is suggested. `x`, `sums` and `bound` are the arrays of a `Space`.
    """
    ids, home, country, kind = documents.id, documents.home, documents.country, documents.kind
    flags, familiarity = documents.flags, documents.familiarity
    homes, countries, kinds, among = limits.homes, limits.countries, limits.kinds, limits.among
    dead = limits.dead
    my_home, my_country, fits = question.home, question.country, question.fit
    weights, exposure, my_level = rates.weights, rates.exposure, question.level
    n = len(ids)
    blocks = (n + BLOCK - 1) // BLOCK
    touched, touched_ptr = in_common(question, ties, x)
    bounds = bounds_of(question, lists, rates)

    best = np.empty(k, np.int64)
    rank = np.empty(k, np.int64)
    kept = np.empty((k, 6), np.int64)
    held = np.empty((k, len(lists.key)), np.int64)
    place = np.arange(k)
    count = 0
    work = np.zeros(3, np.int64)
    judged = np.empty(BATCH + CHUNK, np.int64)
    signals = np.empty((BATCH + CHUNK, 6), np.int64)
    holds = np.empty((BATCH + CHUNK, len(lists.key)), np.int64)
    waiting = 0

    offset = OFFSET if exposure else 0
    own = my_level * weights[EXPERIENCE] // LEVELS
    lowest = np.int64(0 if exposure or my_level else 1)
    needed = lowest
    span = min(SPAN, blocks)
    peaks = np.empty(span * CHUNKS, np.int32)
    fit = np.empty(span, np.int64)
    for first in range(0, blocks if k else 0, SPAN):
        last = min(first + SPAN, blocks)
        peak, read = bound_span(
            first, last, offset, documents, postings, lists, limits, rates, bounds, fits, x,
            touched, touched_ptr, fit, sums, bound, peaks,
        )  # fmt: skip
        work[2] += read
        above = TOP
        end = min(n - first * BLOCK, span * BLOCK)
        while above > needed and peak >= needed:
            from_here = max(needed, min(above, peak + 1) * 15 // 16)
            if above == TOP and count < k <= FEW:
                from_here = max(needed, highest_of(peaks[: (last - first) * CHUNKS], k))
            if from_here < NARROW:
                from_here = needed
            chunks = (last - first) * CHUNKS
            for c in range(chunks + 1):
                if waiting >= BATCH or (waiting and c == chunks):
                    work[1] += waiting
                    judge(
                        judged, waiting, x, documents, postings, question, lists, rates, holds,
                        signals,
                    )  # fmt: skip
                    count = settle(
                        judged, waiting, signals, holds, ids, familiarity, exposure, count, k,
                        best, rank, place, kept, held,
                    )  # fmt: skip
                    waiting = 0
                    if count == k:
                        needed = max(rank[k - 1] + offset - own - MARGIN, lowest)
                if c == chunks or peaks[c] < from_here:
                    continue
                left = np.int32(-1)
                for slot in range(c * CHUNK, min(c * CHUNK + CHUNK, end)):
                    if bound[slot] < from_here:
                        left = max(left, np.int32(bound[slot]))
                        continue
                    if bound[slot] >= above or bound[slot] < needed:
                        continue
                    d = first * BLOCK + slot
                    work[0] += 1
                    if not flags[d] & LISTED or not (kinds >> np.uint64(kind[d])) & np.uint64(1):
                        continue
                    if not passes(home[d], country[d], my_home, my_country, homes, countries):
                        continue
                    if len(among) and not among[d]:
                        continue
                    # the bound is of the best fit of the block
                    own_bound = np.int64(bound[slot]) - fit[slot // BLOCK] + fits[home[d]]
                    if own_bound < needed or has(excluded, d) or has(dead, d):
                        continue
                    judged[waiting] = d
                    waiting += 1
                peaks[c] = left
            above = from_here
    for i in range(len(touched)):
        x[touched[i]] = 0
    found = place[:count]
    return best[:count], rank[:count], kept[found], held[found], work
