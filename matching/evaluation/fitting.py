"""Learns the weights that history can teach, from one period only.

History knows programmes, partners, regions and experience; it knows no needs, offers or segments.
So complementarity and value chain keep their declared prior weights, and the four others share the
points that these leave. They are chosen for nDCG@10 itself, and stay whole points, none below 0:

1. the start is the listwise softmax fit: the weights that make the answers likeliest among all that
   compete with them;
2. from there, and from the weights in force, points move from one signal to another, eight, four,
   two or one at a time, as long as nDCG@10 grows.

While weights are searched, a query's *pool* stands for all candidates: its answers and the best of
the others under each signal and under a number of mixtures. The figures that are kept are measured
afterwards over all candidates.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Final

import numpy as np
from scipy import optimize

from matching.engine import (
    COMPLEMENTARITY,
    EXPERIENCE,
    PERFECT,
    REGIONAL_FIT,
    SHARED_PRIORITIES,
    TRACK_RECORD,
    VALUE_CHAIN,
    MatchIndex,
)
from matching.engine.scoring import apportion
from matching.evaluation import metrics
from matching.evaluation.columns import Booleans, Floats, Int64s
from matching.evaluation.history import History
from matching.evaluation.product import signals
from matching.evaluation.truth import ALL, Truth

LEARNABLE: Final = (SHARED_PRIORITIES, TRACK_RECORD, REGIONAL_FIT, EXPERIENCE)
PRIOR: Final = {COMPLEMENTARITY: 3_500, VALUE_CHAIN: 1_500}
"""Hundredths of a point of the signals that history cannot teach."""

POINTS: Final = (PERFECT - sum(PRIOR.values())) // 100
"""Whole points that the learnable signals share."""

EVEN: Final = PERFECT // len(LEARNABLE)
"""The weight under which each learnable signal is read: the finest that all can have at once."""

POOL: Final = 150
"""The best of each mixture that join a query's pool."""

MIXTURES: Final = 12
SEED: Final = 20_160_101
STEPS: Final = (8, 4, 2, 1)
CHUNK: Final = 16


@dataclass(frozen=True, slots=True)
class Pools:
    """Queries by places by learnable signals, each from 0 to 1; candidates by ascending PIC.

    `right` says which places hold an answer, `filled` which hold a candidate at all, and `answers`
    how many answers a query has.
    """

    signals: Floats
    right: Booleans
    filled: Booleans
    answers: Int64s


def even_weights() -> dict[str, int]:
    """Weights under which every learnable signal can be read back from its points."""
    return dict.fromkeys(PRIOR, 0) | dict.fromkeys(LEARNABLE, EVEN)


def full_weights(points: Int64s) -> dict[str, int]:
    """Hundredths of a point of all six, from whole points of the learnable ones."""
    return PRIOR | {
        signal: 100 * int(given) for signal, given in zip(LEARNABLE, points, strict=True)
    }


def collect(
    history: History,
    truth: Truth,
    index: MatchIndex,
    queries: Int64s,
    *,
    progress: Callable[[Iterable[Int64s], int], Iterable[Int64s]] | None = None,
) -> Pools:
    """Read the learnable signals of every query from an index that scores by `even_weights`."""
    rng = np.random.default_rng(SEED)
    mixtures = np.vstack([np.eye(len(LEARNABLE)), rng.dirichlet([1] * len(LEARNABLE), MIXTURES)])
    rows: list[Floats] = []
    rights: list[Booleans] = []
    chunks = [queries[at : at + CHUNK] for at in range(0, len(queries), CHUNK)]
    for chunk in progress(chunks, len(chunks)) if progress else chunks:
        found = signals(history, index, chunk)
        matrix = np.stack([found[signal] for signal in LEARNABLE], axis=2) / EVEN
        for one, query in zip(matrix, chunk.tolist(), strict=True):
            may = history.eligible(query)
            answers = truth.answers(ALL, query)
            chosen = [answers]
            for mixture in mixtures:
                chosen.append(metrics.top(np.where(may, one @ mixture, -np.inf), POOL))
            pool = np.unique(np.concatenate(chosen))
            rows.append(one[pool])
            rights.append(np.isin(pool, answers))
    return _padded(rows, rights)


def _padded(rows: list[Floats], rights: list[Booleans]) -> Pools:
    width = max((len(row) for row in rows), default=0)
    table = np.zeros((len(rows), width, len(LEARNABLE)))
    right = np.zeros((len(rows), width), dtype=bool)
    filled = np.zeros((len(rows), width), dtype=bool)
    for at, (row, yes) in enumerate(zip(rows, rights, strict=True)):
        table[at, : len(row)] = row
        right[at, : len(row)] = yes
        filled[at, : len(row)] = True
    return Pools(table, right, filled, right.sum(axis=1).astype(np.int64))


def ndcg(pools: Pools, points: Int64s) -> float:
    """Mean nDCG@10 of the pools under these points; equal scores rank by PIC."""
    if not len(pools.answers):
        return 0.0
    scores = np.round(pools.signals @ (points / POINTS), 9)
    scores[~pools.filled] = -1
    scores -= np.arange(scores.shape[1]) * 1e-13
    shown = min(metrics.SHOWN, scores.shape[1])
    best = np.argpartition(-scores, shown - 1, axis=1)[:, :shown]
    order = np.argsort(-np.take_along_axis(scores, best, axis=1), axis=1)
    listed = np.take_along_axis(pools.right, np.take_along_axis(best, order, axis=1), axis=1)
    gained = listed @ metrics.DISCOUNT[:shown]
    return float((gained / metrics.IDEAL[np.minimum(pools.answers, metrics.SHOWN)]).mean())


def softmax_start(pools: Pools) -> Int64s:
    """Points in proportion to the listwise softmax fit, by largest remainder."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = np.where(pools.filled, pools.signals @ weights, -np.inf)
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        total = likely.sum(axis=1, keepdims=True)
        likely /= total
        share = pools.right / pools.answers[:, None]
        logs = np.where(pools.right, scores - np.log(total), 0)
        gradient = np.einsum("qp,qps->s", likely - share, pools.signals)
        return -float((share * logs).sum()) / len(share), gradient / len(share)

    found = optimize.minimize(
        loss,
        np.full(len(LEARNABLE), 5.0),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0, None)] * len(LEARNABLE),
    )
    shares = [round(1e6 * float(weight)) for weight in found.x]
    if not sum(shares):
        shares = [1] * len(LEARNABLE)
    return np.array(apportion(POINTS, shares), dtype=np.int64)


def ascend(pools: Pools, start: Int64s) -> tuple[Int64s, float]:
    """Move points between signals while that raises nDCG@10: the points, and what they reach."""
    points, reached = start, ndcg(pools, start)
    pairs = list(permutations(range(len(LEARNABLE)), 2))
    for step in STEPS:
        better = True
        while better:
            better = False
            tried: list[tuple[float, int, Int64s]] = []
            for giver, taker in pairs:
                moved = points.copy()
                moved[giver] -= step
                moved[taker] += step
                if moved[giver] >= 0:
                    tried.append((ndcg(pools, moved), -len(tried), moved))
            if tried:
                figure, _order, moved = max(tried, key=lambda one: one[:2])
                if figure > reached + 1e-12:
                    points, reached, better = moved, figure, True
    return points, reached


def fit(pools: Pools, in_force: Mapping[str, int]) -> tuple[Int64s, dict[str, Any]]:
    """The best points from either start, and what was tried on the way."""
    shares = [in_force[signal] for signal in LEARNABLE]
    starts = {
        "listwise softmax": softmax_start(pools),
        "weights in force": np.array(
            apportion(POINTS, shares if sum(shares) else [1] * len(shares)), dtype=np.int64
        ),
    }
    told: dict[str, Any] = {}
    points, best = starts["weights in force"], -1.0
    for name, start in starts.items():
        found, reached = ascend(pools, start)
        if reached > best:
            points, best = found, reached
        told[name] = {
            "start": start.tolist(),
            "start_ndcg@10": round(ndcg(pools, start), 6),
            "points": found.tolist(),
            "ndcg@10": round(reached, 6),
        }
    return points, told
