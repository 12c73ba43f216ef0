"""Who met whom in which projects, as rows by partner and by document; compiled.

Everything is counted twice through the projects, so that nothing is made that is longer than the
answer.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine.segment import Int64s, Integers

Rows = tuple[Int64s, NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]


@njit(cache=True, error_model="numpy")
def starts_of(key: Integers, keys: int) -> Int64s:
    """Where the entries of each key start, once they are in the order of their keys."""
    start = np.zeros(keys + 1, np.int64)
    for i in range(len(key)):
        start[key[i] + 1] += 1
    for k in range(keys):
        start[k + 1] += start[k]
    return start


@njit(cache=True, error_model="numpy")
def projects_of(ptr: Int64s, partner: Int64s, partners: int) -> tuple[Int64s, NDArray[np.int32]]:
    """The projects of each partner, ascending: where they start, and their numbers; `partner[ptr[p]
    : ptr[p + 1]]` take part in project p."""
    own_ptr = starts_of(partner, partners)
    own = np.empty(len(partner), np.int32)
    to = own_ptr[:-1].copy()
    for p in range(len(ptr) - 1):
        for i in range(ptr[p], ptr[p + 1]):
            own[to[partner[i]]] = p
            to[partner[i]] += 1
    return own_ptr, own


@njit(cache=True, error_model="numpy")
def meetings(ptr: Int64s, partner: Int64s, start: Int64s, partners: int) -> Rows:
    """Whom each partner worked with, ascending: (where its row starts, whom, in how many projects,
    the start of the newest)."""
    own_ptr, own = projects_of(ptr, partner, partners)
    row = np.zeros(partners + 1, np.int64)
    seen = np.full(partners, -1, np.int32)
    for z in range(partners):
        seen[z] = z
        count = 0
        for i in range(own_ptr[z], own_ptr[z + 1]):
            for j in range(ptr[own[i]], ptr[own[i] + 1]):
                if seen[partner[j]] != z:
                    seen[partner[j]] = z
                    count += 1
        row[z + 1] = row[z] + count
    other = np.empty(row[partners], np.int32)
    joint = np.empty(row[partners], np.int32)
    last = np.empty(row[partners], np.int32)
    times = np.zeros(partners, np.int32)
    newest = np.zeros(partners, np.int32)
    for z in range(partners):
        at = row[z]
        for i in range(own_ptr[z], own_ptr[z + 1]):
            began = np.int32(start[own[i]])
            for j in range(ptr[own[i]], ptr[own[i] + 1]):
                q = partner[j]
                if q == z:
                    continue
                if times[q] == 0:
                    other[at] = q
                    at += 1
                times[q] += 1
                newest[q] = max(newest[q], began)
        met = np.sort(other[row[z] : at])
        for i in range(len(met)):
            q = met[i]
            other[row[z] + i], joint[row[z] + i], last[row[z] + i] = q, times[q], newest[q]
            times[q] = newest[q] = 0
    return row, other, joint, last


@njit(cache=True, error_model="numpy")
def rows_of_documents(
    row: Int64s, other: Integers, joint: Integers, last: Integers, partner_of: Integers
) -> Rows:
    """The rows of some partners in the order of their documents; `partner_of[d]` is -1 where
    document d is nobody's."""
    ptr = np.zeros(len(partner_of) + 1, np.int64)
    for d in range(len(partner_of)):
        z = partner_of[d]
        ptr[d + 1] = ptr[d] + (row[z + 1] - row[z] if z >= 0 else 0)
    key = np.empty(ptr[-1], np.int32)
    projects = np.empty(ptr[-1], np.int32)
    newest = np.empty(ptr[-1], np.int32)
    for d in range(len(partner_of)):
        z = partner_of[d]
        if z >= 0:
            for i in range(row[z + 1] - row[z]):
                key[ptr[d] + i] = other[row[z] + i]
                projects[ptr[d] + i] = joint[row[z] + i]
                newest[ptr[d] + i] = last[row[z] + i]
    return ptr, key, projects, newest


@njit(cache=True, error_model="numpy")
def turned(
    ptr: Int64s, key: Integers, value: Integers, partners: int
) -> tuple[Int64s, NDArray[np.int32], NDArray[np.uint8]]:
    """Rows of documents by partner turned into rows of partners by document, ascending: (where each
    starts, documents, values)."""
    tied_ptr = starts_of(key, partners)
    document = np.empty(len(key), np.int32)
    tied = np.empty(len(key), np.uint8)
    to = tied_ptr[:-1].copy()
    for d in range(len(ptr) - 1):
        for i in range(ptr[d], ptr[d + 1]):
            document[to[key[i]]], tied[to[key[i]]] = d, value[i]
            to[key[i]] += 1
    return tied_ptr, document, tied
