"""One question answered by one segment: searched and told in a single compiled call."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine.asking import Coding, Limits, Question, Rates, Reasons, Tied, opened
from matching.engine.lists import lists_of
from matching.engine.reading import document_of
from matching.engine.searching import search
from matching.engine.segment import Documents, Integers, Postings
from matching.engine.telling import terms
from matching.engine.types import Int64s


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
    return np.sort(found[:count])


@njit(cache=True, error_model="numpy", nogil=True)
def answer(
    k: int,
    told: bool,
    packed: Int64s,
    fit: Int64s,
    documents: Documents,
    home_start: Int64s,
    postings: Postings,
    ties: Tied,
    coding: Coding,
    reasons: Reasons,
    limits: Limits,
    rates: Rates,
    x: Int64s,
    room: NDArray[np.uint16],
) -> tuple[
    Int64s, Int64s, Int64s, Int64s, NDArray[np.int64], Int64s, NDArray[np.int64], Int64s
]:  # fmt: skip
    """The best k documents: (document, identifier, rank key, score, signals[., 6]); if `told`,
    their terms as `telling.terms` gives them, otherwise none; and the work that `search` counts."""
    question = opened(packed, fit)
    lists = lists_of(question, postings, coding)
    excluded = excluded_by(question, documents.id, home_start, ties)
    found, rank, signals, holds, work = search(
        k, documents, postings, ties, question, lists, limits, excluded, rates, x, room
    )
    ids = np.empty(len(found), np.int64)
    score = np.empty(len(found), np.int64)
    for f in range(len(found)):
        ids[f] = documents.id[found[f]]
        score[f] = signals[f].sum()
    ptr = np.zeros(len(found) + 1, np.int64)
    rows = np.empty((0, 4), np.int64)
    if told:
        ptr, rows = terms(
            found, signals, holds, documents, postings, ties, coding, reasons, question, lists, x
        )
    return found, ids, rank, score, signals, ptr, rows, work
