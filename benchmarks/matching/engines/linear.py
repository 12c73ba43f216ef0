"""A linear score, for engines that rank by an inner product or by terms.

A document's vector times a question's vector approximates the score in hundredths: complementarity
by its upper bound (f + g)/2, shared priorities and track record by the slope of their logarithm at
0, value chain edge by edge, the regional fit of the two homes and the experience of the other side
exactly. What is fetched by it is ranked again exactly.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.matching.facts import (
    INTERESTS,
    NEEDS,
    OFFERS,
    SEGMENTS,
    TAU_PRIORITIES,
    TAU_TRACK_RECORD,
    TAU_VALUE_CHAIN,
    Facts,
)
from matching.engine import (
    COMPLEMENTARITY,
    EXPERIENCE,
    REGIONAL_FIT,
    SHARED_PRIORITIES,
    TRACK_RECORD,
    VALUE_CHAIN,
)
from matching.engine.types import Int64s


@dataclass(frozen=True)
class Layout:
    """Where each part of a vector begins: needs, offers, interests, segments, partners, homes, and
    last the experience."""

    concepts: int
    partners: int
    homes: int

    @classmethod
    def of(cls, facts: Facts) -> "Layout":
        return cls(facts.concepts, len(facts.selectivity), len(facts.mass))

    @property
    def first_partner(self) -> int:
        return 4 * self.concepts

    @property
    def first_home(self) -> int:
        return self.first_partner + self.partners

    @property
    def experience(self) -> int:
        return self.first_home + self.homes

    @property
    def dimensions(self) -> int:
        return self.experience + 1


def documents(facts: Facts) -> Any:
    """The vectors of all documents as rows of a sparse matrix of 32-bit floats."""
    layout = Layout.of(facts)
    count = len(facts)
    owner = np.repeat(np.arange(count, dtype=np.int64), np.diff(facts.row_ptr))
    field = facts.row_field.astype(np.int64)
    value = facts.row_value.astype(np.float32)
    value[(field == OFFERS) | (field == SEGMENTS)] = 1
    needs = field == NEEDS
    value[needs] /= facts.total_needs[owner[needs]]
    partner = np.flatnonzero(facts.partner >= 0)
    degree = np.diff(facts.tie_ptr)[facts.partner[partner]]
    ties = np.repeat(facts.tie_ptr[facts.partner[partner]], degree)
    ties += np.arange(len(ties)) - np.repeat(np.cumsum(degree) - degree, degree)
    experience = facts.experience / 255
    seasoned = np.flatnonzero(experience)
    rows = np.concatenate([owner, np.repeat(partner, degree), np.arange(count), seasoned])
    columns = np.concatenate(
        [
            field * layout.concepts + facts.row_concept,
            layout.first_partner + facts.tie_with[ties],
            layout.first_home + facts.home,
            np.full(len(seasoned), layout.experience),
        ]
    )
    values = np.concatenate(
        [value, facts.tie_value[ties], np.ones(count), experience[seasoned]], dtype=np.float32
    )
    return sparse.csr_array((values, (rows, columns)), shape=(count, layout.dimensions))


def question(facts: Facts, document: int) -> tuple[Int64s, NDArray[np.float32]]:
    """What to multiply with: dimensions, ascending, and values."""
    layout = Layout.of(facts)
    found: dict[int, float] = {}
    needs, values = facts.statements(document, NEEDS)
    half = facts.weight(COMPLEMENTARITY) / 2
    for concept, value in zip(needs.tolist(), values.tolist(), strict=True):
        found[OFFERS * layout.concepts + concept] = half * value / int(values.sum())
    for concept in facts.statements(document, OFFERS)[0].tolist():
        found[NEEDS * layout.concepts + concept] = half
    interests, values = facts.statements(document, INTERESTS)
    scale = facts.weight(SHARED_PRIORITIES) / _full(facts, TAU_PRIORITIES)
    for concept, value in zip(interests.tolist(), values.tolist(), strict=True):
        found[INTERESTS * layout.concepts + concept] = scale * value
    tau = int(facts.scoring[TAU_VALUE_CHAIN])
    for segment in facts.statements(document, SEGMENTS)[0].tolist():
        for e in range(int(facts.edge_ptr[segment]), int(facts.edge_ptr[segment + 1])):
            weight = int(facts.edge_weight[e])
            key = SEGMENTS * layout.concepts + int(facts.edge_to[e])
            found[key] = found.get(key, 0) + facts.weight(VALUE_CHAIN) * weight / (weight + tau)
    partners, ties = facts.ties(document)
    scale = facts.weight(TRACK_RECORD) / _full(facts, TAU_TRACK_RECORD)
    for partner, tie in zip(partners.tolist(), ties.tolist(), strict=True):
        found[layout.first_partner + partner] = scale * tie
    fit = facts.mass[facts.home[document]] * (facts.weight(REGIONAL_FIT) / 10_000)
    for home in np.flatnonzero(fit).tolist():
        found[layout.first_home + home] = float(fit[home])
    found[layout.experience] = facts.weight(EXPERIENCE) / 2
    keys = np.array(sorted(found), dtype=np.int64)
    return keys, np.array([found[key] for key in keys.tolist()], dtype=np.float32)


def _full(facts: Facts, tau: int) -> int:
    """τ times the doublings: 1 over the slope at 0 of a growing signal."""
    return int(facts.scoring[tau]) * int(facts.scoring[tau + 1])
