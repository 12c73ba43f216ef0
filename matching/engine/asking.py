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
    level: int
    home: int
    country: int
    needs_total: int
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


SINGLE = 4
"""Fields of a packed question that are one number, its first."""

LISTS = 6
"""The lengths that follow: of its needs, offers, interests, segments, partners and avoided ones."""

ELSEWHERE = 1 << 16


@njit(cache=True, error_model="numpy", forceinline=True)
def bisect(values: Integers, low: int, high: int, wanted: int) -> int:
    """The first position from low to high whose value is not below `wanted`, found without branches
    that a processor could guess wrongly."""
    length = high - low
    if length <= 0:
        return low
    while length > 1:
        half = length >> 1
        low += half * int(values[low + half - 1] < wanted)
        length -= half
    low += int(values[low] < wanted)
    return low


@njit(cache=True, error_model="numpy")
def numbered(
    packed: Int64s, first: int, count: int, valued: bool, concept_id: Int64s, into: Int64s
) -> int:
    """Put so many concepts of a packed question into the numbers of a segment, those it has, and
    with `valued` their values `count` behind them; how many it has."""
    known = 0
    for i in range(first, first + count):
        at = bisect(concept_id, 0, len(concept_id), packed[i])
        if at < len(concept_id) and concept_id[at] == packed[i]:
            into[first + known] = at
            if valued:
                into[first + count + known] = packed[i + count]
            known += 1
    return known


@njit(cache=True, error_model="numpy")
def opened(packed: Int64s, fit: Int64s, concept_id: Int64s) -> Question:
    """A question from one array, which is quicker to hand over than fifteen: its single numbers,
    the lengths of its lists, and these; needs, interests and partners are followed by what each is
    worth. Concepts are identifiers in it, partners are numbers already."""
    needs, offers, interests = packed[SINGLE], packed[SINGLE + 1], packed[SINGLE + 2]
    segments, partners, avoided = packed[SINGLE + 3], packed[SINGLE + 4], packed[SINGLE + 5]
    own = packed.copy()
    at_needs = SINGLE + LISTS
    at_offers = at_needs + 2 * needs
    at_interests = at_offers + offers
    at_segments = at_interests + 2 * interests
    at_partners = at_segments + segments
    at_avoided = at_partners + 2 * partners
    total = 0
    for i in range(at_needs + needs, at_offers):
        total += packed[i]
    n = numbered(packed, at_needs, needs, True, concept_id, own)
    o = numbered(packed, at_offers, offers, False, concept_id, own)
    i = numbered(packed, at_interests, interests, True, concept_id, own)
    s = numbered(packed, at_segments, segments, False, concept_id, own)
    return Question(
        packed[0],
        packed[1],
        packed[2],
        packed[3],
        total,
        own[at_needs : at_needs + n],
        own[at_needs + needs : at_needs + needs + n],
        own[at_offers : at_offers + o],
        own[at_interests : at_interests + i],
        own[at_interests + interests : at_interests + interests + i],
        own[at_segments : at_segments + s],
        own[at_partners : at_partners + partners],
        own[at_partners + partners : at_avoided],
        own[at_avoided : at_avoided + avoided],
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
    partners. The last two are bounds read from tables (`bounding.tables`)."""

    weights: Int64s
    tau_value_chain: int
    tau_priorities: int
    doublings_priorities: int
    tau_track_record: int
    doublings_track_record: int
    exposure: int
    needed: NDArray[np.uint16]
    shared: NDArray[np.uint16]
