"""The engines of the benchmark by name; one whose package is not installed cannot be imported."""

from importlib import import_module
from typing import Final

from benchmarks.matching.engines.base import Engine

OURS: Final = "regions-meet"
REGISTRY: Final = {
    OURS: ("ours", "RegionsMeet"),
    "scipy": ("dense", "Scipy"),
    "numpy": ("dense", "Numpy"),
    "tantivy": ("text", "Tantivy"),
    "bm25s": ("text", "Bm25s"),
    "usearch": ("vectors", "Usearch"),
    "postgresql-gin": ("postgres", "SqlScoring"),
    "pgvector-exact": ("postgres", "SparseVectors"),
    "pgvector-hnsw": ("postgres", "SparseVectorsHnsw"),
    "brute-force": ("brute", "BruteForce"),
}
"""Name → module and class; ours first, then the peers in the order they are asked."""

PEERS: Final = tuple(name for name in REGISTRY if name != OURS)


def engine(name: str) -> Engine:
    """The engine of this name. Raises ImportError where its package is not installed."""
    module, cls = REGISTRY[name]
    found = getattr(import_module(f"benchmarks.matching.engines.{module}"), cls)
    made = found()
    if not isinstance(made, Engine):
        raise TypeError(f"{cls} is no engine")
    return made
