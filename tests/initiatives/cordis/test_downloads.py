"""CORDIS's own downloads: BOM, semicolons, objectives over several lines, decimal commas."""

from datetime import date
from decimal import Decimal

import pytest

from initiatives.models import Initiative, Participation
from organisations.models import Organisation
from tests.initiatives.cordis.conftest import append, counts, imported

pytestmark = pytest.mark.django_db


def organisation_row(**changed):
    row = {
        "projectID": "643001",
        "projectAcronym": "STORE",
        "organisationID": "900000005",
        "vatNumber": "",
        "name": "NEW SA",
        "shortName": "NEW",
        "SME": "false",
        "activityType": "PRC",
        "street": "",
        "postCode": "",
        "city": "LYON",
        "country": "FR",
        "nutsCode": "FRK26",
        "geolocation": "45.7,4.8",
        "organizationURL": "",
        "contactForm": "",
        "contentUpdateDate": "2022-01-01 00:00:00",
        "rcn": "1",
        "order": "9",
        "role": "participant",
        "ecContribution": "1,5",
        "netEcContribution": "1,5",
        "totalCost": "1,5",
        "endOfParticipation": "false",
        "active": "",
    } | changed
    return ";".join(f'"{value}"' for value in row.values())


def test_everything_comes_in(reference, downloads):
    report = imported(downloads)

    assert counts(report, "organisations") == (3, 0, 0, 0)
    assert counts(report, "projects") == (2, 0, 0, 0)
    assert counts(report, "participations") == (4, 0, 0, 0)
    assert counts(report, "concepts of projects") == (4, 0, 0, 0)
    old, new = Initiative.objects.get(rcn=1001), Initiative.objects.get(grant_id=101000001)
    assert old.description.splitlines() == [
        "First line about hydrogen storage.",
        'Second line; with "quotation marks".',
        "",
        "Third.",
    ]
    assert (old.status, old.total_cost) == ("completed", Decimal("350000.75"))
    assert old.source.slug == "cordis-h2020"
    assert (new.status, new.name) == ("running", "Light on chips – Licht auf Chips")
    assert (new.end_date, new.source.slug) == (date(2026, 12, 31), "cordis-horizon-europe")
    assert set(old.coverage.values_list("concept__code", flat=True)) == {
        "SC3",
        "LEIT",
        "/25/67/425/1173",
    }


def test_a_recurring_organisation_speaks_by_its_latest_row(reference, downloads):
    imported(downloads)

    assert Organisation.objects.get(pic="900000001").name == "POLITECHNIKA PRZYKLADOWA W KRAKOWIE"


def test_small_companies_regions_without_nuts_3_and_third_parties(reference, downloads):
    imported(downloads)

    company = Organisation.objects.get(pic="900000002")
    assert (company.kind, company.website) == ("sme", "http://www.exemple.example.org")
    assert company.nuts3 is None
    assert company.home_region.slug == "auvergne-rhone-alpes"
    third = Participation.objects.get(pic="900000004")
    assert (third.role, third.contribution) == ("partner", Decimal("0.00"))
    assert Participation.objects.get(pic="900000002").contribution is None


def test_streets_tax_numbers_and_contact_forms_are_not_kept(reference, downloads):
    imported(downloads)

    kept = str(list(Organisation.objects.values()) + list(Participation.objects.values()))
    assert "PRZYKLADOWA 1" not in kept
    assert "PL0000000000" not in kept
    assert "contact-form" not in kept


def test_a_second_import_changes_nothing(reference, downloads):
    imported(downloads)

    report = imported(downloads)

    for table in ("organisations", "projects", "participations", "concepts of projects"):
        new, changed, _unchanged, bad = counts(report, table)
        assert (new, changed, bad) == (0, 0, 0), table


def test_both_formats_speak_of_the_same_projects_and_organisations(reference, tables, downloads):
    imported(tables)

    report = imported(downloads)

    assert counts(report, "projects") == (1, 1, 0, 0)
    assert counts(report, "organisations") == (1, 2, 0, 0)
    assert counts(report, "participations") == (2, 2, 0, 0)
    assert Organisation.objects.get(pic="900000002").kind == "sme"
    imported(tables)
    assert Organisation.objects.get(pic="900000002").kind == "sme"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"organisationID": ""}, "organisationID is missing"),
        ({"projectID": "999"}, "project 999 is unknown"),
        ({"projectID": ""}, "projectID is missing"),
        ({"name": ""}, "name is missing"),
        ({"name": "N" * 301}, "name has 301 characters, at most 300 fit"),
        ({"ecContribution": "much"}, "ecContribution “much” is not an amount"),
        ({"activityType": "ABC"}, "activity type “ABC” is not one of"),
        (
            {"organisationID": "900000002"},
            "PIC 900000002 takes part in project 643001 in line 3 already",
        ),
    ],
)
def test_bad_rows(reference, downloads, changed, reason):
    append(downloads / "organization.csv", organisation_row(**changed))

    report = imported(downloads)

    (problem,) = report.first
    assert (problem.file, problem.line) == ("organization.csv", 6)
    assert problem.reason.startswith(reason)
    assert Participation.objects.count() == 4


def test_the_line_of_a_bad_row_counts_the_lines_of_objectives(reference, downloads):
    append(downloads / "project.csv", '"7";"only";"three"')

    (problem,) = imported(downloads).first

    assert (problem.line, problem.reason) == (7, "it has 3 columns, the header 20")


def test_an_unknown_role_field_or_basis_is_noted_and_the_row_kept(reference, downloads):
    append(downloads / "organization.csv", organisation_row(role="sponsor"))
    append(downloads / "legalBasis.csv", '"643001";"FP9.1";"?";""')

    report = imported(downloads)

    reasons = [note.reason for note in report.first_notes]
    assert "role “sponsor” is unknown: taken for a participant" in reasons
    assert "EuroSciVoc code “/21/43” is not in the vocabulary: left out" in reasons
    assert "legal basis “FP9.1” is of no known programme part" in reasons
    assert Participation.objects.get(pic="900000005").role == "participant"


def test_projects_alone_and_organisations_alone(reference, downloads):
    organisations = (downloads / "organization.csv").read_bytes()
    (downloads / "organization.csv").unlink()
    imported(downloads)
    for name in ("project.csv", "euroSciVoc.csv", "topics.csv", "legalBasis.csv"):
        (downloads / name).unlink()
    (downloads / "organization.csv").write_bytes(organisations)

    report = imported(downloads)

    assert counts(report, "participations") == (4, 0, 0, 0)
