"""The index and the brute force agree to the hundredth: scores, order, terms, what is unknown."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from matching.engine import SIGNALS, Participations, statistics_of
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
@given(populations(), st.integers(1, 4), st.sampled_from((0, 0, 30, 750, -200)))
def test_the_ranking_is_the_oracles(facts, limit, exposure):
    index, oracle = index_of(facts), Oracle(facts)
    for a in oracle.profile:
        found = index.top(a, limit, exposure=exposure)
        assert [(m.b, m.score) for m in found] == oracle.top(a, limit, exposure)
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
@given(populations(), st.data())
def test_scores_with_some_are_those_of_each_pair(facts, data):
    index = index_of(facts)
    ids = [p.id for p in facts.profiles]
    for a in facts.profiles:
        others = data.draw(st.lists(st.sampled_from([p for p in ids if p != a.id] or [-1])))
        expected = {b: index.match(a.id, b).score for b in others if b != -1}
        assert index.scores(a.id, [*others, -5]) == expected
        assert index.scores(a, others) == expected


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


@quick
@given(populations(), st.data(), st.integers(1, 4), st.booleans())
def test_changes_on_top_answer_as_a_new_build_would(facts, data, limit, twice):
    """Some profiles and projects of an index change, join or leave; with the statistics of the
    first build, the oracle of the population as it is now says the same."""
    now = replace(
        facts, statistics=statistics_of(facts.profiles, Participations.from_rows(facts.rows))
    )
    ids = [p.id for p in facts.profiles]
    other = data.draw(populations())
    changing = set(data.draw(st.lists(st.sampled_from(ids), unique=True)))
    removed = set(data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=2)))
    stand_in = {p.id: p for p in other.profiles}
    fresh = [
        replace(profile, id=i)
        for i, profile in zip(
            [*sorted(changing - removed), *(i for i in stand_in if i not in ids)],
            other.profiles,
            strict=False,
        )
    ]
    moved = {p.id for p in fresh} | removed
    rows = [row for row in facts.rows if row[0] % 2 == 0 or row[0] < 3]
    everyone = moved | {z for p, z, _ in facts.rows for q, _, _ in facts.rows if p == q}
    known = {p.id: p for p in facts.profiles if p.id not in removed}
    known |= {p.id: p for p in fresh}
    now.profiles, now.rows = list(known.values()), rows
    affected = [p for p in now.profiles if p.id in everyone]
    projects = {p for p, z, _ in rows if z in {x.id for x in affected}}
    table = Participations.from_rows([row for row in rows if row[0] in projects])
    index = index_of(facts)
    if twice and fresh:
        index = index.with_changes(
            profiles=[replace(fresh[0], needs={}, offers={1: 3})],
            participations=Participations.from_rows([(1, fresh[0].id, 736_000), (1, -9, 0)]),
        )
    index = index.with_changes(
        profiles=affected, participations=table, places=facts.places, removed=removed
    )
    oracle = Oracle(now)
    assert len(index) == len(now.profiles)
    for a in oracle.profile:
        assert [(m.b, m.score) for m in index.top(a, limit)] == oracle.top(a, limit)
        for b in oracle.profile:
            if a != b:
                assert as_oracle_says(index.match(a, b)) == oracle.match(a, b)
    for gone in removed - {p.id for p in now.profiles}:
        assert gone not in index
