from math import log2

import numpy as np
import pytest

from matching.evaluation import figures, ranking, tuning
from matching.evaluation import truth as slices
from matching.evaluation.baselines import Baseline
from tests.matching.evaluation.conftest import SPLIT


class ByPic(Baseline):
    """Ranks candidates by their PIC, the greatest first."""

    name = "by pic"

    def __init__(self, history):
        self.order = history.organisations.pic.astype(float)

    def matrix(self, queries):
        return np.tile(self.order, (len(queries), 1))


def test_metrics_of_a_known_order(data, history):
    truth = data.truth(history)
    pics = history.pics.tolist()
    queries = np.array([pics.index(1), pics.index(7)])
    found = ranking.evaluate(history, truth, [ByPic(history)], queries, slices=slices.SLICES)
    # 1 is offered 10, 7, 6, 4, 2 and came to work with 10, 4 and 2
    ideal = 1 + 1 / log2(3) + 1 / 2
    first = (1 + 1 / log2(5) + 1 / log2(6)) / ideal
    # 7 is offered 10, 9, 4, 3, 2, 1 (5 and 6 are German too) and came to work with 9
    second = 1 / log2(3)
    rows = found["by pic", slices.ALL].values
    np.testing.assert_allclose(rows[:, 0], [first, second])
    np.testing.assert_allclose(rows[:, 1:], [[1, 0.3, 1, 1], [1, 0.1, 1, 0.5]])
    newcomers = found["by pic", slices.NEWCOMERS].values
    np.testing.assert_allclose(newcomers[:, 0], [second])
    # the long tail of 1: 4 alone, at the fourth place of the same list
    tail = found["by pic", slices.LONG_TAIL].values
    np.testing.assert_allclose(tail[:, 0], [1 / log2(5)])
    shown = found["by pic", slices.ALL].shown
    assert dict(zip(pics, shown.tolist(), strict=False)) == {
        1: 1, 2: 2, 3: 1, 4: 2, 5: 0, 6: 1, 7: 1, 9: 1, 10: 2,
    }  # fmt: skip
    assert figures.coverage(found["by pic", slices.ALL]) == pytest.approx(8 / 9)
    assert ranking.mean_ndcg(found, "by pic") == pytest.approx((first + second) / 2)


def test_exposure_of_regions_adds_up(data, history):
    truth = data.truth(history)
    found = ranking.evaluate(history, truth, [ByPic(history)], truth.queries())
    members, places = figures.shares(history, found["by pic", slices.ALL])
    assert members.sum() == pytest.approx(1)
    assert places.sum() == pytest.approx(1)
    codes = history.home_codes.tolist()
    assert members[codes.index("PL21")] == pytest.approx(2 / 9)
    assert members[codes.index("")] == pytest.approx(2 / 9)
    distance = figures.region_distance(history, found["by pic", slices.ALL])
    assert distance == pytest.approx(np.maximum(places - members, 0).sum())
    assert distance > 0


def test_a_sample_is_the_same_each_time_and_in_order():
    queries = np.arange(100, 200)
    drawn = ranking.sample(queries, 10)
    assert drawn.tolist() == ranking.sample(queries, 10).tolist() == sorted(set(drawn.tolist()))
    assert len(drawn) == 10
    assert ranking.sample(queries, 100).tolist() == queries.tolist()
    assert ranking.sample(queries, None).tolist() == queries.tolist()


def test_settings_are_the_best_of_the_validation_year(data):
    tuned = tuning.tune(data.organisations, data.rows, SPLIT)
    assert (tuned.since.isoformat(), tuned.until.isoformat()) == ("2016-01-01", "2017-01-01")
    # 2016: 5–10 and 3–10 of f, 2–5 of g; 4 and 7 were not known before
    assert tuned.queries == 4
    for name, tried in tuned.tried.items():
        figure = {str(settings): figure for settings, figure in tried}
        assert figure[str(tuned.chosen[name])] == max(figure.values())
        assert len(tried) == len(tuning.TUNED[name][1])


def test_without_a_validation_year_the_defaults_hold(data):
    tuned = tuning.tune(data.organisations, data.rows, SPLIT.replace(year=2015))
    assert tuned.queries == 0
    assert tuned.chosen == {name: grid[0] for name, (_make, grid) in tuning.TUNED.items()}
    assert not tuned.tried


def test_the_year_before_a_leap_day():
    assert tuning.year_before(SPLIT.replace(year=2016, month=2, day=29)).isoformat() == (
        "2015-02-28"
    )
