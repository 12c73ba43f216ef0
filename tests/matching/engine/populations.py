"""Small random populations for Hypothesis, crowded enough that facts meet, with gaps in every
place."""

from contextlib import contextmanager, nullcontext
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from matching.engine import SIGNALS, MatchIndex, Participations, Profile, Scoring, Statistics, build
from tests.matching.engine.oracle import Facts

quick = settings(max_examples=100, deadline=None, derandomize=True)

REGIONS = (1, 2, 3)
COUNTRIES = ("FR", "PL", "DE")
CONCEPTS = tuple(range(1, 8))
SEGMENTS = tuple(range(21, 27))
OUTSIDE = (-1, -2, -3)
NEWEST = 736_000

PRIOR = Scoring(
    version="prior",
    weights={
        "complementarity": 3500,
        "shared_priorities": 1500,
        "value_chain": 1500,
        "track_record": 2000,
        "regional_fit": 800,
        "experience": 700,
    },
    tau_value_chain=4,
    tau_priorities=1_000,
    doublings_priorities=8,
    tau_track_record=1_000_000,
    doublings_track_record=8,
)
"""What the values worked out by hand stand on; the defaults of `Scoring` may be learned anew."""


FLAT = Statistics(profiles=100, exchange={}, interests={}, degrees={}, reference=NEWEST)
"""Statistics under which everything is as rare as can be."""

TOWN_EDGES = {(61, 62): 3, (62, 63): 1}
TOWN_FIT = {(1, 2): [(4, 5000)], (2, 3): [(4, 2500), (5, 5000)]}


def built(profiles, rows=(), places=None) -> MatchIndex:
    """A few organisations as an index by `PRIOR` and `FLAT`."""
    return MatchIndex.build(
        profiles,
        Participations.from_rows(rows),
        TOWN_EDGES,
        TOWN_FIT,
        places=places or {},
        scoring=PRIOR,
        statistics=FLAT,
    )


def only(signal):
    """All weight on one signal."""
    weights = dict.fromkeys(SIGNALS, 0) | {signal: 10_000}
    return replace(PRIOR, version=f"only {signal}", weights=weights)


STARTS = (0, NEWEST, NEWEST - 1, NEWEST - 700, NEWEST - 3652, NEWEST - 3653, NEWEST - 9000)


def digits(number, base):
    while number:
        number, digit = divmod(number, base)
        yield digit


def statements(concepts):
    """Concept → weight, half of the concepts held; drawn as one number, which is ten times
    quicker."""
    return st.integers(0, 6 ** len(concepts) - 1).map(
        lambda n: {c: d - 2 for c, d in zip(concepts, digits(n, 6), strict=False) if d > 2}
    )


def pairs_of(items):
    return [(low, high) for i, low in enumerate(items) for high in items[i:]]


@st.composite
def scorings(draw):
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=5, max_size=5)))
    parts = [high - low for low, high in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    return Scoring(
        version="random",
        weights=dict(zip(SIGNALS, parts, strict=True)),
        tau_value_chain=draw(st.integers(1, 12)),
        tau_priorities=draw(st.integers(1, 20_000)),
        doublings_priorities=draw(st.integers(1, 9)),
        tau_track_record=draw(st.integers(1, 2_000_000)),
        doublings_track_record=draw(st.integers(1, 24)),
    )


places = st.tuples(st.sampled_from((None, *REGIONS)), st.sampled_from((None, *COUNTRIES)))
concepts = statements(CONCEPTS)
interests = concepts.map(lambda held: {c: (1, 4, 40)[w - 1] for c, w in held.items()})
segments = statements(SEGMENTS)
edges = statements([pair for pair in pairs_of(SEGMENTS) if pair[0] < pair[1]])
reasons = st.integers(0, 9**5 - 1).map(lambda n: [(r, 250 * d) for r, d in enumerate(digits(n, 9))])
fits = st.dictionaries(st.sampled_from(pairs_of(REGIONS)), reasons, max_size=5)


@st.composite
def populations(draw, least=2, most=6):
    ids = draw(st.lists(st.integers(1, 99), min_size=least, max_size=most, unique=True))
    profiles = [
        Profile(
            i,
            *draw(places),
            draw(concepts),
            draw(concepts),
            draw(interests),
            draw(segments),
            *draw(st.sampled_from(((None, True), (3, True), (3, False), (63, True)))),
        )
        for i in ids
    ]
    everyone = (*ids, *OUTSIDE)
    projects = draw(st.lists(st.integers(0, 2 ** len(everyone) - 1), max_size=7))
    starts = draw(st.lists(st.sampled_from(STARTS), min_size=7, max_size=9))
    rows = [
        (project, partner, starts[project])
        for project, members in enumerate(projects)
        for partner, takes_part in zip(everyone, digits(members, 2), strict=False)
        if takes_part
    ]
    for n in draw(st.lists(st.integers(0, 8 * len(everyone) - 1), max_size=4)):
        rows.append((n % 8, everyone[n // 8], starts[-1]))
    return Facts(
        profiles=profiles,
        rows=rows,
        edges=draw(edges),
        fit=draw(fits),
        places=dict(zip(OUTSIDE, draw(st.lists(places, max_size=3)), strict=False)),
        scoring=draw(st.just(PRIOR) | scorings()),
        dense=draw(st.booleans()),
    )


@contextmanager
def rows_from(share: float):
    """Indexes built meanwhile hold a value of everybody for what more than this share holds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "DENSE_BITS", share)
        patch.setattr(build, "DENSE_VALUES", share)
        yield


def index_of(facts: Facts) -> MatchIndex:
    with rows_from(0) if facts.dense else nullcontext():
        return MatchIndex.build(
            facts.profiles,
            Participations.from_rows(facts.rows),
            facts.edges,
            facts.fit,
            places=facts.places,
            scoring=facts.scoring,
            statistics=facts.statistics,
        )


def changed(facts: Facts, organisation: int, **fields) -> Facts:
    """The same population with one profile changed."""
    return replace(
        facts,
        profiles=[replace(p, **fields) if p.id == organisation else p for p in facts.profiles],
    )
