from math import log2

import numpy as np
import pytest

from matching.evaluation import metrics


def test_top_ranks_by_score_then_position_and_leaves_out_the_ineligible():
    scores = np.array([1.0, 3.0, -np.inf, 3.0, 2.0, 2.0, 2.0])
    assert metrics.top(scores, 4).tolist() == [1, 3, 4, 5]
    assert metrics.top(scores, 10).tolist() == [1, 3, 4, 5, 6, 0]
    assert metrics.top(np.full(3, -np.inf), 2).tolist() == []
    assert metrics.top(np.zeros(0), 2).tolist() == []


def test_top_is_the_beginning_of_a_whole_sort():
    rng = np.random.default_rng(1)
    for _ in range(50):
        scores = rng.integers(0, 6, size=40).astype(float)
        whole = sorted(range(40), key=lambda i: (-scores[i], i))
        assert metrics.top(scores, 10).tolist() == whole[:10]
        answers = np.sort(rng.choice(40, size=3, replace=False))
        assert metrics.first_rank(scores, answers) == 1 + min(whole.index(a) for a in answers)


def test_metrics_of_a_query_by_hand():
    listed = np.zeros(20, dtype=bool)
    listed[[1, 4, 14]] = True
    ndcg, hit, precision, recall, reciprocal = metrics.of_query(listed, 4, 2)
    ideal = 1 + 1 / log2(3) + 1 / log2(4) + 1 / log2(5)
    assert ndcg == pytest.approx((1 / log2(3) + 1 / log2(6)) / ideal)
    assert (hit, precision, recall, reciprocal) == (1, 0.2, 0.75, 0.5)


def test_a_perfect_page_is_worth_one_however_many_answers_there_are():
    listed = np.ones(20, dtype=bool)
    assert metrics.of_query(listed, 35, 1)[0] == pytest.approx(1)
    assert metrics.of_query(listed[:3], 3, 1)[0] == pytest.approx(1)


def test_nothing_found_is_worth_nothing():
    assert metrics.of_query(np.zeros(20, dtype=bool), 3, 50) == (0, 0, 0, 0, 0.02)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([3, 3, 3, 3], 0.0),
        ([0, 0, 0, 8], 0.75),
        # mean absolute difference of all pairs / (2 · mean): 20/16 / (2 · 1.5) …
        ([0, 1, 2, 3], 5 / 12),
        ([0, 0], 0.0),
    ],
)
def test_gini(counts, expected):
    assert metrics.gini(np.array(counts)) == pytest.approx(expected)


def test_intervals_hold_the_mean_and_do_not_change():
    values = np.random.default_rng(3).random(400)
    low, high = metrics.interval(metrics.resamples(400) @ values)
    # the standard error of a mean of 400 uniform values is 0.0144
    assert low == pytest.approx(values.mean() - 1.96 * 0.0144, abs=0.004)
    assert high == pytest.approx(values.mean() + 1.96 * 0.0144, abs=0.004)
    assert (low, high) == metrics.interval(metrics.resamples(400) @ values)
