"""Three versions of a form, field by field."""

import pytest

from organisations.merging_edits import (
    Clash,
    EditsClash,
    decided,
    merged,
    sealed,
    unsealed,
)


@pytest.mark.parametrize(
    ("opened", "present", "wanted", "changes", "taken_over", "clashes"),
    [
        ("a", "a", "a", {}, (), ()),
        ("a", "a", "b", {"f": "b"}, (), ()),
        ("a", "b", "a", {}, ("f",), ()),
        ("a", "b", "b", {}, (), ()),
        ("a", "b", "c", {}, (), (Clash("f", "b", "c"),)),
        ("a", "", "c", {}, (), (Clash("f", "", "c"),)),
        ("a", "b", "", {}, (), (Clash("f", "b", ""),)),
        (None, None, 3, {"f": 3}, (), ()),
        (None, 2, None, {}, ("f",), ()),
        (["a"], ["a"], ["a", "b"], {"f": ["a", "b"]}, (), ()),
        (["a"], ["a", "x"], ["a", "b"], {"f": ["a", "x", "b"]}, (), ()),
        (["a", "x"], ["a"], ["a", "x", "b"], {"f": ["a", "b"]}, (), ()),
        (["a", "b"], ["a", "b", "c"], ["b"], {"f": ["b", "c"]}, (), ()),
        (["a"], [], [], {}, (), ()),
        (["a"], ["a", "b"], ["a", "b"], {}, (), ()),
    ],
)
def test_one_field(opened, present, wanted, changes, taken_over, clashes):
    outcome = merged(opened={"f": opened}, present={"f": present}, wanted={"f": wanted})
    assert outcome.changes == changes
    assert outcome.taken_over == taken_over
    assert outcome.clashes == clashes


def test_fields_are_merged_by_themselves():
    outcome = merged(
        opened={"a": 1, "b": 1, "c": 1},
        present={"a": 2, "b": 1, "c": 2},
        wanted={"a": 1, "b": 3, "c": 3},
    )
    assert outcome.changes == {"b": 3}
    assert outcome.taken_over == ("a",)
    assert outcome.clashes == (Clash("c", 2, 3),)


def test_without_what_was_opened_nothing_is_overwritten():
    outcome = merged(opened={}, present={"a": 1, "b": 1}, wanted={"a": 1, "b": 2})
    assert outcome.changes == {}
    assert outcome.clashes == (Clash("b", 1, 2),)


def test_a_choice_settles_a_clash():
    opened = {"a": "theirs", "b": "theirs"}
    choices = {"a": "theirs", "b": "mine"}
    wanted = decided({"a": "mine", "b": "mine"}, opened=opened, choices=choices)
    assert merged(opened=opened, present=opened, wanted=wanted).changes == {"b": "mine"}


def test_seals_are_of_one_thing():
    text = sealed({"name": "É"}, about="organisation:1")
    assert unsealed(text, about="organisation:1") == {"name": "É"}
    assert unsealed(text, about="organisation:2") == {}
    assert unsealed(text[:-1] + "!", about="organisation:1") == {}
    assert unsealed("", about="organisation:1") == {}


def test_a_clash_says_what_the_form_shows_next():
    present = {"a": "theirs", "b": "theirs", "list": ["x"]}
    merge = merged(
        opened={"a": "was", "b": "was", "list": []},
        present=present,
        wanted={"a": "mine", "b": "was", "list": ["y"]},
    )
    assert EditsClash(merge, present).settled == {"b": "theirs", "list": ["x", "y"]}
