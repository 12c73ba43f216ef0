"""The six signals in exact arithmetic of Python integers, and their division among named terms.

Each function turns sums into hundredths of a point, rounded half up. `matching.engine.points` is
the same in 64 bits, for compiled code.
"""

from collections.abc import Sequence

import numpy as np

from matching.engine.quantise import HIGHEST_LEVEL
from matching.engine.types import PERFECT, Int64s


def half_up(numerator: int, denominator: int) -> int:
    """The quotient of non-negative integers, rounded half up; 0/0 is 0."""
    return (2 * numerator + denominator) // (2 * denominator) if denominator else 0


def complementarity(w: int, met_a: int, all_a: int, met_b: int, all_b: int) -> int:
    """w · (f/4 + g/4 + fg/(f+g)) with f = met_a / all_a and g = met_b / all_b, a fraction with
    nothing below being 0.

    `met_a` is the value of a's needs that b offers, `all_a` of all its needs. With B = all_a,
    D = all_b and P = met_a · D + met_b · B, this is w · (P² + 4BD · met_a · met_b) / (4BDP).
    """
    b, d = all_a or 1, all_b or 1
    one_way = met_a * d + met_b * b
    return half_up(w * (one_way**2 + 4 * b * d * met_a * met_b), 4 * b * d * one_way)


def growing(w: int, x: int, tau: int, doublings: int) -> int:
    """w · log2(1 + x/τ) / doublings, at most w; the logarithm is interpolated linearly between
    powers of two, which keeps it exact, concave and quick."""
    whole = (x + tau) // tau
    full = whole.bit_length() - 1
    if full >= doublings:
        return w
    unit = tau << full
    return half_up(w * (full * unit + x + tau - unit), doublings * unit)


def saturating(w: int, x: int, tau: int) -> int:
    """w · x / (x + τ)."""
    return half_up(w * x, x + tau)


def regional_fit(w: int, mass: int) -> int:
    """w · mass / 10,000."""
    return half_up(w * mass, PERFECT)


def experience(w: int, level_a: int, level_b: int) -> int:
    """w · the mean of the two levels, which are 255ths."""
    return half_up(w * (level_a + level_b), 2 * HIGHEST_LEVEL)


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
