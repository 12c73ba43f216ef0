"""The six signals of many organisations with many others at once, exactly.

Rows are the organisations of one side, columns those of the other; each signal is a matrix of
hundredths of a point. Shared concepts and partners in common are found by joining the rows' entries
with postings of the columns, in chunks of bounded size, and summed in float64, which is exact here:
every summand is an integer and every sum stays far below 2⁵³.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.engine import scoring
from matching.engine.arrays import Arrays, Integers, Table, entries
from matching.engine.types import (
    COMPLEMENTARITY,
    EXPERIENCE,
    REGIONAL_FIT,
    SHARED_PRIORITIES,
    TRACK_RECORD,
    VALUE_CHAIN,
    Int64s,
    Scoring,
)

CHUNK: Final = 1 << 20
"""Entries joined at once, about 50 MB."""

Combine = Callable[[Any, Any], Any]


class Columns:
    """The organisations of one side, laid out so that those who share a key are found at once.

    With all documents the index's own postings serve; otherwise postings of the few are made on the
    spot.
    """

    def __init__(self, arrays: Arrays, documents: Integers | None = None) -> None:
        self.arrays = arrays
        everything = documents is None
        self.documents = np.arange(len(arrays.document_id)) if documents is None else documents
        self.offered = arrays.offered if everything else self._postings(arrays.offers)
        self.needed = arrays.needed if everything else self._postings(arrays.needs)
        self.interested = arrays.interested if everything else self._postings(arrays.interests)
        self.held = arrays.held if everything else self._postings(arrays.segments)
        self.tied = arrays.tied if everything else self._postings(arrays.ties)

    def _postings(self, table: Table) -> Table:
        owner, key, value = entries(table, self.documents)
        partners = table is self.arrays.ties
        height = len(self.arrays.partner_key if partners else self.arrays.concept_id)
        return Table.of(key, owner, value, height)


def _joined(
    rows: tuple[Int64s, Integers, Integers],
    postings: Table,
    combine: Combine,
    shape: tuple[int, int],
) -> Int64s:
    """Σ over shared keys of combine(the row's value, the column's value), for every row and
    column."""
    owner, key, value = rows
    cells = np.zeros(shape[0] * shape[1])
    for part in _chunks(postings.ptr[key + 1] - postings.ptr[key]):
        at, column, other = entries(postings, key[part])
        cell = owner[part][at] * shape[1] + column
        weight = combine(value[part][at].astype(np.float64), other)
        cells += np.bincount(cell, weight, minlength=len(cells))
    return cells.astype(np.int64).reshape(shape)


def _chunks(counts: Int64s) -> Iterator[slice]:
    """Cut a list of entries where the sum of their counts passes a multiple of the chunk size."""
    if not counts.sum():
        return
    ends = np.cumsum(counts)
    cuts = np.flatnonzero(np.diff(ends // CHUNK)) + 1
    yield from (
        slice(int(low), int(high))
        for low, high in zip([0, *cuts], [*cuts, len(counts)], strict=True)
    )


def _only_left(left: NDArray[np.float64], right: Integers) -> NDArray[np.float64]:
    return left


def _only_right(left: NDArray[np.float64], right: Integers) -> Integers:
    return right


def _totals(table: Table, documents: Integers) -> Int64s:
    owner, _, value = entries(table, documents)
    return np.bincount(owner, value, minlength=len(documents)).astype(np.int64)


def signal_matrices(
    arrays: Arrays, scores: Scoring, rows: Integers, columns: Columns
) -> dict[str, Int64s]:
    """Hundredths of a point of each signal, as matrices of rows by columns.

    A pair of an organisation with itself, or of two that must not be suggested, is scored like any
    other.
    """
    return {
        COMPLEMENTARITY: _complementarity(arrays, scores, rows, columns),
        SHARED_PRIORITIES: _shared_priorities(arrays, scores, rows, columns),
        VALUE_CHAIN: _value_chain(arrays, scores, rows, columns),
        TRACK_RECORD: _track_record(arrays, scores, rows, columns),
        REGIONAL_FIT: _regional_fit(arrays, scores, rows, columns),
        EXPERIENCE: scoring.experience(
            scores.weights[EXPERIENCE],
            arrays.document_experience[rows].astype(np.int64)[:, None],
            arrays.document_experience[columns.documents].astype(np.int64)[None, :],
            scores.tau_experience,
        ),
    }


def _complementarity(arrays: Arrays, scores: Scoring, rows: Integers, columns: Columns) -> Int64s:
    shape = (len(rows), len(columns.documents))
    met_rows = _joined(entries(arrays.needs, rows), columns.offered, _only_left, shape)
    met_columns = _joined(entries(arrays.offers, rows), columns.needed, _only_right, shape)
    points = np.zeros(shape, dtype=np.int64)
    row, column = np.nonzero(met_rows | met_columns)
    if len(row):
        sums: tuple[Any, ...] = (
            met_rows[row, column],
            _totals(arrays.needs, rows)[row],
            met_columns[row, column],
            _totals(arrays.needs, columns.documents)[column],
        )
        if max(sums[1].max(), sums[3].max()) > scoring.SAFE_SUM:
            sums = tuple(s.astype(object) for s in sums)
        points[row, column] = scoring.complementarity(scores.weights[COMPLEMENTARITY], *sums)
    return points


def _shared_priorities(arrays: Arrays, scores: Scoring, rows: Integers, columns: Columns) -> Int64s:
    shape = (len(rows), len(columns.documents))
    shared = _joined(entries(arrays.interests, rows), columns.interested, np.minimum, shape)
    return scoring.shared_priorities(
        scores.weights[SHARED_PRIORITIES],
        shared,
        _totals(arrays.interests, rows)[:, None],
        _totals(arrays.interests, columns.documents)[None, :],
    )


def _value_chain(arrays: Arrays, scores: Scoring, rows: Integers, columns: Columns) -> Int64s:
    x = np.zeros((len(rows), len(columns.documents)), dtype=np.int64)
    owner, key, _ = entries(arrays.segments, rows)
    for low, high, weight in zip(
        arrays.edge_low.tolist(),
        arrays.edge_high.tolist(),
        arrays.edge_weight.tolist(),
        strict=True,
    ):
        joined = np.zeros(x.shape, dtype=bool)
        for mine, theirs in ((low, high), (high, low)):
            holders, others = owner[key == mine], columns.held.keys_of(theirs)
            if len(holders) and len(others):
                joined[np.ix_(holders, others)] = True
        x += weight * joined
    return scoring.saturating(scores.weights[VALUE_CHAIN], x, scores.tau_value_chain)


def _track_record(arrays: Arrays, scores: Scoring, rows: Integers, columns: Columns) -> Int64s:
    shape = (len(rows), len(columns.documents))
    owner, key, value = entries(arrays.ties, rows)
    scaled = arrays.partner_selectivity[key].astype(np.int64) * value
    x = _joined((owner, key, scaled), columns.tied, np.multiply, shape)
    return scoring.saturating(scores.weights[TRACK_RECORD], x, scores.tau_track_record)


def _regional_fit(arrays: Arrays, scores: Scoring, rows: Integers, columns: Columns) -> Int64s:
    home_rows = arrays.document_home[rows][:, None]
    home_columns = arrays.document_home[columns.documents][None, :]
    mass = np.zeros((len(rows), len(columns.documents)), dtype=np.int64)
    if len(arrays.region_id):
        known = (home_rows >= 0) & (home_columns >= 0)
        mass = np.where(known, arrays.fit_total[home_rows, home_columns], 0).astype(np.int64)
    return scoring.regional_fit(scores.weights[REGIONAL_FIT], mass)


def eligible(arrays: Arrays, rows: Integers, columns: Columns) -> NDArray[np.bool_]:
    """Which pairs may be suggested at all.

    Two organisations of known home regions must differ in it; if either is unknown, both countries
    must be known and different. Organisations that already worked together are never suggested, nor
    is anyone to itself.
    """
    homes = arrays.document_home[rows][:, None], arrays.document_home[columns.documents][None, :]
    lands = (
        arrays.document_country[rows][:, None],
        arrays.document_country[columns.documents][None, :],
    )
    may: NDArray[np.bool_] = np.where(
        (homes[0] >= 0) & (homes[1] >= 0),
        homes[0] != homes[1],
        (lands[0] >= 0) & (lands[1] >= 0) & (lands[0] != lands[1]),
    )
    column_of = np.full(len(arrays.document_id), -1, dtype=np.int64)
    column_of[columns.documents] = np.arange(len(columns.documents))
    owner, partner, _ = entries(arrays.ties, rows)
    document = arrays.partner_document[partner]
    column = np.where(document >= 0, column_of[document], -1)
    may[owner[column >= 0], column[column >= 0]] = False
    column = column_of[rows]
    may[np.flatnonzero(column >= 0), column[column >= 0]] = False
    return may
