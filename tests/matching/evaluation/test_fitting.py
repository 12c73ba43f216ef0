import numpy as np
import pytest

from matching.engine import EXPERIENCE, SHARED_PRIORITIES, SIGNALS, TRACK_RECORD
from matching.evaluation import fitting, metrics
from matching.evaluation.fitting import LEARNABLE, POINTS


@pytest.fixture
def pools():
    """Sixty queries whose answers share priorities and have experience, and nothing else."""
    rng = np.random.default_rng(5)
    signals = rng.random((60, 40, len(LEARNABLE)))
    worth = (
        2 * signals[:, :, LEARNABLE.index(SHARED_PRIORITIES)]
        + signals[:, :, LEARNABLE.index(EXPERIENCE)]
    )
    right = worth >= np.sort(worth, axis=1)[:, -4:-3]
    filled = np.ones((60, 40), dtype=bool)
    filled[:10, 35:] = False
    right &= filled
    return fitting.Pools(signals, right, filled, right.sum(axis=1))


def naive(pools, points):
    total = 0
    for row, right, filled, answers in zip(
        pools.signals, pools.right, pools.filled, pools.answers, strict=True
    ):
        scores = np.where(filled, np.round(row @ (np.array(points) / POINTS), 9), -np.inf)
        listed = right[metrics.top(scores, metrics.DEEP)]
        total += metrics.of_query(listed, int(answers), 1)[0] if answers else 0
    return total / len(pools.answers)


def test_ndcg_of_pools_is_that_of_the_metrics(pools):
    for points in ([50, 0, 0, 0], [10, 20, 10, 10], [0, 0, 50, 0]):
        assert fitting.ndcg(pools, np.array(points)) == pytest.approx(naive(pools, points))


def test_equal_scores_rank_by_pic(pools):
    alike = fitting.Pools(np.ones_like(pools.signals), pools.right, pools.filled, pools.answers)
    points = np.array([20, 10, 10, 10])
    assert fitting.ndcg(alike, points) == pytest.approx(naive(alike, points))


def test_the_fit_finds_what_carries_the_signal(pools):
    points, told = fitting.fit(pools, dict.fromkeys(SIGNALS, 1000))
    found = dict(zip(LEARNABLE, points.tolist(), strict=True))
    assert sum(points) == POINTS
    assert min(points) >= 0
    assert found[SHARED_PRIORITIES] / max(1, found[EXPERIENCE]) == pytest.approx(2, abs=0.4)
    assert found[TRACK_RECORD] <= 3
    assert fitting.ndcg(pools, points) > 0.97
    for one in told.values():
        assert one["ndcg@10"] >= one["start_ndcg@10"]
    start = np.array(told["listwise softmax"]["start"])
    assert start[LEARNABLE.index(SHARED_PRIORITIES)] > start[LEARNABLE.index(EXPERIENCE)] > 0


def test_a_useless_start_still_sums_up(pools):
    nothing = fitting.Pools(np.zeros_like(pools.signals), pools.right, pools.filled, pools.answers)
    start = fitting.softmax_start(nothing)
    assert (sum(start), min(start) >= 0) == (POINTS, True)


def test_all_six_weights_are_a_hundred_points():
    for weights in (fitting.even_weights(), fitting.full_weights(np.array([1, 2, 3, 44]))):
        assert set(weights) == set(SIGNALS)
        assert sum(weights.values()) == 10_000
