"""What came true after the split, whole and in slices."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from matching.evaluation.columns import Booleans, Int64s
from matching.evaluation.files import Rows
from matching.evaluation.history import History, binary, worked_together

ALL: Final = "all"
NEWCOMERS: Final = "newcomers"
LONG_TAIL: Final = "long-tail partners"
ENERGY: Final = "hydrogen and energy"
TWO_REGIONS: Final = "Auvergne-Rhône-Alpes ↔ Małopolska"

SLICES: Final = (ALL, NEWCOMERS, LONG_TAIL, ENERGY, TWO_REGIONS)

NEWCOMER_PROJECTS: Final = 1
"""A newcomer took part in at most this many projects before the split."""

LONG_TAIL_PROJECTS: Final = 1
"""A long-tail partner took part in at most this many projects before the split."""

ENERGY_PARTS: Final = frozenset({"SC3"})
"""Programme parts about energy: "secure, clean and efficient energy"."""

HYDROGEN: Final = re.compile(r"\bhydrogen|\bfuel[ -]?cell|\belectroly[sz]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Truth:
    """For every slice, which candidates each candidate came to work with: symmetric relations but
    for the newcomers (as the ones who ask) and the long tail (as the ones to be found)."""

    slices: Mapping[str, sparse.csr_array]

    def queries(self, name: str = ALL) -> Int64s:
        """The candidates that have an answer in this slice."""
        return np.flatnonzero(np.diff(self.slices[name].indptr)).astype(np.int64)

    def answers(self, name: str, candidate: int) -> Int64s:
        """Who it came to work with, ascending."""
        relation = self.slices[name]
        row = slice(*relation.indptr[candidate : candidate + 2])
        return np.asarray(relation.indices[row], dtype=np.int64)


def truth_after(
    history: History,
    rows: Rows,
    *,
    until: int | None = None,
    parts: Mapping[str, frozenset[str]] | None = None,
    texts: Mapping[str, str] | None = None,
) -> Truth:
    """Every new pair of candidates in projects that start on or after the split, and before
    `until` where that is given.

    New: not partners before, and elsewhere, as `History.eligible` has it. An energy pair is one
    that met in a project of an energy programme part, or whose text speaks of hydrogen.
    """
    later = rows.start >= history.before
    if until is not None:
        later &= rows.start < until
    position = history.positions(rows.pic)
    later &= position >= 0
    shape = (len(rows.codes), len(history))
    formed = binary(rows.project[later], position[later], shape)
    energy = np.array([_about_energy(code, parts or {}, texts or {}) for code in rows.codes], bool)
    new = _new(history, worked_together(formed))
    in_energy = _new(history, worked_together(formed[np.flatnonzero(energy)]))
    few = history.projects[: len(history)]
    nuts2 = history.organisations.nuts2
    left, right = np.char.startswith(nuts2, "FRK"), np.char.startswith(nuts2, "PL21")
    row, column = new.row, new.col
    return Truth(
        {
            ALL: _kept(new, np.ones(new.nnz, dtype=bool)),
            NEWCOMERS: _kept(new, few[row] <= NEWCOMER_PROJECTS),
            LONG_TAIL: _kept(new, few[column] <= LONG_TAIL_PROJECTS),
            ENERGY: _kept(in_energy, np.ones(in_energy.nnz, dtype=bool)),
            TWO_REGIONS: _kept(new, (left[row] & right[column]) | (right[row] & left[column])),
        }
    )


def _about_energy(code: str, parts: Mapping[str, frozenset[str]], texts: Mapping[str, str]) -> bool:
    return bool(parts.get(code, frozenset()) & ENERGY_PARTS) or bool(
        HYDROGEN.search(texts.get(code, ""))
    )


def _new(history: History, met: sparse.csr_array) -> sparse.coo_array:
    """The pairs that could have been suggested before they met."""
    kept: list[Int64s] = []
    owners: list[Int64s] = []
    for candidate in np.flatnonzero(np.diff(met.indptr)).tolist():
        others = met.indices[met.indptr[candidate] : met.indptr[candidate + 1]]
        found = others[history.eligible(candidate)[others]].astype(np.int64)
        kept.append(found)
        owners.append(np.full(len(found), candidate, dtype=np.int64))
    nobody = np.zeros(0, dtype=np.int64)
    row, column = np.concatenate([nobody, *owners]), np.concatenate([nobody, *kept])
    return sparse.coo_array((np.ones(len(row)), (row, column)), shape=met.shape)


def _kept(pairs: sparse.coo_array, which: Booleans) -> sparse.csr_array:
    row, column = pairs.row[which].astype(np.int64), pairs.col[which].astype(np.int64)
    return binary(row, column, pairs.shape)
