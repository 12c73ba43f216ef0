"""Ranks all candidates for every query by every model, and keeps what the metrics need."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from matching.evaluation import metrics
from matching.evaluation.columns import Floats, Int64s
from matching.evaluation.history import History
from matching.evaluation.truth import ALL, Truth

CHUNK: Final = 64
"""Queries scored at once: one model's scores of 20,000 candidates take 10 MB."""

SAMPLE_SEED: Final = 20_170_102

Progress = Callable[[Iterable[Int64s], int], Iterable[Int64s]]


class Scorer(Protocol):
    """Something that scores all candidates for some of them: one model, or several that share
    their work."""

    @property
    def names(self) -> Sequence[str]:
        """The models, in the order of the report."""
        ...

    def scores(self, queries: Int64s) -> Iterator[tuple[str, Floats]]:
        """Each model's scores, queries by candidates: greater is better, equal ones rank by PIC."""
        ...


@dataclass(frozen=True, slots=True)
class Ranked:
    """What one model did in one slice.

    `values` is queries by `metrics.PER_QUERY`; `shown` counts how often each candidate was among
    the first ten.
    """

    values: Floats
    shown: Int64s


Rankings = Mapping[tuple[str, str], Ranked]
"""By (model, slice)."""


def sample(queries: Int64s, limit: int | None) -> Int64s:
    """At most `limit` of the queries, drawn with a fixed seed, ascending."""
    if limit is None or len(queries) <= limit:
        return queries
    drawn = np.random.default_rng(SAMPLE_SEED).choice(queries, size=limit, replace=False)
    return np.sort(drawn)


def best(history: History, scorer: Scorer, candidate: int, limit: int) -> dict[str, list[int]]:
    """The PICs that each model suggests to one candidate, best first; knows nothing of any
    truth."""
    may = history.eligible(candidate)
    query = np.array([candidate], dtype=np.int64)
    return {
        name: history.pics[metrics.top(np.where(may, scores[0], -np.inf), limit)].tolist()
        for name, scores in scorer.scores(query)
    }


def evaluate(
    history: History,
    truth: Truth,
    scorers: Sequence[Scorer],
    queries: Int64s,
    *,
    slices: Sequence[str] = (ALL,),
    progress: Progress | None = None,
) -> Rankings:
    """Rank every eligible candidate for every query by every model.

    A query counts in the slices in which it has an answer; the candidates are the same in all.
    """
    of_slice: dict[str, Int64s] = {
        name: queries[np.isin(queries, truth.queries(name))] for name in slices
    }
    values: dict[tuple[str, str], list[tuple[float, ...]]] = defaultdict(list)
    shown: dict[tuple[str, str], Int64s] = {}
    for scorer in scorers:
        for model in scorer.names:
            for name in slices:
                values[model, name] = []
                shown[model, name] = np.zeros(len(history), dtype=np.int64)
    chunks = [queries[at : at + CHUNK] for at in range(0, len(queries), CHUNK)]
    for chunk in progress(chunks, len(chunks)) if progress else chunks:
        eligible = np.array([history.eligible(query) for query in chunk.tolist()])
        answers = [
            [(name, truth.answers(name, query)) for name in slices if query in of_slice[name]]
            for query in chunk.tolist()
        ]
        for scorer in scorers:
            for model, matrix in scorer.scores(chunk):
                for i, of_query in enumerate(answers):
                    scores = np.where(eligible[i], matrix[i], -np.inf)
                    listed = metrics.top(scores, metrics.DEEP)
                    for name, right in of_query:
                        values[model, name].append(
                            metrics.of_query(
                                np.isin(listed, right),
                                len(right),
                                metrics.first_rank(scores, right),
                            )
                        )
                        shown[model, name][listed[: metrics.SHOWN]] += 1
    width = len(metrics.PER_QUERY)
    return {
        key: Ranked(np.array(rows, dtype=np.float64).reshape(-1, width), shown[key])
        for key, rows in values.items()
    }


def mean_ndcg(rankings: Rankings, model: str) -> float:
    """The one figure that tuning looks at: mean nDCG@10 over all queries, 0 without any."""
    values = rankings[model, ALL].values
    return float(values[:, 0].mean()) if len(values) else 0.0
