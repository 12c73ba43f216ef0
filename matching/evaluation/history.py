"""What was known before the split: who had worked with whom, and who may be suggested to whom."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.evaluation.columns import Booleans, Int64s
from matching.evaluation.files import Organisations, Rows


@dataclass(frozen=True)
class History:
    """All projects that started before a day, and the candidates: the organisations of the file
    that took part in one of them.

    Nodes 0 … n-1 are the candidates by ascending PIC, nodes n … m-1 the other participants, who
    connect candidates and are never suggested. Rows are cut one by one, so nothing of a row that
    starts later can be in here.
    """

    organisations: Organisations
    rows: Rows
    before: int
    """The split, as an ordinal: every row starts before it."""

    @classmethod
    def cut(cls, organisations: Organisations, rows: Rows, before: int) -> "History":
        """What of these rows was known on the morning of the day `before`."""
        earlier = rows.where(rows.start < before)
        known = np.isin(organisations.pic, earlier.pic)
        candidates = Organisations(
            organisations.pic[known],
            organisations.name[known],
            organisations.kind[known],
            organisations.country[known],
            organisations.nuts2[known],
        )
        return cls(candidates, earlier, before)

    def __len__(self) -> int:
        """How many candidates there are."""
        return len(self.organisations)

    @cached_property
    def pics(self) -> Int64s:
        """The PIC of every node."""
        outside = np.setdiff1d(self.rows.pic, self.organisations.pic)
        return np.concatenate([self.organisations.pic, outside])

    @cached_property
    def node(self) -> Int64s:
        """The node of every row."""
        order = np.argsort(self.pics, kind="stable")
        return np.asarray(order[np.searchsorted(self.pics[order], self.rows.pic)], dtype=np.int64)

    @cached_property
    def presence(self) -> sparse.csr_array:
        """Projects by nodes: 1 where the node took part."""
        shape = (len(self.rows.codes), len(self.pics))
        return binary(self.rows.project, self.node, shape)

    @cached_property
    def projects(self) -> Int64s:
        """How many projects each node took part in."""
        return np.asarray(self.presence.sum(axis=0), dtype=np.int64)

    @cached_property
    def partners(self) -> sparse.csr_array:
        """Nodes by nodes: 1 where two have worked together."""
        return worked_together(self.presence)

    @cached_property
    def degree(self) -> Int64s:
        """How many distinct partners each node has."""
        return np.asarray(np.diff(self.partners.indptr), dtype=np.int64)

    def partners_since(self, day: int) -> sparse.csr_array:
        """The same, of projects that started on this day or later."""
        recent = self.rows.start >= day
        shape = (len(self.rows.codes), len(self.pics))
        return worked_together(binary(self.rows.project[recent], self.node[recent], shape))

    @cached_property
    def home(self) -> Int64s:
        """The NUTS 2 unit of every candidate as a number from 1, 0 unknown; `home_codes` has the
        codes."""
        found = np.searchsorted(self.home_codes, self.organisations.nuts2)
        return np.asarray(found, dtype=np.int64)

    @cached_property
    def home_codes(self) -> NDArray[np.str_]:
        """The NUTS 2 codes by number; the first is ''."""
        return np.unique(np.append(self.organisations.nuts2, ""))

    def elsewhere(self, candidate: int) -> Booleans:
        """Which candidates are in another NUTS 2 unit; where one is unknown, in another country,
        both known."""
        country = self.organisations.country
        homes = (self.home > 0) & (self.home[candidate] > 0)
        lands = (country != "") & (country[candidate] != "")
        other: Booleans = np.where(
            homes, self.home != self.home[candidate], lands & (country != country[candidate])
        )
        return other

    def eligible(self, candidate: int) -> Booleans:
        """Which candidates may be suggested: elsewhere, not itself, never partners before."""
        may = self.elsewhere(candidate)
        may[candidate] = False
        row = slice(*self.partners.indptr[candidate : candidate + 2])
        met = self.partners.indices[row]
        may[met[met < len(self)]] = False
        return may

    def positions(self, pics: Int64s) -> Int64s:
        """The candidate of each PIC, -1 where it is none."""
        if not len(self):
            return np.full(len(pics), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.organisations.pic, pics), len(self) - 1)
        return np.where(self.organisations.pic[at] == pics, at, -1).astype(np.int64)


def binary(row: Int64s, column: Int64s, shape: tuple[int, int]) -> sparse.csr_array:
    """A matrix of ones at these places, however often one is named, with sorted indices."""
    matrix = sparse.csr_array((np.ones(len(row)), (row, column)), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


def worked_together(presence: sparse.csr_array) -> sparse.csr_array:
    """From projects by nodes to nodes by nodes: 1 where two different ones share a project."""
    joint = sparse.coo_array(presence.T @ presence)
    apart = joint.row != joint.col
    return binary(joint.row[apart], joint.col[apart], joint.shape)
