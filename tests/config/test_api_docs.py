"""The documentation page in a real browser, under the site's Content-Security-Policy."""

import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]


@pytest.fixture
def browser(monkeypatch):
    # Playwright's sync API runs an event loop, in which Django would refuse the fixtures' queries
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [375, 1280])
def test_swagger_shows_every_endpoint_and_breaks_no_policy(browser, live_server, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    elsewhere = []
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((live_server.url, "data:"))
            else elsewhere.append(asked.url)
        ),
    )

    page.goto(f"{live_server.url}/api/v1/docs/")

    expect(page.get_by_text("Suggested partners of one organisation, and why")).to_be_visible()
    assert page.locator(".opblock").count() == 12
    page.get_by_text("Concepts of every vocabulary").click()
    expect(page.get_by_text("Label in any language, or code.")).to_be_visible()
    assert complaints == []
    assert elsewhere == []
