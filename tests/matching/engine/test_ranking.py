"""Rankings as columns hold what the matches say one by one."""

from hypothesis import given
from hypothesis import strategies as st

from matching.engine import SIGNALS, MatchIndex, Participations, Profile, Term
from tests.matching.engine.populations import NEWEST, built, index_of, populations, quick

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
@given(populations(), st.integers(1, 5), st.sampled_from((0, 60, -200)))
def test_terms_are_those_of_the_matches(facts, limit, exposure):
    index = index_of(facts)
    for profile in facts.profiles:
        assert_told(index, profile, limit, exposure=exposure)


@quick
@given(populations(), populations(), st.data())
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
