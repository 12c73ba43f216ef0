"""Each signal on facts small enough to work out by hand. All idf are 85, all ages 0, unless
said."""

import pytest

from matching.engine import MatchIndex, Participations, Profile, Scoring, Statistics, Term, Unknown

TODAY = 736_000
FLAT = Statistics(profiles=100, exchange={}, interests={}, degrees={}, reference=TODAY)


def match(a, b, *, rows=(), edges=None, fit=None, places=None, statistics=FLAT):
    index = MatchIndex.build(
        [a, b],
        Participations.from_rows(rows),
        edges or {},
        fit or {},
        places=places or {},
        statistics=statistics,
    )
    return index.match(a.id, b.id)


def terms_of(found, signal):
    return [(t.key, t.side, t.points) for t in found.terms if t.signal == signal]


def unknown_of(found, signal):
    return {u.reason: u.possible for u in found.unknown if u.signal == signal}


@pytest.mark.parametrize(
    ("needs_a", "offers_a", "needs_b", "offers_b", "points", "terms"),
    [
        pytest.param({}, {}, {}, {}, 0, [], id="nothing is known"),
        pytest.param({1: 1}, {9: 1}, {2: 1}, {9: 1}, 0, [], id="nothing is met"),
        # f = 1/2: 3500 · 1/8 = 437.5
        pytest.param({1: 1, 2: 1}, {}, {}, {1: 1}, 438, [(1, "a", 438)], id="one-sided"),
        # how strongly b offers changes nothing
        pytest.param({1: 1, 2: 1}, {}, {}, {1: 3}, 438, [(1, "a", 438)], id="strength of offer"),
        # f = 3/4: 3500 · 3/16 = 656.25
        pytest.param({1: 3, 2: 1}, {}, {}, {1: 1}, 656, [(1, "a", 656)], id="weight of need"),
        pytest.param(
            {1: 1}, {2: 1}, {2: 1}, {1: 1}, 3500, [(1, "a", 1750), (2, "b", 1750)], id="perfect"
        ),
        # f = 1/2, g = 1, H = 2/3: 3500 · (3/8 + 1/3) = 2479.17; a's direction 1/8 + 1/6 of 17/24
        pytest.param(
            {1: 1, 3: 1},
            {2: 1},
            {2: 1},
            {1: 1},
            2479,
            [(2, "b", 1458), (1, "a", 1021)],
            id="mutual",
        ),
        # the same concept both ways: 3500 · 1; two halves, equal
        pytest.param(
            {1: 1},
            {1: 1},
            {1: 1},
            {1: 1},
            3500,
            [(1, "a", 1750), (1, "b", 1750)],
            id="same concept",
        ),
        # f = 1, three equal concepts: 875 / 3, the remainder to the lower concepts
        pytest.param(
            {1: 2, 2: 2, 3: 2},
            {},
            {},
            {3: 1, 2: 1, 1: 1},
            875,
            [(1, "a", 292), (2, "a", 292), (3, "a", 291)],
            id="largest remainder",
        ),
    ],
)
def test_complementarity(needs_a, offers_a, needs_b, offers_b, points, terms):
    a = Profile(1, needs=needs_a, offers=offers_a)
    b = Profile(2, needs=needs_b, offers=offers_b)
    found = match(a, b)
    assert found.signals["complementarity"] == points
    assert terms_of(found, "complementarity") == terms


def test_complementarity_says_what_completing_a_direction_could_bring():
    a = Profile(1, offers={2: 1})
    b = Profile(2, needs={2: 1}, offers={1: 1})
    # g = 1 now: 875; f = 1 would make it 3500
    assert unknown_of(match(a, b), "complementarity") == {"a_no_needs": 2625}
    # neither direction can be judged: each by itself could bring a quarter
    assert unknown_of(match(Profile(1), Profile(2)), "complementarity") == {
        "a_no_needs": 875,
        "b_no_offers": 875,
        "b_no_needs": 875,
        "a_no_offers": 875,
    }
    # a need that is known and not met is no gap
    c = Profile(2, needs={2: 1}, offers={3: 1})
    assert unknown_of(match(Profile(1, needs={1: 1}, offers={4: 1}), c), "complementarity") == {}


@pytest.mark.parametrize(
    ("mine", "theirs", "points", "terms"),
    [
        pytest.param({1: 2}, {1: 2}, 1500, [(1, "", 1500)], id="equal"),
        pytest.param({1: 1}, {2: 1}, 0, [], id="apart"),
        # Σ min 1, Σ max 3 + 1 + 2
        pytest.param({1: 3, 2: 1}, {1: 1, 3: 2}, 250, [(1, "", 250)], id="weights"),
        # Σ min 3, Σ max 4: 1125, of which the second concept has two thirds
        pytest.param({1: 1, 2: 2}, {1: 2, 2: 2}, 1125, [(2, "", 750), (1, "", 375)], id="terms"),
    ],
)
def test_shared_priorities(mine, theirs, points, terms):
    found = match(Profile(1, interests=mine), Profile(2, interests=theirs))
    assert found.signals["shared_priorities"] == points
    assert terms_of(found, "shared_priorities") == terms
    assert unknown_of(found, "shared_priorities") == {}


def test_a_rare_priority_says_more_than_a_common_one():
    # idf of a concept that all 100 hold: 85 · ln(101 / 100.5) / ln(101 / 1.5) = 0.1, at least 1
    common = Statistics(100, {}, {2: 100}, {}, TODAY)
    a, b = Profile(1, interests={1: 1, 2: 1}), Profile(2, interests={1: 1, 2: 1})
    found = match(a, b, statistics=common)
    assert terms_of(found, "shared_priorities") == [(1, "", 1483), (2, "", 17)]


EDGES = {(21, 22): 2, (23, 22): 1, (23, 24): 5}


@pytest.mark.parametrize(
    ("mine", "theirs", "points", "terms"),
    [
        # x = 3 of τ = 4: 1500 · 3/7 = 642.86
        pytest.param((21, 22), (22, 23), 643, [(21, 22, 429), (22, 23, 214)], id="two pairs"),
        # both directions of one pair count once: x = 2
        pytest.param((21, 22), (21, 22), 500, [(21, 22, 500)], id="once"),
        pytest.param((21,), (21,), 0, [], id="the same segment is no neighbour"),
        pytest.param((21,), (24,), 0, [], id="not neighbours"),
    ],
)
def test_value_chain(mine, theirs, points, terms):
    a, b = (Profile(i, segments=dict.fromkeys(s, 1)) for i, s in ((1, mine), (2, theirs)))
    found = match(a, b, edges=EDGES)
    assert found.signals["value_chain"] == points
    assert [
        (t.key, t.other_key, t.points) for t in found.terms if t.signal == "value_chain"
    ] == terms


def test_value_chain_says_what_a_segment_could_bring():
    # b holds 22: the edges 21–22 and 22–23 are in reach, 1500 · 3/7
    found = match(Profile(1), Profile(2, segments={22: 1}), edges=EDGES)
    assert unknown_of(found, "value_chain") == {"a_no_segments": 643}
    # both unknown: all edges, 1500 · 8/12
    found = match(Profile(1), Profile(2), edges=EDGES)
    assert unknown_of(found, "value_chain") == {"a_no_segments": 1000, "b_no_segments": 1000}


@pytest.mark.parametrize(
    ("rows", "points", "terms"),
    [
        # selectivity 255, ties 64 and 64: x = 1,044,480, 2000 · x / (x + 400,000) = 1446.18
        pytest.param(
            [(1, 1, TODAY), (1, -5, TODAY), (2, 2, TODAY), (2, -5, TODAY)],
            1446,
            [(-5, "", 1446)],
            id="one fresh two-party project each",
        ),
        # a, b and z together: strength 256 / log2(3) = 161.5 → 162, tie 40.5 → 41
        pytest.param(
            [(1, 1, TODAY), (1, 2, TODAY), (1, -5, TODAY)],
            1035,
            [(-5, "", 1035)],
            id="one project of three",
        ),
        # eight years: strength 64, tie 16 on each side: x = 65,280
        pytest.param(
            [(1, 1, TODAY - 2922), (1, -5, 0), (2, 2, TODAY - 2922), (2, -5, 0)],
            281,
            [(-5, "", 281)],
            id="two half-lives ago",
        ),
        # of unknown age: tie 1 on each side, x = 255, 1.27 hundredths
        pytest.param(
            [(1, 1, 0), (1, -5, 0), (2, 2, 0), (2, -5, 0)], 1, [(-5, "", 1)], id="no date"
        ),
        pytest.param([(1, 1, TODAY), (1, 2, TODAY)], 0, [], id="each other only"),
        pytest.param([(1, 1, TODAY), (2, 2, TODAY)], 0, [], id="alone"),
    ],
)
def test_track_record(rows, points, terms):
    found = match(Profile(1), Profile(2), rows=rows)
    assert found.signals["track_record"] == points
    assert terms_of(found, "track_record") == terms
    assert unknown_of(found, "track_record") == {}


def test_terms_too_small_for_a_hundredth_are_counted_not_listed():
    rows = [(p, o, TODAY) for p, o in ((1, 1), (1, -5), (2, 2), (2, -5))]
    rows += [(p, o, 0) for p, o in ((3, 1), (3, -6), (4, 2), (4, -6))]
    found = match(Profile(1), Profile(2), rows=rows)
    assert terms_of(found, "track_record") == [(-5, "", 1446)]
    assert found.zero_terms == {"track_record": 1}
    assert found.score == sum(t.points for t in found.terms) == 1446


def test_regional_fit_divides_among_its_reasons():
    a, b = Profile(1, home=8), Profile(2, home=3)
    found = match(a, b, fit={(3, 8): [(7, 2500), (9, 5000), (11, 0)]})
    assert found.signals["regional_fit"] == 600
    assert terms_of(found, "regional_fit") == [(9, "", 400), (7, "", 200)]
    assert unknown_of(found, "regional_fit") == {}
    # known, but nothing is known to fit: no gap
    assert unknown_of(match(a, b), "regional_fit") == {}
    assert unknown_of(match(Profile(1), b), "regional_fit") == {"a_region_unknown": 800}


@pytest.mark.parametrize(
    ("start", "place", "counts"),
    [
        pytest.param(TODAY, (5, None), True, id="another region"),
        pytest.param(TODAY, (1, "FR"), False, id="the same region"),
        pytest.param(TODAY, (None, "PL"), True, id="another country"),
        pytest.param(TODAY, (None, "FR"), False, id="region unknown, same country"),
        pytest.param(TODAY, (None, None), False, id="place unknown"),
        pytest.param(TODAY - 3652, (5, None), True, id="ten years ago"),
        pytest.param(TODAY - 3653, (5, None), False, id="longer ago"),
        pytest.param(0, (5, None), False, id="no date"),
    ],
)
def test_experience_counts_recent_interregional_projects(start, place, counts):
    a, b = Profile(1, home=1, country="FR"), Profile(2, home=2, country="FR")
    found = match(a, b, rows=[(1, 1, start), (1, -5, start)], places={-5: place})
    # n = 1 of τ = 5 on one side: 700 · 1/12 = 58.33; b's record could add 700/2, a's too
    assert found.signals["experience"] == (58 if counts else 0)
    assert terms_of(found, "experience") == ([(1, "a", 58)] if counts else [])
    assert unknown_of(found, "experience") == (
        {"b_no_record": 350} if counts else {"a_no_record": 350, "b_no_record": 350}
    )


def test_experience_of_both_is_shared_by_the_lower_id_first():
    a, b = Profile(2, home=1), Profile(1, home=2)
    found = match(a, b, rows=[(1, 1, TODAY), (1, 2, TODAY)])
    # 700 · 1/6 = 116.67, two equal halves
    assert terms_of(found, "experience") == [(1, "b", 59), (2, "a", 58)]


def test_a_match_adds_up_and_says_everything_at_once():
    a = Profile(1, home=1, country="FR", needs={1: 1}, interests={2: 1})
    b = Profile(2, home=2, country="PL", offers={1: 1}, interests={2: 1})
    found = match(a, b, fit={(1, 2): [(4, 10_000)]})
    assert found.score == 875 + 1500 + 800
    assert found.terms == (
        Term("complementarity", 1, 875, "a"),
        Term("shared_priorities", 2, 1500),
        Term("regional_fit", 4, 800),
    )
    assert Unknown("track_record", "a_no_projects", 2000) in found.unknown


def test_weights_and_constants_can_be_changed_without_a_new_index():
    a, b = Profile(1, interests={2: 1}), Profile(2, interests={2: 1})
    index = MatchIndex.build([a, b], Participations.from_rows([]), {}, {})
    weights = dict.fromkeys(Scoring().weights, 0) | {"shared_priorities": 10_000}
    other = index.with_scoring(Scoring(version="only priorities", weights=weights))
    assert (index.match(1, 2).score, other.match(1, 2).score) == (1500, 10_000)
