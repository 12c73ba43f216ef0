"""The component page: every component is on it, twice, and does nothing there."""

import re

import pytest

from config.design import examples  # noqa: F401 -- gives the examples
from config.design.registry import EXAMPLES, by_component, names, purpose
from config.design.rendering import harmless


def test_every_component_has_an_example_and_a_purpose():
    shown = by_component()
    assert [name for name, states in shown.items() if not states] == []
    assert set(shown) == set(names()), "examples of components that are gone"
    assert [name for name in shown if not purpose(name)] == []


def test_states_have_names_of_their_own():
    for name, states in by_component().items():
        assert len({each.state for each in states}) == len(states), name


@pytest.mark.parametrize("each", EXAMPLES, ids=lambda each: f"{each.component}: {each.state}")
def test_every_example_is_shown_without_the_database(each):
    assert each.render().strip()


def test_the_page_has_each_name_once(anonymous, db):
    page = anonymous.get("/design/")
    assert page.status_code == 200
    assert '<meta name="robots" content="noindex">' in page.text
    found = re.findall(r'\sid="([^"]+)"', page.text)
    assert len(found) == len(set(found))
    assert page.text.count("scheme-light") == page.text.count("scheme-dark") == len(EXAMPLES)


def test_it_costs_no_more_than_any_page(anonymous, db, connection_queries):
    assert connection_queries(anonymous, "/design/") <= 2


def test_on_a_real_site_it_is_for_staff(anonymous, stranger, administrator, settings):
    settings.DESIGN_FOR_ALL = False
    for path in ("/design/", "/design/schemes.css"):
        assert anonymous.get(path).status_code == 404
        assert stranger.get(path).status_code == 404
        assert administrator.get(path).status_code == 200


def test_both_sets_of_colours_are_those_of_the_site(anonymous, db):
    sheet = anonymous.get("/design/schemes.css")
    assert sheet.headers["Content-Type"].startswith("text/css")
    light, dark = sheet.text.split(".scheme-dark")
    assert "--paper: #ffffff" in light
    assert "color-scheme: light dark" not in sheet.text
    assert dark.rindex("--paper: #0d191f") > dark.index("--paper: #ffffff")


def test_a_form_of_an_example_sends_nothing():
    html = (
        '<form method="post" action="/accounts/logout/" hx-post="/x/" hx-target="#a">'
        '<label for="id_a">A</label><input name="a" id="id_a" aria-describedby="h e">'
        '<button formaction="/x/">Go</button></form><a href="/regions/">R</a>'
    )
    assert harmless(html, "x") == (
        '<form method="dialog">'
        '<label for="id_a-x">A</label><input name="a-x" id="id_a-x" aria-describedby="h-x e-x">'
        '<button>Go</button></form><a href="#components">R</a>'
    )
