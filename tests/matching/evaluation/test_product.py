from itertools import combinations

import numpy as np
import pytest

from matching import exposure, regional
from matching.engine import EXPERIENCE, SIGNALS, TRACK_RECORD
from matching.evaluation import product
from matching.evaluation.ranking import best
from matching.evaluation.run import Data
from tests.matching.evaluation.conftest import SPLIT, write_csv


@pytest.fixture
def index(history, data):
    return product.build_index(history, data.parts)


def test_the_plain_order_is_what_the_product_answers(history, index):
    model = product.Product(history, index)
    for candidate, pic in enumerate(history.organisations.pic.tolist()):
        answered = [match.b for match in index.top(pic, 20)]
        ranked = best(history, model, candidate, 20)[product.PLAIN]
        assert ranked[: len(answered)] == answered
        # what the product does not suggest at all scores nothing
        scores = next(model.scores(np.array([candidate])))[1][0]
        assert not scores[history.positions(np.array(ranked[len(answered) :], dtype=int))].any()


def test_the_exposure_aware_order_is_what_the_product_answers(history, index):
    model = product.Product(history, index)
    for candidate, pic in enumerate(history.organisations.pic.tolist()):
        answered = [match.b for match in exposure.top(index, pic, 20)]
        scores = dict(model.scores(np.array([candidate])))[product.PLAIN][0]
        ranked = best(history, model, candidate, 20)[product.EXPOSURE_AWARE]
        worth = [pic for pic in ranked if scores[history.positions(np.array([pic]))[0]] > 0]
        assert worth == answered


def test_leaving_out_a_signal_takes_its_points_off(history, index):
    model = product.Product(history, index)
    query = np.array([0])
    found = dict(model.scores(query))
    given = product.signals(history, index, query)
    for signal in SIGNALS:
        left = found[product.PLAIN] - found[product.without(signal)]
        assert left.tolist() == given[signal].tolist()
    assert given[TRACK_RECORD].any()
    assert given[EXPERIENCE].any()


def test_without_exposure_the_order_is_the_plain_one(history, index):
    model = product.Product(history, index, exposure=300, trade_off=(0, 300))
    found = dict(model.scores(np.array([3])))
    assert found[product.with_exposure(0)].tolist() == found[product.PLAIN].tolist()
    aware = found[product.EXPOSURE_AWARE]
    assert aware.tolist() == found[product.with_exposure(300)].tolist()
    assert aware.tolist() != found[product.PLAIN].tolist()


def test_a_participant_outside_the_file_connects(history, index):
    pics = history.pics.tolist()
    given = product.signals(history, index, np.array([pics.index(3)]))
    assert given[TRACK_RECORD][0][pics.index(4)] > 0
    assert -77 in product.participations(history).partner
    assert 77 not in product.participations(history).partner


@pytest.mark.parametrize(("projects", "shown"), [(1, 4), (2, 6), (3, 8), (7, 12)])
def test_interests_are_as_strong_as_the_projects_that_show_them(files, tmp_path, projects, shown):
    path = write_csv(
        tmp_path / "p.csv",
        ("rcn", "pic", "country", "start_date"),
        [(f"p{n}", 1, "FR", "2015-01-01") for n in range(projects)],
    )
    parts = write_csv(
        tmp_path / "q.csv", ("rcn", "programme_part"), [(f"p{n}", "SC3") for n in range(projects)]
    )
    data = Data.read(files["organisations"], path, parts)
    (profile,) = product.profiles(data.history(SPLIT), data.parts)
    # 4 · log2(1 + projects)
    assert list(profile.interests.values()) == [shown]


def test_a_profile_holds_what_the_files_say(history, data):
    found = {profile.id: profile for profile in product.profiles(history, data.parts)}
    assert found[1].country == "FR"
    assert history.home_codes[found[1].home] == "FRK1"
    assert found[6].home is None
    assert len(found[1].interests) == 2
    assert found[4].interests == {}
    assert not found[1].needs
    assert not found[1].offers


def test_regions_fit_by_their_joint_projects(history):
    members = {}
    for code, node in zip(history.rows.project.tolist(), history.node.tolist(), strict=True):
        if node < len(history) and history.home[node]:
            members.setdefault(code, set()).add(int(history.home[node]))
    joint = {}
    for homes in members.values():
        for pair in combinations(sorted(homes), 2):
            joint[pair] = joint.get(pair, 0) + 1
    nothing = regional.RegionFacts()
    assert product.region_fit(history) == {
        pair: regional.reasons(nothing, nothing, count) for pair, count in joint.items()
    }
    assert max(joint.values()) == 2
