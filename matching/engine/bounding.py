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
    Int64s,
)

Words = NDArray[np.uint16]
Int32s = NDArray[np.int32]

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


GRAIN = 6
"""Bits of a product of two interests' values that a bound leaves out."""

PRODUCTS = (255 * 255 >> GRAIN) + 1

ROOM = 10_000
"""Lists that bring no more than this in all need no guard: with what bounds start from, at most
34,000, and all other parts they stay inside 16 bits."""

ROUNDING = 34
"""What rounding up adds to the share of one need at most."""


class Bounds(NamedTuple):
    """What each list of a question brings at most, in hundredths.

    Without values it is `cap[i]` for everybody. With values, of a list it is read from a table of
    `Rates`; as a dense row it is `value · factor[i] / 2 ** shift[i]` rounded up, at most `cap[i]`,
    with a shift of 0, 3 or 6; a factor of 0 stands for `cap[i]`. `part` is where it is summed,
    `most` where those sums stop, `guarded` whether they could go beyond. `lines` are above the sum
    of the value chain, which is `full` at most; `careful` where these, or the sum of all parts,
    could leave 16 bits.
    """

    factor: Int64s
    shift: Int64s
    cap: Int64s
    part: Int64s
    most: Int64s
    guarded: NDArray[np.bool_]
    lines: NDArray[np.int64]
    full: int
    careful: bool


@njit(cache=True, error_model="numpy")
def tables(weights: Int64s, tau_priorities: int, doublings_priorities: int) -> tuple[Words, Words]:
    """What a posting brings at most: of a need by its share in 63rds, of an interest by the product
    of both sides' values without its last `GRAIN` bits."""
    needed = np.empty(SHARES + 1, np.uint16)
    for share in range(SHARES + 1):
        needed[share] = np.uint16(share * weights[COMPLEMENTARITY] / (2 * SHARES) + 1)
    shared = np.empty(PRODUCTS, np.uint16)
    for p in range(PRODUCTS):
        highest = ((p + 1) << GRAIN) - 1
        shared[p] = np.uint16(
            points.growing(weights[PRIORITIES], highest, tau_priorities, doublings_priorities) + 1
        )
    return needed, shared


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
    factor = np.zeros(count, np.int64)
    shift = np.zeros(count, np.int64)
    cap = np.zeros(count, np.int64)
    part = np.empty(count, np.int64)
    most = np.empty(count, np.int64)
    guarded = np.empty(count, np.bool_)
    in_all = np.zeros(4, np.int64)
    w, shared = rates.weights[COMPLEMENTARITY], rates.shared
    half = w // 2 + 1
    for i in range(count):
        part[i] = PART[field[i]]
        most[i] = half if field[i] == OFFERED or field[i] == NEEDED else CEILING
        slope = w / (8 * SHARES)
        if field[i] == OFFERED:
            cap[i] = np.int64(w * amount[i] / (2 * question.needs_total) + 1)
        elif field[i] == HELD:
            cap[i] = min(reach[i], CEILING // 5)
        elif field[i] == INTERESTED:
            cap[i] = shared[(amount[i] * 255) >> GRAIN]
            slope = rates.weights[PRIORITIES] * amount[i]
            slope /= rates.tau_priorities * rates.doublings_priorities
        else:
            cap[i] = half
        in_all[part[i]] += cap[i]
        if lists.row[i] >= 0 and (field[i] == INTERESTED or field[i] == NEEDED):
            while shift[i] < 6 and slope * (8 << shift[i]) < FACTOR - 1:
                shift[i] += 3
            rounded_up = np.int64(slope * (1 << shift[i])) + 1
            factor[i] = rounded_up if rounded_up <= FACTOR else 0
    # the shares of what somebody needs are 1 together, before they are rounded up
    they_need = half + (half // SHARES + 1 + ROUNDING) * len(question.offers)
    in_all[THEY_NEED] = min(in_all[THEY_NEED], they_need)
    for i in range(count):
        guarded[i] = in_all[part[i]] > ROOM
    # an edge whose ends somebody holds both is summed twice
    careful = 2 * total > lines[:, 2].min() or guarded.any()
    return Bounds(factor, shift, cap, part, most, guarded, lines, full, careful)
