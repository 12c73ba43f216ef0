"""The exact score of one document, and of a range of them; compiled."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine import points
from matching.engine.asking import Coding, Rates, Tied, opened
from matching.engine.lists import (
    CHAIN,
    COMPLEMENTARITY,
    EXPERIENCE,
    FIT,
    PRIORITIES,
    TRACK,
    in_common,
    lists_of,
    value_at,
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

LEVELS = 510
"""Twice the highest level of experience: of both sides together."""

FAMILIARITY = 16
"""Steps of familiarity per doubling of partners."""


@njit(cache=True, error_model="numpy", forceinline=True)
def cost_of_fame(familiarity: int, exposure: int) -> int:
    """What is taken off the rank: exposure · log2(1 + partners), rounded half up."""
    return (familiarity * exposure + FAMILIARITY // 2) // FAMILIARITY


# The functions below take plain arrays and numbers, not named tuples: taking an array out of a
# tuple counts references, which costs more than the work done here for one document.


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
    block: int,
    local: int,
    x: int,
    needs_total: int,
    level: int,
    fit: int,
    least: int,
    posting_local: NDArray[np.uint16],
    posting_value: NDArray[np.uint8],
    values: NDArray[np.uint8],
    bits: NDArray[np.uint16],
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
    row: Int64s,
    low: Int64s,
    high: Int64s,
    edges: NDArray[np.int64],
    holds: Int64s,
    signals: Int64s,
) -> int:
    """The exact score of document `local` of a block, its signals written to `signals`.

    The postings of list i in the block are `low[i]` to `high[i]`, or it is dense row `row[i]`;
    `holds[i]` becomes the value there, 0 without one. -1 is returned early where complementarity
    stays below `least`.
    """
    met_a = met_b = shared = 0
    exchanged = 0
    while exchanged < len(field) and field[exchanged] != INTERESTED and field[exchanged] != HELD:
        value = value_at(
            row[exchanged], field[exchanged] == NEEDED, low[exchanged], high[exchanged], block,
            local, posting_local, posting_value, values, bits,
        )  # fmt: skip
        holds[exchanged] = value
        if field[exchanged] == OFFERED:
            met_a += value * amount[exchanged]
        else:
            met_b += (value & 3) * amount[exchanged]
        exchanged += 1
    signals[COMPLEMENTARITY] = points.complementarity(
        weights[COMPLEMENTARITY], met_a, my_needs_total, met_b, needs_total
    )
    if signals[COMPLEMENTARITY] < least:
        return -1
    for i in range(exchanged, len(field)):
        value = value_at(
            row[i], field[i] == INTERESTED, low[i], high[i], block, local, posting_local,
            posting_value, values, bits,
        )  # fmt: skip
        holds[i] = value
        if field[i] == INTERESTED:
            shared += amount[i] * value
    reach = 0
    for e in range(len(edges)):
        if (edges[e, 0] >= 0 and holds[edges[e, 0]]) or (edges[e, 1] >= 0 and holds[edges[e, 1]]):
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
    chosen: Int64s,
    documents: Documents,
    postings: Postings,
    ties: Tied,
    coding: Coding,
    packed: Int64s,
    fit: Int64s,
    rates: Rates,
    x: Int64s,
) -> NDArray[np.int64]:
    """The hundredths of every signal for some documents, best in order: int64[len(chosen), 6]."""
    question = opened(packed, fit)
    lists = lists_of(question, postings, coding)
    key, field, amount, row, edges = lists.key, lists.field, lists.amount, lists.row, lists.edges
    touched, _ = in_common(question, ties, x)
    answer = np.zeros((len(chosen), 6), np.int64)
    signals = np.zeros(6, np.int64)
    home, level, needs_total = documents.home, documents.level, documents.needs_total
    posting_local, posting_value, start = postings.local, postings.value, postings.start
    values, bits = postings.values, postings.bits
    fits, weights = question.fit, rates.weights
    holds = np.empty(len(key), np.int64)
    low = np.empty(len(key), np.int64)
    high = np.empty(len(key), np.int64)
    block = -1
    for n in range(len(chosen)):
        d = chosen[n]
        if d // BLOCK != block:
            block = d // BLOCK
            for i in range(len(key)):
                low[i] = start[key[i], block]
                high[i] = start[key[i], block + 1]
        score(
            block, d % BLOCK, x[d], np.int64(needs_total[d]), np.int64(level[d]),
            fits[home[d]], 0, posting_local, posting_value, values, bits, question.needs_total,
            question.level, weights, rates.tau_value_chain, rates.tau_priorities,
            rates.doublings_priorities, rates.tau_track_record, rates.doublings_track_record,
            field, amount, row, low, high, edges, holds, signals,
        )  # fmt: skip
        for s in range(6):
            answer[n, s] = signals[s]
    for i in range(len(touched)):
        x[touched[i]] = 0
    return answer
