"""The quantised values that *are* the definition of the score.

Floating point appears here and nowhere after: inverse document frequency, selectivity and the
strength of joint work are rounded half up to small integers once per index, and every later step is
exact arithmetic on those.
"""

import math
from typing import Final

IDF_MAX: Final = 85
"""idf of a concept that one profile holds; times a statement weight of 3 it is 255."""

SELECTIVITY_MAX: Final = 4096
"""Selectivity of a partner with one partner."""

TIE_UNIT: Final = 32
"""Tie of two organisations with one joint project."""

TIE_MAX: Final = 255

STRENGTH_UNIT: Final = 4
"""Strength of an interest that one project shows, or that is declared with weight 1."""

STRENGTH_MAX: Final = 40
VALUE_MAX: Final = 255
"""Value of the strongest interest in a concept that one profile holds."""

RECENT_YEARS: Final = 10
DAYS_PER_YEAR: Final = 365.25
RECENT_DAYS: Final = int(RECENT_YEARS * DAYS_PER_YEAR)


HIGHEST_LEVEL: Final = 255
EXPERIENCE_TAU: Final = 5
"""Recent projects with other regions at which experience reaches half of its highest level."""

FAMILIARITY_UNIT: Final = 16


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
    """How telling a partner in common is, 1 to 4096: 4096 / √degree.

    Between Adamic–Adar's 1 / ln(degree) and resource allocation's 1 / degree; see ADR 7.
    """
    return _half_up(SELECTIVITY_MAX / math.sqrt(max(1, degree)), 1, SELECTIVITY_MAX)


def tie(projects: int) -> int:
    """How closely two organisations work together, 32 to 255: 32 · log2(1 + joint projects)."""
    return _half_up(TIE_UNIT * math.log2(1 + projects), 1, TIE_MAX)


def strength(projects: int) -> int:
    """How much an organisation cares about what so many of its projects are about, 4 to 40:
    4 · log2(1 + projects)."""
    return _half_up(STRENGTH_UNIT * math.log2(1 + projects), 1, STRENGTH_MAX)


def interest_value(strength: int, idf: int) -> int:
    """What an interest weighs, 1 to 255: strength · √idf, scaled."""
    scale = VALUE_MAX / (STRENGTH_MAX * math.sqrt(IDF_MAX))
    return _half_up(scale * strength * math.sqrt(idf), 1, VALUE_MAX)


def experience_level(recent: int) -> int:
    """How much an organisation has worked with other regions, 0 to 255: 255 · n/(n + 5)."""
    if recent <= 0:
        return 0
    level = (2 * HIGHEST_LEVEL * recent + recent + EXPERIENCE_TAU) // (
        2 * (recent + EXPERIENCE_TAU)
    )
    return max(1, level)


def familiarity(partners: int, projects: int) -> int:
    """How well known an organisation is, 0 to 255: 16 · the mean of log2(1 + partners) and
    log2(1 + projects)."""
    return _half_up(FAMILIARITY_UNIT / 2 * math.log2((1 + partners) * (1 + projects)), 0, 255)
