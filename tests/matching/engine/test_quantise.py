import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import quantise
from tests.matching.engine import oracle
from tests.matching.engine.populations import quick


@pytest.mark.parametrize(
    ("profiles", "frequency", "expected"),
    # 85 · ln(101 / 10.5) / ln(101 / 1.5) = 45.7
    [(100, 0, 85), (100, 1, 85), (100, 10, 46), (100, 100, 1), (1, 1, 85), (1, 5, 1)],
)
def test_idf(profiles, frequency, expected):
    assert quantise.idf(profiles, frequency) == expected


@pytest.mark.parametrize(
    ("degree", "expected"),
    # 4096 / √3358 = 70.7
    [(0, 4096), (1, 4096), (4, 2048), (64, 512), (3358, 71), (10**9, 1)],
)
def test_selectivity(degree, expected):
    assert quantise.selectivity(degree) == expected


@pytest.mark.parametrize(
    ("projects", "tie", "strength"),
    [(1, 32, 4), (3, 64, 8), (7, 96, 12), (5, 83, 10), (999, 255, 40)],
)
def test_joint_projects(projects, tie, strength):
    """Twice as many (plus one) always count the same: 5 are 32 · log2(6) = 82.7."""
    assert quantise.tie(projects) == tie
    assert quantise.strength(projects) == strength


@pytest.mark.parametrize(
    ("strength", "idf", "expected"), [(40, 85, 255), (4, 85, 26), (4, 1, 3), (1, 1, 1), (40, 1, 28)]
)
def test_interest_value(strength, idf, expected):
    assert quantise.interest_value(strength, idf) == expected


@pytest.mark.parametrize(("recent", "level"), [(0, 0), (1, 43), (5, 128), (10**6, 255)])
def test_experience_level(recent, level):
    assert quantise.experience_level(recent) == level


@quick
@given(st.integers(1, 10**7), st.integers(0, 10**7), st.integers(1, 40), st.integers(1, 85))
def test_floating_point_rounds_as_exact_arithmetic_does(number, frequency, strength, idf):
    frequency = min(number, frequency)
    assert quantise.idf(number, frequency) == oracle.idf_of(number, frequency)
    assert quantise.selectivity(number) == oracle.selectivity_of(number)
    assert quantise.tie(number % 300 + 1) == oracle.tie_of(number % 300 + 1)
    assert quantise.familiarity(number % 5000, strength) == oracle.fame_of(number % 5000, strength)
    assert quantise.interest_value(strength, idf) == oracle.value_of(strength, idf)
