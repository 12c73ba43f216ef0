"""What the compiled search is given: a question put in the numbers of one segment."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine.segment import Integers
from matching.engine.types import Int64s


class Coding(NamedTuple):
    """The part of a segment's frame that the search reads; see `Frame`. The edges of concept c are
    `edge[edge_ptr[c] : edge_ptr[c + 1]]`."""

    concept_id: Int64s
    exchange_idf: Integers
    edge_low: Integers
    edge_high: Integers
    edge_weight: Integers
    edge_ptr: Int64s
    edge: Int64s


class Reasons(NamedTuple):
    """Why pairs of home regions fit; see `Frame`."""

    regions: int
    key: Int64s
    ptr: Int64s
    reason: Int64s
    mass: Int64s


class Tied(NamedTuple):
    """The part of a segment's ties that the search reads: who each partner is, how telling, and the
    documents tied to it; see `Ties`."""

    partner_key: Int64s
    partner_document: Integers
    selectivity: Integers
    ptr: Int64s
    document: Integers
    value: Integers


class Question(NamedTuple):
    """One organisation's facts: concepts, partners, home and country by their numbers in the
    segment asked, those that the segment lacks left out.

    `needs_total` includes what was left out. `home` and `country` are 1 + the number, 0 unknown,
    `ELSEWHERE` for one that no document of the segment has. `fit[h]` is what the regional fit with
    home h brings, in hundredths of a point. `avoided` are identifiers not to be suggested.
    """

    id: int
    needs_total: int
    level: int
    home: int
    country: int
    needs: Int64s
    needs_value: Int64s
    offers: Int64s
    interests: Int64s
    interests_value: Int64s
    segments: Int64s
    partners: Int64s
    ties: Int64s
    avoided: Int64s
    fit: Int64s


SINGLE = 5
"""Fields of a question that are one number, its first."""

ELSEWHERE = 1 << 16


@njit(cache=True, error_model="numpy")
def opened(packed: Int64s, fit: Int64s) -> Question:
    """A question from one array, which is quicker to hand over than fifteen: its single numbers,
    the lengths of its other fields but `fit`, and those fields."""
    at = np.empty(10, np.int64)
    at[0] = SINGLE + 9
    for i in range(9):
        at[i + 1] = at[i] + packed[SINGLE + i]
    return Question(
        packed[0],
        packed[1],
        packed[2],
        packed[3],
        packed[4],
        packed[at[0] : at[1]],
        packed[at[1] : at[2]],
        packed[at[2] : at[3]],
        packed[at[3] : at[4]],
        packed[at[4] : at[5]],
        packed[at[5] : at[6]],
        packed[at[6] : at[7]],
        packed[at[7] : at[8]],
        packed[at[8] : at[9]],
        fit,
    )


class Limits(NamedTuple):
    """Who may be suggested: by home and country number, by kind (bit k of `kinds`), not the
    documents in `dead` (ascending), and only those marked in `among` unless it is empty."""

    homes: NDArray[np.bool_]
    countries: NDArray[np.bool_]
    kinds: np.uint64
    dead: Integers
    among: NDArray[np.bool_]


class Rates(NamedTuple):
    """The scoring, and what being well known costs in the order: hundredths per doubling of
    partners."""

    weights: Int64s
    tau_value_chain: int
    tau_priorities: int
    doublings_priorities: int
    tau_track_record: int
    doublings_track_record: int
    exposure: int
