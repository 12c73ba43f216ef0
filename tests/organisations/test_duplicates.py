"""Who may be the same: by identifiers, by names, and who is not named."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisations.duplicates import Reason, near
from organisations.models import FormerAddress, Organisation, TeamMember
from tests.factories import OrganisationFactory, TeamMemberFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return UserFactory()


@pytest.fixture
def institute():
    return OrganisationFactory(
        name="Kraków Institute of Hydrogen",
        short_name="KIH",
        city="Kraków",
        pic="900000001",
        vat_number="PL1234567890",
        website="https://www.kih.example.org/en",
    )


def reasons(found):
    return [(one.organisation.name, one.reasons) for one in found]


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        ({"name": "Something else", "pic": "900000001"}, [Reason.PIC]),
        ({"name": "Something else", "vat_number": "PL1234567890"}, [Reason.VAT_NUMBER]),
        ({"name": "Something else", "website": "http://kih.example.org"}, [Reason.WEBSITE]),
        ({"name": "KRAKOW INSTITUTE OF HYDROGEN"}, [Reason.NAME]),
        ({"name": "Krakow Institute of Hydrogen GmbH"}, [Reason.NAME]),
        ({"name": "Krakow Institut of Hydrogen"}, [Reason.SIMILAR]),
        ({"name": "Krakow Hydrogen", "city": "krakow"}, [Reason.SIMILAR, Reason.PLACE]),
        ({"name": "Something else", "short_name": "kih"}, [Reason.SHORT_NAME]),
        ({"name": "Kih"}, [Reason.SHORT_NAME]),
    ],
)
def test_each_reason_is_found_and_said(institute, reader, described, expected):
    OrganisationFactory(name="Lyon School of Medicine", city="Kraków")
    assert reasons(near(user=reader, **described)) == [(institute.name, expected)]


@pytest.mark.parametrize(
    "described",
    [
        {"name": "Something else", "city": "Kraków"},
        {"name": "Institute of Chemistry", "city": "Kraków"},
        {"name": "Something else", "website": "https://other.kih.example.org"},
        {"name": "", "pic": ""},
    ],
)
def test_a_place_alone_or_a_common_word_is_no_reason(institute, reader, described):
    assert near(user=reader, **described) == []


def test_the_strongest_reason_comes_first(institute, reader):
    by_vat = OrganisationFactory(name="Other", vat_number="PL9999999999")
    alike = OrganisationFactory(name="Krakow Institut of Hydrogene", city="Lyon")
    found = near(
        user=reader,
        name="Kraków Institute of Hydrogen",
        pic="900000001",
        vat_number="PL9999999999",
    )
    assert [one.organisation for one in found] == [institute, by_vat, alike]
    assert found[0].reasons == [Reason.PIC, Reason.NAME]
    assert found[0].is_certain
    assert not found[1].is_certain


def test_tenants_of_one_host_are_not_the_same(reader):
    OrganisationFactory(name="Somebody", website="https://www.facebook.com/somebody")
    assert near(user=reader, name="Else", website="https://facebook.com/else") == []


def test_a_profile_that_is_not_public_is_found_by_identifiers_alone_and_not_named(
    institute, reader
):
    Organisation.objects.filter(pk=institute.pk).update(status="draft")
    assert near(user=reader, name=institute.name, city="Kraków") == []
    (found,) = near(user=reader, name=institute.name, pic="900000001")
    assert not found.is_named
    assert found.reasons == [Reason.PIC]  # not that the name is right as well
    member = TeamMemberFactory(organisation=institute, role=TeamMember.Role.VIEWER).user
    (found,) = near(user=member, name=institute.name)
    assert found.is_named


@pytest.mark.parametrize("field", [{"status": "archived"}, {"is_illustrative": True}])
def test_who_is_archived_or_invented_is_nobody(institute, reader, field):
    Organisation.objects.filter(pk=institute.pk).update(**field)
    assert near(user=reader, name=institute.name, vat_number="PL1234567890") == []


def test_former_names_count(institute, reader):
    institute.name = "Green Energy Centre"
    institute.save()
    institute.name = "Quite Different"
    institute.save()
    (found,) = near(user=reader, name="Green Energy Centre")
    assert found.reasons == [Reason.FORMER_NAME]
    FormerAddress.objects.create(
        slug="old", organisation=institute, was={"name": "Silesian Battery Works"}
    )
    (found,) = near(user=reader, name="Silesian Battery Work")
    assert found.reasons == [Reason.FORMER_NAME]


def test_marks_tell_nobody_who_it_is(institute, reader):
    (found,) = near(user=reader, name=institute.name)
    (again,) = near(user=reader, name=institute.name)
    (others,) = near(user=UserFactory(), name=institute.name)
    (by_website,) = near(user=reader, website=institute.website)
    assert found.mark == again.mark
    assert len({found.mark, others.mark, by_website.mark}) == 3


def test_as_many_queries_for_many_as_for_one(institute, reader):
    def count():
        with CaptureQueriesContext(connection) as queries:
            near(user=reader, name=institute.name, website=institute.website)
        return len(queries)

    count()  # the reader's permissions are remembered
    before = count()
    OrganisationFactory.create_batch(
        10, name=institute.name, website=institute.website, home_region=institute.home_region
    )
    assert count() == before <= 12


def test_names_are_looked_up_in_the_trigram_index(institute, reader):
    """At 100,000 organisations the whole table would take a second, the index some 50 ms."""
    with CaptureQueriesContext(connection) as queries:
        near(user=reader, name="Krakow Institute of Hydrogen")
    asked = [q["sql"] for q in queries if "similarity(" in q["sql"] and "SELECT" in q["sql"]]
    asked = [sql for sql in asked if "organisations_organisation" in sql]
    assert len(asked) == 3
    for sql in asked:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_indexscan = off")
            cursor.execute("EXPLAIN " + sql)
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "Bitmap Index Scan on organisation_search" in plan


@pytest.mark.parametrize(
    ("registered", "short_name", "typed"),
    [
        (
            "POLITECHNIKA KRAKOWSKA (KRAKOW)",
            "",
            "Politechnika Krakowska im. Tadeusza Kościuszki",
        ),
        (
            "INSTYTUT NAFTY I GAZU",
            "",
            "Instytut Nafty i Gazu - Państwowy Instytut Badawczy",
        ),
        ("Akademia Górniczo-Hutnicza", "AGH / AGH-UST", "AGH"),
    ],
)
def test_names_as_registers_and_people_write_them(reader, registered, short_name, typed):
    OrganisationFactory(name=registered, short_name=short_name, city="KRAKOW")
    OrganisationFactory(name="Instytut Metalurgii", city="Kraków")
    OrganisationFactory(name="Politechnika Warszawska", city="Warszawa")
    assert [one.organisation.name for one in near(user=reader, name=typed, city="Kraków")] == [
        registered
    ]
