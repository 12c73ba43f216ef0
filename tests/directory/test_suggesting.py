"""Names while somebody types."""

import pytest
from django.utils.translation import override

from directory.models import Entry
from directory.suggesting import MOST, suggested
from tests.factories import OrganisationFactory, RegionFactory

NAMES = "/search/names/"


@pytest.fixture
def some(db):
    for name in ("Łódź Hydrogen Works", "Lodz School", "Works of Łódź", "100%_Green"):
        OrganisationFactory(name=name)
    OrganisationFactory(name="Lodz Secret", status="draft")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("lod", ["Lodz School", "Łódź Hydrogen Works", "Works of Łódź"]),
        ("ŁÓDŹ HY", ["Łódź Hydrogen Works"]),
        ("hydrogen wor", ["Łódź Hydrogen Works"]),
        ("w", ["Works of Łódź"]),
        ("100%", ["100%_Green"]),
        ("%", []),
        ("", []),
        ("xyz", []),
    ],
)
def test_names_that_begin_so_come_first(some, typed, expected):
    assert suggested(typed) == expected


def test_at_most_so_many_and_each_once(db, django_assert_max_num_queries):
    for number in range(2 * MOST):
        RegionFactory(name=f"Hydro {number // 2}", slug=f"hydro-{number}")
    with django_assert_max_num_queries(2):
        found = suggested("hydro")
    assert len(found) == len(set(found)) == MOST


@pytest.mark.parametrize("typed", ["'", '"', "a'b", "\\", "\x00", "&|!", "x" * 5000, "🙂", "é:*"])
def test_odd_letters_are_answered(anonymous, some, typed):
    answer = anonymous.get(NAMES, {"q": typed})
    assert answer.status_code in {200, 400}


def test_names_are_text(anonymous, db):
    OrganisationFactory(name='Hydro"><script>alert(1)</script>')
    assert "<script" not in anonymous.get(NAMES, {"q": "hydro"}).content.decode()


@pytest.mark.django_db
def test_a_name_is_not_shown_by_the_word_of_the_directory_alone():
    organisation = OrganisationFactory(name="Withdrawn Works", status="held")
    Entry.objects.filter(of="organisation", object_id=organisation.pk).update(is_public=True)
    assert suggested("withdr") == suggested("works") == []


@pytest.mark.django_db
def test_regions_are_suggested_as_the_reader_calls_them(django_assert_max_num_queries):
    for name in ("Bavaria", "Lower Bavaria", "Lombardy"):
        RegionFactory(name=name)
    OrganisationFactory(name="Bavarian Works")
    with override("fr"), django_assert_max_num_queries(3):
        assert suggested("bav") == ["Bavière", "Bavarian Works", "Basse-Bavière"]
    with override("fr"):
        assert suggested("lombard") == ["Lombardie"]
        assert suggested("vien") == [], "there is no such region"
    with override("en"):
        assert suggested("bav") == ["Bavaria", "Bavarian Works", "Lower Bavaria"]
        assert suggested("baviè") == []
