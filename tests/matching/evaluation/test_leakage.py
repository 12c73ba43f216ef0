"""Nothing that starts on or after the split can change what is suggested."""

import numpy as np
import pytest

from matching.engine import MatchIndex
from matching.evaluation import product
from matching.evaluation.ranking import best
from matching.evaluation.run import Data
from matching.evaluation.texts import BM25
from matching.evaluation.tuning import all_baselines, tune
from tests.matching.evaluation.conftest import PROJECTS, SPLIT, participations, write_csv


@pytest.fixture
def truncated(files, tmp_path):
    """The same world without a row of the time after the split."""
    earlier = {
        code: project for code, project in PROJECTS.items() if project[0] < SPLIT.isoformat()
    }
    assert len(earlier) == 9
    path = write_csv(
        tmp_path / "earlier.csv.gz",
        ("rcn", "pic", "country", "start_date"),
        participations(earlier),
    )
    return Data.read(files["organisations"], path, files["parts"])


@pytest.fixture
def rewritten(files, tmp_path):
    """The same history before another future: everybody works with everybody, from the very day
    of the split on, in old projects too."""
    earlier = [row for row in participations() if row[3] < SPLIT.isoformat()]
    future = dict.fromkeys(("z1", "z2", "a"), ("2017-01-01", (1, 2, 3, 4, 5, 8, 9, 10, 88)))
    path = write_csv(
        tmp_path / "rewritten.csv",
        ("rcn", "pic", "country", "start_date"),
        earlier + participations(future),
    )
    return Data.read(files["organisations"], path, files["parts"])


def rankings(data):
    """Everything that every model suggests to every candidate."""
    history = data.history(SPLIT)
    tuned = tune(data.organisations, data.rows, SPLIT)
    scorers = [
        product.Product(history, product.build_index(history, data.parts), trade_off=(0, 50)),
        *all_baselines(history, tuned.chosen),
        BM25(history, data.parts, data.texts),
    ]
    found = {
        (name, pic): suggested
        for candidate, pic in enumerate(history.organisations.pic.tolist())
        for scorer in scorers
        for name, suggested in best(history, scorer, candidate, 20).items()
    }
    return found, tuned


def test_deleting_every_row_after_the_split_changes_no_ranking(data, truncated):
    whole, tuned = rankings(data)
    cut, tuned_without = rankings(truncated)
    assert whole == cut
    assert tuned == tuned_without
    assert tuned.queries > 0
    assert len({name for name, _pic in whole}) == 20
    assert max(len(suggested) for suggested in whole.values()) == 7


def test_another_future_changes_no_ranking(data, rewritten):
    assert rankings(data) == rankings(rewritten)


def test_profiles_degrees_and_reference_date_are_of_the_history(data, rewritten, monkeypatch):
    built = []
    build = MatchIndex.build

    def spy(profiles, participations, edges, fit, **options):
        built.append((profiles, participations, edges, fit, options["places"]))
        return build(profiles, participations, edges, fit, **options)

    monkeypatch.setattr(MatchIndex, "build", spy)
    for one in (data, rewritten):
        product.build_index(one.history(SPLIT), one.parts)
    left, right = built
    assert left[0] == right[0]
    assert left[2:] == right[2:]
    assert left[1].start.max() == right[1].start.max() < SPLIT.toordinal()
    assert left[1].partner.tolist() == right[1].partner.tolist()
    degrees = [one.history(SPLIT).degree for one in (data, rewritten)]
    np.testing.assert_array_equal(*degrees)
