"""What the compiled search is given: a question put in the numbers of one segment."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.segment import Integers
from matching.engine.types import Int64s


class Coding(NamedTuple):
    """The part of a segment's frame that the search reads; see `Frame`."""

    exchange_idf: Integers
    edge_low: Integers
    edge_high: Integers
    edge_weight: Integers


class Tied(NamedTuple):
    """The part of a segment's ties that the search reads: the documents tied to each partner, and
    how telling it is; see `Ties`."""

    selectivity: Integers
    ptr: Int64s
    document: Integers
    value: Integers


class Question(NamedTuple):
    """One organisation's facts: concepts, partners, home and country by their numbers in the
    segment asked, those that the segment lacks left out.

    `needs_total` includes what was left out. `home` and `country` are 1 + the number, 0 unknown,
    `ELSEWHERE` for one that no document of the segment has. `fit[h]` is what the regional fit with
    home h brings, in hundredths of a point.
    """

    needs: Int64s
    needs_value: Int64s
    needs_total: int
    offers: Int64s
    interests: Int64s
    interests_value: Int64s
    segments: Int64s
    partners: Int64s
    ties: Int64s
    level: int
    home: int
    country: int
    fit: Int64s


ELSEWHERE = 1 << 16


class Limits(NamedTuple):
    """Who may be suggested: by home and country number, by kind (bit k of `kinds`), not the
    documents in `excluded` and `dead` (ascending), and only those marked in `among` unless it is
    empty."""

    homes: NDArray[np.bool_]
    countries: NDArray[np.bool_]
    kinds: np.uint64
    excluded: Integers
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
