"""What a page does to those who read it: it stays where it is, is light, and works by keyboard.

The size of targets, contrast and names of controls are axe-core's, on every page, in
`test_pages.py`; so is that no page asks another host or writes to the console.
"""

import gzip

import pytest
from django.urls import reverse

from organisations.models import Organisation

pytestmark = pytest.mark.browser

LIGHT = 100_000
"""Bytes of a directory page with all it needs, for whoever was never here."""

STILL = 0.01
"""A tenth of what is called good; a long page may move that little while it is still being read."""

SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""

WITHOUT_SIZE = """() => [...document.images]
  .filter(image => !image.getAttribute("width") || !image.getAttribute("height"))
  .map(image => image.outerHTML)"""

CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary"

MARK_CONTROLS = """controls => {
  window.reached = new Set();
  window.wanted = [...document.querySelectorAll(controls)].filter(control =>
    control.checkVisibility({visibilityProperty: true}) && !control.disabled
    && !control.closest("svg") && control.tabIndex >= 0
    && !(control.type === "radio" && !control.checked));
}"""

STEP = """() => {
  const control = document.activeElement, style = getComputedStyle(control);
  if (control === document.body || window.reached.has(control)) return null;
  window.reached.add(control);
  const shown = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1)
    || style.boxShadow !== "none";
  return shown || control.closest("svg") || control.id === "main" ? "" : control.outerHTML;
}"""

MISSED = """() => window.wanted.filter(control => !window.reached.has(control))
  .map(control => control.outerHTML.slice(0, 160))"""

MOST_STEPS = 400


@pytest.fixture
def main_pages(house):
    a, b = house
    invented = Organisation.objects.filter(is_illustrative=True).order_by("pk").first()
    return {
        "home": reverse("home"),
        "regions": reverse("regions:list"),
        "region": reverse("regions:detail", args=[a.slug]),
        "pair": reverse("regions:pair", args=[a.slug, b.slug]),
        "organisations": reverse("organisations:list"),
        "organisation": reverse("organisations:detail", args=[invented.slug]),
        "initiatives": reverse("initiatives:list"),
        "search": reverse("search") + "?q=krakow",
        "log in": reverse("account_login"),
    }


DIRECTORY = ("regions", "organisations", "initiatives", "search")
BY_KEYBOARD = ("regions", "organisations", "organisation", "search", "log in")


def test_main_pages_stay_still_are_light_and_work_by_keyboard(main_pages, open_page):
    problems = []
    for width in (375, 1280):
        page = open_page(width=width)
        page.add_init_script(SHIFTS)
        asked_for = set()
        page.on("request", lambda request, asked=asked_for: asked.add(request.url))
        for name, address in main_pages.items():
            asked_for.clear()
            page.goto(address, wait_until="load")
            where = f"{name} at {width}"
            if (shifted := page.evaluate("window.shifted")) > STILL:
                problems.append(f"{where}: the layout shifts by {shifted:.3f}")
            problems += [f"{where}: without size: {html}" for html in page.evaluate(WITHOUT_SIZE)]
            if name in DIRECTORY and (weight := weight_of(page, asked_for)) > LIGHT:
                problems.append(f"{where}: weighs {weight} bytes")
        problems += page.watch.faults
    for name in BY_KEYBOARD:
        page.goto(main_pages[name])
        problems += [f"{name}: {problem}" for problem in walk(page)]
    assert problems == []


def weight_of(page, addresses):
    """Bytes of a page with its files, for whoever has none of them yet; one that is not sent
    compressed weighs all it has. They are asked for once more: a browser forgets what it read."""
    weight = 0
    for address in addresses:
        answer = page.request.get(address)
        body = answer.body()
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        is_plain = is_page and answer.headers.get("content-encoding") != "gzip"
        weight += len(body) if is_plain else min(len(body), len(gzip.compress(body, mtime=0)))
    return weight


def walk(page):
    """What the Tab key does not reach, and what does not show that it did."""
    page.evaluate(MARK_CONTROLS, CONTROLS)
    hidden = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        found = page.evaluate(STEP)
        if found is None:
            break
        if found:
            hidden.append(f"focus does not show: {found[:160]}")
    if page.evaluate("window.reached.size") < 5:
        hidden.append("the keyboard reaches next to nothing")
    return hidden + [f"not reached: {html}" for html in page.evaluate(MISSED)]


def test_the_component_page_is_whole(open_page, transactional_db):
    page = open_page("/design/", width=1280)
    assert page.watch.faults == []
    light, dark = (
        page.locator(f".scheme-{scheme}").first.evaluate("e => getComputedStyle(e).backgroundColor")
        for scheme in ("light", "dark")
    )
    assert light != dark
