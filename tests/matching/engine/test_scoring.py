"""The arithmetic itself, at the edges of 64 bits, against fractions."""

from dataclasses import replace
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matching.engine import MatchIndex, Participations, Profile, Statistics, points, scoring
from tests.matching.engine.oracle import Facts, Oracle, growth
from tests.matching.engine.populations import PRIOR, index_of, quick

W = 10_000
wide = st.integers(0, 2**20)


def exactly(f: Fraction, g: Fraction) -> int:
    s = (f + g) / 4 + (f * g / (f + g) if f + g else 0)
    return floor(W * s + Fraction(1, 2))


@quick
@given(wide, wide, wide, wide)
@example(2**20, 2**20, 2**20, 2**20)
@example(2**20 - 1, 2**20, 2**20 - 2, 2**20 - 1)
@example(1, 2**20, 2**20, 2**20)
@example(0, 0, 0, 0)
@example(0, 0, 7, 8)
def test_complementarity_is_exact(met_a, rest_a, met_b, rest_b):
    all_a, all_b = min(2**20, met_a + rest_a), min(2**20, met_b + rest_b)
    met_a, met_b = min(met_a, all_a), min(met_b, all_b)
    expected = exactly(Fraction(met_a, all_a or 1), Fraction(met_b, all_b or 1))
    assert scoring.complementarity(W, met_a, all_a, met_b, all_b) == expected
    assert points.complementarity(W, met_a, all_a, met_b, all_b) == expected


@quick
@given(st.integers(0, 2**70), st.integers(1, 2**70))
def test_half_up(numerator, denominator):
    expected = floor(Fraction(numerator, denominator) + Fraction(1, 2))
    assert scoring.half_up(numerator, denominator) == expected


def test_nothing_of_nothing_is_nothing():
    assert scoring.half_up(0, 0) == 0


@quick
@given(st.integers(0, 10_000), st.lists(st.integers(1, 255**3), min_size=1, max_size=40))
def test_apportionment(points, weights):
    parts = scoring.apportion(points, weights)
    assert sum(parts) == points
    exact = [Fraction(points * weight, sum(weights)) for weight in weights]
    assert all(abs(part - share) < 1 for part, share in zip(parts, exact, strict=True))
    assert scoring.apportion_many(points, np.array(weights)).tolist() == parts


def test_apportionment_without_terms():
    assert scoring.apportion(0, []) == []
    assert scoring.apportion_many(0, np.zeros(0, dtype=np.int64)).tolist() == []


def test_organisations_with_thousands_of_statements_stay_exact():
    """Sums of 2,048 needs leave what four factors may have in 64 bits; answers stay the
    oracle's."""
    many = range(1, 2049)
    facts = Facts(
        profiles=[
            Profile(1, 1, needs=dict.fromkeys(many, 3), offers={c: 1 for c in many if c % 3}),
            *(
                Profile(
                    k,
                    2,
                    needs={c: 1 + c % 3 for c in many if c % k},
                    offers={c: 1 for c in many if c % (k + 1) > 1},
                )
                for k in range(2, 10)
            ),
        ],
        scoring=PRIOR,
        statistics=Statistics(10**6, {}, {}, {}, 0),
    )
    index, oracle = index_of(facts), Oracle(facts)
    ids, signals = index.signals(1)
    for b, found in zip(ids.tolist(), signals["complementarity"].tolist(), strict=True):
        if b != 1:
            assert found == index.match(1, b).score == oracle.match(1, b)[0]


def test_hubs_with_thousands_of_the_closest_partners_in_common_stay_exact():
    """The strongest ties and the highest selectivity, for each of 1,000 partners."""
    statistics = Statistics(2, {}, {}, {}, 700_000)
    joint = 255
    rows = [
        (1000 * z + side * joint + k, member, 700_000)
        for z in range(1, 1001)
        for side in (0, 1)
        for k in range(joint)
        for member in (side + 1, -z)
    ]
    index = MatchIndex.build(
        [Profile(1, 1), Profile(2, 2)],
        Participations.from_rows(rows),
        {},
        {},
        scoring=replace(PRIOR, tau_track_record=(1 << 24) - 1, doublings_track_record=24),
        statistics=statistics,
    )
    x = 1000 * 4096 * 255**2
    tau = (1 << 24) - 1
    expected = floor(2000 * growth(x, tau, 24) + Fraction(1, 2))
    (found,) = index.top(1, 1)
    assert found.signals["track_record"] == expected == sum(t.points for t in found.terms)
    assert found.zero_terms == {}
    assert [t.key for t in found.terms[: expected - 1000]] == list(range(-1000, expected - 2000))


@quick
@given(st.integers(0, 10_000), st.integers(0, 2**41), st.integers(1, 2**24 - 1), st.integers(1, 24))
def test_growth_is_exact_in_both_readings(w, x, tau, doublings):
    expected = floor(w * growth(x, tau, doublings) + Fraction(1, 2))
    assert scoring.growing(w, x, tau, doublings) == expected
    assert points.growing(w, x, tau, doublings) == expected


@quick
@given(st.integers(0, 10_000), wide, wide, wide, wide)
@example(10_000, 2**20, 2**20, 2**20, 2**20)
@example(10_000, 1, 2**20, 2**20 - 1, 2**20)
@example(1, 2, 4, 0, 1)
def test_compiled_complementarity_is_exact(w, met_a, rest_a, met_b, rest_b):
    all_a, all_b = min(2**20, met_a + rest_a), min(2**20, met_b + rest_b)
    sums = min(met_a, all_a), all_a, min(met_b, all_b), all_b
    assert points.complementarity(w, *sums) == scoring.complementarity(w, *sums)


@pytest.mark.parametrize(("level_a", "level_b"), [(0, 0), (1, 0), (255, 255), (255, 3), (17, 4)])
def test_experience_is_exact(level_a, level_b):
    expected = floor(W * Fraction(level_a + level_b, 510) + Fraction(1, 2))
    assert scoring.experience(W, level_a, level_b) == expected
