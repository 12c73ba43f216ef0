import pytest

from matching.evaluation.files import (
    FileProblem,
    Problems,
    checksum,
    read_organisations,
    read_participations,
    read_parts,
    read_texts,
)
from tests.matching.evaluation.conftest import write_csv

PARTICIPATIONS = ("rcn", "role", "pic", "country", "start_date")


def test_packed_and_plain_files_hold_the_same(tmp_path):
    rows = [("7", "participant", "12", "EL", "2016-01-31"), ("7", "x", "9", "NA", "2016-01-31")]
    plain = write_csv(tmp_path / "p.csv", PARTICIPATIONS, rows)
    packed = write_csv(tmp_path / "p.csv.gz", PARTICIPATIONS, rows)
    for path in (plain, packed):
        problems = Problems()
        read = read_participations(path, problems)
        assert (problems.count, read.codes) == (0, ("7",))
        assert read.pic.tolist() == [12, 9]
        assert read.country.tolist() == ["EL", ""]
        assert read.start.tolist() == [735994, 735994]
    assert checksum(plain) == checksum(packed)


def test_bad_rows_are_left_out_and_named_with_their_place(tmp_path):
    path = write_csv(
        tmp_path / "p.csv",
        PARTICIPATIONS,
        [
            ("7", "x", "12", "FR", "2016-01-31"),
            ("", "x", "12", "FR", "2016-01-31"),
            ("7", "x", "NA", "FR", "2016-01-31"),
            ("7", "x", "-3", "FR", "2016-01-31"),
            ("7", "x", "12", "FR", "31.01.2016"),
            ("7", "x", "12", "FR", "NA"),
            ("7", "x", "12"),
            ("8", "x", "12", "FR", "2016-02-01 00:00:00"),
        ],
    )
    problems = Problems()
    read = read_participations(path, problems)
    assert read.project.tolist() == [0, 1]
    assert problems.count == 6
    assert problems.first == [
        "p.csv:3: no project",
        "p.csv:4: '' is no PIC",
        "p.csv:5: '-3' is no PIC",
        "p.csv:6: '31.01.2016' is no date (year-month-day)",
        "p.csv:7: '' is no date (year-month-day)",
        "p.csv:8: 3 fields instead of 5",
    ]


def test_organisations_come_by_pic_and_a_repeated_one_counts_once(tmp_path):
    path = write_csv(
        tmp_path / "o.csv",
        ("pic", "name", "activityType", "country", "nuts2"),
        [(9, "Nine", "HES", "PL", "PL21"), (3, "Three", "NA", "", ""), (9, "Again", "", "", "")],
    )
    problems = Problems()
    read = read_organisations(path, problems)
    assert read.pic.tolist() == [3, 9]
    assert read.name.tolist() == ["Three", "Nine"]
    assert read.nuts2.tolist() == ["", "PL21"]
    assert problems.first == ["o.csv:4: PIC 9 is there twice"]


def test_parts_and_texts_belong_to_projects(tmp_path):
    parts = write_csv(
        tmp_path / "parts.csv",
        ("rcn", "programme_part"),
        [("1", "SC3"), ("1", "LEIT"), ("2", "NA"), ("", "ERC")],
    )
    texts = write_csv(
        tmp_path / "texts.csv", ("rcn", "title", "objective"), [("1", "Hydrogen", "over\nlines")]
    )
    problems = Problems()
    assert read_parts(parts, problems) == {"1": {"SC3", "LEIT"}}
    assert read_texts(texts, problems) == {"1": "Hydrogen over\nlines"}
    assert problems.count == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"pic,name\n1,x\n", "lacks the column activityType, country, nuts2"),
        (b"", "lacks the column"),
        (b"\x1f\x8b\x08\x00torn", "cannot be read"),
        (b"pic,name,activityType,country,nuts2\n1,\xff,HES,FR,FRK1\n", "is not UTF-8"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, content, message):
    path = tmp_path / "o.csv"
    path.write_bytes(content)
    with pytest.raises(FileProblem, match=message):
        read_organisations(path, Problems())


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileProblem, match="cannot be read"):
        read_parts(tmp_path / "none.csv", Problems())
    with pytest.raises(FileProblem, match="cannot be read"):
        checksum(tmp_path / "none.csv")
