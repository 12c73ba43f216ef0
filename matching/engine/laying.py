"""Compiled loops that lay statements out as postings; see `matching.engine.segment`.

Each takes whole columns and runs through them a fixed number of times, so that the build grows with
the number of statements and nothing else.
"""

import numpy as np
from numba import njit

from matching.engine import quantise
from matching.engine.segment import (
    BLOCK,
    HAS_INTERESTS,
    HAS_NEEDS,
    HAS_OFFERS,
    HAS_SEGMENTS,
    HELD,
    INTERESTED,
    NEEDED,
    OFFERED,
    SHARES,
    Int64s,
    Integers,
)

POSTING_FIELD = np.array([NEEDED, OFFERED, INTERESTED, HELD], dtype=np.int64)
"""The postings' field of a profile's field."""

INTEREST_VALUE = np.array(
    [
        [quantise.interest_value(s, i) if s and i else 0 for i in range(quantise.IDF_MAX + 1)]
        for s in range(quantise.STRENGTH_MAX + 1)
    ],
    dtype=np.uint8,
)
"""The value of an interest by strength and idf."""

HAS = np.array([HAS_NEEDS, HAS_INTERESTS, HAS_OFFERS, HAS_SEGMENTS], dtype=np.uint8)
"""The flag of each field of postings."""

VALUED = 2
"""Fields of postings below this carry values."""


@njit(cache=True, error_model="numpy")
def rows_by_document(
    document: Integers, field: Integers, concept: Integers, weight: Integers, documents: int
) -> tuple[Int64s, Integers, Integers]:
    """Gather the statements of each document: (where its row starts and ends, code, weight).

    `document[i]` is the number of statement i's document, `code` = field << 28 | concept number.
    Rows ascend by code; a repeated statement is there once, with its greatest weight.
    """
    ptr = np.zeros(documents + 1, np.int64)
    for i in range(len(document)):
        ptr[document[i] + 1] += 1
    for d in range(documents):
        ptr[d + 1] += ptr[d]
    code = np.empty(len(document), np.uint32)
    value = np.empty(len(document), np.uint8)
    end = np.empty(documents, np.int64)
    for d in range(documents):
        end[d] = ptr[d]
    for i in range(len(document)):
        d = document[i]
        new = np.uint32((np.int64(POSTING_FIELD[field[i]]) << 28) | np.int64(concept[i]))
        at = end[d]
        while at > ptr[d] and code[at - 1] > new:
            at -= 1
        if at > ptr[d] and code[at - 1] == new:
            value[at - 1] = max(value[at - 1], weight[i])
            continue
        for j in range(end[d], at, -1):
            code[j] = code[j - 1]
            value[j] = value[j - 1]
        code[at] = new
        value[at] = weight[i]
        end[d] += 1
    to = 0
    for d in range(documents):
        first, last = ptr[d], end[d]
        ptr[d] = to
        for j in range(first, last):
            code[to] = code[j]
            value[to] = value[j]
            to += 1
    ptr[documents] = to
    return ptr, code[:to], value[:to]


@njit(cache=True, error_model="numpy")
def frequencies(ptr: Int64s, code: Integers, concepts: int) -> tuple[Int64s, Int64s, Int64s]:
    """(how many need or offer each concept, how many are interested in it, the greatest number of
    statements of one field)."""
    exchange = np.zeros(concepts, np.int64)
    interest = np.zeros(concepts, np.int64)
    most = np.zeros(1, np.int64)
    for d in range(len(ptr) - 1):
        run, before = 0, -1
        needs_end = ptr[d]
        for j in range(ptr[d], ptr[d + 1]):
            field = np.int64(code[j]) >> 28
            concept = np.int64(code[j]) & 0xFFFFFFF
            run = run + 1 if field == before else 1
            before = field
            most[0] = max(most[0], run)
            if field == NEEDED:
                exchange[concept] += 1
                needs_end = j + 1
            elif field == INTERESTED:
                interest[concept] += 1
            elif field == OFFERED:
                low, high = ptr[d], needs_end
                while low < high:
                    middle = (low + high) >> 1
                    if (np.int64(code[middle]) & 0xFFFFFFF) < concept:
                        low = middle + 1
                    else:
                        high = middle
                if low == needs_end or (np.int64(code[low]) & 0xFFFFFFF) != concept:
                    exchange[concept] += 1
    return exchange, interest, most


@njit(cache=True, error_model="numpy")
def totals(
    ptr: Int64s, code: Integers, weight: Integers, exchange_idf: Integers
) -> tuple[Int64s, Integers]:
    """The value of the needs of each document, and flags of the fields that it has anything in."""
    documents = len(ptr) - 1
    needs = np.zeros(documents, np.int64)
    flags = np.zeros(documents, np.uint8)
    for d in range(documents):
        for j in range(ptr[d], ptr[d + 1]):
            field = np.int64(code[j]) >> 28
            concept = np.int64(code[j]) & 0xFFFFFFF
            if field == NEEDED:
                needs[d] += np.int64(weight[j]) * np.int64(exchange_idf[concept])
            flags[d] |= HAS[field]
    return needs, flags


@njit(cache=True, error_model="numpy")
def postings(
    ptr: Int64s,
    code: Integers,
    weight: Integers,
    concepts: int,
    needs_total: Int64s,
    exchange_idf: Integers,
    interest_idf: Integers,
) -> tuple[Integers, Int64s, Integers, Integers, Integers]:
    """The parts of `Postings`: (concept, field, start, local, value)."""
    documents = len(ptr) - 1
    blocks = (documents + BLOCK - 1) // BLOCK
    number = np.empty((4, concepts), np.int32)
    for f in range(4):
        for c in range(concepts):
            number[f, c] = -1
    valued = 0
    for j in range(len(code)):
        field = np.int64(code[j]) >> 28
        number[field, np.int64(code[j]) & 0xFFFFFFF] = 0
        if field < VALUED:
            valued += 1
    field_start = np.zeros(5, np.int64)
    keys = 0
    for f in range(4):
        for c in range(concepts):
            if number[f, c] == 0:
                number[f, c] = keys
                keys += 1
        field_start[f + 1] = keys
    concept_of = np.empty(keys, np.int32)
    for f in range(4):
        for c in range(concepts):
            if number[f, c] >= 0:
                concept_of[number[f, c]] = c
    start = np.zeros((keys, blocks + 1), np.uint32)
    for d in range(documents):
        b = d // BLOCK
        for j in range(ptr[d], ptr[d + 1]):
            start[number[np.int64(code[j]) >> 28, np.int64(code[j]) & 0xFFFFFFF], b + 1] += 1
    total = np.uint32(0)
    for k in range(keys):
        start[k, 0] = total
        for b in range(blocks):
            total += start[k, b + 1]
            start[k, b + 1] = total
    local = np.empty(len(code), np.uint16)
    value = np.empty(valued, np.uint8)
    end = np.empty(keys, np.int64)
    for d in range(documents):
        b = d // BLOCK
        if d == b * BLOCK:
            for k in range(keys):
                end[k] = start[k, b]
        for j in range(ptr[d], ptr[d + 1]):
            field = np.int64(code[j]) >> 28
            concept = np.int64(code[j]) & 0xFFFFFFF
            k = number[field, concept]
            at = end[k]
            end[k] = at + 1
            local[at] = np.uint16(d - b * BLOCK)
            if field < VALUED:
                if field == INTERESTED:
                    value[at] = INTEREST_VALUE[weight[j], interest_idf[concept]]
                    continue
                whole = needs_total[d]
                worth = np.int64(weight[j]) * np.int64(exchange_idf[concept])
                share = (SHARES * worth + whole - 1) // whole
                value[at] = np.uint8((share << 2) | np.int64(weight[j]))
    return concept_of, field_start, start, local, value
