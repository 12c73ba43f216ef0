"""The judge of the benchmark is itself judged: by the oracle of the tests."""

import numpy as np
from hypothesis import given

from benchmarks import populations
from benchmarks.matching.facts import Facts, prepare
from benchmarks.matching.judge import Judge
from benchmarks.populations import World
from tests.matching.engine.oracle import Facts as OracleFacts
from tests.matching.engine.oracle import Oracle
from tests.matching.engine.populations import populations as random_facts
from tests.matching.engine.populations import quick

ROLES = ("needs", "offers", "interests", "segments")


def world_of(facts: OracleFacts) -> World:
    """The same facts as columns."""
    stated = [
        (p.id, number, concept, weight)
        for p in facts.profiles
        for number, role in enumerate(ROLES)
        for concept, weight in getattr(p, role).items()
    ]
    columns = np.array(stated, dtype=np.int64).reshape(-1, 4).T
    rows = np.array(facts.rows, dtype=np.int64).reshape(-1, 3).T
    fit = [(r, s, reason, mass) for (r, s), given in facts.fit.items() for reason, mass in given]
    return World(
        id=np.array([p.id for p in facts.profiles], dtype=np.int64),
        home=np.array([p.home or 0 for p in facts.profiles], dtype=np.int64),
        country=np.array([p.country or "" for p in facts.profiles], dtype="<U2"),
        kind=np.zeros(len(facts.profiles), dtype=np.int64),
        listed=np.array([p.listed for p in facts.profiles], dtype=np.bool_),
        statement_organisation=columns[0],
        statement_field=columns[1].astype(np.uint8),
        statement_concept=columns[2],
        statement_weight=columns[3].astype(np.uint8),
        project=rows[0],
        partner=rows[1],
        start=rows[2],
        edges=np.array([(s, t, w) for (s, t), w in facts.edges.items()]).reshape(-1, 3),
        fit=np.array(fit, dtype=np.int64).reshape(-1, 4),
    )


@quick
@given(random_facts())
def test_the_judge_ranks_as_the_oracle_does(facts):
    oracle = Oracle(facts)
    judge = Judge(prepare(world_of(facts), facts.scoring, facts.places))
    for profile in facts.profiles:
        assert judge.top(profile.id, 20) == oracle.top(profile.id, 20)


def test_the_judge_agrees_on_a_synthetic_network():
    world = populations.make("network", 60, seed=5)
    facts = OracleFacts(
        profiles=world.profiles(),
        rows=list(
            zip(world.project.tolist(), world.partner.tolist(), world.start.tolist(), strict=True)
        ),
        edges=world.segment_edges,
        fit=world.region_fit,
    )
    oracle = Oracle(facts)
    judge = Judge(prepare(world))
    found = {a: judge.top(a, 20) for a in (1, 30, 60)}
    assert found == {a: oracle.top(a, 20) for a in found}
    assert any(oracle.match(1, b)[1]["track_record"] for b, _ in found[1])


def test_an_unlisted_organisation_is_never_suggested():
    world = populations.make("light", 50)
    first = Judge(prepare(world)).top(1, 3)
    world.listed[first[0][0] - 1] = False
    assert Judge(prepare(world)).top(1, 2) == first[1:]


def test_only_candidates_are_ranked_again():
    facts = prepare(populations.make("light", 200))
    judge = Judge(facts)
    everyone = judge.top(7, 20)
    candidates = np.array([facts.document(b) for b, _ in everyone[5:15]])
    assert judge.rerank(7, candidates, 5) == everyone[5:10]


def test_facts_are_the_same_from_files(tmp_path):
    facts = prepare(populations.make("network", 300))
    facts.save(tmp_path)
    loaded = Facts.load(tmp_path)
    assert Judge(loaded).top(3, 20) == Judge(facts).top(3, 20)
    assert not loaded.row_value.flags.writeable
