"""The command: what it says, and that a bad row loads nothing."""

import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from regions.models import Country
from regions.reference import DataFileError, load_reference
from regions.reference.files import DATA

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(DATA, tmp_path / "data")


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_bad_row_loads_nothing(folder):
    edit(folder / "facts" / "contacts.csv", "malopolska,", "lesser-poland,")
    with pytest.raises(DataFileError):
        load_reference(folder=folder)
    assert not Country.objects.exists()


def test_the_command_reports(capsys):
    out = StringIO()
    call_command("load_reference", stdout=out)
    assert "0 changed" in out.getvalue()
    assert "Reference data" in capsys.readouterr().err
    out = StringIO()
    call_command("load_reference", stdout=out, verbosity=0)
    assert out.getvalue() == ""


def test_the_command_says_which_row_is_bad(folder):
    edit(folder / "sources.csv", ',illustrative,"From', ',invented,"From')
    with pytest.raises(CommandError, match=r"sources\.csv, line \d+: standing is 'invented'"):
        call_command("load_reference", folder=folder, verbosity=0)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"sources\.csv"):
        call_command("load_reference", folder=tmp_path, verbosity=0)
