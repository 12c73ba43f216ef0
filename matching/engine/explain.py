"""One pair, explained: the score taken apart into named terms, and what is missing.

Every signal is rounded to hundredths and then divided among *all* its terms by largest remainder.
Ties go to the lower concept (or pair of segments, partner, reason), then, where both directions
hold the same concept, to the direction whose seeker has the lower organisation id; nothing depends
on which of the two is called a. Terms that get nothing are counted, not listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine import scoring
from matching.engine.arrays import Arrays
from matching.engine.types import (
    COMPLEMENTARITY,
    EXPERIENCE,
    REGIONAL_FIT,
    SHARED_PRIORITIES,
    SIGNALS,
    TRACK_RECORD,
    VALUE_CHAIN,
    Int64s,
    Match,
    Scoring,
    Term,
    Unknown,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One signal of one pair: its points, its terms with points, how many have none, and what is
    unknown."""

    points: int
    terms: tuple[Term, ...] = ()
    zero: int = 0
    unknown: tuple[Unknown, ...] = ()


def explain(arrays: Arrays, scores: Scoring, a: int, b: int) -> Match:
    """Score and explain documents a and b."""
    parts = {
        COMPLEMENTARITY: _complementarity(arrays, scores, a, b),
        SHARED_PRIORITIES: _shared_priorities(arrays, scores, a, b),
        VALUE_CHAIN: _value_chain(arrays, scores, a, b),
        TRACK_RECORD: _track_record(arrays, scores, a, b),
        REGIONAL_FIT: _regional_fit(arrays, scores, a, b),
        EXPERIENCE: _experience(arrays, scores, a, b),
    }
    return Match(
        a=int(arrays.document_id[a]),
        b=int(arrays.document_id[b]),
        score=sum(part.points for part in parts.values()),
        signals={signal: parts[signal].points for signal in SIGNALS},
        terms=tuple(term for signal in SIGNALS for term in parts[signal].terms),
        zero_terms={signal: parts[signal].zero for signal in SIGNALS if parts[signal].zero},
        unknown=tuple(item for signal in SIGNALS for item in parts[signal].unknown),
    )


def _divided(
    points: int, candidates: Sequence[tuple[Term, int]], unknown: tuple[Unknown, ...] = ()
) -> Part:
    """Apportion points to terms that are in tie order and weigh more than nothing."""
    parts = scoring.apportion(points, [weight for _, weight in candidates])
    given = [
        replace(term, points=part)
        for (term, _), part in zip(candidates, parts, strict=True)
        if part
    ]
    given.sort(key=lambda term: -term.points)
    return Part(points, tuple(given), len(candidates) - len(given), unknown)


def _missing(
    signal: str, reason: str, gaps: tuple[bool, bool], possible: int
) -> tuple[Unknown, ...]:
    """Which of the two sides lacks it."""
    return tuple(
        Unknown(signal, f"{side}_{reason}", possible)
        for side, gap in zip("ab", gaps, strict=True)
        if gap
    )


def _complementarity(arrays: Arrays, scores: Scoring, a: int, b: int) -> Part:
    w = scores.weights[COMPLEMENTARITY]
    needs = arrays.needs.pairs_of(a), arrays.needs.pairs_of(b)
    offers = set(arrays.offers.keys_of(b).tolist()), set(arrays.offers.keys_of(a).tolist())
    total = sum(v for _, v in needs[0]), sum(v for _, v in needs[1])
    met = [[(c, v) for c, v in needs[i] if c in offers[i]] for i in (0, 1)]
    sums = sum(v for _, v in met[0]), sum(v for _, v in met[1])
    points = scoring.complementarity(w, sums[0], total[0], sums[1], total[1])

    shares = scoring.complementarity_shares(sums[0], total[0], sums[1], total[1])
    seekers = int(arrays.document_id[a]), int(arrays.document_id[b])
    candidates = sorted(
        (int(arrays.concept_id[c]), seekers[i], "ab"[i], v * shares[i])
        for i in (0, 1)
        for c, v in met[i]
    )
    unknown: list[Unknown] = []
    for seeker in (0, 1):
        filled = [(sums[0], total[0]), (sums[1], total[1])]
        filled[seeker] = (1, 1)
        possible = scoring.complementarity(w, *filled[0], *filled[1]) - points
        if not needs[seeker]:
            unknown.append(Unknown(COMPLEMENTARITY, f"{'ab'[seeker]}_no_needs", possible))
        if not offers[seeker]:
            unknown.append(Unknown(COMPLEMENTARITY, f"{'ba'[seeker]}_no_offers", possible))
    return _divided(
        points,
        [(Term(COMPLEMENTARITY, c, 0, side), weight) for c, _, side, weight in candidates],
        tuple(unknown),
    )


def _shared_priorities(arrays: Arrays, scores: Scoring, a: int, b: int) -> Part:
    w = scores.weights[SHARED_PRIORITIES]
    mine, theirs = dict(arrays.interests.pairs_of(a)), dict(arrays.interests.pairs_of(b))
    shared = [(c, min(v, theirs[c])) for c, v in mine.items() if c in theirs]
    total = sum(mine.values()), sum(theirs.values())
    return _divided(
        scoring.shared_priorities(w, sum(v for _, v in shared), *total),
        [(Term(SHARED_PRIORITIES, int(arrays.concept_id[c]), 0), v) for c, v in shared],
        _missing(SHARED_PRIORITIES, "no_interests", (not mine, not theirs), w),
    )


def _value_chain(arrays: Arrays, scores: Scoring, a: int, b: int) -> Part:
    w, tau = scores.weights[VALUE_CHAIN], scores.tau_value_chain
    mine = set(arrays.segments.keys_of(a).tolist())
    theirs = set(arrays.segments.keys_of(b).tolist())
    reach, candidates = 0, []
    for s, t, weight in zip(
        arrays.edge_low.tolist(),
        arrays.edge_high.tolist(),
        arrays.edge_weight.tolist(),
        strict=True,
    ):
        if (s in mine and t in theirs) or (t in mine and s in theirs):
            low, high = int(arrays.concept_id[s]), int(arrays.concept_id[t])
            candidates.append((Term(VALUE_CHAIN, low, 0, other_key=high), weight))
        held = mine or theirs
        if not held or s in held or t in held:
            reach += weight
    possible = scoring.saturating(w, reach, tau)
    return _divided(
        scoring.saturating(w, sum(weight for _, weight in candidates), tau),
        candidates,
        _missing(VALUE_CHAIN, "no_segments", (not mine, not theirs), possible),
    )


def _track_record(arrays: Arrays, scores: Scoring, a: int, b: int) -> Part:
    w, tau = scores.weights[TRACK_RECORD], scores.tau_track_record
    unknown = _missing(
        TRACK_RECORD,
        "no_projects",
        (not arrays.document_projects[a], not arrays.document_projects[b]),
        w,
    )
    rows = arrays.ties.row(a), arrays.ties.row(b)
    partners, at_a, at_b = np.intersect1d(
        arrays.ties.key[rows[0]], arrays.ties.key[rows[1]], assume_unique=True, return_indices=True
    )
    weights: Int64s = (
        arrays.partner_selectivity[partners].astype(np.int64)
        * arrays.ties.value[rows[0]][at_a]
        * arrays.ties.value[rows[1]][at_b]
    )
    points = scoring.saturating(w, int(weights.sum()), tau)
    shares = scoring.apportion_many(points, weights)
    given = np.flatnonzero(shares)
    given = given[np.argsort(-shares[given], kind="stable")]
    terms = tuple(
        Term(TRACK_RECORD, key, share)
        for key, share in zip(
            arrays.partner_key[partners[given]].tolist(), shares[given].tolist(), strict=True
        )
    )
    return Part(points, terms, len(shares) - len(terms), unknown)


def _regional_fit(arrays: Arrays, scores: Scoring, a: int, b: int) -> Part:
    w = scores.weights[REGIONAL_FIT]
    homes = int(arrays.document_home[a]), int(arrays.document_home[b])
    if min(homes) < 0:
        gaps = homes[0] < 0, homes[1] < 0
        return Part(0, unknown=_missing(REGIONAL_FIT, "region_unknown", gaps, w))
    key = min(homes) * len(arrays.region_id) + max(homes)
    row = int(np.searchsorted(arrays.fit_key, key))
    if row == len(arrays.fit_key) or arrays.fit_key[row] != key:
        return Part(0)
    reasons = arrays.fit.pairs_of(row)
    return _divided(
        scoring.regional_fit(w, sum(mass for _, mass in reasons)),
        [(Term(REGIONAL_FIT, reason, 0), mass) for reason, mass in reasons],
    )


def _experience(arrays: Arrays, scores: Scoring, a: int, b: int) -> Part:
    w, tau = scores.weights[EXPERIENCE], scores.tau_experience
    n = int(arrays.document_experience[a]), int(arrays.document_experience[b])
    points = scoring.experience(w, n[0], n[1], tau)
    ids = int(arrays.document_id[a]), int(arrays.document_id[b])
    candidates = sorted((ids[i], "ab"[i], n[i] * (n[1 - i] + tau)) for i in (0, 1) if n[i])
    unknown = [
        Unknown(
            EXPERIENCE,
            f"{'ab'[i]}_no_record",
            scoring.half_up(w * (2 * n[1 - i] + tau), 2 * (n[1 - i] + tau)) - points,
        )
        for i in (0, 1)
        if not n[i]
    ]
    return _divided(
        points,
        [(Term(EXPERIENCE, key, 0, side), weight) for key, side, weight in candidates],
        tuple(unknown),
    )
