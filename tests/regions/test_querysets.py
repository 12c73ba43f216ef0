"""Searches by words: what is looked for, and what it costs."""

import pytest

from regions.models import Region
from regions.querysets import MOST_WORDS, telling_words
from tests.factories import RegionFactory


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("Rhône Alpes", ["Rhône", "Alpes"]),
        ("a A a", ["a"]),
        ("alp ALPES", ["ALPES"]),
        ("green the transition", ["transition", "green", "the"]),
    ],
)
def test_words_that_say_nothing_more_are_not_looked_for(text, words):
    assert telling_words(text) == words


def test_a_search_of_many_words_stays_a_small_question():
    assert len(telling_words(" ".join(f"{n:03}" for n in range(50)))) == MOST_WORDS


def test_every_word_counts_in_any_order_without_accents(db):
    found = RegionFactory(name="Auvergne-Rhône-Alpes")
    RegionFactory(name="Rhône")
    assert list(Region.objects.named("alpes rhone")) == [found]
