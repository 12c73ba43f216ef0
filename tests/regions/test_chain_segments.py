"""One segment of the chain: what its box is called, and how it stands in words."""

import pytest

from regions.chain_segments import ChainSegment, State, summary
from regions.models import Concept


def concept(label, broader=None):
    return Concept(code=label.lower(), labels={"en": label}, broader=broader)


PRODUCTION, STORAGE, TRANSPORT = map(concept, ("Production", "Storage", "Transport"))
SEGMENTS = [
    ChainSegment(PRODUCTION, State.HELD, "2 participants", is_whole=True),
    ChainSegment(concept("Electrolysis", PRODUCTION), State.COVERED, is_illustrative=True),
    ChainSegment(STORAGE, State.BEYOND),
    ChainSegment(TRANSPORT, State.BEYOND, "not named by itself"),
    ChainSegment(concept("Refuelling"), State.NEAR, "Example-du-Sud"),
]


def test_a_stage_as_a_whole_is_named_by_its_heading_alone():
    assert [segment.name for segment in SEGMENTS[:3]] == ["as a whole", "Electrolysis", "Storage"]
    assert [segment.stage for segment in SEGMENTS[:3]] == [PRODUCTION, PRODUCTION, STORAGE]


def test_the_words_are_the_note_or_else_the_state_and_say_what_is_illustrative():
    assert [segment.words for segment in SEGMENTS] == [
        "2 participants",
        "covered (illustrative)",
        "not covered",
        "not named by itself",
        "Example-du-Sud",
    ]


@pytest.mark.parametrize("state", State)
def test_somebody_has_what_is_here_covered_or_held(state):
    segment = ChainSegment(STORAGE, state)
    assert segment.is_held is (state in ("here", "covered", "held"))


def test_the_summary_says_how_each_segment_stands():
    assert summary(SEGMENTS) == (
        "covered: Electrolysis. held by participants: Production. not covered: Storage, Transport."
    )
    assert summary([]) == ""
