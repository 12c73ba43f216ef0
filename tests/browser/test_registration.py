"""From a stranger to a submitted profile with suggestions, in three languages, with and without
JavaScript, its e-mails included."""

import re
from contextlib import suppress

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Error, expect

from organisations.models import Organisation, Statement, TeamMember
from tests.browser.test_pages import STANDARDS, axe_says, faults_of, sideways
from tests.factories import (
    CountryFactory,
    NutsUnitFactory,
    OrganisationFactory,
    RegionFactory,
    TeamMemberFactory,
)

pytestmark = pytest.mark.browser

MOST_REQUIRED = 25
EMAIL = "ola@wodor.example.org"
PASSWORD = "correct horse battery staple"
NAME = "Wodór dla Małopolski"


class Walk:
    """A newcomer on the way, who counts what is asked of them."""

    def __init__(self, page, language, javascript):
        self.page, self.language, self.javascript = page, language, javascript
        self.required = self.clicks = 0
        self.problems = []

    def says(self, message, **values):
        """A message of ours in the language of the walk."""
        with translation.override(self.language):
            return gettext(message) % values if values else gettext(message)

    def look(self, heading):
        """Where we are, in the right words, and fit for everybody."""
        expect(self.page.locator("h1")).to_have_text(self.says(heading))
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        self.problems += sideways(self.page, self.page.url, 375)
        if self.javascript:
            self.problems += axe_says(self.page, STANDARDS)

    def fill(self, name, value):
        field = self.page.locator(f"main [name='{name}']").first
        field.fill(value)
        self._count(field)

    def choose(self, name, value):
        field = self.page.locator(f"main select[name='{name}']")
        field.select_option(value)
        self._count(field)

    def check(self, selector):
        box = self.page.locator(selector).first
        box.check()
        self.clicks += 1
        self._count(box)

    def _count(self, field):
        self.required += field.evaluate("field => field.required") is True

    def press(self, message, **values):
        """Press the button, or follow the link, that says this."""
        named = re.compile(rf"^{re.escape(self.says(message, **values))}", re.IGNORECASE)
        main = self.page.locator("main")
        main.get_by_role("button", name=named).or_(
            main.get_by_role("link", name=named)
        ).first.click()
        self.clicks += 1

    def add_concept(self, words):
        """Search in the vocabularies and take the first that is found."""
        self.page.locator("#id_q").fill(words)
        if not self.javascript:
            self.page.locator("#search form[role='search'] button").click()
        self.page.locator("#concepts button[name='concept']").first.click()
        self.clicks += 2
        expect(self.page.locator(".own-statements li")).to_have_count(1)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
@pytest.mark.parametrize(
    ("language", "word", "lacking"),
    [
        ("en", "hydrogen", "storage"),
        ("fr", "hydrogène", "stockage"),
        ("pl", "wodor", "magazynowanie"),
    ],
)
def test_from_a_stranger_to_suggestions(house, open_page, language, word, lacking, javascript):
    page = open_page("/", javascript=javascript, width=375)
    page.locator(f".languages button[value='{language}']").click()
    walk = Walk(page, language, javascript)

    page.locator(".account-entrance a").last.click()
    walk.look("Sign up")
    walk.fill("email", EMAIL)
    walk.fill("password1", PASSWORD)
    walk.check("main [name='consent']")
    walk.press("Sign up")
    page.wait_for_url("**/confirm-email/")
    message = mail.outbox[-1]
    assert message.to == [EMAIL]
    assert walk.says("your code") in message.subject
    assert walk.says("It is good for 15 minutes.") in message.body
    walk.fill("code", re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", message.body, re.MULTILINE)[0])
    walk.press("Go on")

    walk.look("Find your organisation")
    walk.fill("q", NAME)
    walk.press("Search")
    walk.press("Register it")
    walk.look("Register an organisation")
    assert page.locator("main [name='name']").input_value() == NAME
    walk.fill("name", NAME)
    walk.choose("kind", "sme")
    walk.choose("country", "PL")
    walk.fill("city", "Kraków")
    walk.press("Register")
    page.wait_for_url("**/profile/**")
    organisation = Organisation.objects.get(name=NAME)
    assert organisation.status == Organisation.Status.DRAFT
    home = f"/organisations/{organisation.slug}/profile/"

    page.goto(f"{home}who/")
    walk.look("Who you are")
    # the units of the town that was typed before are there already; without it they are searched
    if not javascript:
        walk.fill("place_query", "Krakowski")
        page.locator("main button[name='search']").click()
    walk.check("main [name='nuts3'][value='PL214']")
    walk.press("Save and continue")
    for heading, words in (
        ("What you offer", word),
        ("What you need", lacking),
        ("What you care about", word),
    ):
        walk.look(heading)
        walk.add_concept(words)
        walk.press("Continue")
    walk.look("Hydrogen value chain")
    walk.check("main [name='segments']")
    walk.press("Save and continue")
    walk.look("Whom you look for")
    walk.press("Save and continue")
    walk.look("Languages")
    walk.check(f"main [name='languages'][value='{language}']")
    walk.press("Save and continue")

    walk.look("Your first suggestions")
    assert page.locator("#results .match").count() >= 1
    organisation.refresh_from_db()
    assert organisation.home_region.slug == "malopolska"
    assert organisation.languages == [language]
    assert {s.role for s in organisation.statements.all()} == set(Statement.Role.values)
    assert TeamMember.objects.get(organisation=organisation).role == TeamMember.Role.OWNER
    walk.press("Submit for verification")
    page.wait_for_load_state()
    organisation.refresh_from_db()
    assert organisation.status == Organisation.Status.PENDING
    message = mail.outbox[-1]
    assert message.to == [EMAIL]
    assert message.subject == walk.says("%(name)s was submitted for verification", name=NAME)

    assert walk.problems == []
    assert faults_of(page) == []
    assert walk.required <= MOST_REQUIRED
    assert walk.clicks <= 40


@pytest.fixture
def draft(transactional_db):
    """A draft in Kraków, and two areas of its region."""
    region = RegionFactory(slug="malopolska", country=CountryFactory(code="PL"))
    parent = NutsUnitFactory(code="PL21", level=2, country=region.country, home_region=None)
    for code, name in (("PL213", "Miasto Kraków"), ("PL217", "Tarnowski")):
        NutsUnitFactory(
            code=code, name=name, country=region.country, home_region=region, parent=parent
        )
    draft = OrganisationFactory(
        slug="draft", status="draft", city="Kraków", home_region=None, country=region.country
    )
    TeamMemberFactory(organisation=draft, role=TeamMember.Role.OWNER)
    return draft


@pytest.mark.parametrize("area", ["#places [value='PL213']", "#areas [value='PL213']"])
def test_a_choice_outlives_the_search_on_its_way(draft, open_page, live_server, area):
    page = open_page("/accounts/login/")
    client = Client()
    client.force_login(draft.team.get().user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.goto("/organisations/draft/profile/who/")
    held = []
    page.route("**/who/?*place_query=*", lambda route: held.append(route))
    with page.expect_request("**/who/?*place_query=*"):
        page.locator("#place_query").fill("tarn")
    page.locator("#areas > summary").click()
    with page.expect_response("**/who/?chosen=1"):
        page.locator(area).check()
    page.unroute_all()
    for route in held:
        with suppress(Error):  # the page has called it off
            route.continue_()
    page.wait_for_timeout(500)
    assert checked(page) == ["PL213"]
    page.locator("#place_query").fill("tarnow")
    expect(page.locator("#places [value='PL217']")).to_be_visible()
    assert checked(page) == ["PL213"]


def checked(page):
    return page.locator("[name='nuts3']:checked").evaluate_all("boxes => boxes.map(b => b.value)")
