"""robots.txt and the sitemap: everything that is public and real, and nothing else."""

import xml.etree.ElementTree as ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config import crawling
from organisations.models import Organisation
from regions.models import Region
from tests.factories import InitiativeFactory, OrganisationFactory, RegionFactory

NAMESPACE = {"s": crawling.NAMESPACE}


def locations(page):
    assert page.status_code == 200
    assert page.headers["Content-Type"] == crawling.XML
    found = ElementTree.fromstring(page.content).findall("*/s:loc", NAMESPACE)
    return [element.text for element in found]


def everything(client):
    """All addresses of all parts."""
    found = []
    for part in locations(client.get("/sitemap.xml")):
        found += locations(client.get(part.removeprefix("http://testserver")))
    return [address.removeprefix("http://testserver") for address in found]


def test_the_sitemap_holds_what_is_public_and_real(anonymous, db):
    shown = OrganisationFactory(slug="shown")
    OrganisationFactory(status=Organisation.Status.PENDING)
    OrganisationFactory(is_illustrative=True)
    initiative = InitiativeFactory()
    RegionFactory(slug="malopolska")
    assert {address for address in everything(anonymous) if address.count("/") > 2} == {
        shown.get_absolute_url(),
        initiative.get_absolute_url(),
        *(region.get_absolute_url() for region in Region.objects.all()),
    }
    RegionFactory(slug="auvergne-rhone-alpes")
    assert "/regions/malopolska/with/auvergne-rhone-alpes/" in everything(anonymous)


def test_many_are_cut_into_parts(anonymous, db, monkeypatch):
    monkeypatch.setattr(crawling, "PART", 7)
    made = {OrganisationFactory().get_absolute_url() for _ in range(20)}
    found = [address for address in everything(anonymous) if address in made]
    assert len(found) == len(made)
    assert set(found) == made


def test_a_part_costs_the_same_for_many(anonymous, db, connection_queries):
    OrganisationFactory()
    part = "/sitemap-organisations-{}.xml".format(
        Organisation.objects.latest("pk").pk // crawling.PART
    )
    few = connection_queries(anonymous, part)
    for _ in range(10):
        OrganisationFactory()
    assert connection_queries(anonymous, part) == few
    with CaptureQueriesContext(connection) as queries:
        anonymous.get(part)
    assert not any("OFFSET" in query["sql"] for query in queries)


@pytest.mark.parametrize(
    "path", ["/sitemap-none-0.xml", "/sitemap-pages-1.xml", "/sitemap-organisations-999999999.xml"]
)
def test_a_part_that_is_not_there(anonymous, db, path):
    assert anonymous.get(path).status_code == 404


def test_when_an_organisation_was_changed_is_said(anonymous, db):
    made = OrganisationFactory()
    page = anonymous.get(f"/sitemap-organisations-{made.pk // crawling.PART}.xml")
    assert f"<lastmod>{made.updated_at:%Y-%m-%d}</lastmod>" in page.text


def test_robots(anonymous, db):
    for slug in ("malopolska", "auvergne-rhone-alpes"):
        RegionFactory(slug=slug)
    page = anonymous.get("/robots.txt")
    lines = page.text.splitlines()
    assert page.headers["Content-Type"].startswith("text/plain")
    for line in ("Disallow: /admin/", "Disallow: /search/", "Disallow: /*?", "Allow: /*?lang="):
        assert line in lines
    assert "Allow: /regions/malopolska/with/auvergne-rhone-alpes/" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines
