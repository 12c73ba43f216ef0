"""Each signal on facts small enough to work out by hand. All idf are 85, all selectivities 4096,
unless said; weights and constants are those of `PRIOR`."""

from dataclasses import replace

import pytest

from matching.engine import MatchIndex, Participations, Profile, Statistics, Term, Unknown
from tests.matching.engine.populations import PRIOR, only

TODAY = 736_000
FLAT = Statistics(profiles=100, exchange={}, interests={}, degrees={}, reference=TODAY)


def match(a, b, *, rows=(), edges=None, fit=None, places=None, statistics=FLAT):
    index = MatchIndex.build(
        [a, b],
        Participations.from_rows(rows),
        edges or {},
        fit or {},
        places=places or {},
        scoring=PRIOR,
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
        # strength 40 is value 255: x = 65,025, 66.025 = 2⁶ · 1.0316, 1500 · 6.0316 / 8 = 1130.93
        pytest.param({1: 40}, {1: 40}, 1131, [(1, "", 1131)], id="the strongest"),
        # strength 8 is value 51: x = 2601, 3.601 = 2 · 1.8005, 1500 · 1.8005 / 8 = 337.59
        pytest.param({1: 8}, {1: 8}, 338, [(1, "", 338)], id="three projects each"),
        pytest.param({1: 40}, {2: 40}, 0, [], id="apart"),
        # strength 4 is value 25.5, half up 26; what is not shared takes nothing away:
        # x = 255 · 26 = 6630, 7.63 = 2² · 1.9075, 1500 · 2.9075 / 8 = 545.16
        pytest.param({1: 40, 2: 4}, {1: 4, 3: 8}, 545, [(1, "", 545)], id="strong and weak"),
        # x = 51 · 51 + 255 · 51 = 15,606, 16.606 = 2⁴ · 1.0379, 1500 · 4.0379 / 8 = 757.10,
        # five sixths of it from the second
        pytest.param(
            {1: 8, 2: 40}, {1: 8, 2: 8}, 757, [(2, "", 631), (1, "", 126)], id="terms by product"
        ),
        # x = 4 · 65,025 = 260,100; eight doublings are full at 255 τ = 255,000
        pytest.param(
            dict.fromkeys((1, 2, 3, 4), 40),
            dict.fromkeys((1, 2, 3, 4), 40),
            1500,
            [(1, "", 375), (2, "", 375), (3, "", 375), (4, "", 375)],
            id="full",
        ),
        # x = 3 · 65,025 = 195,075, 196.075 = 2⁷ · 1.5318, 1500 · 7.5318 / 8 = 1412.22
        pytest.param(
            dict.fromkeys((1, 2, 3), 40),
            dict.fromkeys((1, 2, 3), 40),
            1412,
            [(1, "", 471), (2, "", 471), (3, "", 470)],
            id="not quite full",
        ),
    ],
)
def test_shared_priorities(mine, theirs, points, terms):
    found = match(Profile(1, interests=mine), Profile(2, interests=theirs))
    assert found.signals["shared_priorities"] == points
    assert terms_of(found, "shared_priorities") == terms
    assert unknown_of(found, "shared_priorities") == {}


def test_missing_priorities_could_bring_the_whole_signal():
    found = match(Profile(1), Profile(2, interests={1: 40}))
    assert unknown_of(found, "shared_priorities") == {"a_no_interests": 1500}


def test_a_rare_priority_says_more_than_a_common_one():
    # idf of a concept that all 100 hold: 85 · ln(101 / 100.5) / ln(101 / 1.5) = 0.1, at least 1;
    # values 255 and 255 · √(1 / 85) = 27.7; x = 255² + 28² = 65,809,
    # 66.809 = 2⁶ · 1.0439, 1500 · 6.0439 / 8 = 1133.23; 1133 · 28² / x = 13.498
    common = Statistics(100, {}, {2: 100}, {}, TODAY)
    a, b = Profile(1, interests={1: 40, 2: 40}), Profile(2, interests={1: 40, 2: 40})
    found = match(a, b, statistics=common)
    assert terms_of(found, "shared_priorities") == [(1, "", 1120), (2, "", 13)]


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


def joint(first, a, b, partner, projects, start=TODAY):
    """So many projects of a with the partner, and as many of b."""
    return [
        (first + 2 * k + side, member, start)
        for k in range(projects)
        for side, one in enumerate((a, b))
        for member in (one, partner)
    ]


@pytest.mark.parametrize(
    ("rows", "points", "terms"),
    [
        # ties 32 and 32: x = 4096 · 1024 = 4,194,304, 5.194 = 2² · 1.2986,
        # 2000 · 2.2986 / 8 = 574.64
        pytest.param(joint(0, 1, 2, -5, 1), 575, [(-5, "", 575)], id="one project each"),
        pytest.param(joint(0, 1, 2, -5, 1, 0), 575, [(-5, "", 575)], id="age does not count"),
        pytest.param(
            [(1, 1, TODAY), (1, 2, TODAY), (1, -5, TODAY)],
            575,
            [(-5, "", 575)],
            id="the size of the consortium does not count",
        ),
        # three joint projects are a tie of 64: x = 16,777,216, 17.777 = 2⁴ · 1.1111,
        # 2000 · 4.1111 / 8 = 1027.77
        pytest.param(joint(0, 1, 2, -5, 3), 1028, [(-5, "", 1028)], id="three projects each"),
        # 255 are a tie of 255, at its highest: x = 266,342,400, full from 255,000,000 on
        pytest.param(joint(0, 1, 2, -5, 255), 2000, [(-5, "", 2000)], id="full"),
        # x = 16,777,216 + 4,194,304, 21.972 = 2⁴ · 1.3732, 2000 · 4.3732 / 8 = 1093.30,
        # of which the closer one has four fifths: 874.4
        pytest.param(
            joint(0, 1, 2, -5, 3) + joint(900, 1, 2, -6, 1),
            1093,
            [(-5, "", 874), (-6, "", 219)],
            id="two partners",
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


def test_a_partner_of_many_says_less():
    # degree 64, selectivity 4096 / 8 = 512: x = 524,288, 1.524: 2000 · 0.5243 / 8 = 131.07
    hub = Statistics(100, {}, {}, {-5: 64}, TODAY)
    found = match(Profile(1), Profile(2), rows=joint(0, 1, 2, -5, 1), statistics=hub)
    assert terms_of(found, "track_record") == [(-5, "", 131)]


def test_missing_projects_could_bring_the_whole_signal():
    found = match(Profile(1), Profile(2), rows=[(1, 1, TODAY), (1, -5, TODAY)])
    assert unknown_of(found, "track_record") == {"b_no_projects": 2000}


def test_terms_too_small_for_a_hundredth_are_counted_not_listed():
    # selectivity of a partner of 10⁹ is 1: x = 4,194,304 + 1024, 2000 · 2.2988 / 8 = 574.71,
    # of which the hub has 575 · 1024 / x = 0.14
    hub = Statistics(100, {}, {}, {-6: 10**9}, TODAY)
    rows = joint(0, 1, 2, -5, 1) + joint(9, 1, 2, -6, 1)
    found = match(Profile(1), Profile(2), rows=rows, statistics=hub)
    assert terms_of(found, "track_record") == [(-5, "", 575)]
    assert found.zero_terms == {"track_record": 1}
    assert found.score == sum(t.points for t in found.terms) == 575


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
    # n = 1 is level 255 / 6, half up 43: 700 · 43 / 510 = 59.02; the highest level of the other
    # would make it 700 · (43 + 255) / 510 = 409.02
    assert found.signals["experience"] == (59 if counts else 0)
    assert terms_of(found, "experience") == ([(1, "a", 59)] if counts else [])
    assert unknown_of(found, "experience") == (
        {"b_no_record": 350} if counts else {"a_no_record": 350, "b_no_record": 350}
    )


def test_experience_of_both_is_shared_by_the_lower_id_first():
    a, b = Profile(2, home=1), Profile(1, home=2)
    found = match(a, b, rows=[(p, o, TODAY) for p in range(5) for o in (1, 2)])
    # n = 5 is level 127.5, half up 128: 700 · 256 / 510 = 351.37, two equal halves
    assert terms_of(found, "experience") == [(1, "b", 176), (2, "a", 175)]


def test_a_match_adds_up_and_says_everything_at_once():
    a = Profile(1, home=1, country="FR", needs={1: 1}, interests={2: 40})
    b = Profile(2, home=2, country="PL", offers={1: 1}, interests={2: 40})
    found = match(a, b, fit={(1, 2): [(4, 10_000)]})
    assert found.score == 875 + 1131 + 800
    assert found.terms == (
        Term("complementarity", 1, 875, "a"),
        Term("shared_priorities", 2, 1131),
        Term("regional_fit", 4, 800),
    )
    assert Unknown("track_record", "a_no_projects", 2000) in found.unknown


def test_weights_and_constants_can_be_changed_without_a_new_index():
    a, b = Profile(1, interests={2: 40}), Profile(2, interests={2: 40})
    index = MatchIndex.build([a, b], Participations.from_rows([]), {}, {}, scoring=PRIOR)
    # idf of a concept that both of two hold: 85 · ln(3 / 2.5) / ln(3 / 1.5) = 22.4;
    # value 255 · √(22 / 85) = 129.7, x = 130² = 16,900, 17.9 = 2⁴ · 1.1188
    assert index.match(1, 2).score == 772  # 1500 · 4.1188 / 8 = 772.27
    other = index.with_scoring(only("shared_priorities"))
    assert other.match(1, 2).score == 5148  # 10,000 · 4.1188 / 8 = 5148.44
    # one doubling of the two that make it full
    slower = replace(other.scoring, tau_priorities=16_900, doublings_priorities=2)
    assert index.with_scoring(slower).match(1, 2).score == 5000
    assert index.match(1, 2).score == 772
