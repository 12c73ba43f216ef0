"""The quantised values that *are* the definition of the score.

Floating point appears here and nowhere after: inverse document frequency, selectivity and the
strength of joint work are rounded half up to small integers once per index, and every later step is
exact arithmetic on those.
"""

import math
from typing import Final

IDF_MAX: Final = 85
"""idf of a concept that one profile holds; times a statement weight of 3 it is 255."""

SELECTIVITY_MAX: Final = 255
"""Selectivity of a partner with at most two partners."""

TIE_UNIT: Final = 64
"""Tie of two organisations with one fresh two-party project."""

TIE_MAX: Final = 255
PROJECT_UNIT: Final = 256
"""What one fresh two-party project brings to a tie, before the sum is divided by 4."""

HALF_LIFE_YEARS: Final = 4
RECENT_YEARS: Final = 10
DAYS_PER_YEAR: Final = 365.25
RECENT_DAYS: Final = int(RECENT_YEARS * DAYS_PER_YEAR)


def _half_up(value: float, low: int, high: int) -> int:
    return min(high, max(low, math.floor(value + 0.5)))


def idf(profiles: int, frequency: int) -> int:
    """How telling a concept is, 1 to 85: ln((N + 1) / (df + ½)), scaled so that a concept held once
    has 85."""
    if frequency <= 1:
        return IDF_MAX
    rarest = math.log((profiles + 1) / 1.5)
    return _half_up(
        IDF_MAX * math.log((profiles + 1) / (frequency + 0.5)) / rarest if rarest > 0 else 0,
        1,
        IDF_MAX,
    )


def selectivity(degree: int) -> int:
    """How telling a partner in common is, 1 to 255: Adamic–Adar's 1 / ln(degree), degree 2 having
    255.

    Written as 255 / log2(degree), which is exact where it matters: at powers of two, where halves
    occur.
    """
    return _half_up(SELECTIVITY_MAX / math.log2(max(2, degree)), 1, SELECTIVITY_MAX)


def project_strength(size: int, age_days: int | None) -> int:
    """What one joint project brings to a tie, 1 to 256: 1 / log2(consortium size), halved every
    four years.

    A project of unknown start (None) counts as old as can be.
    """
    if age_days is None:
        return 1
    years = max(0, age_days) / DAYS_PER_YEAR
    value = PROJECT_UNIT / math.log2(max(2, size)) * 2.0 ** (-years / HALF_LIFE_YEARS)
    return _half_up(value, 1, PROJECT_UNIT)
