import pytest

from matching.engine import (
    EngineError,
    MatchIndex,
    Participations,
    Profile,
    UnknownOrganisation,
)
from tests.matching.engine.populations import PRIOR, built

DAY = 736_000


@pytest.fixture(scope="module")
def index():
    """Ten like-minded organisations in three regions of two countries; 1 and 21 already work
    together.

    Both concepts are held by all: idf 2, value 4 of strength 4 and 39 of strength 40. So the strong
    (2, 12 …) share x = 16 + 39² = 1537, 238 hundredths; a strong and a weak one 16 + 4 · 39 = 172,
    32 hundredths; the weak 32, 6 hundredths. 1 and 21 have two recent projects across regions,
    level 73, which brings 100 hundredths to any pair of theirs.
    """
    homes = {1: (1, "FR"), 2: (1, "FR"), 11: (2, "FR"), 12: (2, "FR"), 13: (2, "FR")}
    homes |= {21: (3, "PL"), 22: (3, "PL"), 31: (None, "PL"), 32: (None, "FR"), 33: (None, None)}
    profiles = [
        Profile(i, home, country, interests={1: 4, 2: 40 if i % 10 == 2 else 4})
        for i, (home, country) in homes.items()
    ]
    rows = [(7, 1, DAY), (7, 21, DAY), (8, 1, DAY - 50), (8, 21, DAY - 50), (8, -4, DAY - 50)]
    return MatchIndex.build(profiles, Participations.from_rows(rows), {}, {}, scoring=PRIOR)


def ids(matches):
    return [match.b for match in matches]


def test_the_best_come_first_and_equals_by_id(index):
    found = [(match.b, match.score) for match in index.top(2, 10)]
    assert found == [(12, 238), (22, 238), (21, 132), (11, 32), (13, 32), (31, 32)]
    assert ids(index.top(1, 10)) == [12, 22, 11, 13, 31]
    assert ids(index.top(2, 3)) == [12, 22, 21]
    assert index.top(2, 0) == []


def test_an_unknown_home_is_matched_across_known_countries_only(index):
    assert ids(index.top(31, 10)) == [1, 2, 12, 32, 11, 13]
    assert ids(index.top(33, 10)) == []


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"regions": [2]}, [12, 11, 13]),
        ({"regions": []}, []),
        ({"regions": [99]}, []),
        ({"countries": ["PL"]}, [22, 21, 31]),
        ({"countries": ["XX"]}, []),
        ({"among": [13, 22, 33, 1]}, [22, 13]),
        ({"among": []}, []),
        ({"exclude": [12, 21]}, [22, 11, 13, 31]),
        ({"kinds": []}, []),
        ({"kinds": [0, 5]}, [12, 22, 21, 11, 13, 31]),
        ({"kinds": [5]}, []),
        ({"regions": [2, 3], "countries": ["PL"], "exclude": [22]}, [21]),
    ],
)
def test_narrowed(index, limits, expected):
    assert ids(index.top(2, 10, **limits)) == expected


def test_colleagues_are_listed_apart(index):
    assert 21 not in ids(index.top(1, 10))
    assert [(c.id, c.projects, c.last) for c in index.partners(1)] == [(21, 2, DAY)]
    everyone = [(c.id, c.projects, c.last) for c in index.partners(1, outside=True)]
    assert everyone == [(21, 2, DAY), (-4, 1, DAY - 50)]
    assert index.match(1, 21).score > 0


def test_pairs_between_regions(index):
    pairs = [(m.a, m.b) for m in index.best_pairs(1, 3, 10)]
    assert pairs == [(2, 22), (1, 22), (2, 21)]
    back = [(m.b, m.a) for m in index.best_pairs(3, 1, 10)]
    assert back == pairs
    assert [(m.a, m.b) for m in index.best_pairs(1, 3, 10, max_per_organisation=1)] == [(2, 22)]
    assert len(index.best_pairs(1, {2, 3}, 100)) == 9
    assert index.best_pairs(1, 1, 10) == []


def test_organisations_of_a_region(index):
    assert index.organisations_of(2) == [11, 12, 13]
    assert index.organisations_of({1, 3}) == [1, 2, 21, 22]
    assert index.organisations_of(99) == []


@pytest.mark.parametrize(
    "ask", [lambda i: i.top(5, 1), lambda i: i.match(1, 5), lambda i: i.partners(5)]
)
def test_unknown_organisations_are_named(index, ask):
    with pytest.raises(UnknownOrganisation, match="organisation 5 is not in the index"):
        ask(index)


def test_nobody_is_matched_with_itself(index):
    with pytest.raises(EngineError, match="itself"):
        index.match(1, 1)


def test_membership(index):
    assert 1 in index
    assert 5 not in index
    assert 1000 not in index
    assert len(index) == 10


def test_kinds_narrow_down_and_zero_is_the_unknown():
    kinds = {2: None, 3: 1, 4: 2, 5: 63}
    index = built(
        [Profile(1, 1, interests={1: 4}, kind=1)]
        + [Profile(i, 2, interests={1: 4}, kind=kind) for i, kind in kinds.items()]
    )
    assert ids(index.top(1, 10)) == [2, 3, 4, 5]
    assert ids(index.top(1, 10, kinds=[1, 63])) == [3, 5]
    assert ids(index.top(1, 10, kinds=(2, 2))) == [4]
    assert ids(index.top(1, 10, kinds=[0])) == [2]
    assert ids(index.top(1, 10, kinds=[7])) == []
    assert ids(index.top_for(Profile(9, 1, interests={1: 4}), 10, kinds={63})) == [5]


def test_one_that_is_not_listed_asks_and_is_suggested_to_nobody():
    index = built(
        [
            Profile(1, 1, interests={1: 4}, listed=False),
            Profile(2, 2, interests={1: 4}),
            Profile(3, 3, interests={1: 4}),
        ]
    )
    assert ids(index.top(1, 10)) == [2, 3]
    assert ids(index.top(2, 10)) == [3]
    assert ids(index.top(2, 10, among=[1])) == []
    # in the index nevertheless: explained, counted, of its region
    assert (
        index.match(2, 1).score
        == index.match(2, 3).score
        - index.match(2, 3).signals["regional_fit"]
        + index.match(2, 1).signals["regional_fit"]
    )
    assert index.organisations_of(1) == [1]
    # no pair has it, on whichever side it stands
    assert [(m.a, m.b) for m in index.best_pairs({1, 2}, 3, 10)] == [(2, 3)]
    assert index.best_pairs(1, {2, 3}, 10) == []
    assert index.best_pairs({2, 3}, 1, 10) == []


@pytest.fixture(scope="module")
def famous():
    """2 has fifteen partners, four doublings, and 1131 hundredths with 1; 3 has none and 947."""
    rows = [row for p in range(1, 16) for row in ((p, 2, 0), (p, -p, 0))]
    return built(
        [Profile(i, home, interests={1: s}) for i, home, s in ((1, 1, 40), (2, 4, 40), (3, 4, 20))],
        rows,
    )


@pytest.mark.parametrize(
    ("exposure", "order"),
    [
        (0, [2, 3]),
        # 4 · 46 = 184 = 1131 - 947: equals come by id
        (46, [2, 3]),
        (47, [3, 2]),
        (250, [3, 2]),
        (-750, [2, 3]),
    ],
)
def test_exposure_reorders_and_never_changes_a_score(famous, exposure, order):
    scores = {2: 1131, 3: 947}
    found = famous.top(1, 10, exposure=exposure)
    assert [(m.b, m.score) for m in found] == [(i, scores[i]) for i in order]
    assert all(m == famous.match(1, m.b) for m in found)
    assert ids(famous.top(1, 1, exposure=exposure)) == order[:1]


def test_a_well_known_one_comes_last_and_is_not_lost(famous):
    # 4 · 750 = 3000 off a score of 1131: a rank below 0
    assert ids(famous.top(1, 10, exposure=750)) == [3, 2]
    assert ids(famous.top(1, 10, exposure=750, among=[2])) == [2]


@pytest.mark.parametrize("exposure", [751, -751])
def test_exposure_beyond_its_limits_is_refused(famous, exposure):
    with pytest.raises(EngineError, match=f"exposure {exposure}"):
        famous.top(1, 10, exposure=exposure)
    with pytest.raises(EngineError, match=f"exposure {exposure}"):
        famous.top_for(Profile(9, 1, interests={1: 4}), 10, exposure=exposure)


def test_ids_beyond_32_bits():
    big = 1 << 40
    index = built([Profile(i, i, interests={5: 8}) for i in (1, 2, big, big + 3)])
    assert ids(index.top(1, 10)) == [2, big, big + 3]
    assert ids(index.top(big, 10, exclude=[1, big + 3])) == [2]
    assert big + 2 not in index
