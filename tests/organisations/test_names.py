"""Names as people compare them."""

import pytest

from organisations.names import core, likeness, plain, telling_word


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("Acme Sp. z o.o.", "acme"),
        ("ACME S.A.", "acme"),
        ("Łódzka Spółka z ograniczoną odpowiedzialnością", "lodzka z"),
        ("Société Générale SAS", "societe generale"),
        ("Müller GmbH & Co. KG", "muller"),
        ("GmbH", "gmbh"),
        ("", ""),
    ],
)
def test_legal_forms_and_accents_are_left_out(name, left):
    assert core(name) == left


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme sp. z o.o.", "ACME GmbH"),
        ("Żółw", "Zolw"),
        ("École Polytechnique", "Ecole polytechnique"),
    ],
)
def test_the_same_name(one, other):
    assert likeness(one, other) == 1.0


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("Krakow Institute of Hydrogen", "Kraków Hydrogen Institute", True),
        ("Hydrogen Valley Małopolska", "Hydrogen Valey Malopolska", True),
        ("University of Lyon", "University of Kraków", False),
        ("Institute of Physics", "Institute of Psychology", False),
        ("Acme Energy Solutions", "Borex Energy Solutions", False),
    ],
)
def test_words_that_many_share_make_nobody_alike(one, other, is_alike):
    assert (likeness(one, other) >= 0.6) is is_alike
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) < 1


def test_the_word_that_tells():
    assert telling_word("University of Bergen") == "bergen"
    assert telling_word("The University") == "university"
    assert telling_word("–") == "–"
    assert plain("A  b-C") == "a b c"
