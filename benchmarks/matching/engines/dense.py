"""numpy and scipy: sums of all organisations at once, added up from postings.

Both compute the exact score. The sums stand in arrays as long as the population; a score in
floating point, off by less than `MARGIN` hundredths, tells which few organisations can be among the
best; those are scored in whole numbers. So nobody who belongs to the answer is lost.
"""

from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.matching.engines.base import LIMIT, Data, Engine
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
from benchmarks.matching.judge import Judge, Ranked
from matching.engine import (
    COMPLEMENTARITY,
    EXPERIENCE,
    REGIONAL_FIT,
    SHARED_PRIORITIES,
    TRACK_RECORD,
    VALUE_CHAIN,
)
from matching.engine.types import Int64s

Floats = NDArray[np.floating[Any]]

TIES: Final = 4
FIELDS: Final = (NEEDS, OFFERS, INTERESTS, SEGMENTS, TIES)
MARGIN: Final = 8
"""Six signals rounded by half a hundredth each, in two scores that are compared, and the error of
32-bit floats."""

Postings = tuple[Int64s, NDArray[Any], NDArray[Any]]


def postings(facts: Facts, field: int) -> Postings:
    """The table of one field by concept (by partner, for ties): start of each concept's rows,
    documents, values."""
    if field == TIES:
        number = np.full(len(facts.selectivity), -1, dtype=np.int32)
        known = facts.partner >= 0
        number[facts.partner[known]] = np.flatnonzero(known)
        document = number[facts.tie_with]
        if bool((document >= 0).all()):
            return facts.tie_ptr, document, facts.tie_value
        kept = np.append(0, np.cumsum(document >= 0))
        return kept[facts.tie_ptr], document[document >= 0], facts.tie_value[document >= 0]
    rows = facts.row_field == field
    owner = np.repeat(np.arange(len(facts), dtype=np.int32), np.diff(facts.row_ptr))[rows]
    concept = facts.row_concept[rows]
    order = np.argsort(concept, kind="stable")
    ptr = np.zeros(facts.concepts + 1, dtype=np.int64)
    np.cumsum(np.bincount(concept, minlength=facts.concepts), out=ptr[1:])
    return ptr, owner[order], facts.row_value[rows][order]


class Dense(Engine):
    """What numpy and scipy share: everything but how sums are added up."""

    most: ClassVar[int] = 2_000_000
    why: ClassVar[str] = "arrays of every organisation, several times a question"

    def build(self, data: Data, folder: Path) -> None:
        facts = data.facts()
        for field in FIELDS:
            for part, array in zip("pdv", postings(facts, field), strict=True):
                np.save(folder / f"{field}{part}.npy", array)

    def open(self, data: Data, folder: Path) -> None:
        self.facts = facts = data.facts()
        self.judge = Judge(facts)
        self.tables: dict[int, Postings] = {}
        for field in FIELDS:
            p, d, v = (np.load(folder / f"{field}{part}.npy", mmap_mode="r") for part in "pdv")
            self.tables[field] = np.asarray(p), np.asarray(d), np.asarray(v)
        self.experience = (facts.weight(EXPERIENCE) / 510 * facts.experience).astype(np.float32)
        self.one_over_needs = (1 / np.maximum(1, facts.total_needs)).astype(np.float32)

    @abstractmethod
    def sums(self, field: int, keys: Int64s, factor: Int64s, how: str) -> Floats:
        """Per document Σ over `keys` of the factor ("left"), or of the value times the factor
        ("times")."""

    def holders(self, segment: int) -> NDArray[Any]:
        """The documents that hold a segment."""
        ptr, document, _ = self.tables[SEGMENTS]
        return document[ptr[segment] : ptr[segment + 1]]

    def top(self, organisation: int) -> Ranked:
        facts = self.facts
        document = facts.document(organisation)
        close = self.estimate(document)
        close[facts.home == facts.home[document]] = 0  # every home of the benchmark is known
        close[~facts.listed] = 0
        ptr, other, _ = self.tables[TIES]
        own = int(facts.partner[document])
        if own >= 0:
            close[other[ptr[own] : ptr[own + 1]]] = 0
        close[document] = 0
        if len(close) > LIMIT:
            last = np.partition(close, len(close) - LIMIT)[len(close) - LIMIT]
        else:
            last = close.min()
        candidates = np.flatnonzero(close >= max(last - MARGIN, 1e-9))
        return self.judge.rerank(organisation, candidates, LIMIT)

    def estimate(self, document: int) -> Floats:
        """The scores in floating point, of everyone whether it may be suggested or not."""
        facts = self.facts
        needs, need_values = facts.statements(document, NEEDS)
        offers, _ = facts.statements(document, OFFERS)
        f = self.sums(OFFERS, needs, need_values, "left")
        f *= np.float32(1 / max(1, int(facts.total_needs[document])))
        g = self.sums(NEEDS, offers, np.ones_like(offers), "times")
        g *= self.one_over_needs
        both = f * g
        f += g
        both /= np.maximum(f, np.float32(1e-9))
        f *= np.float32(0.25)
        f += both
        total = f * np.float32(facts.weight(COMPLEMENTARITY))
        interests, interest_values = facts.statements(document, INTERESTS)
        shared = self.sums(INTERESTS, interests, interest_values, "times")
        self._add_growing(
            total, shared, SHARED_PRIORITIES, facts.scoring[TAU_PRIORITIES : TAU_PRIORITIES + 2]
        )
        chain = self.chain(document)
        chain /= chain + np.float32(facts.scoring[TAU_VALUE_CHAIN])
        chain *= np.float32(facts.weight(VALUE_CHAIN))
        total += chain
        partners, ties = facts.ties(document)
        if len(partners):
            common = self.sums(TIES, partners, ties, "times")
            self._add_growing(
                total, common, TRACK_RECORD, facts.scoring[TAU_TRACK_RECORD : TAU_TRACK_RECORD + 2]
            )
        mass = facts.mass[facts.home[document]] * (facts.weight(REGIONAL_FIT) / 10_000)
        total += mass.astype(np.float32)[facts.home]
        total += self.experience
        total += self.experience[document]
        return total

    def _add_growing(self, total: Floats, x: Floats, signal: str, constants: Int64s) -> None:
        """log2(1 + x/τ) / doublings, straight between powers of two: mantissa and exponent say
        it."""
        tau, doublings = constants.tolist()
        x /= np.float32(tau)
        x += 1
        mantissa, exponent = np.frexp(x)
        mantissa += mantissa
        mantissa += exponent
        mantissa -= 2
        mantissa *= np.float32(self.facts.weight(signal) / doublings)
        np.minimum(mantissa, np.float32(self.facts.weight(signal)), out=mantissa)
        total += mantissa

    def chain(self, document: int) -> Floats:
        """Sum of the weights of the edges between the document's segments and everyone's."""
        facts = self.facts
        mine, _ = facts.statements(document, SEGMENTS)
        held = set(mine.tolist())
        x = np.zeros(len(facts), dtype=np.float32)
        for s in sorted(held):
            for e in range(int(facts.edge_ptr[s]), int(facts.edge_ptr[s + 1])):
                t, weight = int(facts.edge_to[e]), int(facts.edge_weight[e])
                if t not in held:
                    x[self.holders(t)] += weight
                elif s < t:
                    x[np.union1d(self.holders(s), self.holders(t))] += weight
        return x


class Numpy(Dense):
    """Postings joined and added up by `bincount`."""

    name = "numpy"

    def sums(self, field: int, keys: Int64s, factor: Int64s, how: str) -> Floats:
        ptr, document, value = self.tables[field]
        rows = [slice(int(ptr[key]), int(ptr[key + 1])) for key in keys.tolist()]
        counts = [row.stop - row.start for row in rows]
        if not sum(counts):
            return np.zeros(len(self.facts), dtype=np.float32)
        where = np.concatenate([document[row] for row in rows])
        weight = np.repeat(factor.astype(np.float64), counts)
        if how != "left":
            weight *= np.concatenate([value[row] for row in rows])
        return np.bincount(where, weight, minlength=len(self.facts)).astype(np.float32)


class Scipy(Dense):
    """Compressed sparse columns: a slice of the columns times a vector."""

    name = "scipy"

    def open(self, data: Data, folder: Path) -> None:
        super().open(data, folder)
        self.columns = {
            field: sparse.csc_array(
                (np.asarray(value).astype(np.float32), document, ptr),
                shape=(len(self.facts), len(ptr) - 1),
            )
            for field, (ptr, document, value) in self.tables.items()
        }

    def sums(self, field: int, keys: Int64s, factor: Int64s, how: str) -> Floats:
        chosen = self.columns[field][:, keys]
        vector = factor.astype(np.float32)
        if how == "left":
            chosen.data[:] = 1
        return np.asarray(chosen @ vector)
