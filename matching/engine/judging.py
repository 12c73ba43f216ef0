"""The exact score of some documents at a time; compiled."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine import points
from matching.engine.asking import Question, Rates, bisect, opened
from matching.engine.handles import Manner, Source, Space
from matching.engine.lists import (
    CHAIN,
    COMPLEMENTARITY,
    EXPERIENCE,
    FIT,
    PRIORITIES,
    TRACK,
    Lists,
    in_common,
    lists_of,
)
from matching.engine.segment import (
    BLOCK,
    INTERESTED,
    NEEDED,
    OFFERED,
    WORDS,
    Documents,
    Int64s,
    Postings,
)

LEVELS = 510
"""Twice the highest level of experience: of both sides together."""

BATCH = 64
"""Documents judged at a time."""

FAMILIARITY = 16
"""Steps of familiarity per doubling of partners."""


@njit(cache=True, error_model="numpy", forceinline=True)
def cost_of_fame(familiarity: int, exposure: int) -> int:
    """What is taken off the rank: exposure · log2(1 + partners), rounded half up."""
    return (familiarity * exposure + FAMILIARITY // 2) // FAMILIARITY


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


@njit(cache=True, error_model="numpy")
def hold(
    judged: Int64s, count: int, lists: Lists, postings: Postings, holds: NDArray[np.int64]
) -> None:
    """Write to `holds[c, i]` the value of the c-th of `count` documents in list i, 0 without one.

    List by list: what one document's value waits for in memory, the next one's does not."""
    key, field, row, start = lists.key, lists.field, lists.row, postings.start
    local, value, values, bits = postings.local, postings.value, postings.values, postings.bits
    low, high = np.empty(count, np.int64), np.empty(count, np.int64)
    asked = np.empty(1, np.uint16)
    for i in range(len(key)):
        valued = field[i] == INTERESTED or field[i] == NEEDED
        if row[i] >= 0 and valued:
            for c in range(count):
                holds[c, i] = values[row[i], judged[c]]
        elif row[i] >= 0:
            for c in range(count):
                block, at = judged[c] // BLOCK, judged[c] & (BLOCK - 1)
                word = np.int64(bits[row[i], block * WORDS + (at & (WORDS - 1))])
                holds[c, i] = (word >> (at // WORDS)) & 1
        else:
            # every place is asked for before any is waited for
            near = np.uint16(0)
            for c in range(count):
                block = judged[c] // BLOCK
                low[c] = start[key[i], block]
                high[c] = start[key[i], block + 1]
                if low[c] < high[c]:
                    near |= local[(low[c] + high[c]) >> 1]
            asked[0] = near
            for c in range(count):
                at = judged[c] & (BLOCK - 1)
                p = bisect(local, low[c], high[c], at)
                if p == high[c] or local[p] != at:
                    holds[c, i] = 0
                else:
                    holds[c, i] = value[p] if valued else 1


@njit(cache=True, error_model="numpy")
def judge(
    judged: Int64s,
    count: int,
    x: Int64s,
    documents: Documents,
    postings: Postings,
    question: Question,
    lists: Lists,
    rates: Rates,
    holds: NDArray[np.int64],
    signals: NDArray[np.int64],
) -> None:
    """The exact signals of `count` documents, as rows of `signals`, and what they hold, as rows of
    `holds`; `x` is the sum of their partners in common."""
    hold(judged, count, lists, postings, holds)
    field, amount, edges = lists.field, lists.amount, lists.edges
    home, level, needs_total = documents.home, documents.level, documents.needs_total
    weights, fits = rates.weights, question.fit
    for c in range(count):
        d = judged[c]
        met_a = met_b = shared = reach = np.int64(0)
        for i in range(len(field)):
            if field[i] == OFFERED:
                met_a += holds[c, i] * amount[i]
            elif field[i] == NEEDED:
                met_b += (holds[c, i] & 3) * amount[i]
            elif field[i] == INTERESTED:
                shared += holds[c, i] * amount[i]
        for e in range(len(edges)):
            low, high = edges[e, 0], edges[e, 1]
            if (low >= 0 and holds[c, low]) or (high >= 0 and holds[c, high]):
                reach += edges[e, 2]
        signals[c, COMPLEMENTARITY] = points.complementarity(
            weights[COMPLEMENTARITY], met_a, question.needs_total, met_b, np.int64(needs_total[d])
        )
        signals[c, PRIORITIES] = points.growing(
            weights[PRIORITIES], shared, rates.tau_priorities, rates.doublings_priorities
        )
        signals[c, CHAIN] = points.saturating(weights[CHAIN], reach, rates.tau_value_chain)
        signals[c, TRACK] = points.growing(
            weights[TRACK], x[d], rates.tau_track_record, rates.doublings_track_record
        )
        signals[c, FIT] = fits[home[d]]
        signals[c, EXPERIENCE] = points.half_up(
            weights[EXPERIENCE] * (question.level + np.int64(level[d])), LEVELS
        )


@njit(cache=True, error_model="numpy", nogil=True)
def all_signals(
    chosen: Int64s,
    packed: Int64s,
    source: Source,
    manner: Manner,
    space: Space,
) -> NDArray[np.int64]:
    """The hundredths of every signal for some documents: int64[len(chosen), 6]."""
    documents, postings, rates, x = source.documents, source.postings, manner.rates, space.x
    question = opened(packed, manner.fit, source.coding.concept_id)
    lists = lists_of(question, postings, source.coding)
    touched, _ = in_common(question, source.ties, x)
    answer = np.empty((len(chosen), 6), np.int64)
    holds = np.empty((BATCH, len(lists.key)), np.int64)
    for n in range(0, len(chosen), BATCH):
        judged = chosen[n : n + BATCH]
        judge(
            judged, len(judged), x, documents, postings, question, lists, rates, holds,
            answer[n:],
        )  # fmt: skip
    for i in range(len(touched)):
        x[touched[i]] = 0
    return answer
