"""Upper bounds of the scores of whole blocks, summed up from postings; compiled.

A key brings at most the share it has in its signal. What is needed and offered is summed apart, as
F = w·f/2 and G = w·g/2, because complementarity w·(f/4 + g/4 + fg/(f+g)) = (F+G)/2 + 2FG/(F+G), and
2FG/(F+G) ≤ min((F+G)/2, 2·min(F, G)). So are the weights of the edges of the value chain, whose
saturating sum is at most any line above it. Other signals are at most the sum of what their keys
bring alone, since concave functions from 0 are subadditive. All of this fits vectors of 16-bit
integers.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine import points
from matching.engine.asking import Question, Rates
from matching.engine.lists import CHAIN, COMPLEMENTARITY, PRIORITIES, Lists
from matching.engine.segment import (
    BLOCK,
    HELD,
    INTERESTED,
    NEEDED,
    OFFERED,
    SHARES,
    WORDS,
    Int64s,
    Postings,
)

Words = NDArray[np.uint16]

CEILING = 50_000
"""Sums of bounds stop here, above whatever all signals and fame can come to, inside 16 bits."""

MARGIN = 5
"""Hundredths that rounding half up, of six signals and of (F+G)/2, may add to a sum of bounds."""

CHUNK = 64
CHUNKS = BLOCK // CHUNK

FACTOR = 256
"""The highest factor of a value up to 255 that leaves room to round up inside 16 bits."""

LINES = 3
"""Lines above a saturating sum."""

THEY_NEED, I_NEED, EDGES, OTHERS = range(4)
"""What is summed apart: G, F, weights of edges, and hundredths of all other signals."""

PART = np.array([THEY_NEED, OTHERS, I_NEED, EDGES], dtype=np.int64)
"""Where each field of postings is summed."""


class Bounds(NamedTuple):
    """What each list of a question brings at most, in hundredths.

    `brings[i, v]` for a posting of value v (column 0 in fields without values); as a dense row,
    `value · factor[i] / 2 ** shift[i]` rounded up, at most `cap[i]`, with a shift of 0, 3 or 6; a
    factor of 0 stands for `cap[i]`. `part` is where it is summed, `most` where those sums stop.
    """

    brings: NDArray[np.uint16]
    factor: Int64s
    shift: Int64s
    cap: Int64s
    part: Int64s
    most: Int64s
    lines: NDArray[np.int64]
    full: int


@njit(cache=True, error_model="numpy")
def lines_above(w: int, tau: int, least: int, total: int) -> NDArray[np.int64]:
    """Lines above w·x/(x+τ) for every whole x that is 0 or from `least` to `total`: rows (slope,
    above, until), with whole slopes so that 16 bits hold them."""
    lines = np.empty((LINES, 3), np.int64)
    for i in range(LINES):
        if i == 0:
            slope, above = np.int64(np.ceil(w / (least + tau))), np.int64(0)
        else:
            touching = least + (total - least) * (2 * i - 1) / (2 * LINES - 2)
            slope = np.int64(np.ceil(w * tau / (touching + tau) ** 2))
            # the highest point over the slope is beside that of the continuous function
            peak = np.int64(np.sqrt(w * tau / max(slope, 1))) - tau
            above = np.int64(0)
            for x in range(max(0, peak - 1), peak + 3):
                above = max(above, np.int64(np.ceil(w * x / (x + tau))) - slope * x)
        slope = min(max(slope, 1), w + 1)
        lines[i, 0], lines[i, 1], lines[i, 2] = slope, above, (CEILING - above) // slope
    return lines


@njit(cache=True, error_model="numpy")
def bounds_of(question: Question, lists: Lists, rates: Rates) -> Bounds:
    field, amount, edges = lists.field, lists.amount, lists.edges
    count = len(field)
    reach = np.zeros(count, np.int64)
    total, least = 0, CEILING
    for e in range(len(edges)):
        total += edges[e, 2]
        least = min(least, edges[e, 2])
        for end in range(2):
            if edges[e, end] >= 0:
                reach[edges[e, end]] += edges[e, 2]
    chain, tau_chain = rates.weights[CHAIN], rates.tau_value_chain
    lines = lines_above(chain, tau_chain, min(least, total), total)
    full = np.int64(np.ceil(chain * total / (total + tau_chain)))
    brings = np.empty((count, 256), np.uint16)
    factor = np.zeros(count, np.int64)
    shift = np.zeros(count, np.int64)
    cap = np.zeros(count, np.int64)
    part = np.empty(count, np.int64)
    most = np.empty(count, np.int64)
    w, v = rates.weights[COMPLEMENTARITY], rates.weights[PRIORITIES]
    half = w // 2 + 1
    need = w / (2 * SHARES)
    for i in range(count):
        part[i] = PART[field[i]]
        most[i] = half if field[i] == OFFERED or field[i] == NEEDED else CEILING
        if field[i] == OFFERED:
            brings[i, 0] = np.uint16(w * amount[i] / (2 * question.needs_total) + 1)
            continue
        if field[i] == HELD:
            brings[i, 0] = np.uint16(min(reach[i], CEILING // 5))
            continue
        slope = need / 4
        if field[i] == INTERESTED:
            slope = v * amount[i] / (rates.tau_priorities * rates.doublings_priorities)
            cap[i] = 1 + points.growing(
                v, amount[i] * 255, rates.tau_priorities, rates.doublings_priorities
            )
        else:
            cap[i] = half
        if lists.row[i] >= 0:
            while shift[i] < 6 and slope * (8 << shift[i]) < FACTOR - 1:
                shift[i] += 3
            rounded_up = np.int64(slope * (1 << shift[i])) + 1
            factor[i] = rounded_up if rounded_up <= FACTOR else 0
            continue
        # four values of a posting at a time share the bound of the highest
        for j in range(64):
            value = 4 * j * slope
            if field[i] == INTERESTED:
                value = float(
                    points.growing(
                        v, amount[i] * (4 * j + 3), rates.tau_priorities, rates.doublings_priorities
                    )
                )
            bound = np.uint16(value + 1)
            for same in range(4):
                brings[i, 4 * j + same] = bound
    return Bounds(brings, factor, shift, cap, part, most, lines, full)


@njit(cache=True, error_model="numpy", forceinline=True)
def add_bits(
    into: Words, bits: NDArray[np.uint16], row: int, block: int, brings: int, most: int
) -> None:
    """Of every document of a block, by its bit."""
    always, stop = np.uint16(brings), np.uint16(most)
    for shift in range(BLOCK // WORDS):
        by = np.uint16(shift)
        for w in range(WORDS):
            bit = np.uint16(np.uint16(bits[row, block * WORDS + w] >> by) & np.uint16(1))
            added = np.uint16(into[shift * WORDS + w] + np.uint16(bit * always))
            into[shift * WORDS + w] = min(added, stop)


@njit(cache=True, error_model="numpy", forceinline=True)
def add_scaled(
    into: Words, values: NDArray[np.uint8], mask: int, times: int, shift: int, cap: int, most: int
) -> None:
    """`value & mask` · times / 2 ** shift, rounded up; where `shift` is a literal, this becomes a
    loop of 16-bit vectors."""
    only, factor, limit = np.uint16(mask), np.uint16(times), np.uint16(cap)
    by, more, stop = np.uint16(shift), np.uint16((1 << shift) - 1), np.uint16(most)
    for d in range(BLOCK):
        value = np.uint16(np.uint16(values[d]) & only)
        brings = min(np.uint16(np.uint16(np.uint16(value * factor) + more) >> by), limit)
        into[d] = min(np.uint16(into[d] + brings), stop)


@njit(cache=True, error_model="numpy")
def add_values(
    into: Words, values: NDArray[np.uint8], field: int, factor: int, shift: int, cap: int, most: int
) -> None:
    """Of every document of a block, by its value; of a need the lowest two bits are its weight."""
    mask = 0xFC if field == NEEDED else 0xFF
    if factor == 0:
        limit, stop = np.uint16(cap), np.uint16(most)
        for d in range(BLOCK):
            brings = limit if values[d] else np.uint16(0)
            into[d] = min(np.uint16(into[d] + brings), stop)
    elif shift == 0:
        add_scaled(into, values, mask, factor, 0, cap, most)
    elif shift == 3:
        add_scaled(into, values, mask, factor, 3, cap, most)
    else:
        add_scaled(into, values, mask, factor, 6, cap, most)


@njit(cache=True, error_model="numpy")
def add_lists(
    block: int,
    lists: Lists,
    bounds: Bounds,
    postings: Postings,
    sums: Words,
) -> int:
    """Add what the lists bring to each document of a block to the parts of `sums`; how many
    postings were read."""
    key, fields, rows, start = lists.key, lists.field, lists.row, postings.start
    local, value, values, bits = postings.local, postings.value, postings.values, postings.bits
    brings, factor, shift, cap = bounds.brings, bounds.factor, bounds.shift, bounds.cap
    parts, stops = bounds.part, bounds.most
    read = 0
    into, filled = sums[:BLOCK], 0
    for i in range(len(key)):
        row, field, part, most = rows[i], fields[i], parts[i], stops[i]
        if part != filled:
            into, filled = sums[part * BLOCK : (part + 1) * BLOCK], part
        if row >= 0:
            if field <= INTERESTED:
                what = values[row, block * BLOCK : (block + 1) * BLOCK]
                add_values(into, what, field, factor[i], shift[i], cap[i], most)
            else:
                add_bits(into, bits, row, block, np.int64(brings[i, 0]), most)
            continue
        low, high = np.int64(start[key[i], block]), np.int64(start[key[i], block + 1])
        read += high - low
        if field <= INTERESTED:
            for p in range(low, high):
                added = np.int64(into[local[p]]) + np.int64(brings[i, value[p]])
                into[local[p]] = min(added, most)
        else:
            always = np.int64(brings[i, 0])
            for p in range(low, high):
                into[local[p]] = min(np.int64(into[local[p]]) + always, most)
    return read


@njit(cache=True, error_model="numpy")
def add_up(
    sums: Words,
    lines: NDArray[np.int64],
    full: int,
    others: Words,
    bounds: Words,
    peaks: NDArray[np.int32],
) -> int:
    """The bound of each document of a block, and the part of it that is not complementarity; the
    highest bound of each chunk of `CHUNK`, and of all. Leaves zeros but for the part `OTHERS`."""
    slope, slope_2, slope_3 = np.uint16(lines[0, 0]), np.uint16(lines[1, 0]), np.uint16(lines[2, 0])
    above_2, above_3 = np.uint16(lines[1, 1]), np.uint16(lines[2, 1])
    until, until_2, until_3 = np.uint16(lines[0, 2]), np.uint16(lines[1, 2]), np.uint16(lines[2, 2])
    most, stop = np.uint16(full), np.uint16(CEILING)
    top = 0
    for c in range(CHUNKS):
        highest = np.uint16(0)
        for d in range(c * CHUNK, (c + 1) * CHUNK):
            x = sums[EDGES * BLOCK + d]
            chain = min(np.uint16(min(x, until) * slope), most)
            chain = min(chain, np.uint16(np.uint16(min(x, until_2) * slope_2) + above_2))
            chain = min(chain, np.uint16(np.uint16(min(x, until_3) * slope_3) + above_3))
            other = min(np.uint16(sums[OTHERS * BLOCK + d] + chain), stop)
            f, g = sums[I_NEED * BLOCK + d], sums[THEY_NEED * BLOCK + d]
            lower = min(f, g)
            mean = np.uint16(np.uint16(f + g) >> np.uint16(1))
            both = np.uint16(mean + min(mean, np.uint16(lower + lower)))
            bound = np.uint16(both + other)
            sums[EDGES * BLOCK + d] = np.uint16(0)
            sums[I_NEED * BLOCK + d] = np.uint16(0)
            sums[THEY_NEED * BLOCK + d] = np.uint16(0)
            others[d] = other
            bounds[d] = bound
            highest = max(highest, bound)
        peaks[c] = highest
        top = max(top, np.int64(highest))
    return top
