"""The search in a browser: choosing narrows without a new page, and what one keeps of it."""

import pytest

from organisations.models import Organisation
from tests.browser.test_pages import COLOURS, STANDARDS, axe_says, faults_of, sideways
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.browser

STAYS = "window.stays = true"


@pytest.fixture
def narrowed(house, open_page):
    """The directory of organisations, of which only the results were swapped."""
    page = open_page("/organisations/")
    page.evaluate(STAYS)
    page.locator("#country-PL").check()
    page.wait_for_url("**/organisations/?*country=PL*")
    page.wait_for_function("document.querySelector('#country-PL').checked")
    return page


def listed(page):
    return page.locator(".hit-list > li").all_inner_texts()


def test_choosing_swaps_only_the_results_and_the_address_says_so(narrowed, open_page):
    narrowed.wait_for_function("document.querySelectorAll('.hit-list > li').length > 0")
    assert narrowed.evaluate("window.stays")
    assert narrowed.evaluate("document.activeElement.id") == "country-PL"
    same = open_page(narrowed.url.removeprefix(narrowed.url.split("/organisations/")[0]))
    assert listed(same) == listed(narrowed)
    assert same.locator("#country-PL").is_checked()
    assert narrowed.watch.faults == []


def test_going_back_widens_again(narrowed):
    before = narrowed.locator("#hits-title").inner_text()
    narrowed.go_back()
    narrowed.wait_for_function("!document.querySelector('#country-PL').checked")
    assert narrowed.locator("#hits-title").inner_text() != before


def test_without_javascript_the_form_narrows_too(house, open_page):
    page = open_page("/organisations/", javascript=False)
    page.locator("#country-PL").check()
    page.get_by_role("button", name="Apply").click()
    assert "country=PL" in page.url
    assert page.locator("#country-PL").is_checked()


@pytest.mark.parametrize(("width", "dark"), [(375, True), (1280, False)])
def test_a_saved_search_is_kept_shown_and_left_by_pages_for_all(house, open_page, width, dark):
    UserFactory(email="anna@example.org")
    page = open_page("/accounts/login/", width=width, dark=dark)
    page.get_by_label("E-mail address").fill("anna@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda address: "/login/" not in address)
    page.goto("/search/?q=hydrogen")
    page.get_by_role("link", name="Save this search").click()
    rules = COLOURS if dark else STANDARDS
    problems = axe_says(page, rules) + sideways(page, "new", width)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(lambda address: "/new/" not in address)
    problems += axe_says(page, rules) + sideways(page, "kept", width)
    page.goto("/account/searches/")
    assert "hydrogen" in page.locator("main").inner_text()
    problems += axe_says(page, rules) + sideways(page, "list", width)
    assert problems == []
    assert faults_of(page) == []


def test_the_dossier_of_a_cluster_is_accessible(house, open_page):
    slug = Organisation.objects.filter(kind="cluster").order_by("pk").values_list("slug", flat=True)
    problems = []
    for width in (375, 1280):
        page = open_page(f"/organisations/{slug[0]}/dossier/", width=width)
        problems += axe_says(page, STANDARDS) + sideways(page, "dossier", width)
        assert faults_of(page) == []
    assert problems == []
