"""Positions of readers of the outbox: what each sees, as snapshots of PostgreSQL have it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matching.outbox.cursor import Position


@st.composite
def positions(draw):
    xmin = draw(st.integers(1, 30))
    xmax = draw(st.integers(xmin, 40))
    running = frozenset(
        draw(st.sets(st.integers(xmin, max(xmin, xmax - 1)))) if xmax > xmin else ()
    )
    return Position(xmin, xmax, running)


def visible(position):
    return {x for x in range(1, 60) if x < position.xmax and x not in position.running}


@given(positions(), positions())
@example(Position(30, 30), Position(1, 31, frozenset({1, 30})))
def test_one_position_covers_another_if_it_sees_all_that_the_other_sees(a, b):
    assert a.covers(b) == (visible(a) >= visible(b))


@given(positions(), st.integers(1, 60))
def test_without_a_transaction_it_and_all_later_ones_are_unread(position, xid):
    assert visible(position.without(xid)) == {x for x in visible(position) if x < xid}


@given(positions())
def test_a_position_is_read_as_it_was_written(position):
    assert Position.parse(str(position)) == position


@pytest.mark.parametrize("text", ["", "1:2", "a:b:", "1:2:x", "1:2:3:4"])
def test_anything_else_is_no_position(text):
    with pytest.raises(ValueError, match=r"unpack|invalid literal"):
        Position.parse(text)
