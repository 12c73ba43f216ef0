"""The value chain as boxes: nothing overlaps, nothing is left out, words say what colours say."""

import pytest

from regions.chain_coverage import ChainItem, State, drawings, summary
from regions.models import Concept


def concept(pk, label, broader=None, code=""):
    return Concept(pk=pk, code=code or f"c{pk}", labels={"en": label}, broader=broader)


@pytest.fixture
def items():
    production = concept(1, "Production")
    beside = concept(9, "Cross-cutting", code="cross-cutting")
    use = concept(5, "End use")
    return [
        ChainItem(production, State.HELD, "2 participants", is_whole=True),
        ChainItem(concept(2, "Electrolysis", production), State.COVERED, is_illustrative=True),
        ChainItem(concept(3, "Other low-carbon production", production), State.GAP),
        ChainItem(concept(4, "Storage"), State.BEYOND),
        *(ChainItem(concept(20 + n, f"Use {n}", use), State.GAP) for n in range(8)),
        *(ChainItem(concept(40 + n, f"Skill {n}", beside), State.GAP) for n in range(5)),
    ]


def overlap(one, other):
    def span(box):
        x, y = float(box.x), float(box.y)
        return x, y, x + float(box.width), y + float(box.height)

    a, b = span(one), span(other)
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@pytest.mark.parametrize("which", [0, 1])
def test_every_segment_has_a_box_of_its_own_inside_the_drawing(items, which):
    drawing = drawings(items)[which]
    assert len(drawing.boxes) == len(items)
    width, height = map(float, drawing.view_box.split()[2:])
    for place, box in enumerate(drawing.boxes):
        assert float(box.x) + float(box.width) <= width + 0.1
        assert float(box.y) + float(box.height) <= height
        assert not any(overlap(box, other) for other in drawing.boxes[:place])


def test_lettering_stays_inside_its_box(items):
    for drawing in drawings(items):
        for box in drawing.boxes:
            for line in (*box.label, *box.words):
                assert float(box.y) < float(line.y) <= float(box.y) + float(box.height)


def test_a_stage_without_narrower_segments_is_named_once(items):
    boxes = {line.text for box in drawings(items)[1].boxes for line in box.label}
    assert "as a whole" in boxes
    assert "Storage" not in boxes


def test_the_summary_says_how_each_segment_stands(items):
    said = summary(items)
    assert "covered: Electrolysis." in said
    assert "held by participants: Production." in said
    assert "not covered: Storage." in said
    assert items[1].words == "covered (illustrative)"
    assert items[0].words == "2 participants"


def test_nothing_is_drawn_of_nothing():
    assert drawings([]) == ()
    assert summary([]) == ""


def test_the_bar_of_a_box_is_as_long_as_its_share():
    items = [
        ChainItem(concept(1, "One"), State.COVERED, share=1.0),
        ChainItem(concept(2, "Two"), State.COVERED, share=0.5),
        ChainItem(concept(3, "Three"), State.GAP),
    ]
    first, second, third = drawings(items)[0].boxes
    assert first.bar == first.width
    assert float(second.bar) == pytest.approx(float(second.width) / 2, abs=0.1)
    assert third.bar == ""
