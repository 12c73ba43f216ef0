"""The pages of the administration, and of moderation, in a browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from organisations import editing, moderation
from organisations.models import Organisation
from tests.browser.test_pages import STANDARDS, axe_says, faults_of, sideways
from tests.conftest import signed_in
from tests.factories import (
    AccessRequestFactory,
    ClusterMembershipFactory,
    OrganisationFactory,
    ReviewFactory,
    StatementFactory,
    TeamMemberFactory,
    UserFactory,
    WebsiteCheckFactory,
)

pytestmark = pytest.mark.browser

OURS = ["label-title-only", "link-in-text-block", "button-name", "link-name"]
"""What axe asks of the pages whose frame is Django's own."""


@pytest.fixture
def world(transactional_db):
    person = UserFactory(administrator=True)
    lab = OrganisationFactory(
        slug="lab", name="Hydrogen Lab", website="https://lab.example.org/", status="pending"
    )
    lab.name = "Hydrogen Storage Lab"
    lab.save()
    TeamMemberFactory(organisation=lab)
    WebsiteCheckFactory(organisation=lab, url=lab.website)
    ReviewFactory(organisation=lab)
    StatementFactory(organisation=lab)
    OrganisationFactory(slug="twin", name="Hydrogen Storage Lab 2")
    done = OrganisationFactory(slug="done", name="Electrolysers", status="pending")
    moderation.verify(organisation=done, by=person)
    editing.edit(organisation=done, by=person, values={"name": "Quite Another Thing"})
    AccessRequestFactory(kind="claim")
    ClusterMembershipFactory(cluster__kind="cluster")
    return person


@pytest.fixture
def administration(world, open_page, live_server):
    def opened(**options):
        page = open_page("/", **options)
        session = signed_in(world).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return opened


def addresses():
    lab, twin = (Organisation.objects.get(slug=slug) for slug in ("lab", "twin"))
    table = "admin:organisations_organisation_"
    return [
        reverse("admin:index"),
        reverse(f"{table}changelist"),
        f"{reverse(f'{table}changelist')}?q=lab&status__exact=pending",
        reverse(f"{table}add"),
        reverse(f"{table}change", args=[lab.pk]),
        reverse(f"{table}history", args=[lab.pk]),
        reverse(f"{table}deleted"),
        reverse(f"{table}export"),
        reverse(f"{table}import"),
        f"{reverse(f'{table}merge')}?keep={lab.pk}&duplicate={twin.pk}",
        reverse("admin:organisations_statement_changelist"),
        reverse("admin:organisations_clustermembership_add"),
        reverse("admin:accounts_user_changelist"),
        reverse("admin:accounts_user_change", args=[lab.team.get().user.pk]),
        reverse("admin:regions_keyfigure_changelist"),
    ]


def test_pages_of_the_administration_are_accessible(administration):
    page = administration()
    problems = []
    for address in addresses():
        page.goto(address)
        assert page.locator("#content").count(), address
        problems += axe_says_of(page)
    page.goto(reverse("admin:organisations_organisation_import"))
    page.locator("input[type=file]").set_input_files(
        {
            "name": "rows.csv",
            "mimeType": "text/csv",
            "buffer": b"name,kind\nNew One,company\nHydrogen Storage Lab 2,sme\n",
        }
    )
    page.get_by_role("button", name="Preview").click()
    assert "found by its name" in page.locator("#content").inner_text()
    problems += axe_says_of(page)
    page.goto(reverse("admin:organisations_organisation_changelist"))
    page.locator(".action-select").first.check()
    page.locator("select[name=action]").select_option("hold")
    page.get_by_role("button", name="Go", exact=False).first.click()
    assert page.locator("textarea[name=reason], .closelink").count()
    problems += axe_says_of(page)
    assert problems == []
    assert faults_of(page) == []


def axe_says_of(page):
    """Of the content alone: the frame around it is not ours."""
    options = {"runOnly": {"type": "rule", "values": OURS}}
    result = Axe().run(page, options=options)
    return [
        f"{page.url}: {found['id']}: {node['html'][:160]}"
        for found in result.response["violations"]
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("width", [375, 1280])
def test_pages_of_moderation_are_accessible(administration, width):
    page = administration(width=width)
    problems = []
    for address in ("/moderation/", "/moderation/lab/", "/moderation/done/"):
        page.goto(address)
        problems += axe_says(page, STANDARDS) + sideways(page, address, width)
    assert problems == []
    assert faults_of(page) == []
