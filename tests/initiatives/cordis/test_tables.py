"""The H2020 tables: what comes in, what is left out and why, and what a second import does."""

from datetime import date
from decimal import Decimal

import pytest

from initiatives.models import Initiative, InitiativeConcept, Participation
from organisations.models import Organisation
from tests.initiatives.cordis.conftest import (
    ORGANISATIONS,
    PARTICIPATIONS,
    PROGRAMME,
    TEXTS,
    append,
    counts,
    imported,
)

pytestmark = pytest.mark.django_db
TABLES = ("organisations", "projects", "participations", "concepts of projects")


def test_everything_comes_in(reference, tables):
    report = imported(tables)

    assert [counts(report, table) for table in TABLES] == [
        (4, 0, 0, 0),
        (2, 0, 0, 0),
        (5, 0, 0, 0),
        (3, 0, 0, 0),
    ]
    university = Organisation.objects.get(pic="900000001")
    assert university.slug == "politechnika-przykladowa-0001"
    assert university.kind == Organisation.Kind.UNIVERSITY
    assert university.status == Organisation.Status.VERIFIED
    assert university.source.slug == "cordis-h2020"
    assert university.nuts3.code == "PL213"
    assert university.home_region.slug == "malopolska"
    assert (university.latitude, university.longitude) == (50.0614, 19.9366)
    assert Organisation.objects.get(pic="900000002").website == "http://www.exemple.example.org"
    assert Organisation.objects.get(pic="900000002").short_name == ""
    assert Organisation.objects.get(pic="900000003").name == 'INSTITUT "DEMO", LYON'
    assert Organisation.objects.get(pic=None).name == "NAMELESS NUMBER SRL"


def test_projects_take_their_texts_or_else_what_participations_say(reference, tables):
    imported(tables)

    told = Initiative.objects.get(rcn=1001)
    assert (told.name, told.acronym, told.slug) == (
        "Hydrogen storage in hydrides",
        "STORE",
        "store-1001",
    )
    assert told.description.endswith('\nSecond line, with "quotation marks".')
    assert (told.grant_id, told.call_topics) == (643001, "FCH-01.1-2015")
    assert (told.end_date, told.total_cost) == (date(2019, 6, 30), Decimal("350000.75"))
    untold = Initiative.objects.get(rcn=1002)
    assert (untold.name, untold.slug) == ("Horizon 2020 project 1002", "project-1002")
    assert (untold.start_date, untold.end_date) == (date(2017, 5, 1), None)
    assert (untold.max_contribution, untold.grant_id) == (Decimal("50000.00"), None)
    assert set(told.coverage.values_list("concept__code", "role", "origin")) == {
        ("SC3", "topic", "register"),
        ("LEIT", "topic", "register"),
    }


def test_a_participant_without_a_record_keeps_what_is_known_of_it(reference, tables):
    imported(tables)

    stranger = Participation.objects.get(pic="900000009")
    assert stranger.organisation is None
    assert (stranger.activity_type, stranger.country, stranger.role) == ("OTH", None, "partner")
    assert stranger.contribution == Decimal("15000.00")
    decimal_comma = Participation.objects.get(pic="900000001", initiative__rcn=1002)
    assert decimal_comma.contribution == Decimal("1234.50")


def test_a_later_import_links_what_an_earlier_one_could_not(reference, tables):
    (tables / ORGANISATIONS).rename(tables / "later.csv")
    first = imported(tables)
    (tables / "later.csv").rename(tables / ORGANISATIONS)
    append(tables / ORGANISATIONS, "900000009,LATE COMER,LC,OTH,LYON,FR,,,,FRK26,FRK2,FRK")

    second = imported(tables)

    assert counts(first, "participations") == (5, 0, 0, 0)
    assert (second.linked, counts(second, "participations")) == (5, (0, 0, 5, 0))
    assert not Participation.objects.filter(organisation=None).exists()


def test_a_second_import_changes_nothing(reference, tables):
    imported(tables)
    before = list(Organisation.objects.order_by("pk").values())

    report = imported(tables)

    assert [counts(report, table) for table in TABLES] == [
        (0, 0, 4, 0),
        (0, 0, 2, 0),
        (0, 0, 5, 0),
        (0, 0, 3, 0),
    ]
    assert list(Organisation.objects.order_by("pk").values()) == before


BAD = [
    (
        ORGANISATIONS,
        "12345,SHORT PIC,S,PRC,LYON,FR,,,,,,",
        "pic “12345” is not a PIC of nine digits",
    ),
    (ORGANISATIONS, "900000001,AGAIN,A,HES,KRAKOW,PL,,,,,,", "PIC 900000001 was in line 2 already"),
    (ORGANISATIONS, "900000010,,X,PRC,LYON,FR,,,,,,", "name is missing"),
    (
        ORGANISATIONS,
        f"900000010,{'N' * 301},X,PRC,LYON,FR,,,,,,",
        "name has 301 characters, at most 300 fit",
    ),
    (
        ORGANISATIONS,
        "900000010,X,X,XYZ,LYON,FR,,,,,,",
        "activity type “XYZ” is not one of HES, REC, PRC, PUB, OTH",
    ),
    (ORGANISATIONS, "900000010,TOO FEW", "it has 2 columns, the header 12"),
    (ORGANISATIONS, b"900000010,CAF\xc9,X,PRC,LYON,FR,,,,,,", "it is not valid UTF-8"),
    (ORGANISATIONS, "900000010,N\0L,X,PRC,LYON,FR,,,,,,", "it holds a NUL character"),
    (ORGANISATIONS, '900000010,"OPEN,X,PRC,LYON,FR,,,,,,', "a quotation mark is not closed"),
    (PARTICIPATIONS, "1001,partner,,PRC,1,FR,2016-01-01,2018-12-31,1,1", "pic is missing"),
    (
        PARTICIPATIONS,
        "1001,partner,900000003,REC,1,FR,01/01/2016,2018-12-31,1,1",
        "start_date “01/01/2016” is not a date (year-month-day)",
    ),
    (
        PARTICIPATIONS,
        "1003,partner,900000003,REC,1,FR,2018-01-02,2018-01-01,1,1",
        "it ends on 2018-01-01, before it starts on 2018-01-02",
    ),
    (
        PARTICIPATIONS,
        "1001,partner,900000003,REC,1.2.3,FR,2016-01-01,2018-12-31,1,1",
        "contribution “1.2.3” is not an amount",
    ),
    (
        PARTICIPATIONS,
        "x,partner,900000003,REC,1,FR,2016-01-01,2018-12-31,1,1",
        "rcn “x” is not a record number",
    ),
    (
        PARTICIPATIONS,
        "1001,participant,900000002,PRC,5,FR,2016-01-01,2018-12-31,300000,350000.75",
        "PIC 900000002 takes part in project 1001 in line 3 already",
    ),
    (PROGRAMME, "9999,SC3", "project 9999 is unknown"),
    (PROGRAMME, "1002,SC99", "programme part “SC99” is unknown"),
    (PROGRAMME, "1001,SC3", "project 1001 has this programme part in line 2"),
    (TEXTS, "1001,643009,A,B,C,,,2016-01-01,2017-01-01,1,1", "project 1001 was in line 2 already"),
    (TEXTS, "1002,643001,A,B,C,,,2016-01-01,2017-01-01,1,1", "grant 643001 was in line 2 already"),
    (TEXTS, f"1002,643002,A,{'T' * 501},C,,,2016-01-01,2017-01-01,1,1", "title has 501 characters"),
    (
        TEXTS,
        "1002,643002,A,B,C,,,2016-13-01,2017-01-01,1,1",
        "startDate “2016-13-01” is not a date",
    ),
]


@pytest.mark.parametrize(("file", "line", "reason"), BAD)
def test_a_bad_row_is_named_counted_and_left_out(reference, tables, file, line, reason):
    physical = (tables / file).read_bytes().count(b"\n") + 1
    append(tables / file, line)

    report = imported(tables)

    (problem,) = report.first
    assert (problem.file, problem.line) == (file, physical)
    assert problem.reason.startswith(reason)
    assert report.bad == 1
    assert Organisation.objects.count() == 4
    assert Participation.objects.count() == 5
    assert Initiative.objects.count() == 2
    assert InitiativeConcept.objects.count() == 3
    assert Initiative.objects.get(rcn=1001).name == "Hydrogen storage in hydrides"


def test_bad_rows_between_good_ones_cost_nothing_else(reference, tables):
    lines = (tables / PARTICIPATIONS).read_text().splitlines()
    bad = "1001,partner,,PRC,1,FR,2016-01-01,2018-12-31,1,1"
    mixed = [lines[0], *(line for good in lines[1:] for line in (bad, good))]
    (tables / PARTICIPATIONS).write_text("\n".join(mixed) + "\n")

    report = imported(tables)

    assert counts(report, "participations") == (5, 0, 0, 5)
    assert [problem.line for problem in report.first] == [2, 4, 6, 8, 10]


@pytest.mark.parametrize(
    ("cells", "reason", "field", "expected"),
    [
        ("LYON,QQ,,,,,,", "country “QQ” is unknown: left out", "country_id", None),
        ("LYON,FR,,,,FRZ99,,", "NUTS code “FRZ99” is of neither 2021 nor 2024", "nuts3_id", None),
        ("LYON,FR,,99,0,,,", "“99, 0” are not coordinates in degrees", "latitude", None),
        ("LYON,FR,not a url,,,,,", "“not a url” is not a web address", "website", ""),
        ("C" * 121 + ",FR,,,,,,", "city has 121 characters", "city", ""),
    ],
)
def test_a_bad_value_costs_the_value_alone(reference, tables, cells, reason, field, expected):
    append(tables / ORGANISATIONS, f"900000010,KEPT,K,PRC,{cells}")

    report = imported(tables)

    assert report.bad == 0
    assert any(note.line == 6 and note.reason.startswith(reason) for note in report.first_notes)
    assert getattr(Organisation.objects.get(pic="900000010"), field) == expected


def test_names_that_give_one_slug_are_told_apart_by_the_whole_pic(reference, tables):
    append(
        tables / ORGANISATIONS,
        "900010005,SAME NAME,S,PRC,LYON,FR,,,,,,",
        "900020005,SAME NAME,S,PRC,LYON,FR,,,,,,",
    )

    imported(tables)

    slugs = Organisation.objects.filter(name="SAME NAME").values_list("slug", flat=True)
    assert set(slugs) == {"same-name-900010005", "same-name-900020005"}


def test_a_contradicting_identity_is_left_out(reference, tables):
    imported(tables)
    path = tables / TEXTS
    path.write_text(path.read_text().replace("1001,643001", "1001,643777"))

    report = imported(tables)

    assert report.first[0].reason == (
        "record 1001 with grant agreement 643777 contradicts "
        "record 1001 with grant agreement 643001"
    )
    assert Initiative.objects.get(rcn=1001).grant_id == 643001
    assert Participation.objects.count() == 5
