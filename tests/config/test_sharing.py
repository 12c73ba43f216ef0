"""What search engines and shared links get: canonical addresses, languages, descriptions."""

import re

import pytest
from django.urls import reverse

from initiatives.models import Initiative
from organisations.models import Organisation
from tests.factories import InitiativeFactory, OrganisationFactory, RegionFactory

HOST = "http://testserver"


def links(page):
    """The canonical address and the alternates of a page."""
    canonical = re.findall(r'<link rel="canonical" href="([^"]*)">', page.text)
    alternates = dict(
        re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">', page.text)
    )
    return canonical, alternates


def meta(page, name):
    return re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)">', page.text)


@pytest.fixture
def region(db):
    return RegionFactory(slug="north", name="North <& South>", summary="Known for its “wind”.")


def test_a_page_names_itself_and_each_language(anonymous, region, settings):
    page = anonymous.get("/regions/north/?utm_source=x&page=1")
    canonical, alternates = links(page)
    assert canonical == [HOST + "/regions/north/"]
    assert alternates == {
        **{code: f"{HOST}/regions/north/?lang={code}" for code, _name in settings.LANGUAGES},
        "x-default": HOST + "/regions/north/",
    }
    assert meta(page, "robots") == []


def test_each_language_is_a_page_of_its_own(anonymous, region):
    page = anonymous.get("/regions/north/?lang=pl&x=1")
    assert links(page)[0] == [HOST + "/regions/north/?lang=pl"]
    assert meta(page, "og:url") == [HOST + "/regions/north/?lang=pl"]
    assert meta(page, "og:locale") == ["pl"]
    assert meta(page, "og:image") == [HOST + "/cards/region/north.png?lang=pl"]


def test_pages_of_a_list_are_pages(anonymous, db):
    for _ in range(26):
        OrganisationFactory()
    assert links(anonymous.get("/organisations/?page=2"))[0] == [HOST + "/organisations/?page=2"]


def test_a_narrowed_list_is_not_for_search_engines(anonymous, region):
    page = anonymous.get("/regions/?q=north")
    assert meta(page, "robots") == ["noindex"]
    assert links(page) == ([], {})


@pytest.mark.parametrize("path", ["/search/", "/accounts/login/", "/nowhere/", "/regions/none/"])
def test_what_is_for_readers_who_are_here_is_not_either(anonymous, db, path):
    page = anonymous.get(path)
    assert meta(page, "robots") == ["noindex"]
    assert meta(page, "og:title") == []


def test_words_of_others_are_words(anonymous, region):
    page = anonymous.get("/regions/north/")
    assert "<& South>" not in page.text
    assert meta(page, "og:title")[0].startswith("North &lt;&amp; South&gt;, ")
    assert meta(page, "description") == meta(page, "og:description") == ["Known for its “wind”."]


def test_every_dossier_says_what_it_is(anonymous, region):
    other = RegionFactory(slug="east", name="East")
    organisation = OrganisationFactory(slug="lab", name="Lab", description="x" * 5_000)
    initiative = InitiativeFactory(slug="valley", name="Valley", acronym="")
    for path, title, picture in (
        (reverse("regions:pair", args=["north", other.slug]), "East", "regions/north/east"),
        (organisation.get_absolute_url(), "Lab", "organisation/lab"),
        (initiative.get_absolute_url(), "Valley", "initiative/valley"),
    ):
        page = anonymous.get(path)
        assert title in meta(page, "og:title")[0]
        assert len(meta(page, "description")[0]) <= 200
        assert meta(page, "og:image") == [f"{HOST}/cards/{picture}.png?lang=en"]


def test_what_is_invented_is_shared_and_not_listed(anonymous, db):
    invented = OrganisationFactory(slug="invented", is_illustrative=True)
    page = anonymous.get(invented.get_absolute_url())
    assert meta(page, "robots") == ["noindex"]
    assert meta(page, "og:title")


def test_a_draft_tells_nothing_of_itself(editor, organisation):
    organisation.status = Organisation.Status.DRAFT
    organisation.save()
    page = editor.get(organisation.get_absolute_url())
    assert page.status_code == 200
    assert meta(page, "robots") == ["noindex"]
    assert meta(page, "og:title") == meta(page, "og:image") == []


def test_kinds_of_initiative_are_named(anonymous, db):
    event = InitiativeFactory(kind=Initiative.Kind.EVENT, name="Week", acronym="", description="")
    page = anonymous.get(event.get_absolute_url())
    assert "(event)" in meta(page, "description")[0].lower()
