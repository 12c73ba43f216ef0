"""Who an organisation is, edited by its team."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from organisations import editing
from organisations.merging_edits import EditsClash
from organisations.models import Organisation
from tests.factories import CountryFactory, NutsUnitFactory, OrganisationFactory, RegionFactory


def edit(organisation, client, **values):
    return editing.edit(organisation=organisation, by=client.user, values=values)


def test_a_unit_brings_home_region_country_and_coordinates(organisation, editor):
    unit = NutsUnitFactory(latitude=45.7, longitude=4.8)
    edit(organisation, editor, nuts3=unit.code)
    organisation.refresh_from_db()
    assert organisation.home_region == unit.home_region
    assert organisation.country == unit.country
    assert (organisation.latitude, organisation.longitude) == (45.7, 4.8)
    edit(organisation, editor, nuts3="")
    organisation.refresh_from_db()
    assert organisation.home_region is None
    assert organisation.latitude is None


def test_a_unit_is_in_the_country_that_is_given(organisation, editor):
    unit = NutsUnitFactory(code="FRK26", country__code="FR")
    CountryFactory(code="DE")
    with pytest.raises(ValidationError) as error:
        edit(organisation, editor, nuts3=unit.code, country="DE")
    assert set(error.value.message_dict) == {"nuts3"}


def test_a_country_and_its_unit_stay_together(organisation, editor):
    unit = NutsUnitFactory(code="FRK26", country__code="FR")
    edit(organisation, editor, nuts3=unit.code)
    with pytest.raises(ValidationError):
        edit(organisation, editor, country="PL")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("kind", ""),
        ("kind", "spaceship"),
        ("country", ""),
        ("website", "javascript:alert(1)"),
        ("website", "not an address"),
        ("vat_number", "12"),
        ("pic", "12"),
        ("nuts3", "XX999"),
        ("description", "x" * 10_000),
        ("description", "a\0b"),
        ("wanted_regions", ["nowhere"]),
        ("wanted_kinds", ["spaceship"]),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(organisation, editor, field, value):
    before = editing.as_edited(organisation)
    with pytest.raises(ValidationError) as error:
        edit(organisation, editor, **{field: value})
    assert set(error.value.message_dict) == {field}
    assert editing.as_edited(Organisation.objects.get(pk=organisation.pk)) == before


def test_a_pic_is_of_one_organisation(organisation, editor):
    OrganisationFactory(pic="123456789")
    with pytest.raises(ValidationError) as error:
        edit(organisation, editor, pic="123456789")
    assert "pic" in error.value.message_dict


def test_a_vat_number_is_kept_without_spaces(organisation, editor):
    edit(organisation, editor, vat_number="pl 123-456-78.90")
    organisation.refresh_from_db()
    assert organisation.vat_number == "PL1234567890"


def test_two_people_at_once(organisation, editor):
    opened = editing.as_edited(organisation)
    region = RegionFactory(slug="brittany")
    edit(organisation, editor, city="Tarnów", languages=["en"], name="First name")
    saved = editing.edit(
        organisation=organisation,
        by=editor.user,
        values={"city": opened["city"], "languages": ["pl"], "wanted_regions": [region.slug]},
        opened=opened,
    )
    assert saved.taken_over == ("city",)
    organisation.refresh_from_db()
    assert organisation.city == "Tarnów"
    assert set(organisation.languages) == {"en", "pl"}
    assert list(organisation.wanted_regions.all()) == [region]
    with pytest.raises(EditsClash) as clash:
        editing.edit(
            organisation=organisation,
            by=editor.user,
            values={"name": "Second name", "city": "Nowy Sącz"},
            opened=opened,
        )
    assert {one.name for one in clash.value.clashes} == {"name", "city"}
    organisation.refresh_from_db()
    assert organisation.name == "First name"


def test_only_editors_edit(organisation, viewer, stranger):
    for client in (viewer, stranger):
        with pytest.raises(PermissionDenied):
            edit(organisation, client, name="Mine")


def test_nothing_else_is_for_editors(organisation, editor):
    with pytest.raises(ValueError, match="status"):
        edit(organisation, editor, status="verified")


def test_all_that_is_unfit_is_said_at_once(organisation, editor):
    with pytest.raises(ValidationError) as refused:
        edit(organisation, editor, website="127.0.0.1:5432", vat_number="abc", name="")
    assert set(refused.value.message_dict) == {"website", "vat_number", "name"}


@pytest.mark.parametrize("field", ["name", "short_name", "city"])
def test_names_and_places_have_one_line(organisation, editor, field):
    edit(organisation, editor, **{field: "Foo\n\nLog in\tagain\u2028here"})
    organisation.refresh_from_db()
    assert getattr(organisation, field) == "Foo Log in again here"
    with pytest.raises(ValidationError) as error:
        edit(organisation, editor, **{field: "Foo\u202e\x07"})
    assert set(error.value.message_dict) == {field}


def test_the_same_name_with_other_spaces_is_no_change(organisation, editor):
    spaced = organisation.name.replace(" ", "  ") + "\n"
    assert edit(organisation, editor, name=spaced).changed == ()


def test_the_api_takes_names_of_one_line(organisation, editor):
    address = f"/api/v1/organisations/{organisation.slug}/"
    answer = editor.patch(address, {"name": "Foo\n\nBar"}, content_type="application/json")
    assert (answer.status_code, answer.json()["name"]) == (200, "Foo Bar")
    answer = editor.patch(address, {"name": "Foo\x07"}, content_type="application/json")
    assert (answer.status_code, list(answer.json())) == (400, ["name"])
