import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False])
def test_from_home_to_an_organisation_by_clicks(house, open_page, javascript):
    page = open_page(javascript=javascript)
    page.locator(".country-list summary", has_text="Poland").click()
    page.get_by_role("link", name="Małopolska", exact=True).click()
    expect(page.get_by_role("heading", level=1, name=re.compile("^Małopolska"))).to_be_visible()

    page.get_by_role("link", name="Małopolska with Auvergne-Rhône-Alpes").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Auvergne-Rhône-Alpes")

    page.locator("#meet .match h3 a").first.click()
    expect(page).to_have_url(re.compile(r"/organisations/.+/with/.+/"))
    score = page.get_by_role("heading", name=re.compile("of 100 points")).inner_text()
    parts = [float(text) for text in page.locator(".sum b").all_inner_texts()]
    assert round(sum(parts[:-1]), 2) == parts[-1] == float(score.split()[0])

    page.locator(".side-a-box a").first.click()
    expect(page.get_by_role("heading", name="Partners that fit")).to_be_visible()
    assert page.watch.faults == []


def test_the_map_leads_to_a_region(house, open_page):
    page = open_page()
    page.locator(".map a[href='/regions/slovenia/']").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=re.compile("^Slovenia"))).to_be_visible()


def test_the_keyboard_skips_to_the_content_and_past_the_map(house, open_page):
    page = open_page()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    past = page.get_by_role("link", name="Skip the map")
    past.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.map')") is None


def test_searching_from_home(house, open_page):
    page = open_page()
    page.get_by_role("searchbox").fill("krakow")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Kraków Laboratory")).to_be_visible()


def test_choosing_where_partners_are(house, open_page):
    page = open_page("/organisations/krakow-lab/")
    page.get_by_label("Region", exact=True).select_option(label="Auvergne-Rhône-Alpes (FR)")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#suggestions")).to_contain_text("Lyon Maker")
    expect(page.locator("#suggestions .match")).not_to_have_count(0)
