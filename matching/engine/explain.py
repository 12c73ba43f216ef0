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
from matching.engine.quantise import HIGHEST_LEVEL
from matching.engine.sides import Lookup, Side
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


def explain(base: Lookup, scores: Scoring, a: Side, b: Side) -> Match:
    """Score and explain two organisations by the frame of `base`."""
    parts = {
        COMPLEMENTARITY: _complementarity(base, scores, a, b),
        SHARED_PRIORITIES: _shared_priorities(base, scores, a, b),
        VALUE_CHAIN: _value_chain(base, scores, a, b),
        TRACK_RECORD: _track_record(base, scores, a, b),
        REGIONAL_FIT: _regional_fit(base, scores, a, b),
        EXPERIENCE: _experience(base, scores, a, b),
    }
    return Match(
        a=a.id,
        b=b.id,
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


def _complementarity(base: Lookup, scores: Scoring, a: Side, b: Side) -> Part:
    w = scores.weights[COMPLEMENTARITY]
    needs = a.needs, b.needs
    offers = b.offers, a.offers
    total = a.needs_total, b.needs_total
    met = [[(c, v) for c, v in needs[i].items() if c in offers[i]] for i in (0, 1)]
    sums = sum(v for _, v in met[0]), sum(v for _, v in met[1])
    points = scoring.complementarity(w, sums[0], total[0], sums[1], total[1])

    shares = scoring.complementarity_shares(sums[0], total[0], sums[1], total[1])
    candidates = sorted(
        (c, (a.id, b.id)[i], "ab"[i], v * shares[i]) for i in (0, 1) for c, v in met[i]
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


def _shared_priorities(base: Lookup, scores: Scoring, a: Side, b: Side) -> Part:
    w = scores.weights[SHARED_PRIORITIES]
    mine, theirs = a.interests, b.interests
    shared = sorted((c, v * theirs[c]) for c, v in mine.items() if c in theirs)
    x = sum(v for _, v in shared)
    return _divided(
        scoring.growing(w, x, scores.tau_priorities, scores.doublings_priorities),
        [(Term(SHARED_PRIORITIES, c, 0), v) for c, v in shared],
        _missing(SHARED_PRIORITIES, "no_interests", (not mine, not theirs), w),
    )


def _value_chain(base: Lookup, scores: Scoring, a: Side, b: Side) -> Part:
    w, tau = scores.weights[VALUE_CHAIN], scores.tau_value_chain
    mine, theirs = a.segments, b.segments
    reach, candidates = 0, []
    for low, high, weight in base.edges:
        if (low in mine and high in theirs) or (high in mine and low in theirs):
            candidates.append((Term(VALUE_CHAIN, low, 0, other_key=high), weight))
        held = mine or theirs
        if not held or low in held or high in held:
            reach += weight
    possible = scoring.saturating(w, reach, tau)
    return _divided(
        scoring.saturating(w, sum(weight for _, weight in candidates), tau),
        candidates,
        _missing(VALUE_CHAIN, "no_segments", (not mine, not theirs), possible),
    )


def _track_record(base: Lookup, scores: Scoring, a: Side, b: Side) -> Part:
    w = scores.weights[TRACK_RECORD]
    unknown = _missing(
        TRACK_RECORD,
        "no_projects",
        (not a.record.has_projects, not b.record.has_projects),
        w,
    )
    partners, at_a, at_b = np.intersect1d(
        a.record.partners, b.record.partners, assume_unique=True, return_indices=True
    )
    weights: Int64s = base.selectivity_of(partners) * a.record.ties[at_a] * b.record.ties[at_b]
    points = scoring.growing(
        w, int(weights.sum()), scores.tau_track_record, scores.doublings_track_record
    )
    shares = scoring.apportion_many(points, weights)
    given = np.flatnonzero(shares)
    given = given[np.argsort(-shares[given], kind="stable")]
    terms = tuple(
        Term(TRACK_RECORD, key, share)
        for key, share in zip(partners[given].tolist(), shares[given].tolist(), strict=True)
    )
    return Part(points, terms, len(shares) - len(terms), unknown)


def _regional_fit(base: Lookup, scores: Scoring, a: Side, b: Side) -> Part:
    w = scores.weights[REGIONAL_FIT]
    if a.home is None or b.home is None:
        gaps = a.home is None, b.home is None
        return Part(0, unknown=_missing(REGIONAL_FIT, "region_unknown", gaps, w))
    reasons = base.reasons(a.home, b.home)
    return _divided(
        scoring.regional_fit(w, sum(mass for _, mass in reasons)),
        [(Term(REGIONAL_FIT, reason, 0), mass) for reason, mass in reasons],
    )


def _experience(base: Lookup, scores: Scoring, a: Side, b: Side) -> Part:
    w = scores.weights[EXPERIENCE]
    level = a.record.level, b.record.level
    points = scoring.experience(w, *level)
    ids = a.id, b.id
    candidates = sorted((ids[i], "ab"[i], level[i]) for i in (0, 1) if level[i])
    unknown = [
        Unknown(
            EXPERIENCE,
            f"{'ab'[i]}_no_record",
            scoring.experience(w, HIGHEST_LEVEL, level[1 - i]) - points,
        )
        for i in (0, 1)
        if not level[i]
    ]
    return _divided(
        points,
        [(Term(EXPERIENCE, key, 0, side), weight) for key, side, weight in candidates],
        tuple(unknown),
    )
