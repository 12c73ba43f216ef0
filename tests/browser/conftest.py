"""A small, true-to-life house served to a real browser."""

import os
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import sync_playwright

from initiatives.models import Initiative
from matching import index
from organisations.models import Organisation, Statement
from regions.models import Concept, KeyFigure, Region
from tests.factories import (
    InitiativeFactory,
    OrganisationFactory,
    ParticipationFactory,
    StatementEvidenceFactory,
    StatementFactory,
)

CHROMIUM = "/usr/bin/chromium"
SWITCHES = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session", autouse=True)
def playwright_may_run_beside_django():
    """Playwright's event loop makes Django believe that it runs inside one."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, driven by Playwright."""
    if not Path(CHROMIUM).exists():
        reason = "browser tests: Chromium is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    switches = [*SWITCHES, "--no-sandbox"] if os.geteuid() == 0 else SWITCHES
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=switches)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def index_folder(tmp_path_factory):
    """Where the match index of the browser tests lies."""
    folder = tmp_path_factory.mktemp("match-index")
    with override_settings(MATCH_INDEX_DIR=folder):
        yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def house(transactional_db, index_folder, settings):
    """All reference data, the initiatives, the illustrative profiles, and a few real ties.

    A live server reads through its own connection, so the data must be committed; it is gone
    after each test and loaded again for the next.
    """
    settings.MATCH_INDEX_DIR = index_folder
    for command in ("load_reference", "load_profiles", "load_initiatives"):
        call_command(command, verbosity=0)
    a = Region.objects.get(slug="malopolska")
    b = Region.objects.get(slug="auvergne-rhone-alpes")
    c = Region.objects.get(slug="slovenia")
    lab = OrganisationFactory(slug="krakow-lab", name="Kraków Laboratory", home_region=a)
    maker = OrganisationFactory(slug="lyon-maker", name="Lyon Maker", home_region=b)
    third = OrganisationFactory(slug="ljubljana", name="Ljubljana Institute", home_region=c)
    green = Concept.objects.get(vocabulary__scheme="themes", code="green-transition")
    for organisation in (lab, maker, third):
        project = InitiativeFactory(acronym=f"PROJECT {organisation.city} {organisation.pk}")
        statement = StatementFactory(
            organisation=organisation,
            concept=green,
            role=Statement.Role.INTERESTED,
            origin=Statement.Origin.DEMONSTRATED,
        )
        StatementEvidenceFactory(statement=statement, initiative=project)
        ParticipationFactory(initiative=project, organisation=organisation)
    for organisation in (lab, maker):
        common = InitiativeFactory(acronym=f"COMMON {organisation.pk}")
        ParticipationFactory(initiative=common, organisation=organisation)
        ParticipationFactory(initiative=common, organisation=third)
    index.build()
    index.warm_up()  # the compiler may take longer than a browser waits
    assert KeyFigure.objects.filter(region=a).exists()
    assert Organisation.objects.filter(is_illustrative=True).exists()
    return a, b


class Watch:
    """Listens to a page: console errors, and requests that leave the house."""

    def __init__(self, page, home):
        self.faults = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", lambda request: self._request(request, home))

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def _request(self, request, home):
        if not request.url.startswith((home, "data:")):
            self.faults.append(f"left the house: {request.url}")


@pytest.fixture
def open_page(chromium, live_server):
    """Open a page of the live server in a browser of this width, colours and language."""
    contexts = []

    def opened(path="/", *, width=1280, dark=False, javascript=True, language="en"):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale=language,
            base_url=live_server.url,
        )
        contexts.append(context)
        page = context.new_page()
        page.watch = Watch(page, live_server.url)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def every_page(house):
    """One address of every kind of page."""
    a, b = house
    invented = Organisation.objects.filter(is_illustrative=True).order_by("pk").first()
    valley, event = (
        Initiative.objects.filter(kind=kind).order_by("pk").values_list("slug", flat=True)[0]
        for kind in (Initiative.Kind.VALLEY, Initiative.Kind.EVENT)
    )
    return [
        reverse("home"),
        reverse("regions:list"),
        reverse("regions:detail", args=[a.slug]),
        reverse("regions:choose", args=[a.slug]),
        reverse("regions:pair", args=[a.slug, b.slug]),
        reverse("organisations:list"),
        reverse("organisations:list") + "?kind=none",
        reverse("clusters"),
        reverse("organisations:detail", args=["krakow-lab"]),
        reverse("organisations:detail", args=[invented.slug]),
        reverse("organisations:pair", args=["krakow-lab", "lyon-maker"]),
        reverse("initiatives:list"),
        reverse("initiatives:detail", args=[valley]),
        reverse("initiatives:detail", args=[event]),
        reverse("search") + "?q=krakow",
        reverse("sources"),
        reverse("account_login"),
        reverse("account_signup"),
        reverse("account_reset_password"),
        reverse("accounts:privacy"),
        "/nowhere/",
        "/?q=%00",
    ]
