"""The form that makes a draft."""

import re

import pytest

from organisations.models import Organisation, TeamMember
from tests.factories import CountryFactory, NutsUnitFactory, OrganisationFactory, RegionFactory

NEW = "/organisations/register/new/"


@pytest.fixture
def country(db):
    return CountryFactory()


@pytest.fixture
def sent(stranger, country):
    token = re.search(r'name="token" value="([^"]+)"', stranger.get(NEW).content.decode())[1]
    return {
        "name": "  Łódź   Hydrogen Works ",
        "kind": "company",
        "country": country.pk,
        "city": "Łódź",
        "website": "works.example.org",
        "token": token,
    }


def text(answer):
    return " ".join(answer.content.decode().split())


def test_it_needs_a_log_in(anonymous):
    for answer in (anonymous.get(NEW), anonymous.post(NEW, {})):
        assert answer.status_code == 302
    assert not Organisation.objects.exists()


def test_a_draft_is_made_and_opened(stranger, sent):
    answer = stranger.post(NEW, sent)
    made = Organisation.objects.get()
    assert answer.status_code == 302
    assert answer["Location"].startswith(made.get_absolute_url())
    assert (made.name, made.website) == ("Łódź Hydrogen Works", "https://works.example.org")
    assert (made.status, made.pic, made.home_region) == ("draft", None, None)
    assert TeamMember.objects.get().user == stranger.user
    again = stranger.post(NEW, sent)
    assert again["Location"] == answer["Location"]
    assert Organisation.objects.count() == 1
    assert stranger.get(made.get_absolute_url()).status_code == 200


def test_others_do_not_see_the_draft(stranger, sent, viewer, anonymous):
    stranger.post(NEW, sent)
    address = Organisation.objects.get(status="draft").get_absolute_url()
    assert viewer.get(address).status_code == 404
    assert anonymous.get(address).status_code == 404


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("Łódź Works", "name", "Łódź Works"),
        ("900000001", "pic", "900000001"),
        ("pl1234567890", "vat_number", "PL1234567890"),
        ("works.example.org", "website", "https://works.example.org"),
        ("", "name", ""),
    ],
)
def test_what_was_searched_for_is_filled_in(stranger, country, typed, field, value):
    form = stranger.get(NEW, {"q": typed}).context["form"]
    assert (form[field].value() or "") == value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x"),
        ("name", "12345"),
        ("name", "x" * 301),
        ("name", "Acme\u202egpj"),
        ("name", "Acme\x00"),
        ("kind", ""),
        ("kind", "king"),
        ("country", ""),
        ("country", "ZZ"),
        ("city", ""),
        ("city", "x" * 121),
        ("website", "http://127.0.0.1"),
        ("website", "http://localhost"),
        ("website", "javascript:alert(1)"),
        ("website", "http://user:pw@example.org"),
        ("pic", "12345"),
        ("vat_number", "PL12"),
        ("token", ""),
        ("token", "short"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_lost(stranger, sent, field, value):
    answer = stranger.post(NEW, {**sent, "short_name": "ŁHW", field: value})
    assert answer.status_code == 400
    assert answer.context["form"].errors[field]
    assert 'value="ŁHW"' in text(answer)
    assert not Organisation.objects.exists()


def test_scripts_are_text(stranger, sent):
    stranger.post(NEW, {**sent, "name": "<script>alert(1)</script>"})
    made = Organisation.objects.get()
    page = text(stranger.get(made.get_absolute_url()))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_who_is_near_is_shown_and_seen_before_anything_is_saved(stranger, sent):
    near = OrganisationFactory(name="Lodz Hydrogen Works", slug="near", city="Łódź")
    answer = stranger.post(NEW, sent)
    assert answer.status_code == 400
    page = text(answer)
    assert "Is yours one of these?" in page
    assert "It has the same name, the same place." in page
    assert 'href="/organisations/near/claim/"' in page
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    another = OrganisationFactory(name="Łódź Hydrogen Work")
    answer = stranger.post(NEW, {**sent, "seen": seen})
    assert answer.status_code == 400
    assert another.name in text(answer)
    assert set(Organisation.objects.all()) == {near, another}
    seen = re.search(r'name="seen" value="([^"]+)"', text(answer))[1]
    assert stranger.post(NEW, {**sent, "seen": seen}).status_code == 302
    assert Organisation.objects.get(status="draft").slug == "lodz-hydrogen-works"


def test_a_pic_that_is_here_can_only_be_claimed(stranger, sent):
    OrganisationFactory(name="Else", slug="taken", pic="900000001")
    answer = stranger.post(NEW, {**sent, "pic": "900000001"})
    page = text(answer)
    assert "An organisation with this PIC is here already" in page
    assert "Mine is another one" not in page
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    answer = stranger.post(NEW, {**sent, "pic": "900000001", "seen": seen})
    assert answer.status_code == 400
    assert Organisation.objects.count() == 1


def test_one_that_is_not_public_is_shown_without_its_name(stranger, sent):
    OrganisationFactory(name="Secret Works", slug="secret-works", status="draft", pic="900000001")
    page = text(stranger.post(NEW, {**sent, "pic": "900000001"}))
    assert "An organisation with the same PIC is being registered" in page
    assert "Secret Works" not in page
    assert "secret-works" not in page
    key = re.search(r'href="(/organisations/register/unlisted/[^"]+)"', page)[1]
    assert stranger.get(key).status_code == 200


def test_the_page_costs_few_queries(stranger, country, connection_queries):
    assert connection_queries(stranger, NEW) <= 8


def test_optional_fields_say_so_and_countries_with_regions_are_first(stranger, country):
    NutsUnitFactory(country=country, home_region=RegionFactory(country=country))
    CountryFactory(code="AA", labels={"en": "Aaland"})
    form = stranger.get(NEW).context["form"]
    labels = {name: str(field.label) for name, field in form.fields.items() if not field.required}
    assert all("(optional)" in label for name, label in labels.items() if name != "seen")
    page = str(form["country"])
    assert page.index(f'value="{country.pk}"') < page.index('value="AA"')


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("website", "127.0.0.1:5432", "not the number of its server"),
        ("website", "example.org:5432", "Leave out the colon and the port number"),
        ("website", "example.org:99999", "Leave out the colon and the port number"),
        ("vat_number", "abc", "the two letters of its country and then the number"),
    ],
)
def test_what_is_wrong_is_told_as_it_is(stranger, sent, field, value, words):
    assert words in text(stranger.post(NEW, {**sent, field: value}))
