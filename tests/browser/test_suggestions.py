"""Suggestions in a real browser: sliders that rank anew, choices with a way back, with and without
JavaScript, under the site's own policy, and readable by everyone."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from organisations.models import Organisation
from tests.browser.test_pages import COLOURS, STANDARDS, axe_says, faults_of, sideways
from tests.factories import TeamMemberFactory, UserFactory

pytestmark = pytest.mark.browser

LAB = "/organisations/krakow-lab/"


@pytest.fixture
def session(house, live_server):
    """The cookie of an editor of Kraków's laboratory."""
    user = UserFactory(email="editor@example.org", name="An editor")
    TeamMemberFactory(organisation=Organisation.objects.get(slug="krakow-lab"), user=user)
    client = Client()
    client.force_login(user)
    return {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "url": live_server.url,
    }


def open_signed_in(open_page, session, address=LAB, **how):
    page = open_page("/sources/", **how)
    page.context.add_cookies([session])
    page.goto(address)
    return page


def scores(page):
    return [float(text) for text in page.locator("#results .score b").all_inner_texts()]


def test_a_slider_ranks_anew_and_the_address_keeps_it(house, open_page):
    page = open_page(LAB)
    before = scores(page)
    page.get_by_text("Adjust the ranking").click()
    page.evaluate("window.here = true")
    page.get_by_label("Shared priorities").fill("90")
    expect(page).to_have_url(re.compile("shared_priorities=90"))
    expect(page.locator("#results")).to_contain_text("These scores are under your own weights.")
    expect(page.locator("#points-shared_priorities")).to_contain_text("90 →")
    expect(page.locator("#suggestions-status")).to_contain_text("suggestion")
    assert page.evaluate("window.here") is True, "only the list was swapped"
    after = scores(page)
    assert after != before

    address = page.url
    page.goto("/sources/")
    page.goto(address)
    assert scores(page) == after
    page.get_by_role("link", name="Reset to our weights").click()
    expect(page).to_have_url(re.compile(f"{LAB}\\??#suggestions$"))
    assert scores(page) == before
    assert page.watch.faults == []


def test_sliders_that_are_all_at_zero_say_what_to_do(house, open_page):
    page = open_page(LAB)
    page.get_by_text("Adjust the ranking").click()
    for slider in page.locator(".slider input").all():
        slider.fill("0")
    expect(page.locator("#results [role=alert]")).to_contain_text("nothing counts")
    page.get_by_label("Value chain").fill("10")
    expect(page.locator("#points-value_chain")).to_contain_text("100.00 points")
    assert faults_of(page) == []


def test_without_javascript_a_button_does_the_same(house, open_page):
    page = open_page(LAB, javascript=False)
    page.get_by_text("Adjust the ranking").click()
    page.get_by_label("Shared priorities").fill("90")
    page.get_by_label("less often").check()
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("shared_priorities=90.*well_known=less"))
    expect(page.locator("#results")).to_contain_text("These scores are under your own weights.")
    expect(page.locator("#results")).to_contain_text("clearly further down")
    expect(page.get_by_label("less often")).to_be_checked()


@pytest.mark.parametrize("javascript", [True, False])
def test_saved_and_dismissed_and_brought_back(open_page, session, javascript):
    page = open_signed_in(open_page, session, javascript=javascript)
    matches = page.locator("#results .match")
    first = matches.first.get_by_role("heading", level=3).inner_text()

    matches.first.get_by_role("button", name="Save").click()
    remove = matches.first.get_by_role("button", name="Remove from saved")
    expect(remove).to_be_visible()
    if javascript:
        expect(remove).to_be_focused()

    matches.first.get_by_text("Not for us").click()
    matches.first.get_by_label("Why not?").select_option("too far away")
    matches.first.get_by_role("button", name="Do not suggest again").click()
    expect(page.locator(".choice-done")).to_contain_text("will not be suggested again")
    expect(page.locator("#results")).to_contain_text(
        "Left out of this list at your wish: 1 partner"
    )
    if javascript:
        expect(page.locator(".choice-done")).to_be_focused()
    assert matches.first.get_by_role("heading", level=3).inner_text() != first

    page.get_by_role("button", name="Undo").click()
    expect(matches.first.get_by_role("heading", level=3)).to_have_text(first)

    matches.first.get_by_text("Not for us").click()
    matches.first.get_by_role("button", name=re.compile("Suggest nobody from")).click()
    expect(page.locator("#results")).to_contain_text("1 region")
    page.get_by_role("link", name="Saved and hidden partners").click()
    page.locator("#left-out").get_by_role("button", name="Suggest again").click()
    expect(page.locator("#left-out")).to_contain_text("Nothing is left out")
    assert page.watch.faults == []


@pytest.mark.parametrize("javascript", [True, False])
def test_too_many_choices_are_said_to_be_too_many(open_page, session, monkeypatch, javascript):
    monkeypatch.setattr("matching.feedback.choices.AN_HOUR", 0)
    page = open_signed_in(open_page, session, javascript=javascript)
    page.locator("#results .match").first.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Too much at once")
    expect(page.locator("main#main")).to_contain_text("Go on later.")
    assert page.locator("#main").count() == 1


def test_a_dismissal_without_its_words_asks_for_them_in_place(open_page, session):
    page = open_signed_in(open_page, session)
    match = page.locator("#results .match").nth(1)
    match.get_by_text("Not for us").click()
    match.get_by_label("Why not?").select_option("another reason")
    match.get_by_role("button", name="Do not suggest again").click()
    expect(match.locator(".errorlist")).to_contain_text("Say in a few words")
    expect(match.get_by_label("In your own words")).to_be_focused()
    match.get_by_label("In your own words").fill("They moved away.")
    match.get_by_role("button", name="Do not suggest again").click()
    expect(page.locator(".choice-done")).to_be_visible()
    assert faults_of(page) == []


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_everything_unfolded_is_accessible(open_page, session, width):
    problems = []
    for dark in (False, True):
        page = open_signed_in(open_page, session, width=width, dark=dark)
        page.locator("#results .match").first.get_by_role("button", name="Save").click()
        expect(page.get_by_role("button", name="Remove from saved")).to_be_visible()
        for summary in page.locator("#suggestions summary").all():
            summary.click()
        problems += axe_says(page, COLOURS if dark else STANDARDS)
        problems += sideways(page, LAB, width)
        page.goto(f"{LAB}choices/")
        problems += axe_says(page, COLOURS if dark else STANDARDS)
        problems += sideways(page, "choices", width)
        page.get_by_role("button", name="Remove from saved").click()
    assert problems == []
    assert page.watch.faults == []
