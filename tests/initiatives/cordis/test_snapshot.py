"""The committed snapshot: complete, within its size, without personal data."""

import lzma
import re

import pytest
from django.db import transaction

from initiatives import derivation
from initiatives.cordis.folder import import_folder
from initiatives.cordis.report import Report
from initiatives.data import FOLDER
from initiatives.models import Initiative, Participation, StatementEvidence
from organisations.models import Organisation, Statement
from regions.reference import load_reference

SNAPSHOT = FOLDER / "cordis"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The snapshot and what it demonstrates are in the database, until the module is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference()
        report = Report()
        import_folder(SNAPSHOT, report)
        derived = derivation.derive()
        yield report, derived
        transaction.set_rollback(True)


@pytest.fixture
def snapshot(loaded, db):
    """What the import of the snapshot reported."""
    return loaded


def test_everything_is_there_and_nothing_is_bad(snapshot):
    report, _derived = snapshot

    assert Organisation.objects.count() == 15_777
    assert Participation.objects.count() == 70_724
    assert Initiative.objects.count() == 15_004
    assert Participation.objects.filter(organisation=None).count() == 12_183
    assert Organisation.objects.exclude(home_region=None).count() == 15_777 - 1_342
    assert report.bad == 0
    assert [note.reason for note in report.first_notes] == ["pic is missing: known by name"]


def test_a_second_import_changes_nothing(snapshot):
    report = Report()

    import_folder(SNAPSHOT, report)
    derived = derivation.derive()

    for table, count in report.counts.items():
        assert (count.new, count.changed, count.bad) == (0, 0, 0), table
    assert (derived.new, derived.changed, derived.gone) == (0, 0, 0)
    assert (derived.new_evidence, derived.gone_evidence) == (0, 0)


def test_every_demonstrated_statement_has_evidence(snapshot):
    _report, derived = snapshot

    demonstrated = Statement.objects.filter(origin="demonstrated")
    assert demonstrated.count() == derived.statements > 70_000
    assert not demonstrated.filter(evidence=None).exists()
    assert StatementEvidence.objects.count() == derived.evidence > 150_000


def test_its_own_projects_show_what_a_real_organisation_does(snapshot):
    agh = Organisation.objects.get(pic="999844573")

    shown = agh.statements.filter(origin="demonstrated", concept__code="green-transition").get()
    projects = Initiative.objects.filter(demonstrates__statement=shown)
    assert projects.exists()
    assert not projects.exclude(participations__organisation=agh).exists()


def test_each_file_is_small():
    sizes = {path.name: path.stat().st_size for path in SNAPSHOT.iterdir()}

    assert len(sizes) == 4
    assert max(sizes.values()) < 1_400_000
    assert sum(sizes.values()) < 1_700_000


def test_no_personal_data():
    """Neither e-mail addresses nor telephone numbers, in names and texts alike."""
    for path in SNAPSHOT.iterdir():
        text = lzma.decompress(path.read_bytes()).decode()

        assert not re.search(r"[\w.+-]+@[\w-]+\.\w+", text), path.name
        assert not re.search(r"(?:\+|\b00)\d{2}[ /.-]?\d{2,}[ /.-]?\d{3,}", text), path.name
