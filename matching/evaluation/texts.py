"""BM25: the words of one organisation's projects searched in those of all others.

An organisation's text is its name, the programme parts of its projects, and their titles and
objectives where these are known. Robertson's BM25 in the form that Lucene uses (idf = ln(1 + (N -
df + ½)/(df + ½)), k₁ = 1.5, b = 0.75); each distinct word of the query counts once.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

import numpy as np
from scipy import sparse

from matching.evaluation.baselines import Baseline
from matching.evaluation.columns import Floats, Int64s
from matching.evaluation.history import History

K1: Final = 1.5
B: Final = 0.75
WORD: Final = re.compile(r"[^\W\d_]{3,}|[A-Z]+\d+")
TOO_COMMON: Final = 0.5
"""A word that more than this share of the organisations use tells nothing and is left out."""


def words(text: str) -> list[str]:
    """The words of three letters and more, and codes such as SC3, in lower case."""
    return [word.lower() for word in WORD.findall(text)]


def documents(
    history: History, parts: Mapping[str, frozenset[str]], texts: Mapping[str, str]
) -> list[Counter[str]]:
    """How often each candidate's text has each word; a project counts once for each of its
    participants."""
    of_project: dict[int, Counter[str]] = {}
    for project in np.unique(history.rows.project).tolist():
        code = history.rows.codes[project]
        of_project[project] = Counter(words(texts.get(code, ""))) + Counter(
            part.lower() for part in parts.get(code, ())
        )
    found = [Counter(words(name)) for name in history.organisations.name.tolist()]
    presence = history.presence[:, : len(history)].tocsc()
    for candidate, text in enumerate(found):
        for project in presence.indices[slice(*presence.indptr[candidate : candidate + 2])]:
            text.update(of_project[int(project)])
    return found


class BM25(Baseline):
    """Whose projects speak of the same things."""

    name = "bm25"

    def __init__(
        self,
        history: History,
        parts: Mapping[str, frozenset[str]],
        texts: Mapping[str, str],
    ) -> None:
        found = documents(history, parts, texts)
        vocabulary: dict[str, int] = {}
        entries = [
            (row, vocabulary.setdefault(word, len(vocabulary)), count)
            for row, text in enumerate(found)
            for word, count in text.items()
        ]
        table = np.array(entries, dtype=np.int64).reshape(-1, 3)
        n = len(found)
        counts = sparse.csr_array(
            (table[:, 2].astype(np.float64), (table[:, 0], table[:, 1])),
            shape=(n, len(vocabulary)),
        )
        frequency = np.bincount(table[:, 1], minlength=len(vocabulary))
        idf = np.log1p((n - frequency + 0.5) / (frequency + 0.5))
        idf[frequency > TOO_COMMON * n] = 0
        length = np.asarray(counts.sum(axis=1), dtype=np.float64)
        mean = length.mean() if n and length.any() else 1.0
        norm = K1 * (1 - B + B * length / mean)
        owner = np.repeat(np.arange(n), np.diff(counts.indptr))
        weights = counts.copy()
        weights.data = idf[counts.indices] * counts.data / (counts.data + norm[owner])
        self.weights = weights.T.tocsr()
        self.words = counts
        self.words.data[:] = 1.0

    def matrix(self, queries: Int64s) -> Floats:
        found: Floats = (self.words[queries] @ self.weights).toarray()
        return found
