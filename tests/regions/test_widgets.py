"""The drop-down that is written in one go says what Django's own would say."""

import pytest
from django import forms

from regions.widgets import LongSelect

CHOICES = [("", "Any"), ("a&b", "<A> & B"), ("pl21", "Małopolska"), (7, "seven")]


def options(html):
    return html.replace("\n", "").replace("  ", "")


@pytest.mark.parametrize("value", [None, "", "pl21", "a&b", 7, "7", "elsewhere", '"><script>'])
@pytest.mark.parametrize("required", [True, False])
def test_it_is_djangos_select(value, required):
    attrs = {"id": "id_place", "required": required, "data-x": 'say "x"'}
    ours = LongSelect(choices=CHOICES).render("place", value, attrs)
    theirs = forms.Select(choices=CHOICES).render("place", value, attrs)
    assert options(ours) == options(theirs)


def test_what_is_chosen_is_nobody_elses():
    select = LongSelect(choices=CHOICES)
    assert select.render("place", "pl21").count(" selected") == 1
    assert " selected" not in select.render("place", "elsewhere")


@pytest.mark.parametrize("value", ["", "pl21", "x"])
def test_groups_are_djangos_too(value):
    choices = [("", "Any"), ("Here & there", [("pl21", "Małopolska")]), ("Else", (("x", "<X>"),))]
    ours = LongSelect(choices=choices).render("place", value)
    theirs = forms.Select(choices=choices).render("place", value)
    assert options(ours) == options(theirs)
