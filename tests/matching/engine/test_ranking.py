"""Rankings as columns hold what the matches say one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from benchmarks import populations
from matching.engine import SIGNALS, MatchIndex, Participations, Population, Profile, Term
from matching.engine.handles import Space
from matching.engine.searching import SPAN
from matching.engine.segment import BLOCK
from matching.engine.telling import SAFE_SUM
from tests.matching.engine.populations import NEWEST, built, index_of, only, quick
from tests.matching.engine.populations import populations as few

SIDES = ("", "a", "b")


def terms_of(index, ranking):
    """The terms of each, as `Match` has them."""
    edges = index.base.edges
    told = []
    for first, last in zip(ranking.term_start[:-1], ranking.term_start[1:], strict=True):
        rows = []
        for signal, name, side, points in ranking.terms[first:last].tolist():
            key, other = edges[name][:2] if SIGNALS[signal] == "value_chain" else (name, None)
            rows.append(Term(SIGNALS[signal], key, points, SIDES[side], other))
        told.append(sorted(rows, key=lambda t: (SIGNALS.index(t.signal), -t.points)))
    return told


def assert_told(index, profile, limit, **narrowed):
    ranking = index.rank_for(profile, limit, **narrowed)
    matches = index.top_for(profile, limit, **narrowed)
    assert ranking.id.tolist() == [match.b for match in matches]
    assert ranking.score.tolist() == [match.score for match in matches]
    assert ranking.signals.tolist() == [[m.signals[s] for s in SIGNALS] for m in matches]
    assert terms_of(index, ranking) == [list(match.terms) for match in matches]
    return matches


@quick
@given(few(), st.integers(1, 5), st.sampled_from((0, 60, -200)))
def test_terms_are_those_of_the_matches(facts, limit, exposure):
    index = index_of(facts)
    for profile in facts.profiles:
        assert_told(index, profile, limit, exposure=exposure)


@quick
@given(few(), few(), st.data())
def test_terms_are_those_of_the_matches_after_changes(facts, other, data):
    ids = [profile.id for profile in facts.profiles]
    changing = set(data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=2)))
    index = index_of(facts).with_changes(
        profiles=[p for p in other.profiles if p.id in changing or p.id not in ids],
        participations=Participations.from_rows(other.rows),
        places=other.places,
        removed=changing - {p.id for p in other.profiles},
    )
    for profile in other.profiles:
        assert_told(index, profile, 6)


def test_hundreds_of_partners_in_common_are_divided_by_largest_remainder():
    """More of them than points, of two kinds, so that many remainders are equal."""
    partners = range(-400, 0)
    rows = [(p, who, NEWEST) for p in partners for who in (1, 2, p)]
    rows += [(1000 + p, who, NEWEST) for p in partners if p % 3 for who in (1, p)]
    profiles = [Profile(1, 1, interests={5: 4}), Profile(2, 2), Profile(3, 2, interests={5: 4})]
    joint = [row for row in rows if row[1] != 2 or row[0] % 2] + [
        (5000 + p, who, NEWEST) for p in partners for who in (3, p)
    ]
    index = built(profiles, joint)
    (match,) = assert_told(index, profiles[0], 5)
    assert match.b == 3
    assert len(match.terms) > 300


@pytest.mark.parametrize("concepts", [37, 38, 45])
def test_terms_at_the_edge_of_64_bits(concepts):
    """Two who meet each other's every need, all points on that: the largest products there are."""
    one, two = range(1, concepts + 1), range(101, 101 + concepts)
    a = Profile(1, 1, needs=dict.fromkeys(one, 3), offers=dict.fromkeys(two, 3))
    b = Profile(2, 3, needs=dict.fromkeys(two, 3), offers=dict.fromkeys(one, 3))
    index = built([a, b]).with_scoring(only("complementarity"))
    ranking = index.rank_for(a, 3)
    assert ranking.score.tolist() == [10_000]
    if concepts * 3 * 85 <= SAFE_SUM:
        assert_told(index, a, 3)
    else:
        assert ranking.terms.tolist() == [[-1, 0, 0, 0]]


def test_a_project_of_ones_own_is_known_to_both_ways_of_asking():
    both = [Profile(i, i, interests={5: 4}) for i in (1, 2)]
    index = built(both, [(1, 1, NEWEST)])
    assert index.top_for(both[0], 3) == index.top(1, 3)


@njit
def spoil(space):
    space.x[:] = 7
    space.sums[:] = 7


def test_a_search_that_fails_leaves_nothing_behind(monkeypatch):
    """What it sums in may hold anything then, so the next one starts from new zeros."""
    index = built([Profile(1, 1, interests={5: 4}), Profile(2, 3, interests={5: 4})])
    expected = index.top(1, 2)

    def fails(*arguments):
        spoil(next(a for a in arguments if isinstance(a, Space)))
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("matching.engine.answering.answer", fails)
        with pytest.raises(MemoryError):
            index.top(1, 2)
    assert index.top(1, 2) == expected


def test_more_blocks_than_are_bounded_at_a_time():
    """The second span goes on with the k-th best of the first, and ends within a block."""
    world = populations.make(populations.LIGHT, SPAN * BLOCK + BLOCK + 77)
    index = MatchIndex.build(
        Population(**world.columns()),
        world.participations,
        world.segment_edges,
        world.region_reasons,
    )
    for a in (3, SPAN * BLOCK + 4_000, 77):
        ids, signals = index.signals(a)
        score = sum(signals.values())
        elsewhere = world.home[ids - 1] != world.home[a - 1]
        may = elsewhere & (score > 0) & (ids != a)
        order = np.lexsort((ids[may], -score[may]))[:50]
        ranking = index.rank(a, 50)
        assert ranking.id.tolist() == ids[may][order].tolist()
        assert ranking.score.tolist() == score[may][order].tolist()


def test_a_sum_of_needs_beyond_what_is_divided_in_64_bits_is_left_to_the_matches():
    heavy = Profile(1, 1, needs=dict.fromkeys(range(1, 100), 3))
    index = built([heavy, Profile(2, 2, offers=dict.fromkeys(range(1, 80), 1))])
    ranking = index.rank_for(heavy, 3)
    assert ranking.terms.tolist() == [[-1, 0, 0, 0]]
    assert ranking.score.tolist() == [index.match(1, 2).score]


def test_nobody_is_an_answer():
    index = built([Profile(1, 1), Profile(2, 3)])
    for limit in (0, 5):
        ranking = index.rank_for(Profile(1, 1), limit)
        assert not len(ranking.id)
        assert ranking.term_start.tolist() == [0]
    empty = MatchIndex.build([], Participations.from_rows([]), {}, {})
    assert not len(empty.rank_for(Profile(1, 1, needs={5: 1}), 3).id)
