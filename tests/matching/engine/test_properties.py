"""What holds for every population: symmetry, additivity, range, who is never suggested, monotone,
unknown."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from matching.engine import SIGNALS, Match, Participations, statistics_of
from tests.matching.engine.oracle import Oracle
from tests.matching.engine.populations import (
    CONCEPTS,
    NEWEST,
    changed,
    concepts,
    index_of,
    populations,
    quick,
    segments,
)

OTHER_SIDE = {"a": "b", "b": "a", "": ""}
weights = st.integers(1, 3)


def swapped(match: Match) -> Match:
    """The same match told from the other side."""
    terms = tuple(replace(term, side=OTHER_SIDE[term.side]) for term in match.terms)
    unknown = tuple(
        replace(item, reason=OTHER_SIDE[item.reason[0]] + item.reason[1:]) for item in match.unknown
    )
    return replace(match, a=match.b, b=match.a, terms=terms, unknown=unknown)


def in_any_order(match: Match) -> Match:
    return replace(match, unknown=tuple(sorted(match.unknown, key=repr)))


def frozen(facts):
    """The population with idf, degrees and the reference day as they are now."""
    statistics = statistics_of(facts.profiles, Participations.from_rows(facts.rows))
    return replace(facts, statistics=statistics)


def first_two(facts):
    return facts.profiles[0], facts.profiles[1]


def never_lower(before, after, a, b):
    old, new = index_of(before).match(a, b), index_of(after).match(a, b)
    for signal in SIGNALS:
        assert new.signals[signal] >= old.signals[signal], signal
    return old, new


@quick
@given(populations())
def test_symmetry(facts):
    index = index_of(facts)
    a, b = first_two(facts)
    assert in_any_order(swapped(index.match(a.id, b.id))) == in_any_order(index.match(b.id, a.id))


@quick
@given(populations())
def test_additivity_and_range(facts):
    index = index_of(facts)
    a, b = first_two(facts)
    match = index.match(a.id, b.id)
    assert match.score == sum(match.signals.values()) == sum(t.points for t in match.terms)
    assert tuple(match.signals) == SIGNALS
    for signal, points in match.signals.items():
        assert points == sum(t.points for t in match.terms if t.signal == signal)
        assert 0 <= points <= facts.scoring.weights[signal]
    assert all(term.points > 0 for term in match.terms)
    assert all(0 <= item.possible <= 10_000 - match.score for item in match.unknown)


@quick
@given(populations(), st.sets(st.integers(1, 99), max_size=20))
def test_never_the_same_home_a_colleague_or_an_excluded_one(facts, exclude):
    index, profile = index_of(facts), {p.id: p for p in facts.profiles}
    for a in facts.profiles:
        colleagues = {c.id for c in index.partners(a.id)}
        for match in index.top(a.id, 10, exclude=exclude):
            b = profile[match.b]
            assert b.id not in exclude | colleagues | {a.id}
            assert b.listed
            if a.home is None or b.home is None:
                assert a.country is not None
                assert b.country not in (None, a.country)
            else:
                assert a.home != b.home
            assert match.score > 0


@quick
@given(populations(), st.sampled_from(CONCEPTS), weights)
def test_a_shared_interest_never_lowers_a_signal(facts, concept, weight):
    facts = frozen(facts)
    a, b = first_two(facts)
    held = {p.interests[concept] for p in (a, b) if concept in p.interests}
    assume(not (concept in a.interests and concept in b.interests))
    weight = held.pop() if held else weight
    after = changed(facts, a.id, interests={**a.interests, concept: weight})
    after = changed(after, b.id, interests={**b.interests, concept: weight})
    never_lower(facts, after, a.id, b.id)


@quick
@given(populations(), st.data(), weights)
def test_a_need_that_the_other_offers_never_lowers_a_signal(facts, data, weight):
    facts = frozen(facts)
    a, b = first_two(facts)
    assume(b.offers)
    concept = data.draw(st.sampled_from(sorted(b.offers)))
    weight = max(weight, a.needs.get(concept, 1))
    after = changed(facts, a.id, needs={**a.needs, concept: weight})
    never_lower(facts, after, a.id, b.id)


@quick
@given(populations(), st.data(), weights)
def test_an_offer_that_the_other_needs_never_lowers_a_signal(facts, data, weight):
    facts = frozen(facts)
    a, b = first_two(facts)
    assume(b.needs)
    concept = data.draw(st.sampled_from(sorted(b.needs)))
    after = changed(facts, a.id, offers={**a.offers, concept: weight})
    never_lower(facts, after, a.id, b.id)


@quick
@given(populations(), st.integers(0, 9000), st.booleans(), st.data())
def test_a_third_party_both_have_worked_with_never_lowers_a_signal(facts, age, together, data):
    facts = frozen(facts)
    a, b = first_two(facts)
    others = [p.id for p in facts.profiles[2:]]
    third = data.draw(st.sampled_from([*others, -1, -77]))
    start = NEWEST - age
    second = 1000 if together else 1001
    rows = [
        (1000, a.id, start),
        (1000, third, start),
        (second, b.id, start),
        (second, third, start),
    ]
    after = replace(facts, rows=facts.rows + rows)
    old, new = never_lower(facts, after, a.id, b.id)
    if facts.scoring.weights["track_record"] > 1000 and facts.scoring.tau_track_record < 1000:
        assert new.signals["track_record"] > 0 or old.signals["track_record"] > 0


@quick
@given(populations(), st.randoms(use_true_random=False))
def test_the_same_facts_in_any_order_give_the_same_answers(facts, random):
    before = index_of(facts)
    a, _ = first_two(facts)

    def shuffled(items):
        items = list(items)
        random.shuffle(items)
        return items

    other = replace(
        facts,
        profiles=[
            replace(
                p,
                needs=dict(shuffled(p.needs.items())),
                offers=dict(shuffled(p.offers.items())),
                interests=dict(shuffled(p.interests.items())),
                segments=dict(shuffled(p.segments.items())),
            )
            for p in shuffled(facts.profiles)
        ],
        rows=shuffled(facts.rows),
        edges={pair[::-1]: weight for pair, weight in shuffled(facts.edges.items())},
        fit={pair[::-1]: shuffled(reasons) for pair, reasons in shuffled(facts.fit.items())},
    )
    assert index_of(other).top(a.id, 10) == before.top(a.id, 10)


@quick
@given(populations())
def test_unknown_is_listed_exactly_where_something_is_missing(facts):
    index, oracle = index_of(facts), Oracle(facts)
    a, b = first_two(facts)
    listed = {item.reason for item in index.match(a.id, b.id).unknown}
    for side, profile in (("a", a), ("b", b)):
        missing = {
            "no_needs": not profile.needs,
            "no_offers": not profile.offers,
            "no_interests": not profile.interests,
            "no_segments": not profile.segments,
            "no_projects": not oracle.has_projects(profile.id),
            "region_unknown": profile.home is None,
            "no_record": not oracle.experience(profile.id),
        }
        assert {r for r, gap in missing.items() if gap} == {r[2:] for r in listed if r[0] == side}


@quick
@given(populations(), concepts, concepts, segments)
def test_missing_facts_add_nothing_and_bring_no_more_than_they_promise(
    facts, needs, interests, held
):
    facts = frozen(facts)
    a, b = first_two(facts)
    facts = changed(facts, a.id, needs={}, interests={}, segments={})
    before = index_of(facts).match(a.id, b.id)
    assert not [t for t in before.terms if t.signal == "complementarity" and t.side == "a"]
    assert before.signals["shared_priorities"] == before.signals["value_chain"] == 0
    filled = changed(facts, a.id, needs=needs, interests=interests, segments=held)
    after = index_of(filled).match(a.id, b.id)
    promised = {item.signal: item.possible for item in before.unknown if item.reason[0] == "a"}
    promised |= {u.signal: u.possible for u in before.unknown if u.reason == "a_no_needs"}
    for signal in ("complementarity", "shared_priorities", "value_chain"):
        gain = after.signals[signal] - before.signals[signal]
        assert 0 <= gain <= promised[signal], signal
