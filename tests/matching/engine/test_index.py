import pytest

from matching.engine import EngineError, MatchIndex, Participations, Profile, UnknownOrganisation

DAY = 736_000


@pytest.fixture(scope="module")
def index():
    """Ten like-minded organisations in three regions of two countries; 1 and 21 already work
    together."""
    homes = {1: (1, "FR"), 2: (1, "FR"), 11: (2, "FR"), 12: (2, "FR"), 13: (2, "FR")}
    homes |= {21: (3, "PL"), 22: (3, "PL"), 31: (None, "PL"), 32: (None, "FR"), 33: (None, None)}
    profiles = [
        Profile(i, home, country, interests={1: 1, 2: 3 if i % 10 == 2 else 1})
        for i, (home, country) in homes.items()
    ]
    rows = [(7, 1, DAY), (7, 21, DAY), (8, 1, DAY - 50), (8, 21, DAY - 50), (8, -4, DAY - 50)]
    return MatchIndex.build(profiles, Participations.from_rows(rows), {}, {})


def ids(matches):
    return [match.b for match in matches]


def test_the_best_come_first_and_equals_by_id(index):
    assert ids(index.top(2, 10)) == [12, 22, 21, 11, 13, 31]
    assert ids(index.top(1, 10)) == [11, 13, 31, 12, 22]
    assert ids(index.top(2, 3)) == [12, 22, 21]
    assert index.top(2, 0) == []


def test_an_unknown_home_is_matched_across_known_countries_only(index):
    assert ids(index.top(31, 10)) == [1, 11, 13, 2, 12, 32]
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
