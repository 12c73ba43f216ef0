"""What is kept of suggestions, and when it is not."""

from dataclasses import replace

from matching import index, keeping
from matching.facts import scoring_in_force
from matching.feedback.hidden import NOTHING
from matching.ranking import Ranking


def ask(world, made, **other):
    def make():
        made.append(1)
        return {"maker": world.maker.updated_at}

    return keeping.kept(
        make,
        lambda answer: {world.maker.pk: answer["maker"]},
        organisation=world.lab,
        ranking=Ranking(scoring_in_force()),
        hidden=NOTHING,
        **{"kind": "test", "asked": ()} | other,
    )


def test_the_same_question_is_answered_once(world):
    made = []
    assert ask(world, made) == ask(world, made)
    assert len(made) == 1
    ask(world, made, asked=(5,))
    ask(world, made, kind="another")
    assert len(made) == 3


def test_an_answer_is_made_anew_when_somebody_in_it_changed(world):
    made = []
    ask(world, made)
    world.maker.save()
    ask(world, made)
    assert len(made) == 2


def test_nothing_is_kept_while_the_index_cannot_follow(world, monkeypatch):
    made = []
    behind = replace(index.snapshot(), waiting=6_000)
    monkeypatch.setattr(keeping, "snapshot", lambda: behind)
    ask(world, made)
    ask(world, made)
    assert len(made) == 2
