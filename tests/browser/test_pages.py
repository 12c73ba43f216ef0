import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
EXPECTED = (
    "the server responded with a status of 404",
    "the server responded with a status of 400",
)


def faults_of(page):
    return [fault for fault in page.watch.faults if not any(words in fault for words in EXPECTED)]


def axe_says(page, rules):
    """What axe-core finds, as lines to read; axe runs beside the page's own strict policy."""
    result = Axe().run(page, options={"runOnly": rules})
    return [
        f"{page.url}: {found['id']}: {node['html'][:160]}"
        for found in result.response["violations"]
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("width", [375, 1280])
def test_every_page_is_accessible_and_stays_at_home(every_page, open_page, width):
    light = open_page(every_page[0], width=width)
    dark = open_page(every_page[0], width=width, dark=True)
    problems = []
    for address in every_page:
        for page, rules in ((light, STANDARDS), (dark, COLOURS)):
            page.goto(address)
            problems += axe_says(page, rules)
        problems += sideways(light, address, width)
    assert problems == []
    assert faults_of(light) + faults_of(dark) == []


def test_every_page_fits_a_very_small_screen(every_page, open_page):
    page = open_page(every_page[0], width=320)
    problems = []
    for address in every_page:
        page.goto(address)
        problems += sideways(page, address, 320)
    assert problems == []


def sideways(page, address, width):
    """A line if the page is wider than its window."""
    needed = page.evaluate("document.documentElement.scrollWidth")
    return [f"{address}: {needed} px at {width}"] if needed > width else []


PAST_ITS_BOX = """() => [...document.querySelectorAll(".chain-svg .chain-box")]
    .filter(box => box.querySelector("rect").getBoundingClientRect().width)
    .flatMap(box => {
        const edge = box.querySelector("rect").getBBox();
        return [...box.querySelectorAll("text")]
            .filter(line => {
                const {x, width} = line.getBBox();
                return x + width > edge.x + edge.width;
            })
            .map(line => line.textContent);
    })"""


@pytest.mark.parametrize("language", ["en", "fr", "pl"])
def test_the_lettering_of_a_chain_stays_inside_its_boxes(house, open_page, language):
    for width in (375, 1280):
        page = open_page("/regions/malopolska/", width=width, language=language)
        assert page.evaluate("document.documentElement.lang") == language
        assert page.locator(".chain-svg .chain-box text").count() > 20
        assert page.evaluate(PAST_ITS_BOX) == []


def test_regions_of_a_country_unfold_on_the_home_page(house, open_page):
    page = open_page("/", width=375)
    region = page.locator('.country-list a[href="/regions/malopolska/"]')
    assert not region.is_visible()
    page.locator(".country-list summary", has_text="Poland").click()
    assert region.is_visible()
