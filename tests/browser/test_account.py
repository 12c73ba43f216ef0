"""The account in a browser: sign-up by the message's code, and every page behind it."""

import re

import pytest
from django.core import mail

from accounts.models import User
from tests.browser.test_pages import COLOURS, STANDARDS, axe_says, faults_of, sideways
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.browser

PAGES = [
    "/account/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/sessions/",
    "/account/tokens/",
    "/account/data/",
    "/account/delete/",
    "/account/privacy/",
    "/accounts/logout/",
]


@pytest.fixture
def signed_in(transactional_db, open_page):
    def opened(**options):
        UserFactory(email="anna@example.org")
        page = open_page("/accounts/login/", **options)
        page.get_by_label("E-mail address").fill("anna@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.goto("/accounts/reauthenticate/?next=/account/")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url("**/account/")
        return page

    return opened


@pytest.mark.parametrize(("width", "dark"), [(320, False), (375, True), (1280, False)])
def test_the_pages_of_an_account_are_accessible(signed_in, width, dark):
    page = signed_in(width=width, dark=dark)
    problems = []
    for address in PAGES:
        page.goto(address)
        assert page.url.endswith(address)
        problems += axe_says(page, COLOURS if dark else STANDARDS) + sideways(page, address, width)
    page.goto("/account/tokens/")
    page.get_by_role("button", name="Make it").click()  # an empty name: the browser objects
    page.get_by_label("Name").fill("Website")
    page.get_by_role("button", name="Make it").click()
    problems += axe_says(page, STANDARDS) + sideways(page, "a new token", width)
    assert problems == []
    assert faults_of(page) == []


@pytest.mark.parametrize("javascript", [True, False])
def test_a_newcomer_signs_up(transactional_db, open_page, javascript):
    page = open_page("/", javascript=javascript, width=375)
    page.get_by_role("link", name="Sign up").click()
    page.get_by_label("E-mail address").fill("new@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/confirm-email/")
    page.get_by_label("Code").fill("wrong")
    page.get_by_role("button", name="Go on").click()
    assert "This is not the code" in page.get_by_role("alert").inner_text()
    if javascript:
        assert axe_says(page, STANDARDS) == []
    code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.outbox[0].body, re.MULTILINE)[0]
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("new@example.org").first.wait_for()
    assert User.objects.get().emailaddress_set.get().verified
    assert faults_of(page) == []
