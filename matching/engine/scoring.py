"""The six signals in exact integer arithmetic, and their division among named terms.

Each function turns integer sums into hundredths of a point, rounded half up; it takes Python
integers or arrays of them alike (int64, or `object` where sums could leave 64 bits), so one pair
and a whole matrix are scored by the same lines.

Bounds, with weights w ≤ 10,000:
- complementarity: the sums A ≤ B, C ≤ D of at most n statements are ≤ 255 n. The largest
  intermediate is below 32 S⁴ for S = max(B, D), inside int64 up to S = `SAFE_SUM`, which is 90
  needs of the highest value; beyond it `object` arrays take over.
- priorities and track record are counted in Python integers here, and stay below 2⁶⁰ in compiled
  code: x ≤ 4096 · 255² per partner in common.
"""

from collections.abc import Sequence
from typing import Final, TypeVar

import numpy as np

from matching.engine.quantise import HIGHEST_LEVEL
from matching.engine.types import PERFECT, Int64s

Number = TypeVar("Number", int, Int64s)

SAFE_SUM: Final = 23_000


def half_up(numerator: Number, denominator: Number) -> Number:
    """The quotient of non-negative integers, rounded half up; 0/0 is 0."""
    quotient: Number = (2 * numerator + denominator) // (2 * denominator + (denominator == 0))
    return quotient


def complementarity(w: int, met_a: Number, all_a: Number, met_b: Number, all_b: Number) -> Number:
    """w · (f/4 + g/4 + fg/(f+g)) with f = met_a / all_a and g = met_b / all_b, a fraction with
    nothing below being 0.

    `met_a` is the value of a's needs that b offers, `all_a` of all its needs. The sum of the two
    fractions w P/(4BD) + w AC/P, P = AD + CB, is taken apart into whole parts and remainders, so
    that no product of all four is needed.
    """
    all_a = all_a + (all_a == 0)
    all_b = all_b + (all_b == 0)
    one_way = met_a * all_b + met_b * all_a
    first = 4 * all_a * all_b
    second = one_way + (one_way == 0)
    both_ways = met_a * met_b
    rest = (w * one_way % first) * second + (w * both_ways % second) * first
    whole = first * second
    points: Number = (
        w * one_way // first
        + w * both_ways // second
        + 1 * (2 * rest >= whole)
        + 1 * (2 * rest >= 3 * whole)
    )
    return points


def growing(w: int, x: int, tau: int, doublings: int) -> int:
    """w · log2(1 + x/τ) / doublings, at most w; the logarithm is interpolated linearly between
    powers of two, which keeps it exact, concave and quick."""
    whole = (x + tau) // tau
    full = whole.bit_length() - 1
    if full >= doublings:
        return w
    unit = tau << full
    return half_up(w * (full * unit + x + tau - unit), doublings * unit)


def saturating(w: int, x: Number, tau: int) -> Number:
    """w · x / (x + τ)."""
    return half_up(w * x, x + tau)


def regional_fit(w: int, mass: Number) -> Number:
    """w · mass / 10,000."""
    return half_up(w * mass, 0 * mass + PERFECT)


def experience(w: int, level_a: Number, level_b: Number) -> Number:
    """w · the mean of the two levels, which are 255ths."""
    return half_up(w * (level_a + level_b), 0 * level_b + 2 * HIGHEST_LEVEL)


def complementarity_shares(met_a: int, all_a: int, met_b: int, all_b: int) -> tuple[int, int]:
    """What one unit of value weighs among the terms, for a concept that a seeks and for one that b
    seeks.

    A direction carries f/4 + H/4 (g/4 + H/4), H = 2fg/(f+g), split by value: v/A · f/4 · (1 +
    2g/(f+g)), in lowest common terms v · D · (AD + 3CB) against v · B · (CB + 3AD).
    """
    ad, cb = met_a * (all_b or 1), met_b * (all_a or 1)
    return (all_b or 1) * (ad + 3 * cb), (all_a or 1) * (cb + 3 * ad)


def apportion(points: int, weights: Sequence[int]) -> list[int]:
    """Divide points in proportion to positive weights, by largest remainder; on a tie the earlier
    one gets it.

    The parts sum to `points` exactly. Weights may be of any size.
    """
    if not weights:
        return []
    total = sum(weights)
    parts = [points * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(points * weights[i] % total), i))
    for i in by_remainder[: points - sum(parts)]:
        parts[i] += 1
    return parts


def apportion_many(points: int, weights: Int64s) -> Int64s:
    """`apportion` for thousands of weights below 2⁴⁰ at once."""
    if not len(weights):
        return np.zeros(0, dtype=np.int64)
    total = int(weights.sum())
    parts, remainders = np.divmod(points * weights, total)
    winners = np.argsort(-remainders, kind="stable")[: points - int(parts.sum())]
    parts[winners] += 1
    return np.asarray(parts, dtype=np.int64)
