"""A field follows CORDIS until somebody edits it here."""

import pytest

from initiatives.models import Participation
from organisations import merging
from organisations.models import Organisation
from tests.factories import NutsUnitFactory, OrganisationFactory, UserFactory
from tests.initiatives.cordis.conftest import ORGANISATIONS, append, counts, imported

pytestmark = pytest.mark.django_db
PIC = "900000001"


def change_file(tables, old, new):
    path = tables / ORGANISATIONS
    content = path.read_text()
    assert old in content
    path.write_text(content.replace(old, new))


def test_what_cordis_changes_is_followed(reference, tables):
    imported(tables)
    change_file(tables, "POLITECHNIKA PRZYKLADOWA,PP,HES,KRAKOW", "NEW NAME,NN,REC,TARNOW")

    report = imported(tables)

    organisation = Organisation.objects.get(pic=PIC)
    assert counts(report, "organisations") == (0, 1, 3, 0)
    assert (organisation.name, organisation.short_name) == ("NEW NAME", "NN")
    assert (organisation.kind, organisation.city) == ("research", "TARNOW")
    assert organisation.slug == "politechnika-przykladowa-0001"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Politechnika Przykładowa"),
        ("short_name", "PoliPrz"),
        ("kind", Organisation.Kind.TECHNOLOGY_PARK),
        ("website", "https://edited.example.org"),
        ("city", "Kraków"),
        ("status", Organisation.Status.ARCHIVED),
        ("description", "Written by its own team."),
    ],
)
def test_what_somebody_edited_stays(reference, tables, field, value):
    imported(tables)
    Organisation.objects.filter(pic=PIC).update(**{field: value})
    change_file(tables, "POLITECHNIKA PRZYKLADOWA,PP,HES,KRAKOW,PL,", "N,S,REC,T,PL,http://n.org")

    imported(tables)
    imported(tables)

    organisation = Organisation.objects.get(pic=PIC)
    assert getattr(organisation, field) == value
    followed = {"name": "N", "short_name": "S", "kind": "research", "city": "T"} | {
        "website": "http://n.org"
    }
    for name, expected in followed.items():
        if name != field:
            assert getattr(organisation, name) == expected


def test_a_place_that_was_moved_here_is_not_mixed_with_cordis_s(reference, tables):
    imported(tables)
    elsewhere = NutsUnitFactory(code="PL219")
    Organisation.objects.filter(pic=PIC).update(
        nuts3=elsewhere, home_region=elsewhere.home_region, city="NOWY TARG"
    )
    change_file(tables, "HES,KRAKOW,PL,,50.06143,19.936584", "HES,KRAKOW,PL,,50.1,19.9")

    imported(tables)

    organisation = Organisation.objects.get(pic=PIC)
    assert (organisation.city, organisation.nuts3) == ("NOWY TARG", elsewhere)
    assert organisation.home_region == elsewhere.home_region
    assert organisation.latitude == 50.0614


def test_a_profile_entered_here_is_only_completed(reference, tables):
    OrganisationFactory(
        pic=PIC,
        name="Entered here",
        city="",
        nuts3=None,
        home_region=None,
        country=None,
        slug="own",
    )

    report = imported(tables)

    organisation = Organisation.objects.get(pic=PIC)
    assert counts(report, "organisations") == (3, 1, 0, 0)
    assert (organisation.name, organisation.slug) == ("Entered here", "own")
    assert (organisation.city, organisation.home_region.slug) == ("KRAKOW", "malopolska")


def test_nothing_is_emptied(reference, tables):
    imported(tables)
    change_file(tables, "PP,HES,KRAKOW,PL,,50.06143,19.936584,PL213,PL21,PL2", "PP,,,,,,,,,")

    report = imported(tables)

    organisation = Organisation.objects.get(pic=PIC)
    assert counts(report, "organisations") == (0, 0, 4, 0)
    assert (organisation.kind, organisation.city) == ("university", "KRAKOW")
    assert organisation.nuts3.code == "PL213"


def test_a_home_region_that_moves_is_followed(reference, tables):
    imported(tables)
    unit = Organisation.objects.get(pic=PIC).nuts3
    other = NutsUnitFactory().home_region
    unit.home_region = other
    unit.save()

    imported(tables)

    assert Organisation.objects.get(pic=PIC).home_region == other


def test_an_organisation_without_a_pic_is_known_by_name_and_country(reference, tables):
    append(tables / ORGANISATIONS, ",NAMELESS NUMBER SRL,,PRC,,FR,,,,,,", ",OTHER,,PRC,,FR,,,,,,")

    first, second = imported(tables), imported(tables)

    assert first.first[0].reason == "no PIC, and this name was in line 5 already"
    assert counts(second, "organisations") == (0, 0, 5, 1)
    assert Organisation.objects.filter(pic=None).count() == 2


def test_what_was_merged_does_not_come_back(reference, tables):
    imported(tables)
    by = UserFactory(administrator=True)
    gone = Organisation.objects.get(pic=PIC)
    keep = Organisation.objects.exclude(pk=gone.pk).exclude(pic=None).order_by("pk").first()
    initiatives = set(gone.participations.values_list("initiative", flat=True))
    merging.merge(keep=keep, duplicate=gone, by=by, despite_numbers=True)
    organisations, participations = Organisation.objects.count(), Participation.objects.count()
    taking_part = set(keep.participations.values_list("initiative", flat=True))
    assert initiatives <= taking_part

    report = imported(tables)

    assert counts(report, "organisations")[0] == 0
    assert not Organisation.objects.filter(pic=PIC).exists()
    assert Organisation.objects.count() == organisations
    assert Participation.objects.count() == participations
    assert set(keep.participations.values_list("initiative", flat=True)) == taking_part


def test_a_new_project_of_what_was_merged_is_the_kept_ones(reference, tables):
    imported(tables)
    gone = Organisation.objects.get(pic=PIC)
    keep = OrganisationFactory(pic="987654321")
    initiatives = set(gone.participations.values_list("initiative", flat=True))
    merging.merge(
        keep=keep, duplicate=gone, by=UserFactory(administrator=True), despite_numbers=True
    )
    Participation.objects.filter(organisation=keep).delete()

    imported(tables)

    assert initiatives
    assert set(keep.participations.values_list("initiative", flat=True)) == initiatives
