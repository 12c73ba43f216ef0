"""The synthetic populations: the same every time, and distributed as their docstring says."""

import numpy as np
import pytest

from benchmarks import degrees, populations
from benchmarks.matching.facts import prepare
from benchmarks.populations import World


@pytest.fixture(scope="module")
def network():
    return populations.make("network", 40_000)


def same(one: World, other: World):
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in (*one.columns(), "project", "partner", "start", "edges", "fit")
    )


def test_the_same_seed_gives_the_same_world():
    assert same(populations.make("network", 500), populations.make("network", 500))
    assert not same(populations.make("light", 500), populations.make("light", 500, seed=1))


def test_network_has_the_organisations_of_light(network):
    light = populations.make("light", 40_000)
    assert all(
        np.array_equal(column, network.columns()[name]) for name, column in light.columns().items()
    )
    assert not len(light.project)
    assert len(network.project) > 100_000


def test_everyone_states_seventeen_concepts_of_three_thousand_once_each(network):
    concepts = network.statement_concept.reshape(-1, 17)
    for low, high in ((0, 5), (5, 10), (10, 15), (15, 17)):
        role = np.sort(concepts[:, low:high], axis=1)
        assert (role[:, 1:] > role[:, :-1]).all()
    assert network.statement_field[:17].tolist() == [0] * 5 + [1] * 5 + [2] * 5 + [3] * 2
    assert concepts.min() == 1
    assert concepts.max() == 3000
    assert set(np.unique(network.statement_weight)) == {1, 2, 3}


def test_first_draws_follow_zipf(network):
    first = np.bincount(network.statement_concept.reshape(-1, 17)[:, 0], minlength=3001)
    harmonic = (1 / np.arange(1, 3001)).sum()
    for rank in (1, 2, 10, 100):
        expected = 40_000 / rank / harmonic
        assert abs(first[rank] - expected) < 5 * expected**0.5


def test_regions_lie_in_one_country_each_and_the_largest_is_no_giant(network):
    assert set(np.unique(network.home)) == set(range(1, 301))
    pairs = {*zip(network.home.tolist(), network.country.tolist(), strict=True)}
    assert len(pairs) == 300
    assert len(np.unique(network.country)) == 30
    assert 0.03 < (network.home == 1).mean() < 0.05
    assert set(np.unique(network.kind)) == set(range(1, 11))


def test_degrees_are_those_of_horizon_2020(network):
    """Partners of an organisation there: median 16, 90th percentile 68, 99th 404, greatest
    4,250."""
    degree = np.diff(prepare(network).tie_ptr)
    median, ninety, ninety_nine, most = np.percentile(degree, [50, 90, 99, 100])
    assert 12 <= median <= 20
    assert 55 <= ninety <= 85
    assert 330 <= ninety_nine <= 560
    assert 3_000 <= most <= 7_500


def test_the_committed_table_is_what_the_data_says():
    assert degrees.read() == degrees.measure()


def test_a_resampled_distribution_keeps_its_mean():
    measured = degrees.Distribution.of(degrees.read()[degrees.CONSORTIUM_SIZE])
    drawn = measured.draw(np.random.default_rng(1), 100_000)
    assert set(np.unique(drawn)) <= set(measured.value.tolist())
    assert abs(drawn.mean() - measured.mean) < 0.15


def test_a_world_is_the_same_from_files(tmp_path):
    world = populations.make("network", 300)
    world.save(tmp_path)
    assert same(World.load(tmp_path), world)


def test_an_unknown_population_is_refused():
    with pytest.raises(ValueError, match="heavy"):
        populations.make("heavy", 10)
