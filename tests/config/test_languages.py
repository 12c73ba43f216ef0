"""Languages of the interface: which are offered, by header, by cookie and by address."""

import pytest

from config import languages


def test_a_language_is_offered_once_its_catalogue_is_there(tmp_path):
    assert languages.offered(tmp_path) == [("en", "English")]
    for code in ("it", "pl"):
        (tmp_path / code / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "pl" / "LC_MESSAGES" / "django.po").touch()
    (tmp_path / "it" / "LC_MESSAGES" / "django.mo").touch()
    assert languages.offered(tmp_path) == [("en", "English"), ("it", "Italiano")]


def languages_of(page):
    return page.headers["Content-Language"], f'<html lang="{page.headers["Content-Language"]}">'


def test_the_browser_says_which_language_at_the_first_visit(anonymous, db):
    page = anonymous.get("/sources/", headers={"Accept-Language": "xx, pl;q=0.8, fr;q=0.5"})
    language, opening = languages_of(page)
    assert language == "pl"
    assert opening in page.text
    assert {"Accept-Language", "Cookie"} <= set(page.headers["Vary"].split(", "))


def test_the_switch_stays_on_the_page_and_outlasts_it(anonymous, db):
    page = anonymous.get("/regions/?q=a%20b&lang=pl")
    assert 'name="next" value="/regions/?q=a+b"' in page.text
    answer = anonymous.post("/language/", {"language": "fr", "next": "/regions/?q=a+b"})
    assert (answer.status_code, answer["Location"]) == (302, "/regions/?q=a+b")
    assert (
        anonymous.get("/regions/", headers={"Accept-Language": "pl"}).headers["Content-Language"]
        == "fr"
    )


def test_the_address_asks_for_a_language_once(anonymous, db):
    anonymous.post("/language/", {"language": "fr", "next": "/"})
    assert anonymous.get("/sources/?lang=pl").headers["Content-Language"] == "pl"
    assert anonymous.get("/sources/").headers["Content-Language"] == "fr"


@pytest.mark.parametrize("asked", ["xx", "", "PL", "pl-PL", "../pl", "pl" * 500])
def test_a_language_that_is_not_offered_is_not_asked_for(anonymous, db, asked):
    page = anonymous.get("/sources/", {"lang": asked}, headers={"Accept-Language": "fr"})
    assert page.status_code == 200
    assert page.headers["Content-Language"] == "fr"
