"""An approximate nearest-neighbour index on reduced vectors."""

from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse.linalg import svds
from usearch.index import Index

from benchmarks.matching.engines import linear
from benchmarks.matching.engines.base import CANDIDATES, LIMIT, Data, Engine
from benchmarks.matching.judge import Judge, Ranked

DIMENSIONS = 128
SAMPLE = 50_000
"""Rows from which the singular vectors are learned."""

AT_ONCE = 50_000


class Usearch(Engine):
    """HNSW (usearch, inner product, half floats) on the linear vectors reduced by SVD to 128
    dimensions; it fetches 1,000 candidates, which are ranked again exactly."""

    name = "usearch"
    most = 1_000_000
    why = "the graph takes hours to build on one thread"

    @staticmethod
    def _index() -> Any:
        return Index(
            ndim=DIMENSIONS,
            metric="ip",
            dtype="f16",
            connectivity=16,
            expansion_add=64,
            expansion_search=CANDIDATES,
        )

    def build(self, data: Data, folder: Path) -> None:
        vectors = linear.documents(data.facts()).tocsr()
        some = np.random.default_rng(0).permutation(vectors.shape[0])[:SAMPLE]
        count = min(DIMENSIONS, min(len(some), vectors.shape[1]) - 1)
        start = np.ones(min(len(some), vectors.shape[1]))
        _, _, directions = svds(vectors[np.sort(some)], k=count, v0=start)
        reduction = np.zeros((vectors.shape[1], DIMENSIONS), dtype=np.float32)
        reduction[:, :count] = directions.T
        index = self._index()
        for first in range(0, vectors.shape[0], AT_ONCE):
            piece = np.asarray(vectors[first : first + AT_ONCE] @ reduction)
            index.add(np.arange(first, first + len(piece)), piece, threads=1)
        np.save(folder / "reduction.npy", reduction)
        index.save(str(folder / "index.usearch"))

    def open(self, data: Data, folder: Path) -> None:
        self.facts = data.facts()
        self.judge = Judge(self.facts)
        self.reduction = np.asarray(np.load(folder / "reduction.npy", mmap_mode="r"))
        self.index: Any = self._index()
        self.index.view(str(folder / "index.usearch"))

    def top(self, organisation: int) -> Ranked:
        keys, values = linear.question(self.facts, self.facts.document(organisation))
        vector = values @ self.reduction[keys]
        found = self.index.search(vector, min(CANDIDATES, len(self.facts)), threads=1)
        return self.judge.rerank(organisation, found.keys.astype(np.int64), LIMIT)
