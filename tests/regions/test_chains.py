"""The value chain as a diagram: who stands where, and which links are drawn."""

from dataclasses import replace

import pytest
from django.template import Context, Template

from regions.chain_segments import ChainSegment, State
from regions.chains import (
    WIDE,
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
            State.HERE if code in ("electrolysis", "storage") else State.ABSENT,
            note="1 organisation",
            href=f"#{code}",
        )
        for code, concept in chain.items()
        if not STAGES.get(code)
    ]


@pytest.fixture
def fuller(segments, chain):
    """With a stage as a whole, a share, and lettering longer than a line."""
    return [
        ChainSegment(chain["production"], State.HELD, "2 participants", is_whole=True),
        ChainSegment(
            chain["electrolysis"], State.COVERED, "covered by more than one of them", share=1.0
        ),
        *segments[2:],
        ChainSegment(
            ConceptFactory(
                vocabulary=chain["storage"].vocabulary,
                label="Equipment, materials and whatever else it takes to store hydrogen",
                broader=chain["cross-cutting"],
            ),
            State.GAP,
            is_illustrative=True,
        ),
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
@pytest.mark.parametrize("which", ["segments", "fuller"])
def test_every_segment_has_a_box_of_its_own_inside_the_drawing(layout, which, request):
    segments = request.getfixturevalue(which)
    drawing = layout(segments, links_between_stages())
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


@pytest.mark.parametrize("layout", [wide, narrow])
def test_lettering_is_whole_and_stays_inside_its_box(fuller, layout):
    for box in layout(fuller, set()).boxes:
        # a line ends after a hyphen, too
        said = "".join(line.text for line in box.lines)
        assert said.replace(" ", "") == f"{box.segment.name}{box.segment.words}".replace(" ", "")
        ys = [line.y for line in box.lines]
        assert ys == sorted(set(ys))
        assert box.y + 12 <= ys[0]
        assert ys[-1] + 4 <= box.y + box.height


def test_boxes_of_one_row_are_as_high_as_the_fullest(fuller):
    row = [box for box in wide(fuller, set()).boxes if box.segment.stage.code == "cross-cutting"]
    assert len({(box.y, box.height) for box in row}) == 1


def test_a_long_heading_is_broken_above_its_boxes(segments, chain):
    chain["conditioning"].labels = {"en": "Conditioning of hydrogen for storage and transport"}
    drawing = wide(segments, set())
    rows = [line for line in drawing.headings if line.text in str(chain["conditioning"].labels)]
    (first, *_rest) = [
        box for box in drawing.boxes if box.segment.stage.pk == chain["conditioning"].pk
    ]
    assert len(rows) > 1
    assert max(line.y for line in rows) < first.y


def test_a_stage_without_narrower_segments_is_named_once(fuller):
    for drawing in drawings(fuller, set()):
        headings = [line.text for line in drawing.headings]
        assert headings == ["production", "conditioning", "end-use", "cross-cutting"]
        assert boxes_of(drawing)["production"].lines[0].text == "as a whole"


def test_the_bar_of_a_box_is_as_long_as_its_share(segments):
    whole, half, none = (
        wide([replace(segments[0], share=share)], set()).boxes[0] for share in (1.0, 0.5, 0.0)
    )
    assert f"h{whole.width}v" in whole.bar
    assert f"h{round(half.width / 2)}v" in half.bar
    assert none.bar == ""
    assert none.height < half.height


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


def test_the_same_as_a_table_where_it_is_asked_for(fuller):
    text = Template(
        "{% load chains %}{% chain_diagram segments links 'The chain' with_table=True %}"
    ).render(Context({"segments": fuller, "links": set()}))
    assert text.count('aria-label="The chain. covered: electrolysis. held by participants') == 2
    assert text.count("<caption>The chain</caption>") == 1
    assert text.count('<th scope="row">') == len(fuller)
    assert '<a href="#storage">storage</a></th><td>storage</td><td>1 organisation</td>' in text
    assert "<td>gap (illustrative)</td>" in text
    assert 'class="legend"' not in text
