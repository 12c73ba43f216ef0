import re

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.template.loader import get_template, render_to_string
from django.test import Client

from config.views import no_access
from initiatives.models import Initiative
from regions.models import Region
from tests.factories import (
    InitiativeFactory,
    InitiativeRegionFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionBoundaryFactory,
    RegionFactory,
    SourceFactory,
    VocabularyFactory,
)

PAGES = ["/", "/regions/", "/organisations/", "/initiatives/", "/sources/", "/search/"]


@pytest.fixture
def pair(db):
    a = RegionFactory(slug="malopolska", name="Małopolska")
    b = RegionFactory(slug="auvergne-rhone-alpes", name="Auvergne-Rhône-Alpes")
    project = InitiativeFactory(acronym="JOINT")
    for region in (a, b):
        RegionBoundaryFactory(region=region, min_x=4000, min_y=-3000, max_x=4100, max_y=-2900)
        ParticipationFactory(
            initiative=project, organisation=OrganisationFactory(home_region=region)
        )
    return a, b


def test_home_shows_map_figures_story_and_lead(anonymous, pair):
    valley = InitiativeFactory(kind=Initiative.Kind.VALLEY, name="A hydrogen valley")
    InitiativeRegionFactory(initiative=valley, region=pair[0])
    InitiativeFactory(kind=Initiative.Kind.EVENT, name="Clusters meet Regions", place="Lyon")

    page = anonymous.get("/")

    assert page.context["figures"] == {
        "regions": 2,
        "countries": 1,
        "organisations": 2,
        "participations": 2,
        "projects": 1,
        "first": 2016,
        "last": 2016,
    }
    assert page.context["joint_projects"] == 1
    text = page.content.decode()
    assert '<a href="/regions/malopolska/"><title>Małopolska, Poland</title>' in text
    assert "/regions/malopolska/with/auvergne-rhone-alpes/" in text
    assert "A hydrogen valley" in text
    assert "Clusters meet Regions" in text
    assert 'href="#after-map"' in text


def test_home_of_an_empty_house(anonymous, db):
    assert "No regions yet" in anonymous.get("/").content.decode()


def test_home_costs_the_same_for_many_regions(anonymous, pair, connection_queries):
    anonymous.get("/")
    one = connection_queries(anonymous, "/")
    for _ in range(20):
        RegionFactory()
    assert connection_queries(anonymous, "/") == one <= 14


def test_sources_name_licence_and_standing(anonymous, db):
    SourceFactory(slug="office", title="Statistical office", licence="CC BY 4.0")
    SourceFactory(slug="guess", title="A guess", standing="illustrative")
    VocabularyFactory()
    text = anonymous.get("/sources/").content.decode()
    assert "Licence: CC BY 4.0" in text
    assert "checked in a public source" in text
    assert 'badge-illustrative">illustrative' in text


@pytest.mark.parametrize("address", PAGES)
def test_odd_addresses_are_refused_politely(anonymous, db, address):
    for query in ("q=%00", "q=" + "x" * 10_000):
        page = anonymous.get(f"{address}?{query}")
        assert page.status_code == 400
        assert "This address cannot be understood" in page.content.decode()


def test_unknown_addresses_are_not_found(anonymous, db):
    page = anonymous.get("/nowhere/")
    assert page.status_code == 404
    assert "There is nothing at this address." in page.content.decode()


@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "500.html"])
def test_error_pages_need_neither_request_nor_database(template):
    assert "<h1>" in render_to_string(template)


def test_a_form_without_its_token_gets_a_page(db):
    page = Client(enforce_csrf_checks=True).post("/accounts/logout/")
    assert page.status_code == 403
    assert "The form could not be accepted" in page.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_pages_refuse_inline_code(anonymous, db, address):
    page = anonymous.get(address)
    assert "style-src 'self'" in page["Content-Security-Policy"]
    text = page.content.decode()
    assert " style=" not in text
    assert all(script.startswith(' src="/static/') for script in text.split("<script")[1:])
    assert text.count("<script") == text.count("></script>")
    assert " onclick" not in text


def test_who_is_logged_in_learns_what_is_missing_and_whom_to_ask(stranger, organisation):
    page = stranger.get(f"/organisations/{organisation.slug}/review/")
    assert page.status_code == 403
    text = page.content.decode()
    assert "Only the team of the organisation sees how it was reviewed." in text
    assert "The owners of an organisation say who reads, edits and rules its profile." in text
    assert "You are in no team yet." in text
    assert "/accounts/login/" not in text


def test_who_is_logged_in_finds_their_organisations(viewer, organisation):
    text = viewer.get("/moderation/").content.decode()
    assert "Only moderators see what waits for verification." in text
    assert f'href="{organisation.get_absolute_url()}"' in text


def test_who_is_not_logged_in_may_log_in(rf, db):
    request = rf.get("/somewhere/")
    request.user = AnonymousUser()
    page = no_access(request, PermissionDenied())
    assert page.status_code == 403
    text = page.content.decode()
    assert 'href="/accounts/login/"' in text
    assert "Whom to ask" not in text


def test_the_icon_has_the_address_that_programs_ask_for(anonymous):
    answer = anonymous.get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (301, "/static/img/favicon.svg")


@pytest.mark.parametrize("sheet", ["site.css", "admin.css"])
def test_every_rule_of_a_stylesheet_ends(sheet):
    """One that does not takes all rules after it with it."""
    text = (settings.BASE_DIR / "static" / "css" / sheet).read_text()
    assert text.count("{") == text.count("}")


def test_every_included_template_is_there():
    folder = settings.BASE_DIR / "templates"
    for template in folder.rglob("*.*"):
        for name in re.findall(r'{% (?:include|extends) "([^"]+)"', template.read_text()):
            assert get_template(name), template


def test_home_folds_the_regions_of_each_country_and_loses_none(anonymous, pair):
    RegionFactory(name="Vienna", country=pair[0].country)
    page = anonymous.get("/").content.decode().split('class="country-list"')[1]
    listed = page.split("</section>")[0]
    countries = listed.split("<details>")[1:]
    assert len(countries) == len({region.country_id for region in pair})
    for region in Region.objects.homes():
        assert f'<a href="{region.get_absolute_url()}">{region.name}</a>' in listed
    of_vienna = next(country for country in countries if "Vienna" in country)
    assert '<span class="small muted">3</span></summary>' in of_vienna
