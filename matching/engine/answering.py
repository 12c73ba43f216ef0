"""One question answered by one segment: searched and told in a single compiled call."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine.asking import Question, Tied, opened
from matching.engine.handles import Manner, Source, Space
from matching.engine.lists import lists_of
from matching.engine.reading import document_of
from matching.engine.searching import search
from matching.engine.segment import Integers
from matching.engine.telling import terms
from matching.engine.types import Int64s

HEAD = 4
"""Numbers before the columns of an answer: how many documents, and what `search` counts."""


@njit(cache=True, error_model="numpy")
def excluded_by(
    question: Question, ids: Integers, home_start: Int64s, ties: Tied
) -> NDArray[np.int32]:
    """The documents of partners and of those to be avoided, ascending."""
    found = np.empty(len(question.partners) + len(question.avoided), np.int32)
    count = 0
    for z in question.partners:
        found[count] = ties.partner_document[z]
        count += found[count] >= 0
    for i in range(len(question.avoided)):
        found[count] = document_of(ids, home_start, question.avoided[i], question.home)
        count += found[count] >= 0
    return np.sort(found[:count]) if count > 1 else found[:count]


@njit(cache=True, error_model="numpy", nogil=True)
def answer(
    k: int, told: bool, packed: Int64s, source: Source, manner: Manner, space: Space
) -> Int64s:
    """The best k documents and, if `told`, their terms as `telling.terms` gives them, otherwise
    none; all in one array, which is quicker to hand back than seven (`columns`)."""
    documents, postings, ties = source.documents, source.postings, source.ties
    question = opened(packed, manner.fit, source.coding.concept_id)
    lists = lists_of(question, postings, source.coding)
    excluded = excluded_by(question, documents.id, source.home_start, ties)
    found, rank, signals, holds, work = search(
        k, documents, postings, ties, question, lists, manner.limits, excluded, manner.rates,
        space.x, space.sums, space.bound,
    )  # fmt: skip
    n = len(found)
    ptr = np.zeros(n + 1, np.int64)
    rows = np.empty((0, 4), np.int64)
    if told:
        ptr, rows = terms(
            found, signals, holds, documents, postings, ties, source.coding, source.reasons,
            question, lists, space.x,
        )  # fmt: skip
    ids = documents.id
    flat = np.empty(HEAD + 11 * n + 1 + 4 * len(rows), np.int64)
    flat[0] = n
    flat[1:HEAD] = work
    at = HEAD
    for f in range(n):
        flat[at + f] = found[f]
        flat[at + n + f] = ids[found[f]]
        flat[at + 2 * n + f] = rank[f]
        total = np.int64(0)
        for s in range(6):
            total += signals[f, s]
            flat[at + 4 * n + 6 * f + s] = signals[f, s]
        flat[at + 3 * n + f] = total
    at += 10 * n
    for f in range(n + 1):
        flat[at + f] = ptr[f]
    at += n + 1
    for r in range(len(rows)):
        for c in range(4):
            flat[at + 4 * r + c] = rows[r, c]
    return flat


def columns(flat: Int64s) -> tuple[Int64s, ...]:
    """What `answer` gave, as columns: documents, identifiers, ranks, scores, signals[., 6], where
    the terms of each start, terms[., 4]."""
    n = int(flat[0])
    starts = HEAD + 10 * n
    return (
        flat[HEAD : HEAD + n],
        flat[HEAD + n : HEAD + 2 * n],
        flat[HEAD + 2 * n : HEAD + 3 * n],
        flat[HEAD + 3 * n : HEAD + 4 * n],
        flat[HEAD + 4 * n : starts].reshape(n, 6),
        flat[starts : starts + n + 1],
        flat[starts + n + 1 :].reshape(-1, 4),
    )
