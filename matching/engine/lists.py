"""What a question touches: keys of postings, and partners in common; compiled."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine.asking import Coding, Question, Tied, bisect
from matching.engine.segment import (
    BLOCK,
    HELD,
    INTERESTED,
    NEEDED,
    OFFERED,
    WORDS,
    Int64s,
    Integers,
    Postings,
)

COMPLEMENTARITY, PRIORITIES, CHAIN, TRACK, FIT, EXPERIENCE = range(6)
"""Positions of the signals in a row of points."""


@njit(cache=True, error_model="numpy", forceinline=True)
def has(sorted_values: Integers, wanted: int) -> bool:
    at = bisect(sorted_values, 0, len(sorted_values), wanted)
    return at < len(sorted_values) and sorted_values[at] == wanted


@njit(cache=True, error_model="numpy", forceinline=True)
def value_at(
    row: int,
    valued: bool,
    low: int,
    high: int,
    block: int,
    local: int,
    posting_local: NDArray[np.uint16],
    posting_value: NDArray[np.uint8],
    values: NDArray[np.uint8],
    bits: NDArray[np.uint16],
) -> int:
    """The value of document `local` of a block in a key, 1 in a field without values, 0 where it is
    not there; `row` is the key's dense row, or `low` to `high` are its postings in the block."""
    if row >= 0:
        if valued:
            return np.int64(values[row, block * BLOCK + local])
        word = np.int64(bits[row, block * WORDS + (local & (WORDS - 1))])
        return (word >> (local // WORDS)) & 1
    at = bisect(posting_local, low, high, local)
    if at == high or posting_local[at] != local:
        return 0
    return np.int64(posting_value[at]) if valued else 1


@njit(cache=True, error_model="numpy")
def value_in(postings: Postings, key: int, valued: bool, block: int, local: int) -> int:
    """As `value_at`, for any key."""
    low, high = np.int64(postings.start[key, block]), np.int64(postings.start[key, block + 1])
    return value_at(
        np.int64(postings.dense[key]), valued, low, high, block, local,
        postings.local, postings.value, postings.values, postings.bits,
    )  # fmt: skip


@njit(cache=True, error_model="numpy", forceinline=True)
def key_of(concepts: Integers, starts: Int64s, field: int, concept: int) -> int:
    """The key of a field and a concept, -1 without postings."""
    end = starts[field + 1]
    at = bisect(concepts, starts[field], end, concept)
    return at if at < end and concepts[at] == concept else -1


class Lists(NamedTuple):
    """The keys that a question touches: the field of each, what the asker brings to it, and its
    dense row or -1.

    `edges` are rows (list of one end or -1, of the other or -1, weight, number of the edge).
    """

    key: Int64s
    field: Int64s
    amount: Int64s
    row: Int64s
    edges: NDArray[np.int64]


@njit(cache=True, error_model="numpy")
def edges_of(segments: Int64s, coding: Coding) -> Int64s:
    """The numbers of the edges with an end among some segments, ascending, each once."""
    count = 0
    for s in segments:
        count += coding.edge_ptr[s + 1] - coding.edge_ptr[s]
    found = np.empty(count, np.int64)
    count = 0
    for s in segments:
        for p in range(coding.edge_ptr[s], coding.edge_ptr[s + 1]):
            found[count] = coding.edge[p]
            count += 1
    found = np.sort(found)
    count = 0
    for i in range(len(found)):
        if i == 0 or found[i] != found[i - 1]:
            found[count] = found[i]
            count += 1
    return found[:count]


@njit(cache=True, error_model="numpy")
def lists_of(question: Question, postings: Postings, coding: Coding) -> Lists:
    """Exchange first, then interests, then segments."""
    concepts, starts, dense = postings.concept, postings.field, postings.dense
    edges = edges_of(question.segments, coding)
    most = len(question.needs) + len(question.offers) + len(question.interests) + 2 * len(edges)
    key = np.empty(most, np.int64)
    field = np.empty(most, np.int64)
    amount = np.zeros(most, np.int64)
    count = 0
    for i in range(len(question.needs)):
        k = key_of(concepts, starts, OFFERED, question.needs[i])
        if k >= 0:
            key[count], field[count], amount[count] = k, OFFERED, question.needs_value[i]
            count += 1
    for i in range(len(question.offers)):
        k = key_of(concepts, starts, NEEDED, question.offers[i])
        if k >= 0:
            key[count], field[count] = k, NEEDED
            amount[count] = coding.exchange_idf[question.offers[i]]
            count += 1
    for i in range(len(question.interests)):
        k = key_of(concepts, starts, INTERESTED, question.interests[i])
        if k >= 0:
            key[count], field[count], amount[count] = k, INTERESTED, question.interests_value[i]
            count += 1
    held = count
    joined = np.empty((len(edges), 4), np.int64)
    found = 0
    segments = np.sort(question.segments)
    for e in edges:
        low, high = np.int64(coding.edge_low[e]), np.int64(coding.edge_high[e])
        at_high = at_low = -1
        for end in range(2):
            mine, theirs = (low, high) if end == 0 else (high, low)
            if not has(segments, mine):
                continue
            k = key_of(concepts, starts, HELD, theirs)
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
        if at_high >= 0 or at_low >= 0:
            joined[found, 0], joined[found, 1] = at_high, at_low
            joined[found, 2], joined[found, 3] = coding.edge_weight[e], e
            found += 1
    row = np.empty(count, np.int64)
    for i in range(count):
        row[i] = dense[key[i]]
    return Lists(key[:count], field[:count], amount[:count], row, joined[:found])


@njit(cache=True, error_model="numpy")
def in_common(question: Question, ties: Tied, x: Int64s) -> tuple[NDArray[np.int32], Int64s]:
    """Sum selectivity · tie · tie over the partners in common into `x` (zero before) and say which
    documents have any: in order of their blocks, with where each block starts."""
    blocks = (len(x) + BLOCK - 1) // BLOCK
    per_block = np.zeros(blocks + 1, np.int64)
    if not len(question.partners):
        return np.empty(0, np.int32), per_block
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
