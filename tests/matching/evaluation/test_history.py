import numpy as np
import pytest

from matching.evaluation import truth as slices
from matching.evaluation.history import History
from tests.matching.evaluation.conftest import PROJECTS, SPLIT


def pairs(truth, history, name):
    pics = history.pics
    return {
        (int(pics[query]), int(pics[answer]))
        for query in truth.queries(name)
        for answer in truth.answers(name, query)
    }


def test_candidates_are_those_of_the_file_with_a_project_before_the_split(history):
    # 8 took part in nothing yet; 77 is outside the file, and connects 3 with 4
    assert history.organisations.pic.tolist() == [1, 2, 3, 4, 5, 6, 7, 9, 10]
    assert history.pics.tolist()[9:] == [77]


def test_partners_and_degrees_are_of_the_history_alone(history):
    expected = {1: {3, 5, 9}, 3: {1, 5, 9, 77, 10}, 4: {77}, 7: set(), 77: {3, 9, 4}}
    matrix = history.partners.toarray()
    for pic, partners in expected.items():
        node = history.pics.tolist().index(pic)
        assert set(history.pics[np.flatnonzero(matrix[node])].tolist()) == partners
        assert history.degree[node] == len(partners)
    assert history.projects.tolist() == [2, 2, 3, 1, 4, 1, 1, 3, 2, 2]


@pytest.mark.parametrize(
    ("pic", "others"),
    [
        # partners 3, 5, 9 are out; both of Auvergne-Rhône-Alpes, but of two NUTS 2 units
        (1, {2, 4, 6, 7, 10}),
        # 3 shares its NUTS 2 unit
        (4, {1, 2, 5, 6, 7, 9, 10}),
        # unknown NUTS 2: other known countries only, so neither 5 nor 7; 9 is a partner
        (6, {1, 2, 3, 4, 10}),
    ],
)
def test_who_may_be_suggested(history, pic, others):
    may = history.eligible(history.pics.tolist().index(pic))
    assert set(history.organisations.pic[may].tolist()) == others


def test_unknown_country_and_region_meets_nobody(data):
    history = History.cut(data.organisations, data.rows, 10**6)
    alone = history.pics.tolist().index(8)
    assert not history.eligible(alone).any()


def test_truth_is_every_new_pair_elsewhere_that_was_known(data, history):
    truth = data.truth(history)
    found = pairs(truth, history, slices.ALL)
    # j: 1-10, 1-4, 10-4; k: 1-2, 3-2, 9-2 (1-3, 1-9, 3-9 had met); l: 7-9; m: 5-6 same country
    undirected = {(1, 10), (1, 4), (4, 10), (1, 2), (2, 3), (2, 9), (7, 9)}
    assert found == undirected | {(b, a) for a, b in undirected}
    assert pairs(truth, history, slices.NEWCOMERS) == {(a, b) for a, b in found if a in {4, 6, 7}}
    assert pairs(truth, history, slices.LONG_TAIL) == {(a, b) for a, b in found if b in {4, 6, 7}}
    energy = {(1, 10), (1, 4), (4, 10)}
    assert pairs(truth, history, slices.ENERGY) == energy | {(b, a) for a, b in energy}
    assert pairs(truth, history, slices.TWO_REGIONS) == {(1, 4), (4, 1), (2, 3), (3, 2)}


def test_hydrogen_in_a_text_makes_an_energy_pair(data, history):
    truth = slices.truth_after(history, data.rows, texts={"l": "A Fuel-Cell bus"})
    assert pairs(truth, history, slices.ENERGY) == {(7, 9), (9, 7)}


def test_truth_may_end(data, history):
    truth = data.truth(history, until=SPLIT.replace(month=6))
    undirected = {(1, 10), (1, 4), (4, 10)}
    assert pairs(truth, history, slices.ALL) == undirected | {(b, a) for a, b in undirected}


def test_partners_since_counts_recent_projects_only(history):
    first = min(SPLIT.toordinal() - 366, SPLIT.toordinal())
    recent = history.partners_since(first)
    five = history.pics.tolist().index(5)
    assert set(history.pics[recent.toarray()[five] > 0].tolist()) == {10, 3, 2}


def test_every_project_of_the_tiny_world_is_read(data):
    assert set(data.rows.codes) == set(PROJECTS)
