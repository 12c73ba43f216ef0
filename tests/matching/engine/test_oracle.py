"""The index and the brute force agree to the hundredth: scores, order, terms, what is unknown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import SIGNALS, matrix, statistics_of
from matching.engine import index as index_module
from matching.engine.types import Participations
from tests.matching.engine.oracle import Oracle
from tests.matching.engine.populations import index_of, populations, quick


def as_oracle_says(match):
    return (
        match.score,
        dict(match.signals),
        [(t.signal, t.key, t.other_key, t.side, t.points) for t in match.terms],
        dict(match.zero_terms),
        [(u.signal, u.reason, u.possible) for u in match.unknown],
    )


@quick
@given(populations(most=4))
def test_every_pair_is_explained_as_the_oracle_explains_it(facts):
    index, oracle = index_of(facts), Oracle(facts)
    for a in oracle.profile:
        for b in oracle.profile:
            if a != b:
                assert as_oracle_says(index.match(a, b)) == oracle.match(a, b)


@quick
@given(populations(), st.integers(1, 4))
def test_the_ranking_is_the_oracles(facts, limit):
    index, oracle = index_of(facts), Oracle(facts)
    for a in oracle.profile:
        found = index.top(a, limit)
        assert [(m.b, m.score) for m in found] == oracle.top(a, limit)
        assert all(m == index.match(a, m.b) for m in found)


@quick
@given(populations())
def test_signals_of_everyone_at_once_are_those_of_each_pair(facts):
    index = index_of(facts)
    for a in [p.id for p in facts.profiles]:
        ids, signals = index.signals(a)
        for column, b in enumerate(ids.tolist()):
            if a != b:
                together = {signal: int(signals[signal][column]) for signal in SIGNALS}
                assert together == index.match(a, b).signals


@quick
@given(populations(), st.data(), st.integers(1, 6), st.none() | st.integers(1, 2))
def test_best_pairs_are_the_oracles(facts, data, limit, most):
    index, oracle = index_of(facts), Oracle(facts)
    ids = st.lists(st.sampled_from([p.id for p in facts.profiles]), unique=True)
    left, right = data.draw(ids), data.draw(ids)
    found = index.best_pairs_between(left, right, limit, max_per_organisation=most)
    pairs = [(min(m.a, m.b), max(m.a, m.b), m.score) for m in found]
    assert pairs == oracle.best_pairs(left, right, limit, most)
    assert all(m.a in left and m.b in right for m in found)
    back = index.best_pairs_between(right, left, limit, max_per_organisation=most)
    assert [(min(m.a, m.b), max(m.a, m.b), m.score) for m in back] == pairs


@quick
@given(populations())
def test_large_questions_cut_into_pieces_have_the_same_answers(facts):
    index, ids = index_of(facts), [p.id for p in facts.profiles]
    whole = [index.top(a, 9) for a in ids], index.best_pairs_between(ids, ids, 9)
    with pytest.MonkeyPatch.context() as small:
        small.setattr(matrix, "CHUNK", 2)
        small.setattr(index_module, "BLOCK", 3)
        small.setattr(index_module, "SORTED_AT_ONCE", 1)
        pieces = [index.top(a, 9) for a in ids], index.best_pairs_between(ids, ids, 9)
    assert pieces == whole


@quick
@given(populations())
def test_who_already_works_together_is_what_the_projects_say(facts):
    index, oracle = index_of(facts), Oracle(facts)
    for a in oracle.profile:
        found = index.partners(a, outside=True)
        expected = [
            (-len(joint), -max(oracle.start[p] for p in joint), z)
            for z, joint in oracle.partners(a).items()
        ]
        assert [(-c.projects, -c.last, c.id) for c in found] == sorted(expected)
        assert [c for c in found if c.id in oracle.profile] == index.partners(a)


@quick
@given(populations())
def test_the_statistics_of_the_same_facts_change_nothing(facts):
    plain = index_of(facts)
    facts.statistics = statistics_of(facts.profiles, Participations.from_rows(facts.rows))
    frozen, oracle = index_of(facts), Oracle(facts)
    first = facts.profiles[0].id
    for other in [p.id for p in facts.profiles[1:]]:
        assert plain.match(first, other) == frozen.match(first, other)
        assert as_oracle_says(frozen.match(first, other)) == oracle.match(first, other)
