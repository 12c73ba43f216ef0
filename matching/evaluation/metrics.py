"""How good a ranking is: nDCG, hits, precision, recall, reciprocal rank, coverage, concentration.

Relevance is binary: a candidate is an answer or it is not. Intervals are percentile bootstrap
intervals over the queries, 1,000 resamples of a fixed seed.
"""

from typing import Final

import numpy as np

from matching.evaluation.columns import Booleans, Floats, Int64s

SHOWN: Final = 10
"""A page of suggestions: the @10 of the metrics."""

DEEP: Final = 20
"""How far recall looks."""

PER_QUERY: Final = ("ndcg@10", "hit@10", "p@10", "recall@20", "mrr")

RESAMPLES: Final = 1_000
SEED: Final = 20_170_101

DISCOUNT: Final[Floats] = 1 / np.log2(np.arange(2, SHOWN + 2))
IDEAL: Final[Floats] = np.concatenate([[0.0], np.cumsum(DISCOUNT)])


def top(scores: Floats, limit: int) -> Int64s:
    """The best positions, best first, equal ones by position; -∞ is never among them."""
    limit = min(limit, len(scores))
    if not limit:
        return np.zeros(0, dtype=np.int64)
    threshold = np.partition(scores, len(scores) - limit)[len(scores) - limit]
    above = np.flatnonzero(scores > threshold)
    above = above[np.argsort(-scores[above], kind="stable")]
    equal = np.flatnonzero(scores == threshold)[: limit - len(above)]
    best = np.concatenate([above, equal])
    return np.asarray(best[scores[best] > -np.inf], dtype=np.int64)


def first_rank(scores: Floats, answers: Int64s) -> int:
    """The rank, from 1, of the best answer, as `top` would order all of them."""
    best = answers[np.argmax(scores[answers])]
    value = scores[best]
    return 1 + int((scores > value).sum() + (scores[:best] == value).sum())


def of_query(listed: Booleans, answers: int, rank: int) -> tuple[float, ...]:
    """The metrics of one query, in the order of `PER_QUERY`.

    `listed` says of the (up to) `DEEP` first suggestions which are answers, `answers` how many
    there are to find, at least one, and `rank` is the rank of the first.
    """
    shown = listed[:SHOWN]
    hits = int(shown.sum())
    return (
        float(DISCOUNT[: len(shown)][shown].sum() / IDEAL[min(answers, SHOWN)]),
        float(hits > 0),
        hits / SHOWN,
        int(listed[:DEEP].sum()) / answers,
        1 / rank,
    )


def gini(counts: Int64s) -> float:
    """The Gini coefficient of how often each was shown: 0 all alike, near 1 always the same few."""
    total = int(counts.sum())
    n = len(counts)
    if not total:
        return 0.0
    ascending = np.sort(counts)
    return float(2 * (np.arange(1, n + 1) * ascending).sum() / (n * total) - (n + 1) / n)


def resamples(queries: int) -> Floats:
    """How often each query is in each resample, as shares: `RESAMPLES` rows that sum to 1.

    The same for every model, so that ratios of two models can be resampled as pairs.
    """
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(queries, np.full(queries, 1 / queries), size=RESAMPLES)
    return np.asarray(drawn / queries, dtype=np.float64)


def interval(resampled: Floats) -> tuple[float, float]:
    """The middle 95 % of resampled figures."""
    low, high = np.percentile(resampled, [2.5, 97.5])
    return float(low), float(high)
