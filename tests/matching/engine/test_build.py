from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from matching.engine import (
    INTERESTS,
    NEEDS,
    OFFERS,
    SEGMENTS,
    BuildError,
    MatchIndex,
    Participations,
    Population,
    Profile,
    statistics_of,
)
from tests.matching.engine.populations import PRIOR

NONE = Participations.from_rows([])


@pytest.mark.parametrize(
    ("profiles", "message"),
    [
        ([Profile(1), Profile(1)], "id 1 is repeated"),
        ([Profile(0)], "not above 0"),
        ([Profile(1, home=0)], "home region 0"),
        ([Profile(1, needs={5: 4})], "needs, concept 5: weight 4"),
        ([Profile(1, offers={5: 0})], "offers, concept 5: weight 0"),
        ([Profile(1, interests={5: 41})], "interests, concept 5: weight 41"),
        ([Profile(1, kind=64)], "organisation 1: its kind is not 0 to 63"),
        ([Profile(1, interests=dict.fromkeys(range(4097), 1))], "4097 interests"),
    ],
)
def test_profiles_that_are_refused(profiles, message):
    with pytest.raises(BuildError, match=message):
        MatchIndex.build(profiles, NONE, {}, {})


def columns(statements, ids=(1, 2)):
    """These organisations and (organisation, field, concept, weight) as columns."""
    table = np.array(statements, dtype=np.int64).reshape(-1, 4)
    return Population(
        id=np.array(ids, dtype=np.int64),
        home=np.array(ids, dtype=np.int64),
        country=np.array([""] * len(ids)),
        kind=np.zeros(len(ids), dtype=np.int64),
        listed=np.ones(len(ids), dtype=np.bool_),
        statement_organisation=table[:, 0],
        statement_field=table[:, 1].astype(np.uint8),
        statement_concept=table[:, 2],
        statement_weight=table[:, 3].astype(np.uint8),
    )


def test_columns_in_any_order_say_what_profiles_say():
    statements = [
        (2, OFFERS, 5, 1),
        (1, NEEDS, 6, 1),
        (2, INTERESTS, 5, 40),
        (1, NEEDS, 5, 1),
        (2, SEGMENTS, 7, 1),
        (1, INTERESTS, 5, 4),
        (1, NEEDS, 5, 3),
        (1, NEEDS, 5, 2),
        (1, INTERESTS, 5, 2),
    ]
    profiles = [
        Profile(1, 1, needs={5: 3, 6: 1}, interests={5: 4}),
        Profile(2, 2, offers={5: 1}, interests={5: 40}, segments={7: 1}),
    ]
    build = {"participations": NONE, "segment_edges": {}, "region_fit": {}, "scoring": PRIOR}
    index = MatchIndex.build(columns(statements), **build)
    assert index.match(1, 2) == MatchIndex.build(profiles, **build).match(1, 2)
    # concept 5 has idf 22 of (2, 2), concept 6 the highest, 85: f = 66 / 151; 875 · f = 382.45
    assert index.match(1, 2).signals["complementarity"] == 382


@pytest.mark.parametrize(
    ("population", "message"),
    [
        (columns([(3, NEEDS, 5, 1)]), "a statement of organisation 3, which is not there"),
        (columns([(1, 4, 5, 1)]), "a statement of field 4"),
        (columns([(2, SEGMENTS, 5, 4)]), "organisation 2, segments, concept 5: weight 4"),
        (columns([], ids=(2, 2)), "id 2 is repeated"),
        (replace(columns([]), kind=np.zeros(1, dtype=np.int64)), "differ in length"),
        (columns([(1, NEEDS, c, 1) for c in range(1, 4098)]), "4097 statements of one field"),
    ],
)
def test_columns_that_are_refused(population, message):
    with pytest.raises(BuildError, match=message):
        MatchIndex.build(population, NONE, {}, {})


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
        {(1, 2): [(1, 2**63 - 1)]},
        {(1, 2): [(1, 2**64)]},
        {(0, 1): [(1, 5)]},
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
        scoring=PRIOR,
    )
    # x = 4 of τ = 4: half of 1500; half of the mass: half of 800
    found = index.match(1, 2)
    assert (found.signals["value_chain"], found.signals["regional_fit"]) == (750, 400)


@pytest.mark.parametrize(
    "change",
    [
        {"weights": {**PRIOR.weights, "experience": 701}},
        {"weights": {**PRIOR.weights, "experience": -1, "regional_fit": 1501}},
        {"weights": {"experience": 10_000}},
        {"tau_priorities": 0},
        {"doublings_track_record": 25},
        {"tau_track_record": 1 << 24},
        {"tau_value_chain": 2.5},
    ],
)
def test_scoring_that_is_refused(change):
    with pytest.raises(BuildError):
        replace(PRIOR, **change)


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
    # every concept that is stated at all is there, in both
    assert found.exchange == {1: 1, 2: 2, 3: 0, 4: 0}
    assert found.interests == {1: 0, 2: 0, 3: 2, 4: 1}
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
