"""The value chain as a diagram: who stands where, and which links are drawn."""

import pytest
from django.template import Context, Template

from regions.chains import (
    WIDE,
    ChainSegment,
    drawings,
    links_between_stages,
    narrow,
    wide,
)
from tests.factories import ConceptFactory, ConceptRelationFactory, VocabularyFactory

STAGES = {
    "renewable-supply": [],
    "production": ["electrolysis", "other-low-carbon"],
    "conditioning": ["compression", "liquefaction", "carriers"],
    "storage": [],
    "transport-distribution": [],
    "refuelling": [],
    "end-use": ["industry", "road", "rail", "maritime", "aviation", "power", "heat", "homes"],
    "cross-cutting": ["skills", "finance"],
}
LINKS = [
    ("renewable-supply", "production"),
    ("production", "conditioning"),
    ("storage", "production"),
    ("storage", "transport-distribution"),
    ("refuelling", "end-use"),
]


@pytest.fixture
def chain(db):
    """Concepts of the chain by code; everything about production and storage is held."""
    vocabulary = VocabularyFactory(scheme="hydrogen-value-chain")
    made = {}
    for code, narrower in STAGES.items():
        stage = made[code] = ConceptFactory(vocabulary=vocabulary, code=code, label=code)
        for one in narrower:
            made[one] = ConceptFactory(vocabulary=vocabulary, code=one, label=one, broader=stage)
    for a, b in LINKS:
        ConceptRelationFactory(kind="neighbour", source=made[a], target=made[b])
    ConceptRelationFactory(
        kind="neighbour", source=made["electrolysis"], target=made["compression"]
    )
    return made


@pytest.fixture
def segments(chain):
    return [
        ChainSegment(
            concept,
            state="here" if held else "absent",
            note="1 organisation",
            is_held=held,
            href=f"#{code}",
        )
        for code, concept in chain.items()
        if not STAGES.get(code)
        for held in [code in ("electrolysis", "storage")]
    ]


def boxes_of(drawing):
    return {box.segment.concept.code: box for box in drawing.boxes}


def overlapping(a, b):
    return (
        a.x < b.x + b.width
        and b.x < a.x + a.width
        and a.y < b.y + b.height
        and b.y < a.y + a.height
    )


def test_links_are_those_between_stages(chain):
    assert links_between_stages() == {(chain[a].pk, chain[b].pk) for a, b in LINKS}


@pytest.mark.parametrize("layout", [wide, narrow])
def test_every_segment_has_a_box_of_its_own_inside_the_drawing(segments, layout):
    drawing = layout(segments, set())
    assert len(drawing.boxes) == len(segments)
    for place, box in enumerate(drawing.boxes):
        assert 0 <= box.x <= box.x + box.width <= drawing.width
        assert 0 <= box.y <= box.y + box.height <= drawing.height
        assert not any(overlapping(box, other) for other in drawing.boxes[place + 1 :])


def test_single_stages_share_a_column_and_many_segments_take_two(segments):
    boxes = boxes_of(wide(segments, set()))
    assert boxes["storage"].x == boxes["transport-distribution"].x == boxes["refuelling"].x
    assert boxes["renewable-supply"].x < boxes["electrolysis"].x < boxes["compression"].x
    assert boxes["industry"].x < boxes["road"].x
    assert boxes["skills"].y > max(boxes["heat"].y, boxes["refuelling"].y)


def test_a_link_is_held_where_both_its_stages_are(segments):
    links = links_between_stages()
    held = [arrow.is_held for arrow in wide(segments, links).arrows]
    assert len(held) == len(LINKS)
    assert sum(held) == 1


def test_a_narrow_page_links_what_follows_each_other(segments):
    # supply–production, production–conditioning, storage–transport, refuelling–use
    assert len(narrow(segments, links_between_stages()).arrows) == 4


def test_a_link_over_a_column_makes_room_above(segments, chain):
    over = {(chain["production"].pk, chain["storage"].pk)}
    highest = [min(box.y for box in wide(segments, links).boxes) for links in (set(), over)]
    assert highest[0] < highest[1]


def test_a_long_word_is_squeezed_and_a_long_label_broken(db):
    vocabulary = VocabularyFactory(scheme="hydrogen-value-chain")
    label = "Approvisionnementsystematique renouvelable"
    segment = ChainSegment(
        ConceptFactory(vocabulary=vocabulary, label=label), "near", "", is_held=False
    )
    (box,) = narrow([segment] * 2, set()).boxes[:1]
    assert [line.text for line in box.lines] == label.split()
    assert [bool(line.fit) for line in box.lines] == [True, False]


def test_nothing_known_draws_nothing_and_one_segment_is_enough(segments):
    assert all(drawing.boxes == () for drawing in drawings([], set()))
    assert all(box.width <= WIDE // 4 for box in wide(segments[:1], set()).boxes)


def test_the_picture_says_in_words_what_its_colours_say(segments):
    text = Template(
        "{% load chains %}{% chain_diagram segments links 'The chain' legend %}"
    ).render(Context({"segments": segments, "links": set(), "legend": [("here", "Held here")]}))
    assert text.count('role="group" aria-label="The chain"') == 2
    assert text.count('href="#storage" class="chain-box is-here"') == 2
    assert "1 organisation" in text
    assert "Held here" in text
    assert "style=" not in text
