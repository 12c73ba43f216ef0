"""Lettering of an SVG: broken between words, squeezed where one word is too long."""

import pytest

from regions.lettering import Lettering

TEN_TO_A_LINE = Lettering("name", letter=10, line=16)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Storage", ["Storage"]),
        ("Rail and road, low-carbon", ["Rail and", "road, low-", "carbon"]),
        ("", []),
    ],
)
def test_a_text_is_broken_between_its_words(text, expected):
    found = TEN_TO_A_LINE.lines(text, x=12, y=0, width=100)
    assert [line.text for line in found] == expected


def test_lines_stand_below_each_other():
    found = TEN_TO_A_LINE.lines("Safety and standards", x=12, y=100, width=100)
    assert [(line.text, line.kind, line.x, line.y) for line in found] == [
        ("Safety and", "name", 12, 116),
        ("standards", "name", 12, 132),
    ]


def test_a_word_too_long_for_a_line_is_squeezed_into_it():
    found = TEN_TO_A_LINE.lines("Sicherheitsnormen und mehr", x=0, y=0, width=100)
    assert [(line.text, line.fit) for line in found] == [
        ("Sicherheitsnormen", "100"),
        ("und mehr", ""),
    ]
