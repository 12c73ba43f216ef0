"""The pruned search over several blocks is nothing but ranking everybody: `signals` of all, the
rules of who may be suggested, a sort."""

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pytest

from matching.engine import (
    INTERESTS,
    NEEDS,
    OFFERS,
    SEGMENTS,
    SIGNALS,
    MatchIndex,
    Participations,
    Population,
    Profile,
    Statistics,
)
from matching.engine.segment import BLOCK
from tests.matching.engine.oracle import fame_of
from tests.matching.engine.populations import NEWEST, PRIOR, only, rows_from

REGIONS = 40
COUNTRIES = np.array(["", "AT", "CZ", "DE", "FR", "IT", "PL", "QQ"])
CHAIN = tuple(range(9_001, 9_201))
GIANTS = 8
"""The first so many organisations state hundreds of things."""

CHOIR = 300
"""The next so many are all alike."""


@dataclass
class World:
    """A population with an index of it, and what the rules need to know, by organisation."""

    population: Population
    rows: list
    edges: dict
    fit: dict
    index: MatchIndex
    gone: set = field(default_factory=set)

    @cached_property
    def partners(self):
        """Organisation → with whom it worked."""
        members = {}
        for project, member, _ in self.rows:
            members.setdefault(project, set()).add(member)
        found = {}
        for together in members.values():
            for one in together:
                found.setdefault(one, set()).update(together - {one})
        return found

    def position(self, ids):
        order = np.argsort(self.population.id)
        return order[np.searchsorted(self.population.id[order], ids)]

    @cached_property
    def fame(self):
        """By position."""
        ids = self.population.id.tolist()
        projects = Counter(member for _, member in {row[:2] for row in self.rows})
        return np.array([fame_of(len(self.partners.get(i, ())), projects[i]) for i in ids])

    def ranked(self, a, scoring, exposure, allowed):
        """(id, score) of everybody who may be suggested to `a`, best first; `allowed` by
        position."""
        index, p = self.index.with_scoring(scoring), self.population
        ids, signals = index.signals(a)
        score = sum(signals[s] for s in SIGNALS)
        at, own = self.position(ids), int(self.position([a])[0])
        home, country = p.home[at], p.country[at]
        across = (home != p.home[own]) if p.home[own] else np.zeros(len(at), dtype=bool)
        known = (home > 0) & (p.home[own] > 0)
        lands = (country != "") & (p.country[own] != "") & (country != p.country[own])
        fits = np.where(known, across, lands)
        fits &= p.listed[at] & allowed[at] & (score > 0)
        fits &= ~np.isin(ids, [a, *self.partners.get(a, ())])
        rank = score - np.floor(exposure * self.fame[at] / 16 + 0.5).astype(np.int64)
        order = np.lexsort((ids[fits], -rank[fits]))
        return list(zip(ids[fits][order].tolist(), score[fits][order].tolist(), strict=True))


def world(seed, organisations, concepts):
    """Organisations in 40 regions, some unknown; popular and rare concepts; projects with hubs."""
    rng = np.random.default_rng(seed)
    ids = np.sort(rng.choice(np.arange(1, 5 * organisations), organisations, replace=False))
    home = rng.integers(1, REGIONS + 1, organisations)
    country = COUNTRIES[1 + home % 6]
    home[rng.random(organisations) < 0.05] = 0
    country[rng.random(organisations) < 0.05] = ""
    kind = rng.integers(0, 5, organisations)
    listed = rng.random(organisations) > 0.03
    alike = slice(GIANTS, GIANTS + CHOIR)
    statements = []
    chance = 1 / np.arange(3, concepts + 3)
    for number, mean, heaviest in ((NEEDS, 4, 3), (OFFERS, 5, 3), (INTERESTS, 3, 10)):
        held = rng.poisson(mean, organisations)
        held[alike] = 0
        held[:GIANTS] = min(350, concepts)
        who = np.repeat(np.arange(organisations), held)
        what = 1 + rng.choice(concepts, len(who), p=chance / chance.sum())
        giants = np.repeat(np.arange(GIANTS), min(350, concepts))
        what[: len(giants)] = np.concatenate(
            [1 + rng.permutation(concepts)[: min(350, concepts)] for _ in range(GIANTS)]
        )
        weight = rng.integers(1, heaviest + 1, len(who))
        weight[: len(giants)] = np.minimum(weight[: len(giants)], 3)
        statements.append((who, np.full(len(who), number), what, weight))
        choir = np.arange(organisations)[alike]
        for concept in (2, 7):
            same = np.ones(len(choir), dtype=np.int64)
            statements.append((choir, same * number, same * concept, same * 2))
    chained = np.concatenate(
        [np.repeat(np.arange(GIANTS), 150), rng.integers(GIANTS, organisations, organisations // 3)]
    )
    statements.append(
        (
            chained,
            np.full(len(chained), SEGMENTS),
            rng.choice(CHAIN, len(chained)),
            np.ones(len(chained), dtype=np.int64),
        )
    )
    who, number, what, weight = (np.concatenate(column) for column in zip(*statements, strict=True))
    population = Population(
        id=ids,
        home=home,
        country=country,
        kind=kind,
        listed=listed,
        statement_organisation=ids[who],
        statement_field=number.astype(np.uint8),
        statement_concept=what,
        statement_weight=weight.astype(np.uint8),
    )
    hubs = np.concatenate([ids[:GIANTS], ids[-20:], np.arange(-12, 0)])
    rows = []
    for project in range(organisations // 5):
        size = int(rng.integers(2, 9))
        members = {*rng.choice(ids, size).tolist(), *rng.choice(hubs, 2).tolist()}
        start = int(rng.choice([0, NEWEST - 5000, NEWEST - 100, NEWEST]))
        rows += [(project, member, start) for member in sorted(members)]
    pairs = {tuple(sorted(rng.choice(CHAIN, 2, replace=False).tolist())) for _ in range(700)}
    edges = {pair: int(rng.integers(1, 6)) for pair in sorted(pairs)}
    fit = {
        (r, s): [(1, int(rng.integers(0, 5000))), (2, int(rng.integers(0, 5000)))]
        for r in range(1, REGIONS + 1)
        for s in range(r, REGIONS + 1)
        if rng.random() < 0.5
    }
    index = MatchIndex.build(population, Participations.from_rows(rows), edges, fit, scoring=PRIOR)
    assert len(index) > 2 * BLOCK
    return World(population, rows, edges, fit, index)


def changed(before, seed):
    """Some profiles changed, some gone, some new with a project of their own."""
    rng = np.random.default_rng(seed)
    p = before.population
    chosen = rng.choice(len(p), 260, replace=False)
    going, changing = chosen[:60], chosen[60:]
    newest = int(p.id.max())
    fresh = [
        Profile(
            int(p.id[i]) if i >= 0 else newest + k,
            int(rng.integers(1, REGIONS + 3)),
            str(rng.choice(COUNTRIES[1:])),
            *(
                dict.fromkeys(rng.integers(1, 70, 6).tolist(), int(rng.integers(1, 4)))
                for _ in range(3)
            ),
            dict.fromkeys(rng.choice(CHAIN, 2).tolist(), 1),
            int(rng.integers(0, 6)) or None,
            bool(rng.random() < 0.9),
        )
        for k, i in enumerate([*changing.tolist(), *[-1] * 30], start=1)
    ]
    joined = [profile.id for profile in fresh if profile.id > newest]
    rows = before.rows + [
        (10**6 + i // 3, member, NEWEST)
        for i, member in enumerate(m for one in joined for m in (one, -5, -99))
    ]
    moved = {profile.id for profile in fresh}
    projects = {project for project, member, _ in rows if member in moved}
    places = {
        i: (h or None, c or None)
        for i, h, c in zip(p.id.tolist(), p.home.tolist(), p.country.tolist(), strict=True)
    }
    index = before.index.with_changes(
        profiles=fresh,
        participations=Participations.from_rows([row for row in rows if row[0] in projects]),
        places=places,
        removed=p.id[going].tolist(),
    )
    assert index.changes == 290
    keep = np.ones(len(p), dtype=np.bool_)
    keep[chosen] = False
    columns = Population.from_profiles(fresh)
    now = replace(
        p,
        **{
            name: np.concatenate([getattr(p, name)[keep], getattr(columns, name)])
            for name in ("id", "home", "country", "kind", "listed")
        },
    )
    return World(now, rows, before.edges, before.fit, index)


@pytest.fixture(scope="module")
def few():
    return world(1, 9_000, 60)


@pytest.fixture(scope="module")
def many():
    return world(2, 12_700, 2_000)


@pytest.fixture(scope="module")
def few_in_rows():
    """Every concept as a value of everybody, none as a list; those who join later too."""
    with rows_from(0):
        one = changed(world(7, 8_500, 60), 8)
    assert not len(one.index.base.segment.postings.local)
    return one


@pytest.fixture(scope="module")
def few_changed(few):
    return changed(few, 3)


@pytest.fixture(scope="module")
def many_changed(many):
    return changed(many, 4)


def askers(one):
    """A giant, one of the choir, one of unknown home, one without statements of its own, the last
    (a hub, or one that joined) and some others."""
    p = one.population
    stated = set(p.statement_organisation.tolist())
    silent = next((i for i in p.id.tolist() if i not in stated), int(p.id[50]))
    nowhere = int(p.id[(p.home == 0) & (p.country != "")][0])
    some = np.random.default_rng(5).choice(p.id, 3, replace=False).tolist()
    return [int(p.id[0]), int(p.id[GIANTS + 5]), nowhere, silent, int(p.id[-1]), *some]


def anybody(one):
    return np.ones(len(one.population), dtype=np.bool_)


def assert_ranked(one, a, limits, *, scoring=PRIOR, exposure=0, allowed=None, **filters):
    expected = one.ranked(a, scoring, exposure, anybody(one) if allowed is None else allowed)
    index = one.index.with_scoring(scoring)
    for limit in limits:
        ranking = index.rank(a, limit, exposure=exposure, **filters)
        found = list(zip(ranking.id.tolist(), ranking.score.tolist(), strict=True))
        assert found == expected[:limit], (a, limit, filters)
    assert index.top(a, 3, exposure=exposure, **filters) == [
        index.match(a, b) for b, _ in expected[:3]
    ]
    return expected


WORLDS = pytest.mark.parametrize(
    "name", ["few", "few_in_rows", "many", "few_changed", "many_changed"]
)


def test_the_worlds_have_lists_and_rows(few, many):
    for one in (few, many):
        postings = one.index.base.segment.postings
        assert len(postings.local)
        assert len(postings.values)
        assert len(postings.bits)


@WORLDS
def test_the_best_are_the_first_of_everybody_ranked(name, request):
    one = request.getfixturevalue(name)
    equals = 0
    for number, a in enumerate(askers(one)):
        expected = assert_ranked(one, a, (1, 20, 300) if number % 4 == 1 else (1, 20))
        equals += len(expected[:300]) - len({score for _, score in expected[:300]})
    assert equals > 100


@WORLDS
def test_narrowed_to_regions_countries_kinds_and_some(name, request):
    one = request.getfixturevalue(name)
    p = one.population
    some = np.random.default_rng(6).choice(p.id, 700, replace=False)
    for a in askers(one)[:5]:
        best = [b for b, _ in one.ranked(a, PRIOR, 0, anybody(one))[:30]]
        for filters, allowed in (
            ({"regions": [3, 17, 41, 99]}, np.isin(p.home, [3, 17, 41, 99])),
            ({"countries": ["PL", "QQ"]}, np.isin(p.country, ["PL", "QQ"])),
            ({"kinds": [0, 3]}, np.isin(p.kind, [0, 3])),
            ({"among": some.tolist()}, np.isin(p.id, some)),
            ({"exclude": best}, ~np.isin(p.id, best)),
            (
                {"countries": ["DE", "FR"], "kinds": [1, 2, 4], "exclude": best},
                np.isin(p.country, ["DE", "FR"])
                & np.isin(p.kind, [1, 2, 4])
                & ~np.isin(p.id, best),
            ),
        ):
            assert_ranked(one, a, (20,), allowed=allowed, **filters)


@WORLDS
@pytest.mark.parametrize("exposure", [1, 200, -750])
def test_reordered_by_how_well_known_they_are(name, exposure, request):
    one = request.getfixturevalue(name)
    for a in askers(one)[:4]:
        assert_ranked(one, a, (1, 60), exposure=exposure)


@WORLDS
@pytest.mark.parametrize("signal", SIGNALS)
def test_under_any_weights(name, signal, request):
    """With one signal alone thousands are equal, or score nothing and are not suggested."""
    one = request.getfixturevalue(name)
    for a in askers(one)[:5]:
        assert_ranked(one, a, (1, 40), scoring=only(signal))


def test_under_other_constants(many):
    quick = replace(
        PRIOR,
        tau_value_chain=1,
        tau_priorities=1,
        doublings_priorities=24,
        tau_track_record=2_000,
        doublings_track_record=3,
    )
    for a in askers(many):
        assert_ranked(many, a, (1, 60), scoring=quick)


@pytest.mark.parametrize("name", ["many", "many_changed"])
def test_every_giant_is_answered_like_anybody(name, request):
    """Hundreds of needs, offers and segments: their lists could leave the bounds' 16 bits."""
    one = request.getfixturevalue(name)
    stated = one.index.base.segment.postings
    assert len(stated.concept) > 4_000
    for a in np.sort(one.population.id)[:3].tolist():
        for exposure in (0, 60):
            assert_ranked(one, a, (1, 30), exposure=exposure)


def test_strong_interests_without_number():
    """Each of 58 equal interests brings up to 1,132 hundredths, 65,656 together."""
    everything = dict.fromkeys(range(1, 59), 40)
    profiles = [
        Profile(1, 1, interests=everything),
        *(Profile(i, 2, interests={1: 40}) for i in range(2, 60)),
        Profile(999, 2, interests=everything),
    ]
    rare = {"exchange": {}, "interests": {}, "degrees": {}, "reference": 0}
    index = MatchIndex.build(
        profiles,
        Participations.from_rows([]),
        {},
        {},
        scoring=PRIOR,
        statistics=Statistics(profiles=10**6, **rare),
    )
    assert [(m.b, m.score) for m in index.top(1, 1)] == [(999, 1500)]
