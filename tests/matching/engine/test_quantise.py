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
    # halves go up: 255 / 2 = 127.5, 255 / 6 = 42.5
    [(0, 255), (2, 255), (4, 128), (16, 64), (64, 43), (3358, 22), (10**9, 9)],
)
def test_selectivity(degree, expected):
    assert quantise.selectivity(degree) == expected


@pytest.mark.parametrize(
    ("size", "age", "expected"),
    # a half-life is 1,461 days; 256 / log2(3) = 161.5
    [
        (1, 0, 256),
        (2, 0, 256),
        (2, 1461, 128),
        (4, 0, 128),
        (3, 0, 162),
        (2, 10**6, 1),
        (9, None, 1),
    ],
)
def test_project_strength(size, age, expected):
    assert quantise.project_strength(size, age) == expected


@quick
@given(st.integers(1, 10**7), st.integers(0, 10**7), st.integers(0, 20_000))
def test_floating_point_rounds_as_fifty_digits_do(number, frequency, age):
    frequency = min(number, frequency)
    assert quantise.idf(number, frequency) == oracle.idf_of(number, frequency)
    assert quantise.selectivity(number) == oracle.selectivity_of(number)
    size = number % 300 + 1
    assert quantise.project_strength(size, age) == oracle.strength_of(size, age)
