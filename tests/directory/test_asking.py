"""What somebody typed, understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.asking import MOST_WORDS, understood


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hydrogen  storage", ("hydrogen", "storage")),
        ("Rhône-Alpes", ("rhone", "alpes")),
        ("Małopolska ŁÓDŹ", ("malopolska", "lodz")),
        ("university of the arts", ("university", "arts")),
        ("of the", ("of", "the")),
        ("AGH", ("agh",)),
        ("H2O-2", ("h2o", "2")),
        ("a a a", ("a",)),
        ("", ()),
        ("'\"();&|!:*\\ %_", ()),
        ("\x00", ()),
    ],
)
def test_words_are_folded_and_told_apart(text, words):
    assert understood(text).words == words


def test_quotes_keep_words_in_a_row_and_a_minus_leaves_out():
    question = understood('"green hydrogen" -fossil storage -"natural gas" well-known')
    assert question.phrases == (("green", "hydrogen"),)
    assert question.without == ("fossil", "natural", "gas")
    assert question.words == ("storage", "well", "known")


def test_a_quote_that_is_not_closed_is_no_phrase():
    assert understood('"green hydrogen').words == ("green", "hydrogen")


@pytest.mark.parametrize(
    ("text", "is_open"), [("hydro", True), ("hydro ", False), ("the", True), ('"a b" hy', True)]
)
def test_only_a_last_word_without_a_space_may_go_on(text, is_open):
    assert understood(text).is_open is is_open


def test_of_many_words_the_longest_are_looked_for():
    words = ["x" * length for length in range(1, 30)]
    question = understood(" ".join(words))
    assert question.words == tuple(words[-MOST_WORDS:])
    assert question.passed_over == tuple(words[:-MOST_WORDS])


@given(st.text(max_size=400))
def test_any_text_is_understood(text):
    question = understood(text)
    assert len(question.words) <= MOST_WORDS
    assert all(word.isalnum() for word in question.words)


@pytest.mark.parametrize(
    "text", ['"fuel cell" bus', "“fuel cell” bus", "„fuel cell” bus", "« fuel cell » bus"]
)
def test_quotes_of_every_language(text):
    assert understood(text).phrases == (("fuel", "cell"),)
    assert understood(text).words == ("bus",)


def test_signs_that_stand_for_many_letters_make_no_endless_word():
    assert all(len(word) <= 100 for word in understood("㌖" * 120).words)
