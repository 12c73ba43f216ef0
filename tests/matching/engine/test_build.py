from datetime import date

import pytest

from matching.engine import BuildError, MatchIndex, Participations, Profile, Scoring, statistics_of
from matching.engine.types import default_weights

NONE = Participations.from_rows([])


@pytest.mark.parametrize(
    ("profiles", "message"),
    [
        ([Profile(1), Profile(1)], "id 1 is repeated"),
        ([Profile(0)], "not above 0"),
        ([Profile(1, home=0)], "home region 0"),
        ([Profile(1, needs={5: 4})], "needs, concept 5: weight 4"),
        ([Profile(1, offers={5: 0})], "offers, concept 5: weight 0"),
        ([Profile(1, interests=dict.fromkeys(range(4097), 1))], "4097 interests"),
    ],
)
def test_profiles_that_are_refused(profiles, message):
    with pytest.raises(BuildError, match=message):
        MatchIndex.build(profiles, NONE, {}, {})


@pytest.mark.parametrize("edges", [{(1, 1): 1}, {(1, 2): 0}, {(1, 2): 256}, {(1, 2): 1, (2, 1): 2}])
def test_edges_that_are_refused(edges):
    with pytest.raises(BuildError, match="edge of segments"):
        MatchIndex.build([Profile(1)], NONE, edges, {})


@pytest.mark.parametrize(
    "fit",
    [
        {(1, 2): [(1, 10_001)]},
        {(1, 2): [(1, 6000), (2, 6000)]},
        {(1, 2): [(1, -1)]},
        {(1, 2): [(1, 5), (1, 5)]},
        {(1, 2): [(-1, 5)]},
        {(1, 2): [(2**31, 5)]},
        {(1, 2): [(1, 5)], (2, 1): [(1, 6)]},
    ],
)
def test_regional_fit_that_is_refused(fit):
    with pytest.raises(BuildError, match="regions"):
        MatchIndex.build([Profile(1)], NONE, {}, fit)


def test_a_pair_given_in_both_orders_counts_once():
    index = MatchIndex.build(
        [Profile(1, 1, segments={1: 1}), Profile(2, 2, segments={2: 1})],
        NONE,
        {(1, 2): 4, (2, 1): 4},
        {(1, 2): [(1, 5000)], (2, 1): [(1, 5000)]},
    )
    found = index.match(1, 2)
    assert (found.signals["value_chain"], found.signals["regional_fit"]) == (750, 400)


@pytest.mark.parametrize(
    "change",
    [
        {"weights": default_weights() | {"experience": 701}},
        {"weights": default_weights() | {"experience": -1, "regional_fit": 1501}},
        {"weights": {"experience": 10_000}},
        {"tau_priorities": 0},
        {"doublings_track_record": 25},
        {"tau_track_record": 1 << 24},
        {"tau_value_chain": 2.5},
    ],
)
def test_scoring_that_is_refused(change):
    with pytest.raises(BuildError):
        Scoring(**change)


def test_participations_that_are_refused():
    rows = Participations.from_rows([(1, 1, 5)])
    with pytest.raises(BuildError, match="differ in length"):
        statistics_of([], Participations(rows.project, rows.partner[:0], rows.start))
    with pytest.raises(BuildError, match="ordinal"):
        statistics_of([], Participations.from_rows([(1, 1, -5)]))


def test_statistics_count_what_quantisation_depends_on():
    profiles = [
        Profile(1, needs={1: 1}, offers={1: 2, 2: 1}, interests={3: 1}),
        Profile(2, offers={2: 1}, interests={3: 1, 4: 1}),
    ]
    day = date(2017, 12, 18)
    rows = [
        (1, 1, day),
        (1, 2, day),
        (1, 2, None),
        (2, 1, date(2015, 1, 1)),
        (2, -1, None),
        (3, 2, None),
    ]
    found = statistics_of(profiles, Participations.from_rows(rows))
    assert found.profiles == 2
    assert found.exchange == {1: 1, 2: 2}
    assert found.interests == {3: 2, 4: 1}
    assert found.degrees == {1: 2, 2: 1, -1: 1}
    assert found.reference == day.toordinal()


def test_repeated_rows_count_once_and_the_latest_start_holds():
    once = [(1, 1, 700_100), (1, 2, 700_100), (1, -1, 700_100)]
    profiles = [Profile(1, 1), Profile(2, 2)]
    plain = MatchIndex.build(profiles, Participations.from_rows(once), {}, {})
    again = [*once, (1, 2, 0), (1, 1, 699_000), (1, 1, 700_100)]
    repeated = MatchIndex.build(profiles, Participations.from_rows(again), {}, {})
    assert plain.match(1, 2) == repeated.match(1, 2)
    assert [(c.id, c.projects, c.last) for c in repeated.partners(1)] == [(2, 1, 700_100)]


def test_an_empty_population():
    index = MatchIndex.build([], NONE, {}, {})
    assert len(index) == 0
    assert 1 not in index
    assert index.best_pairs(1, 2, 5) == []
