"""Documents found and read back from a segment; compiled."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine.asking import bisect
from matching.engine.lists import value_in
from matching.engine.segment import BLOCK, INTERESTED, OFFERED, Int64s, Integers, Postings


@njit(cache=True, error_model="numpy")
def document_of(ids: Integers, home_start: Int64s, organisation: int, home: int) -> int:
    """The document of an organisation, -1 without one; looked for in this home before others."""
    if 0 <= home < len(home_start) - 1:
        at = bisect(ids, home_start[home], home_start[home + 1], organisation)
        if at < home_start[home + 1] and ids[at] == organisation:
            return at
    for h in range(len(home_start) - 1):
        at = bisect(ids, home_start[h], home_start[h + 1], organisation)
        if at < home_start[h + 1] and ids[at] == organisation:
            return at
    return -1


@njit(cache=True, error_model="numpy")
def documents_of(ids: Integers, home_start: Int64s, organisations: Integers) -> NDArray[np.int32]:
    found = np.empty(len(organisations), np.int32)
    count = 0
    for i in range(len(organisations)):
        at = document_of(ids, home_start, organisations[i], 0)
        if at >= 0:
            found[count] = at
            count += 1
    found = np.sort(found[:count])
    different = 0
    for i in range(count):
        if i == 0 or found[i] != found[i - 1]:
            found[different] = found[i]
            different += 1
    return found[:different]


@njit(cache=True, error_model="numpy")
def statements_of(document: int, postings: Postings) -> tuple[Int64s, Int64s]:
    """The keys a document is listed under, ascending, and with each the weight of a need, the value
    of an interest, or 0."""
    block = document // BLOCK
    key = np.empty(64, np.int64)
    weight = np.empty(64, np.int64)
    count = 0
    for k in range(len(postings.concept)):
        value = value_in(postings, k, k < postings.field[OFFERED], block, document - block * BLOCK)
        if value == 0:
            continue
        if count == len(key):
            longer, heavier = np.empty(2 * count, np.int64), np.empty(2 * count, np.int64)
            for i in range(count):
                longer[i], heavier[i] = key[i], weight[i]
            key, weight = longer, heavier
        key[count] = k
        weight[count] = 0
        if k < postings.field[INTERESTED]:
            weight[count] = value & 3
        elif k < postings.field[OFFERED]:
            weight[count] = value
        count += 1
    return key[:count], weight[:count]
