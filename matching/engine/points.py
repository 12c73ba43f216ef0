"""The formulas of `matching.engine.scoring` once more, for compiled code: 64-bit integers, one pair
at a time. A test holds the two readings together.
"""

import numpy as np
from numba import njit

DOUBT = 1e-9
"""Halves closer than this are decided in 128-bit integers; floating point errs by less than 1e-14
here."""


@njit(cache=True, error_model="numpy", forceinline=True)
def half_up(numerator: int, denominator: int) -> int:
    """The quotient of non-negative integers, rounded half up; 0/0 is 0."""
    if denominator == 0:
        return 0
    return (2 * numerator + denominator) // (2 * denominator)


@njit(cache=True, error_model="numpy")
def product(a: int, b: int) -> tuple[np.uint64, np.uint64]:
    """a · b of non-negative 63-bit integers as (upper, lower) 64 bits."""
    low = np.uint64(0xFFFFFFFF)
    shift = np.uint64(32)
    a1, a0 = np.uint64(a) >> shift, np.uint64(a) & low
    b1, b0 = np.uint64(b) >> shift, np.uint64(b) & low
    bottom = a0 * b0
    middle = a1 * b0 + (bottom >> shift)
    crossing = a0 * b1 + (middle & low)
    return (
        a1 * b1 + (middle >> shift) + (crossing >> shift),
        (crossing << shift) | (bottom & low),
    )


@njit(cache=True, error_model="numpy")
def reaches(r1: int, first: int, r2: int, second: int, halves: int) -> bool:
    """Whether r1/first + r2/second ≥ halves/2, exactly; the denominators stay below 2⁴³."""
    high1, low1 = product(r1, second)
    high2, low2 = product(r2, first)
    low = low1 + low2
    high = high1 + high2 + np.uint64(1 if low < low1 else 0)
    high = (high << np.uint64(1)) | (low >> np.uint64(63))
    low = low << np.uint64(1)
    goal_high, goal_low = product(first, second)
    once_high, once_low = goal_high, goal_low
    for _ in range(halves - 1):
        before = goal_low
        goal_low = goal_low + once_low
        goal_high = goal_high + once_high + np.uint64(1 if goal_low < before else 0)
    return high > goal_high or (high == goal_high and low >= goal_low)


@njit(cache=True, error_model="numpy")
def complementarity(w: int, met_a: int, all_a: int, met_b: int, all_b: int) -> int:
    """w · (f/4 + g/4 + fg/(f+g)), f = met_a / all_a, g = met_b / all_b; all sums at most 2²⁰."""
    b = max(1, all_a)
    d = max(1, all_b)
    second = met_a * d + met_b * b
    if second == 0:
        return 0
    first = 4 * b * d
    one_way, both_ways = w * second, w * met_a * met_b
    points = one_way // first + both_ways // second
    r1, r2 = one_way % first, both_ways % second
    rest = r1 / first + r2 / second
    for halves in (1, 3):
        if rest > halves / 2 + DOUBT or (
            rest > halves / 2 - DOUBT and reaches(r1, first, r2, second, halves)
        ):
            points += 1
    return points


@njit(cache=True, error_model="numpy")
def growing(w: int, x: int, tau: int, doublings: int) -> int:
    """w · log2(1 + x/τ) / doublings, at most w, interpolated linearly between powers of two."""
    if x == 0:
        return 0
    full = 0
    unit = tau
    while 2 * unit <= x + tau:
        unit *= 2
        full += 1
        if full == doublings:
            return w
    return half_up(w * (full * unit + x + tau - unit), doublings * unit)


@njit(cache=True, error_model="numpy", forceinline=True)
def saturating(w: int, x: int, tau: int) -> int:
    """w · x / (x + τ)."""
    if x == 0:
        return 0
    return half_up(w * x, x + tau)
