"""Upper bounds of scores summed up from the postings of whole blocks; compiled.

The loops are written so that LLVM makes 16-bit vectors of them: shifts are literals, conditions are
minima, and what only some questions need is a literal argument, which leaves no trace in the loop
of all others.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine.bounding import (
    CEILING,
    CHUNK,
    CHUNKS,
    EDGES,
    GRAIN,
    I_NEED,
    OTHERS,
    THEY_NEED,
    Int32s,
    Words,
)
from matching.engine.segment import BLOCK, INTERESTED, NEEDED, WORDS, Int64s


@njit(cache=True, error_model="numpy", forceinline=True)
def add_bits(
    into: Words, bits: Words, row: int, block: int, brings: int, most: int, guarded: bool
) -> None:
    """Of every document of a block, by its bit. A bit is made a 1 by a minimum: shifts and
    comparisons are taken in 64 bits, four at a time instead of sixteen."""
    always, stop, one = np.uint16(brings), np.uint16(most), np.uint16(1)
    words = bits[row, block * WORDS : (block + 1) * WORDS]
    for shift in range(BLOCK // WORDS):
        mask = np.uint16(1 << shift)
        part = into[shift * WORDS : (shift + 1) * WORDS]
        for w in range(WORDS):
            bit = min(np.uint16(words[w] & mask), one)
            added = np.uint16(part[w] + np.uint16(bit * always))
            part[w] = min(added, stop) if guarded else added


@njit(cache=True, error_model="numpy", forceinline=True)
def add_scaled(
    into: Words,
    values: NDArray[np.uint8],
    mask: int,
    times: int,
    shift: int,
    cap: int,
    most: int,
    capped: bool,
    guarded: bool,
) -> None:
    """`value & mask` · times / 2 ** shift, rounded up; where `shift` and the last two are literals,
    this becomes a loop of 16-bit vectors with no more in it than is needed."""
    only, factor, limit = np.uint16(mask), np.uint16(times), np.uint16(cap)
    by, more, stop = np.uint16(shift), np.uint16((1 << shift) - 1), np.uint16(most)
    for d in range(BLOCK):
        value = np.uint16(np.uint16(values[d]) & only)
        brings = np.uint16(np.uint16(np.uint16(value * factor) + more) >> by)
        if capped:
            brings = min(brings, limit)
        added = np.uint16(into[d] + brings)
        into[d] = min(added, stop) if guarded else added


@njit(cache=True, error_model="numpy")
def add_values(
    into: Words,
    values: NDArray[np.uint8],
    field: int,
    factor: int,
    shift: int,
    cap: int,
    most: int,
    guarded: bool,
) -> None:
    """Of every document of a block, by its value; of a need the lowest two bits are its weight, and
    its share needs no cap."""
    mask = 0xFC if field == NEEDED else 0xFF
    if factor == 0:
        limit, stop = np.uint16(cap), np.uint16(most)
        for d in range(BLOCK):
            brings = limit if values[d] else np.uint16(0)
            into[d] = min(np.uint16(into[d] + brings), stop)
    elif shift == 3 and not guarded:
        if field == NEEDED:
            add_scaled(into, values, 0xFC, factor, 3, cap, most, False, False)
        else:
            add_scaled(into, values, 0xFF, factor, 3, cap, most, True, False)
    elif shift == 6 and not guarded:
        if field == NEEDED:
            add_scaled(into, values, 0xFC, factor, 6, cap, most, False, False)
        else:
            add_scaled(into, values, 0xFF, factor, 6, cap, most, True, False)
    elif shift == 0:
        add_scaled(into, values, mask, factor, 0, cap, most, True, True)
    elif shift == 3:
        add_scaled(into, values, mask, factor, 3, cap, most, True, True)
    else:
        add_scaled(into, values, mask, factor, 6, cap, most, True, True)


@njit(cache=True, error_model="numpy")
def add_guarded(
    into: Words,
    local: Words,
    value: NDArray[np.uint8],
    low: int,
    high: int,
    field: int,
    amount: int,
    cap: int,
    most: int,
    needed: Words,
    shared: Words,
) -> None:
    """Of every posting of a list, where sums may have to stop."""
    for p in range(low, high):
        brings = cap
        if field == NEEDED:
            brings = np.int64(needed[value[p] >> 2])
        elif field == INTERESTED:
            brings = np.int64(shared[(amount * np.int64(value[p])) >> GRAIN])
        into[local[p]] = min(np.int64(into[local[p]]) + brings, most)


@njit(cache=True, error_model="numpy", forceinline=True)
def add_lists(
    block: int,
    key: Int64s,
    fields: Int64s,
    amounts: Int64s,
    rows: Int64s,
    start: NDArray[np.uint32],
    local: Words,
    value: NDArray[np.uint8],
    values: NDArray[np.uint8],
    bits: Words,
    factor: Int64s,
    shift: Int64s,
    cap: Int64s,
    parts: Int64s,
    stops: Int64s,
    guarded: NDArray[np.bool_],
    needed: Words,
    shared: Words,
    sums: Words,
) -> int:
    """Add what the lists bring to each document of a block to the parts of `sums`; how many
    postings were read.

    It is part of its caller: handing over twenty arrays costs as much as adding a list, and so does
    taking them out of tuples, which counts references.
    """
    read = 0
    into, filled = sums[:BLOCK], 0
    for i in range(len(key)):
        row, field, part, most = rows[i], fields[i], parts[i], stops[i]
        if part != filled:
            into, filled = sums[part * BLOCK : (part + 1) * BLOCK], part
        if row >= 0:
            if field <= INTERESTED:
                what = values[row, block * BLOCK : (block + 1) * BLOCK]
                add_values(into, what, field, factor[i], shift[i], cap[i], most, guarded[i])
            elif guarded[i]:
                add_bits(into, bits, row, block, cap[i], most, True)
            else:
                add_bits(into, bits, row, block, cap[i], most, False)
            continue
        low, high = np.uint64(start[key[i], block]), np.uint64(start[key[i], block + 1])
        read += np.int64(high - low)
        # unsigned positions need no look at whether they count from the end
        p, next_one = low, np.uint64(1)
        if guarded[i]:
            add_guarded(
                into, local, value, low, high, field, amounts[i], cap[i], most, needed, shared
            )
        elif field == NEEDED:
            while p < high:
                d = local[p]
                into[d] = np.uint16(into[d] + needed[value[p] >> np.uint8(2)])
                p += next_one
        elif field == INTERESTED:
            amount = np.uint32(amounts[i])
            while p < high:
                d = local[p]
                product = np.uint32(np.uint32(value[p]) * amount) >> np.uint32(GRAIN)
                into[d] = np.uint16(into[d] + shared[product])
                p += next_one
        else:
            always = np.uint16(cap[i])
            while p < high:
                d = local[p]
                into[d] = np.uint16(into[d] + always)
                p += next_one
    return read


@njit(cache=True, error_model="numpy", forceinline=True)
def summed(
    sums: Words, lines: NDArray[np.int64], full: int, careful: bool, base: int, bounds: Words,
    peaks: Int32s,
) -> int:  # fmt: skip
    slope, slope_2, slope_3 = np.uint16(lines[0, 0]), np.uint16(lines[1, 0]), np.uint16(lines[2, 0])
    above_2, above_3 = np.uint16(lines[1, 1]), np.uint16(lines[2, 1])
    until, until_2, until_3 = np.uint16(lines[0, 2]), np.uint16(lines[1, 2]), np.uint16(lines[2, 2])
    most, start, stop = np.uint16(full), np.uint16(base), np.uint16(CEILING - base)
    edges = sums[EDGES * BLOCK : (EDGES + 1) * BLOCK]
    i_need = sums[I_NEED * BLOCK : (I_NEED + 1) * BLOCK]
    they_need = sums[THEY_NEED * BLOCK : (THEY_NEED + 1) * BLOCK]
    others = sums[OTHERS * BLOCK : (OTHERS + 1) * BLOCK]
    top = 0
    for c in range(CHUNKS):
        highest = np.uint16(0)
        for d in range(c * CHUNK, (c + 1) * CHUNK):
            x = x_2 = x_3 = edges[d]
            if careful:
                x, x_2, x_3 = min(x, until), min(x, until_2), min(x, until_3)
            chain = np.uint16(x * slope)
            if careful:
                chain = min(chain, most)
            chain = min(chain, np.uint16(np.uint16(x_2 * slope_2) + above_2))
            chain = min(chain, np.uint16(np.uint16(x_3 * slope_3) + above_3))
            other = np.uint16(others[d] + chain)
            if careful:
                other = min(other, stop)
            f, g = i_need[d], they_need[d]
            lower = min(f, g)
            mean = np.uint16(np.uint16(f + g) >> np.uint16(1))
            both = np.uint16(mean + min(mean, np.uint16(lower + lower)))
            bound = np.uint16(np.uint16(both + other) + start)
            edges[d] = np.uint16(0)
            i_need[d] = np.uint16(0)
            they_need[d] = np.uint16(0)
            others[d] = np.uint16(0)
            bounds[d] = bound
            highest = max(highest, bound)
        peaks[c] = highest
        top = max(top, np.int64(highest))
    return top


@njit(cache=True, error_model="numpy")
def add_up(
    sums: Words, lines: NDArray[np.int64], full: int, careful: bool, base: int, bounds: Words,
    peaks: Int32s,
) -> int:  # fmt: skip
    """The bound of each document of a block, which starts from `base`; the highest of each chunk of
    `CHUNK`, and of all. Leaves zeros."""
    if careful:
        return summed(sums, lines, full, True, base, bounds, peaks)
    return summed(sums, lines, full, False, base, bounds, peaks)
