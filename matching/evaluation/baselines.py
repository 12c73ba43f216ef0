"""The baselines: what is known to predict links in a network of collaboration, and chance.

All of them see the same history as our score: the network of all participants, those outside the
organisations file included, unweighted; they score candidates only. A is the matrix of who worked
with whom, d the number of partners.

* ``random``; ``popularity``: d; ``recent popularity``: partners in projects of the last months;
* ``common neighbours``: Σ 1 over partners in common; ``adamic–adar``: Σ 1/ln d (Adamic and Adar,
  2003); ``resource allocation``: Σ 1/d (Zhou, Lü and Zhang, 2009);
* ``rp3β``: three steps of a random walk, probabilities to the power α, divided by dᵝ (Paudel et
  al., 2017);
* ``itemknn``: cosine of two organisations' partners, shrunk, the k nearest only (Deshpande and
  Karypis, 2004);
* ``ease``: the linear auto-encoder in closed form with ridge λ (Steck, 2019), over the 6,000
  candidates with the most partners;
* ``bm25``: the words of one side's projects searched in those of the other (`texts`).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from matching.evaluation.columns import Floats, Int64s
from matching.evaluation.history import History

RANDOM_SEED: Final = 20_170_103
NEAREST_AT_ONCE: Final = 256
EASE_ITEMS: Final = 6_000
"""Its matrix is dense and inverted whole: 6,000 take 150 MB and seconds, 30,000 take hours."""

MONTH: Final = 30.4375
"""Days of a month, on average."""


class Baseline(ABC):
    """One model under one name; subclasses say how it scores."""

    name: str

    @property
    def names(self) -> Sequence[str]:
        """Its name alone."""
        return (self.name,)

    def scores(self, queries: Int64s) -> Iterator[tuple[str, Floats]]:
        """Its scores, queries by candidates."""
        yield self.name, self.matrix(queries)

    @abstractmethod
    def matrix(self, queries: Int64s) -> Floats:
        """Queries by candidates."""


class Random(Baseline):
    """Chance: every query draws its own order, by its PIC, whoever else asks."""

    name = "random"

    def __init__(self, history: History) -> None:
        self.history = history

    def matrix(self, queries: Int64s) -> Floats:
        n = len(self.history)
        return np.array(
            [
                np.random.default_rng([RANDOM_SEED, pic]).random(n)
                for pic in self.history.pics[queries].tolist()
            ]
        )


class Popularity(Baseline):
    """The same order for everyone: by number of partners, in all or of the last months."""

    def __init__(self, history: History, months: int | None = None) -> None:
        self.name = "popularity" if months is None else "recent popularity"
        n = len(history)
        if months is None:
            degree = history.degree
        else:
            day = history.before - round(months * MONTH)
            degree = np.diff(history.partners_since(day).indptr)
        self.degree = np.asarray(degree[:n], dtype=np.float64)

    def matrix(self, queries: Int64s) -> Floats:
        return np.broadcast_to(self.degree, (len(queries), len(self.degree)))


class InCommon(Baseline):
    """Partners in common, each weighed by how many partners it has itself.

    A partner in common has at least two, so that ln d > 0.
    """

    WEIGHTS: Final = {
        "common neighbours": lambda d: np.ones_like(d),
        "adamic–adar": lambda d: 1 / np.log(d),
        "resource allocation": lambda d: 1 / d,
    }

    def __init__(self, history: History, name: str) -> None:
        self.name = name
        weight = self.WEIGHTS[name](np.maximum(history.degree, 2).astype(np.float64))
        self.partners = history.partners
        self.onward = sparse.diags_array(weight) @ history.partners[:, : len(history)]

    def matrix(self, queries: Int64s) -> Floats:
        found: Floats = (self.partners[queries] @ self.onward).toarray()
        return found


class RP3Beta(Baseline):
    """Three steps of a random walk, tempered by α, the popular held back by β."""

    name = "rp3β"

    def __init__(self, history: History, *, alpha: float, beta: float) -> None:
        degree = np.maximum(history.degree, 1).astype(np.float64)
        self.step = (sparse.diags_array(degree**-alpha) @ history.partners).tocsr()
        self.last = self.step[:, : len(history)]
        self.held_back = degree[: len(history)] ** -beta

    def matrix(self, queries: Int64s) -> Floats:
        two_steps = self.step[queries] @ self.step
        found: Floats = (two_steps @ self.last).toarray() * self.held_back
        return found


class ItemKNN(Baseline):
    """Σ over one's partners of their cosine with the candidate, among its k nearest."""

    name = "itemknn"

    def __init__(self, history: History, *, nearest: int, shrink: float) -> None:
        self.partners = history.partners
        self.similar = _nearest(history, nearest, shrink).T.tocsr()

    def matrix(self, queries: Int64s) -> Floats:
        found: Floats = (self.partners[queries] @ self.similar).toarray()
        return found


def _nearest(history: History, nearest: int, shrink: float) -> sparse.csr_array:
    """Candidates by nodes: the cosine of their partners with those of the k nearest nodes, and of
    any as near as the last of these."""
    n, m = len(history), len(history.pics)
    length = np.sqrt(history.degree.astype(np.float64))
    parts: list[sparse.csr_array] = []
    for low in range(0, n, NEAREST_AT_ONCE):
        rows = np.arange(low, min(n, low + NEAREST_AT_ONCE))
        shared = (history.partners[rows] @ history.partners).tocsr()
        owner = np.repeat(rows, np.diff(shared.indptr))
        cosine = shared.data / (length[owner] * length[shared.indices] + shrink)
        cosine[shared.indices == owner] = 0
        kept = np.zeros(len(cosine), dtype=bool)
        for begin, end in zip(shared.indptr[:-1], shared.indptr[1:], strict=True):
            here = cosine[begin:end]
            if len(here) <= nearest:
                kept[begin:end] = True
            else:
                threshold = np.partition(here, len(here) - nearest)[len(here) - nearest]
                kept[begin:end] = here >= threshold
        kept &= cosine > 0
        parts.append(
            sparse.csr_array(
                (cosine[kept], (owner[kept] - low, shared.indices[kept])), shape=(len(rows), m)
            )
        )
    return sparse.vstack(parts, format="csr") if parts else sparse.csr_array((0, m))


class EASE(Baseline):
    """The best linear reconstruction of everyone's partners, no organisation explaining itself."""

    name = "ease"

    def __init__(self, history: History, *, ridge: float) -> None:
        self.n = len(history)
        degree = history.degree[: self.n]
        most = np.argsort(-degree, kind="stable")[:EASE_ITEMS]
        self.items = np.sort(most[degree[most] > 0])
        known = history.partners[:, self.items]
        self.known = known.tocsr()
        weights = (self.known.T @ self.known).toarray().astype(np.float32)
        weights[np.diag_indices_from(weights)] += ridge
        inverse = _inverse(weights)
        scale = -1 / np.diag(inverse)
        inverse *= scale
        inverse[np.diag_indices_from(inverse)] = 0
        self.weights = inverse

    def matrix(self, queries: Int64s) -> Floats:
        found = np.zeros((len(queries), self.n))
        if len(self.items):
            found[:, self.items] = self.known[queries].astype(np.float32) @ self.weights
        return found


def _inverse(positive: NDArray[np.float32]) -> NDArray[np.float32]:
    """The inverse of a positive definite matrix in place, by Cholesky's factors."""
    if not len(positive):
        return positive
    factor, failed = linalg.lapack.spotrf(positive, lower=1, overwrite_a=1)
    if failed:
        raise ArithmeticError("the ridge is too small for this history")
    inverse, failed = linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed:
        raise ArithmeticError("the ridge is too small for this history")
    lower = np.tril(inverse)
    return np.asarray(lower + np.tril(lower, -1).T)
