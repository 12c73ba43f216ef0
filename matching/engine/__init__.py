"""Who fits whom, and why: exact scores of pairs of organisations, explained term by term.

The engine takes plain facts (`Profile`, `Participations`, edges of the value chain, fit of
regions), builds an immutable `MatchIndex`, and answers with `Match`: a score and the terms that add
up to it. It knows no Django.
"""

from matching.engine.build import statistics_of
from matching.engine.index import Colleague, MatchIndex
from matching.engine.population import FIELDS, INTERESTS, NEEDS, OFFERS, SEGMENTS, Population
from matching.engine.quantise import STRENGTH_UNIT
from matching.engine.questions import Filters, Narrowing
from matching.engine.searcher import Ranking
from matching.engine.store import current
from matching.engine.types import (
    COMPLEMENTARITY,
    EXPERIENCE,
    PERFECT,
    REGIONAL_FIT,
    SHARED_PRIORITIES,
    SIGNALS,
    TRACK_RECORD,
    VALUE_CHAIN,
    BuildError,
    EngineError,
    IndexUnreadable,
    Match,
    Participations,
    Profile,
    RegionReasons,
    Scoring,
    Statistics,
    Term,
    TooManyPairs,
    Unknown,
    UnknownOrganisation,
)

__all__ = [
    "COMPLEMENTARITY",
    "EXPERIENCE",
    "FIELDS",
    "INTERESTS",
    "NEEDS",
    "OFFERS",
    "PERFECT",
    "REGIONAL_FIT",
    "SEGMENTS",
    "SHARED_PRIORITIES",
    "SIGNALS",
    "STRENGTH_UNIT",
    "TRACK_RECORD",
    "VALUE_CHAIN",
    "BuildError",
    "Colleague",
    "EngineError",
    "Filters",
    "IndexUnreadable",
    "Match",
    "MatchIndex",
    "Narrowing",
    "Participations",
    "Population",
    "Profile",
    "Ranking",
    "RegionReasons",
    "Scoring",
    "Statistics",
    "Term",
    "TooManyPairs",
    "Unknown",
    "UnknownOrganisation",
    "current",
    "statistics_of",
]
