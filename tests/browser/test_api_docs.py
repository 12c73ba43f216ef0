"""The documentation page in a real browser, under the site's Content-Security-Policy."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [375, 1280])
def test_swagger_shows_every_endpoint_and_breaks_no_policy(chromium, live_server, width):
    page = chromium.new_page(viewport={"width": width, "height": 900})
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
    schema = page.request.get(f"{live_server.url}/api/v1/schema/?format=json").json()
    endpoints = sum(len(methods) for methods in schema["paths"].values())
    assert page.locator(".opblock").count() == endpoints > 20
    page.get_by_text("Concepts of every vocabulary").click()
    expect(page.get_by_text("Label in any language, or code.")).to_be_visible()
    assert complaints == []
    assert elsewhere == []
