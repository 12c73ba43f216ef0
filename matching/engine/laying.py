"""Compiled loops that lay statements out as postings; see `matching.engine.segment`.

Each takes whole columns and runs through them a fixed number of times, so that the build grows with
the number of statements and nothing else.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

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
    WORDS,
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

MAX_CONCEPTS = 1 << 24
"""Concepts that a code has room for."""

VALUED = 2
"""Fields of postings below this carry values."""


@njit(cache=True, error_model="numpy", forceinline=True)
def field_in(code: int) -> int:
    return np.int64(code) >> 30


@njit(cache=True, error_model="numpy", forceinline=True)
def concept_in(code: int) -> int:
    return (np.int64(code) >> 6) & (MAX_CONCEPTS - 1)


@njit(cache=True, error_model="numpy", forceinline=True)
def weight_in(code: int) -> int:
    return np.int64(code) & 63


@njit(cache=True, error_model="numpy")
def rows_by_document(
    organisation: Integers,
    document_at: NDArray[np.int32],
    field: Integers,
    concept: Integers,
    number_at: NDArray[np.int32],
    weight: Integers,
    documents: int,
    concepts: int,
) -> tuple[Int64s, Integers, int]:
    """Gather the statements of each document: where its row starts and ends, and their codes: two
    bits of the field, 24 of the concept's number, six of the weight; and -1, or the first statement
    whose organisation has no document, which ends it.

    `document_at[organisation[i]]` is the number of statement i's document, `number_at[concept[i]]`
    that of its concept, of so many `concepts`. A row is in no order; a repeated statement is there
    once, with its greatest weight.
    """
    ptr = np.zeros(documents + 1, np.int64)
    for i in range(len(organisation)):
        named = organisation[i]
        d = document_at[named] if 0 <= named < len(document_at) else -1
        if d < 0:
            return ptr, np.zeros(0, np.uint32), i
        ptr[d + 1] += 1
    for d in range(documents):
        ptr[d + 1] += ptr[d]
    code = np.empty(len(organisation), np.uint32)
    end = ptr[:-1].copy()
    for i in range(len(organisation)):
        d = document_at[organisation[i]]
        code[end[d]] = np.uint32(
            (POSTING_FIELD[field[i]] << 30)
            | (np.int64(number_at[concept[i]]) << 6)
            | np.int64(weight[i])
        )
        end[d] += 1
    # the document that last held each field's concept
    holder = np.full((4, concepts), -1, np.int32)
    to = np.int64(0)
    for d in range(documents):
        first, stop = ptr[d], end[d]
        ptr[d] = to
        for j in range(first, stop):
            new = code[j]
            f, c = field_in(new), concept_in(new)
            if holder[f, c] != d:
                holder[f, c] = d
                code[to] = new
                to += 1
                continue
            for before in range(ptr[d], to):
                if (code[before] ^ new) < 64:
                    code[before] = max(code[before], new)
    ptr[documents] = to
    return ptr, code[:to], -1


@njit(cache=True, error_model="numpy")
def frequencies(ptr: Int64s, code: Integers, concepts: int) -> tuple[Int64s, Int64s, Int64s]:
    """(how many need or offer each concept, how many are interested in it, the greatest number of
    statements of one field)."""
    exchange = np.zeros(concepts, np.int64)
    interest = np.zeros(concepts, np.int64)
    most = np.zeros(1, np.int64)
    counted = np.full(concepts, -1, np.int32)
    stated = np.empty(4, np.int64)
    for d in range(len(ptr) - 1):
        stated[:] = 0
        for j in range(ptr[d], ptr[d + 1]):
            field = field_in(code[j])
            concept = concept_in(code[j])
            stated[field] += 1
            if field == INTERESTED:
                interest[concept] += 1
            elif field != HELD and counted[concept] != d:
                counted[concept] = d
                exchange[concept] += 1
        for field in range(4):
            most[0] = max(most[0], stated[field])
    return exchange, interest, most


@njit(cache=True, error_model="numpy")
def totals(ptr: Int64s, code: Integers, exchange_idf: Integers) -> tuple[Int64s, Integers]:
    """The value of the needs of each document, and flags of the fields that it has anything in."""
    documents = len(ptr) - 1
    needs = np.zeros(documents, np.int64)
    flags = np.zeros(documents, np.uint8)
    for d in range(documents):
        for j in range(ptr[d], ptr[d + 1]):
            field = field_in(code[j])
            concept = concept_in(code[j])
            if field == NEEDED:
                needs[d] += weight_in(code[j]) * np.int64(exchange_idf[concept])
            flags[d] |= HAS[field]
    return needs, flags


@njit(cache=True, error_model="numpy")
def keys_of(code: Integers, concepts: int) -> tuple[NDArray[np.int32], Integers, Int64s, Int64s]:
    """Number the keys in use: (number by field and concept, -1 for none; concept of each key; where
    each field starts; how many documents each key has)."""
    count = np.zeros((4, concepts), np.int64)
    for j in range(len(code)):
        count[field_in(code[j]), concept_in(code[j])] += 1
    number = np.empty((4, concepts), np.int32)
    concept_of = np.empty(4 * concepts, np.int32)
    frequency = np.empty(4 * concepts, np.int64)
    field_start = np.zeros(5, np.int64)
    keys = 0
    for f in range(4):
        for c in range(concepts):
            number[f, c] = -1
            if count[f, c]:
                number[f, c] = keys
                concept_of[keys], frequency[keys] = c, count[f, c]
                keys += 1
        field_start[f + 1] = keys
    return number, concept_of[:keys].copy(), field_start, frequency[:keys].copy()


@njit(cache=True, error_model="numpy")
def rows_of(
    field_start: Int64s, frequency: Int64s, most_values: int, most_bits: int
) -> tuple[NDArray[np.int32], Int64s]:
    """Which keys are dense: (row or -1 by key, how many rows of values and of bits)."""
    dense = np.full(len(frequency), -1, np.int32)
    rows = np.zeros(2, np.int64)
    for k in range(len(frequency)):
        kind = 0 if k < field_start[VALUED] else 1
        if frequency[k] > (most_values if kind == 0 else most_bits):
            dense[k] = rows[kind]
            rows[kind] += 1
    return dense, rows


@njit(cache=True, error_model="numpy")
def postings(
    ptr: Int64s,
    code: Integers,
    number: NDArray[np.int32],
    field_start: Int64s,
    frequency: Int64s,
    dense: NDArray[np.int32],
    rows: Int64s,
    needs_total: Int64s,
    exchange_idf: Integers,
    interest_idf: Integers,
) -> tuple[Integers, Integers, Integers, Integers, Integers]:
    """The parts of `Postings` that hold documents: (start, local, value, values, bits)."""
    documents, keys = len(ptr) - 1, len(dense)
    blocks = (documents + BLOCK - 1) // BLOCK
    values = np.zeros((rows[0], blocks * BLOCK), np.uint8)
    bits = np.zeros((rows[1], blocks * WORDS), np.uint16)
    listed = valued = 0
    for k in range(keys):
        if dense[k] < 0:
            listed += frequency[k]
            valued += frequency[k] if k < field_start[VALUED] else 0
    start = np.zeros((keys, blocks + 1), np.uint32)
    count = np.zeros(keys, np.uint32)
    for b in range(blocks):
        for d in range(b * BLOCK, min(b * BLOCK + BLOCK, documents)):
            for j in range(ptr[d], ptr[d + 1]):
                count[number[field_in(code[j]), concept_in(code[j])]] += 1
        for k in range(keys):
            if dense[k] < 0:
                start[k, b + 1] = count[k]
    total = np.uint32(0)
    for k in range(keys):
        if dense[k] < 0:
            for b in range(blocks + 1):
                start[k, b] += total
            total = start[k, blocks]
        else:
            start[k, :] = total
    local = np.empty(listed, np.uint16)
    value = np.empty(valued, np.uint8)
    end = np.empty(keys, np.uint32)
    for b in range(blocks):
        for k in range(keys):
            end[k] = start[k, b]
        for d in range(b * BLOCK, min(b * BLOCK + BLOCK, documents)):
            here = d - b * BLOCK
            for j in range(ptr[d], ptr[d + 1]):
                field = field_in(code[j])
                concept = concept_in(code[j])
                k = number[field, concept]
                row = dense[k]
                stated = weight_in(code[j])
                if field == INTERESTED:
                    worth = np.int64(INTEREST_VALUE[stated, interest_idf[concept]])
                elif field == NEEDED:
                    whole = needs_total[d]
                    part = SHARES * stated * np.int64(exchange_idf[concept])
                    worth = (((part + whole - 1) // whole) << 2) | stated
                else:
                    worth = 0
                if row < 0:
                    at = end[k]
                    end[k] = at + np.uint32(1)
                    local[at] = np.uint16(here)
                    if worth:
                        value[at] = np.uint8(worth)
                elif worth:
                    values[row, d] = np.uint8(worth)
                else:
                    word = b * WORDS + here % WORDS
                    bits[row, word] |= np.uint16(1 << (here // WORDS))
    return start, local, value, values, bits
