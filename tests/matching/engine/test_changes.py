"""What changed since the build, and profiles as they stand now: each question is answered as a new
build with the same statistics would answer it."""

from dataclasses import replace

import pytest

from matching.engine import EngineError, Participations, Profile, UnknownOrganisation
from tests.matching.engine.populations import NEWEST, PRIOR, built


def ids(matches):
    return [match.b for match in matches]


TOWN = [
    Profile(1, 1, "FR", needs={1: 2, 2: 1}, offers={3: 1}, interests={5: 8}, segments={61: 1}),
    Profile(2, 2, "PL", needs={3: 1}, offers={1: 1}, interests={5: 20}, segments={62: 1}),
    Profile(3, 2, "PL", needs={4: 1}, offers={2: 1, 1: 2}, interests={5: 8, 6: 4}),
    Profile(4, 3, "DE", needs={3: 2, 4: 1}, offers={2: 3}, segments={62: 1, 63: 1}, kind=7),
    Profile(5, None, "DE", offers={1: 1}, interests={6: 40}),
    Profile(6, 1, "FR", needs={2: 1}, interests={5: 8, 6: 8}, listed=False),
]
ROWS = [
    (project, member, start)
    for project, start, members in (
        (1, NEWEST, (1, -1, 4)),
        (2, NEWEST - 400, (2, -1)),
        (3, NEWEST - 4000, (3, 4, -2)),
        (4, NEWEST, (3, -1, -2)),
        (5, 0, (6, -2)),
    )
    for member in members
]
PLACES = {-1: (9, "XX"), -2: (2, "PL")}


def town(changes=None, rows=ROWS):
    """The town with some profiles changed, joined (or, None, gone), built anew."""
    now = {p.id: p for p in TOWN} | (changes or {})
    return built([p for p in now.values() if p], rows, PLACES)


def assert_same_answers(index, fresh, members):
    """Every question has the same answer, whatever segments the organisations are in."""
    assert len(index) == len(fresh) == len(members)
    for a in members:
        assert a in index
        for filters in (
            {},
            {"regions": [2, 77]},
            {"countries": ["PL", "QQ"]},
            {"kinds": [7, 8]},
            {"among": [2, 4, 50]},
            {"exclude": [2, 50]},
            {"exposure": 40},
        ):
            assert index.top(a, 10, **filters) == fresh.top(a, 10, **filters), (a, filters)
            assert index.top(a, 1, **filters) == fresh.top(a, 1, **filters), (a, filters)
        assert all(index.match(a, b) == fresh.match(a, b) for b in members if a != b)
        for outside in (False, True):
            assert index.partners(a, outside=outside) == fresh.partners(a, outside=outside)
        assert index.recent_projects(a) == fresh.recent_projects(a)
        (mine, signals), (theirs, expected) = index.signals(a), fresh.signals(a)
        others = [b for b in members if b != a]
        assert index.scores(a, [*others, 10**9]) == fresh.scores(a, others)
        by_id = {int(b): {s: int(v[i]) for s, v in signals.items()} for i, b in enumerate(mine)}
        assert by_id == {
            int(b): {s: int(v[i]) for s, v in expected.items()} for i, b in enumerate(theirs)
        }
    for regions in (1, 2, 3, 77, {1, 2}, {2, 3, 77}, 99):
        assert index.organisations_of(regions) == fresh.organisations_of(regions)
    for left, right in ((1, 2), ({2, 77}, {1, 3}), ({1, 2, 3, 77}, {1, 2, 3, 77})):
        for cap in (None, 1):
            pairs = index.best_pairs(left, right, 5, max_per_organisation=cap)
            assert pairs == fresh.best_pairs(left, right, 5, max_per_organisation=cap)


@pytest.mark.parametrize(
    "profile",
    [
        pytest.param(TOWN[0], id="as indexed"),
        pytest.param(replace(TOWN[0], needs={4: 3, 1: 1}, segments={63: 1}), id="changed"),
        pytest.param(replace(TOWN[0], home=2, country="PL"), id="moved to colleagues' region"),
        pytest.param(replace(TOWN[0], home=88, country="QQ"), id="moved where nobody is"),
        pytest.param(replace(TOWN[0], home=None, country="QQ"), id="in an unheard-of country"),
        pytest.param(replace(TOWN[0], home=None, country=None), id="nowhere known"),
        pytest.param(replace(TOWN[0], needs={901: 3, 2: 1}, interests={902: 4}), id="new concepts"),
        pytest.param(Profile(50, 1, "FR", needs={1: 1}, interests={6: 4}), id="not in the index"),
        pytest.param(Profile(50, 88, "QQ", needs={1: 1}), id="not in the index, from elsewhere"),
        pytest.param(Profile(50), id="empty"),
    ],
)
def test_a_profile_as_it_stands_now_is_answered_as_if_it_were_indexed(profile):
    """Its record is the index's: partners in common, colleagues and experience come with its id."""
    recent = town().top_for(profile, 10)
    fresh = town().with_changes(
        profiles=[profile],
        participations=Participations.from_rows(
            [row for row in ROWS if row[0] == 1 and profile.id == 1]
        ),
        places={**PLACES, 4: (3, "DE")},
    )
    assert recent == fresh.top(profile.id, 10)
    assert 4 not in ids(recent) or profile.id != 1
    for filters in ({"regions": [2]}, {"countries": ["DE"]}, {"exclude": [2, 3]}, {"among": [3]}):
        assert town().top_for(profile, 10, **filters) == fresh.top(profile.id, 10, **filters)


def test_asking_with_a_profile_leaves_the_index_as_it_was():
    index = town()
    before = index.top(1, 10)
    found = index.top_for(replace(TOWN[0], needs={4: 3}), 10)
    assert index.top(1, 10) == before != found
    # the partner in common with 2 and 3 is the index's
    assert {m.b for m in found if m.signals["track_record"]} == {2, 3}
    assert index.top_for(TOWN[0], 10) == before


JOINED = Profile(50, 77, "QQ", {901: 3, 1: 1}, {902: 1, 2: 1}, {903: 40, 5: 8}, {62: 1}, 8)
SECOND = Profile(51, 2, "PL", {902: 1}, {901: 1}, {903: 8}, {61: 1})
NEW_ROWS = [
    (90, 50, NEWEST - 1),
    (90, -90, NEWEST - 1),
    (91, 51, NEWEST),
    (91, -90, NEWEST),
    (91, -1, NEWEST),
]
EVERYWHERE = {p.id: (p.home, p.country) for p in TOWN} | PLACES


def rows_of(members, rows):
    """All rows of the projects that any of these takes part in."""
    projects = {project for project, member, _ in rows if member in members}
    return Participations.from_rows([row for row in rows if row[0] in projects])


def test_some_join_with_concepts_partners_regions_and_countries_of_their_own():
    index = town().with_changes(
        profiles=[JOINED, SECOND],
        participations=rows_of({50, 51}, NEW_ROWS),
        places=EVERYWHERE,
    )
    assert index.changes == 2
    assert_same_answers(
        index, town({50: JOINED, 51: SECOND}, ROWS + NEW_ROWS), [1, 2, 3, 4, 5, 6, 50, 51]
    )
    found = index.match(50, 51)
    # what only they hold, and whom only they know, is as rare as can be: f = 3 / 4 and g = 1
    # give 3500 · (7 / 16 + 3 / 7) = 3031.25; one project each with -90 gives 575
    assert found.signals["complementarity"] == 3031
    assert [(t.key, t.points) for t in found.terms if t.signal == "track_record"] == [(-90, 575)]
    assert ids(index.top(51, 1)) == [50]
    assert ids(index.top(1, 10, regions=[77])) == [50]
    assert ids(index.top(1, 10, countries=["QQ"])) == [50]


def test_some_change_one_leaves_and_comes_back_on_top_of_each_other():
    base, everyone = town(), [1, 2, 3, 4, 5, 6]
    moved = replace(TOWN[1], home=3, country="DE", offers={2: 1}, interests={5: 40}, kind=8)
    first = base.with_changes(
        profiles=[moved], participations=rows_of({2}, ROWS), places=EVERYWHERE
    )
    assert first.changes == 1
    assert_same_answers(first, town({2: moved}), everyone)

    # 3 leaves: it is a partner still, and nobody to be suggested
    second = first.with_changes(
        profiles=[], participations=Participations.from_rows([]), removed=[3]
    )
    assert second.changes == 2
    assert 3 not in second
    with pytest.raises(UnknownOrganisation, match="organisation 3 "):
        second.top(3, 1)
    assert_same_answers(second, town({2: moved, 3: None}), [1, 2, 4, 5, 6])
    assert [c.id for c in second.partners(4)] == [1]
    assert 3 in [c.id for c in second.partners(4, outside=True)]

    # one joins, and 1 has a new project with 6, who is listed now
    listed = replace(TOWN[5], listed=True)
    rows = [*ROWS, (7, 1, NEWEST - 9), (7, 6, NEWEST - 9), (7, -2, NEWEST - 9)]
    third = second.with_changes(
        profiles=[JOINED, TOWN[0], listed],
        participations=rows_of({50, 1, 6}, rows + NEW_ROWS[:2]),
        places=EVERYWHERE,
    )
    assert third.changes == 5
    now = {2: moved, 3: None, 6: listed, 50: JOINED}
    assert_same_answers(third, town(now, rows + NEW_ROWS[:2]), [1, 2, 4, 5, 6, 50])
    assert [c.id for c in third.partners(6)] == [1]

    # 3 comes back as it was, the one who joined goes, 2 is what it was
    fourth = third.with_changes(
        profiles=[TOWN[2], TOWN[1]],
        participations=rows_of({2, 3}, rows),
        places=EVERYWHERE,
        removed=[50],
    )
    assert 50 not in fourth
    assert_same_answers(fourth, town({6: listed}, rows), everyone)
    # none of it has touched the snapshots before
    assert_same_answers(first, town({2: moved}), everyone)
    assert_same_answers(base, town(), everyone)


def test_new_weights_hold_for_what_changed_too():
    index = town().with_changes(
        profiles=[JOINED], participations=rows_of({50}, NEW_ROWS), places=EVERYWHERE
    )
    weights = {**PRIOR.weights, "complementarity": 1500, "shared_priorities": 3500}
    other = replace(PRIOR, version="other", weights=weights)
    fresh = town({50: JOINED}, ROWS + NEW_ROWS[:2]).with_scoring(other)
    assert_same_answers(index.with_scoring(other), fresh, [1, 2, 3, 4, 5, 6, 50])


def test_an_index_of_nobody_takes_changes():
    index = built([]).with_changes(
        profiles=[JOINED, SECOND], participations=rows_of({50, 51}, NEW_ROWS), places=PLACES
    )
    fresh = built([JOINED, SECOND], NEW_ROWS, PLACES)
    assert_same_answers(index, fresh, [50, 51])
    gone = index.with_changes(
        profiles=[], participations=Participations.from_rows([]), removed=[50, 51]
    )
    assert len(gone) == 0
    assert gone.top_for(JOINED, 10) == []


def test_changes_out_of_range_are_refused():
    with pytest.raises(EngineError, match="weight 4"):
        town().with_changes(
            profiles=[Profile(1, needs={1: 4})], participations=Participations.from_rows([])
        )


def test_an_index_with_changes_is_not_saved(tmp_path):
    index = town().with_changes(
        profiles=[], participations=Participations.from_rows([]), removed=[5]
    )
    with pytest.raises(EngineError, match="built anew, not saved"):
        index.save(tmp_path)
    assert not list(tmp_path.iterdir())
