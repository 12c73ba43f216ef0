"""What a question touches: the lists of postings with what each can bring, and the partners in
common; compiled."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine import points
from matching.engine.asking import Coding, Question, Rates, Tied
from matching.engine.segment import (
    BLOCK,
    HELD,
    INTERESTED,
    NEEDED,
    OFFERED,
    SHARES,
    Int64s,
    Integers,
    Postings,
)

COMPLEMENTARITY, PRIORITIES, CHAIN, TRACK, FIT, EXPERIENCE = range(6)
"""Positions of the signals in a row of points."""


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


@njit(cache=True, error_model="numpy", forceinline=True)
def has(sorted_values: Integers, wanted: int) -> bool:
    at = bisect(sorted_values, 0, len(sorted_values), wanted)
    return at < len(sorted_values) and sorted_values[at] == wanted


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
