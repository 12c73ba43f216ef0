"""What the engine is told about organisations, and what it answers.

Identifiers are integers the caller chose: organisations, home regions, concepts and reasons are
database ids; a partner is the id of an organisation, or another integer (a negative one, say) for a
participant that has no organisation record. Points are integer *hundredths* of a point everywhere:
10,000 is a perfect score.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

Int64s = NDArray[np.int64]

COMPLEMENTARITY: Final = "complementarity"
SHARED_PRIORITIES: Final = "shared_priorities"
VALUE_CHAIN: Final = "value_chain"
TRACK_RECORD: Final = "track_record"
REGIONAL_FIT: Final = "regional_fit"
EXPERIENCE: Final = "experience"

SIGNALS: Final = (
    COMPLEMENTARITY,
    SHARED_PRIORITIES,
    VALUE_CHAIN,
    TRACK_RECORD,
    REGIONAL_FIT,
    EXPERIENCE,
)

PERFECT: Final = 10_000
"""Hundredths of a point of a perfect score, and the mass of a perfect regional fit."""

MAX_TAU: Final = 1 << 24
"""A saturation constant τ stays below this, so that every product stays inside 64 bits."""


MAX_DOUBLINGS: Final = 24
"""After how many doublings a growing signal may be full."""


class EngineError(Exception):
    """Anything the matching engine refuses."""


class BuildError(EngineError, ValueError):
    """The facts contradict each other or leave the documented ranges; the message names the
    culprit."""


class UnknownOrganisation(EngineError, KeyError):
    """The index holds no organisation of this id."""

    def __str__(self) -> str:
        return f"organisation {self.args[0]} is not in the index"


class TooManyPairs(EngineError):
    """Two sets of organisations span more pairs than are compared at once."""


class IndexUnreadable(EngineError):
    """The files are not an index of ours, or not a whole one; nothing was read from them."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One organisation as the engine sees it.

    `needs` and `offers` map a concept to the weight of the statement, 1 to 3; `interests`
    (interests and themes together) to its strength, 1 to 40: four times a declared weight, or
    4 · log2(1 + projects that show it) (`quantise.strength`). `segments` does the same as offers
    for the segments of the hydrogen value chain, where only holding one counts. `home` is the home
    region and `country` its country's code; None is *unknown*, never "nowhere". `kind` is a number
    from 1 to 63 that answers can be narrowed to. One that is not `listed` may ask, and is suggested
    to nobody.
    """

    id: int
    home: int | None = None
    country: str | None = None
    needs: Mapping[int, int] = field(default_factory=dict)
    offers: Mapping[int, int] = field(default_factory=dict)
    interests: Mapping[int, int] = field(default_factory=dict)
    segments: Mapping[int, int] = field(default_factory=dict)
    kind: int | None = None
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Participations:
    """Who took part in which project: three arrays of one length.

    `project` and `partner` are identifiers; `start` is the proleptic ordinal (`date.toordinal`) of
    the project's start, 0 when unknown. Repeated rows count once; if rows of one project disagree,
    its latest start holds.
    """

    project: Int64s
    partner: Int64s
    start: Int64s

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[int, int, date | int | None]]) -> Self:
        """Take (project, partner, start) rows, where start is a date, an ordinal, or None."""
        table = np.array(
            [(p, q, s.toordinal() if isinstance(s, date) else s or 0) for p, q, s in rows],
            dtype=np.int64,
        ).reshape(-1, 3)
        return cls(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures that quantisation depends on, apart from the facts of any pair.

    `profiles` organisations in all; `exchange[c]` of them need or offer concept c, `interests[c]`
    are interested in it; `degrees[z]` is the number of distinct partners of z; `reference` is the
    day, as an ordinal, from which age is counted: the newest project start, so that the same data
    gives the same scores on any day. An absent concept or partner is as rare as can be. Passing the
    statistics of an earlier build freezes them.
    """

    profiles: int
    exchange: Mapping[int, int]
    interests: Mapping[int, int]
    degrees: Mapping[int, int]
    reference: int


def default_weights() -> dict[str, int]:
    """Hundredths of a point of each signal: complementarity and value chain as declared, the others
    as history taught them (ADR 7)."""
    return {
        COMPLEMENTARITY: 3500,
        SHARED_PRIORITIES: 1300,
        VALUE_CHAIN: 1500,
        TRACK_RECORD: 3400,
        REGIONAL_FIT: 200,
        EXPERIENCE: 100,
    }


@dataclass(frozen=True, slots=True)
class Scoring:
    """One version of the weights and of the constants of the signals.

    `weights`: hundredths of a point per signal, summing to 10,000. The value chain saturates as
    x/(x+τ), τ in units of edge weight. Priorities and track record grow as log2(1 + x/τ), and are
    full after so many doublings; τ is in units of value · value, and of selectivity · tie · tie
    (4096 · 32 · 32 = a partner in common without any other partner, and one joint project with
    each). Raises `BuildError` on anything else.
    """

    version: str = "2026.2"
    weights: Mapping[str, int] = field(default_factory=default_weights)
    tau_value_chain: int = 4
    tau_priorities: int = 1_000
    doublings_priorities: int = 6
    tau_track_record: int = 8_000_000
    doublings_track_record: int = 7

    def __post_init__(self) -> None:
        if set(self.weights) != set(SIGNALS):
            raise BuildError(f"weights are for {sorted(self.weights)}, not for {sorted(SIGNALS)}")
        if any(type(w) is not int or w < 0 for w in self.weights.values()):
            raise BuildError("a weight is a whole number of hundredths, not below 0")
        if sum(self.weights.values()) != PERFECT:
            raise BuildError(f"the weights sum to {sum(self.weights.values())}, not to {PERFECT}")
        for tau in (self.tau_value_chain, self.tau_priorities, self.tau_track_record):
            if type(tau) is not int or not 1 <= tau < MAX_TAU:
                raise BuildError(f"τ is a whole number from 1 to {MAX_TAU - 1}, not {tau!r}")
        for doublings in (self.doublings_priorities, self.doublings_track_record):
            if type(doublings) is not int or not 1 <= doublings <= MAX_DOUBLINGS:
                raise BuildError(f"{doublings!r} is no number of doublings, 1 to {MAX_DOUBLINGS}")

    def as_dict(self) -> dict[str, Any]:
        """The record as JSON can hold it."""
        return {
            "version": self.version,
            "weights": {signal: self.weights[signal] for signal in SIGNALS},
            "tau_value_chain": self.tau_value_chain,
            "tau_priorities": self.tau_priorities,
            "doublings_priorities": self.doublings_priorities,
            "tau_track_record": self.tau_track_record,
            "doublings_track_record": self.doublings_track_record,
        }


@dataclass(frozen=True, slots=True)
class Term:
    """One named part of a score, in hundredths of a point, never zero.

    signal            key                       other_key          side
    complementarity   the concept               –                  who seeks it, "a" or "b"
    shared_priorities the concept               –                  ""
    value_chain       segment (the lower id)    segment (higher)   ""
    track_record      the partner in common     –                  ""
    regional_fit      the reason                –                  ""
    experience        the organisation          –                  whose record, "a" or "b"
    """

    signal: str
    key: int
    points: int
    side: str = ""
    other_key: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something missing, which adds nothing, and at most how many hundredths knowing it could
    bring.

    `reason` starts with the side it concerns: `a_no_needs`, `b_no_offers`, `a_no_interests`,
    `b_no_segments`, `a_no_projects`, `b_region_unknown`, `a_no_record` … `possible` is what the
    score would gain if this direction (of complementarity), this side (of experience) or this
    signal (otherwise) became as good as it can be and everything else stayed; when both sides lack
    it the two entries speak of the same points, so entries are not to be added up.
    """

    signal: str
    reason: str
    possible: int


@dataclass(frozen=True, slots=True)
class Match:
    """Organisation `a` with organisation `b`: the score and all that explains it.

    `score` = sum of `signals` (all six are present) = sum of the points of `terms`, exactly, in
    hundredths. `terms` come by signal, then by points descending, then by key. `zero_terms` counts
    per signal the terms that are real but too small for a hundredth. `unknown` lists what is
    missing.
    """

    a: int
    b: int
    score: int
    signals: Mapping[str, int]
    terms: tuple[Term, ...]
    zero_terms: Mapping[str, int]
    unknown: tuple[Unknown, ...]


SegmentEdges = Mapping[tuple[int, int], int]
"""Unordered pair of neighbouring segments → weight of the edge, 1 to 255."""

RegionFit = Mapping[tuple[int, int], Collection[tuple[int, int]]]
"""Unordered pair of home regions → (reason, mass) items, masses summing to at most 10,000."""


@dataclass(frozen=True, slots=True)
class RegionReasons:
    """Why home regions fit, as columns of one length: unordered pair of regions, reason and mass;
    every pair with every reason at most once."""

    region: Int64s
    other: Int64s
    reason: Int64s
    mass: Int64s

    @classmethod
    def of(cls, region_fit: "RegionFit | RegionReasons") -> "RegionReasons":
        """From a mapping, which may give a pair in one order or, equally, in both; raises
        `BuildError`."""
        if isinstance(region_fit, RegionReasons):
            return region_fit
        found: dict[tuple[int, int], Collection[tuple[int, int]]] = {}
        for (r, s), given in region_fit.items():
            pair = (min(r, s), max(r, s))
            if sorted(found.setdefault(pair, given)) != sorted(given):
                raise BuildError(f"regions {r} and {s} are given twice, differently")
        rows = [(*pair, reason, mass) for pair, given in found.items() for reason, mass in given]
        try:
            table = np.array(rows, dtype=np.int64).reshape(-1, 4)
        except OverflowError as error:
            raise BuildError(f"reasons of regions: a number is beyond 64 bits ({error})") from error
        return cls(*(column.copy() for column in table.T))


Places = Mapping[int, tuple[int | None, str | None]]
"""Partner without a profile → its home region and country, each None when unknown."""
