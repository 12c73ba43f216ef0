"""``manage.py import_cordis``: its summary, dry run, list of bad rows, and exit codes."""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from initiatives.cordis.folder import import_folder
from initiatives.cordis.report import Report
from initiatives.models import Initiative, Participation
from organisations.models import Organisation
from tests.initiatives.cordis.conftest import (
    ORGANISATIONS,
    PARTICIPATIONS,
    SAMPLES,
    append,
    imported,
)

BAD = "1001,partner,,PRC,1,FR,2016-01-01,2018-12-31,1,1"


def run(capsys, *arguments):
    call_command("import_cordis", *map(str, arguments))
    return capsys.readouterr().out


def test_the_summary_counts_every_table(reference, tables, capsys):
    printed = run(capsys, tables)

    assert "H2020 tables" in printed
    rows = {line[:22].strip(): line[22:].split() for line in printed.splitlines()}
    assert rows["organisations"] == ["4", "4", "0", "0", "0", "2"]
    assert rows["projects"] == ["2", "2", "0", "0", "0", "0"]
    assert rows["participations"] == ["5", "5", "0", "0", "0", "0"]
    assert rows["concepts of projects"] == ["3", "3", "0", "0", "0", "0"]


def test_the_first_twenty_bad_rows_are_listed_and_a_file_has_all(
    reference, tables, tmp_path, capsys
):
    append(tables / PARTICIPATIONS, *[BAD] * 25)

    printed = run(capsys, tables, "--bad-rows", tmp_path / "bad.csv")

    assert "Rows left out: 25" in printed
    assert f"{PARTICIPATIONS}, line 7: pic is missing" in printed
    assert "line 26:" in printed
    assert "line 27:" not in printed
    assert "5 more: --bad-rows FILE writes them all" in printed
    with (tmp_path / "bad.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["left out"] == "row"]
    assert [int(row["line"]) for row in rows] == list(range(7, 32))
    assert {(row["file"], row["reason"]) for row in rows} == {(PARTICIPATIONS, "pic is missing")}


def test_a_dry_run_says_the_same_and_keeps_nothing(reference, tables, capsys):
    dry = run(capsys, tables, "--dry-run")

    assert "(dry run: nothing was kept)" in dry
    assert not Organisation.objects.exists()
    assert not Initiative.objects.exists()
    assert not Participation.objects.exists()
    assert dry.splitlines()[1:6] == run(capsys, tables).splitlines()[1:6]


def test_a_folder_with_neither_format_says_what_was_looked_for(reference, tmp_path):
    with pytest.raises(CommandError) as caught:
        call_command("import_cordis", str(tmp_path))

    assert caught.value.returncode == 2
    for name in ("h2020_organisations", "h2020_participations", "project.csv", "organization.csv"):
        assert name in str(caught.value)


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda folder: folder.rename(folder.with_name("gone")), "is not a folder"),
        (
            lambda folder: (folder / "project.csv").write_text('"id"\n'),
            "holds both H2020 tables and CORDIS downloads",
        ),
        (
            lambda folder: (folder / ORGANISATIONS).write_text("pic,name\n"),
            "h2020_organisations.csv lacks the columns shortName",
        ),
    ],
)
def test_a_folder_that_cannot_be_imported_is_an_error(reference, tables, prepare, message):
    prepare(tables)

    with pytest.raises(CommandError, match=message) as caught:
        call_command("import_cordis", str(tables))

    assert caught.value.returncode == 2
    assert not Organisation.objects.exists()


def test_without_reference_data_it_says_what_to_load(db, tables):
    with pytest.raises(CommandError, match="Load the reference data first"):
        call_command("import_cordis", str(tables))


def test_an_unwritable_list_of_bad_rows_is_an_error(reference, tables, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("import_cordis", str(tables), "--bad-rows", str(tmp_path / "no" / "bad.csv"))


class FullDisk:
    """Takes the header, and then there is no room left."""

    def __init__(self):
        self.lines = 0

    def write(self, text):
        self.lines += 1
        if self.lines > 1:
            raise OSError("no space left on device")


def test_a_failure_keeps_nothing(reference, tables):
    append(tables / PARTICIPATIONS, BAD)

    with pytest.raises(OSError, match="no space left"):
        import_folder(tables, Report(log=FullDisk()))

    assert not Organisation.objects.exists()
    assert imported(tables).counts["organisations"].new == 4


def test_samples_hold_no_personal_data():
    text = "".join(path.read_text(encoding="utf-8-sig") for path in SAMPLES.rglob("*.csv"))

    assert "@" not in text


@pytest.mark.parametrize("number", ["0000000000019999999999", "9" * 5_000])
def test_a_number_too_large_costs_its_own_row(reference, tables, number):
    append(tables / PARTICIPATIONS, BAD.replace("1001", number))

    report = imported(tables)

    assert report.first[0].reason.startswith("rcn “")
    assert report.counts["participations"].new == 5


def test_bad_rows_are_never_written_over_an_input(reference, tables, tmp_path):
    linked = tmp_path / "elsewhere.csv"
    (tables / ORGANISATIONS).rename(linked)
    (tables / ORGANISATIONS).symlink_to(linked)
    before = linked.read_bytes()

    for file in (tables / ORGANISATIONS, tables / ".." / tables.name / "new.csv", linked):
        with pytest.raises(CommandError, match="only read") as caught:
            call_command("import_cordis", str(tables), "--bad-rows", str(file))
        assert caught.value.returncode == 2

    assert linked.read_bytes() == before
    assert not (tables / "new.csv").exists()
    assert not Organisation.objects.exists()


def test_bad_rows_are_opened_once_the_folder_is_known(reference, tmp_path):
    (tmp_path / "empty").mkdir()
    bad = tmp_path / "bad.csv"
    bad.write_text("kept")

    with pytest.raises(CommandError):
        call_command("import_cordis", str(tmp_path / "empty"), "--bad-rows", str(bad))

    assert bad.read_text() == "kept"


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_bad_rows_is_a_formula(mark):
    log = StringIO(newline="")

    Report(log=log).refuse("projects", "project.csv", 2, f"{mark}1+1")

    rows = list(csv.DictReader(StringIO(log.getvalue(), newline="")))
    assert rows[0]["reason"] == f"'{mark}1+1"
