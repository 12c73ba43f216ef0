"""Illustrative projects: apart from real ones, and enough for every signal to speak."""

import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from initiatives import derivation
from initiatives.illustrative import LATEST_START, load_profiles
from initiatives.models import Initiative, InitiativeConcept, Participation, StatementEvidence
from matching import index, regional
from matching.engine import SIGNALS
from matching.fit import joint_history
from organisations.models import Organisation, Statement
from organisations.profiles import DATA
from regions.models import Region
from regions.reference import DataFileError, load_reference
from regions.reference.upsert import Change
from tests.factories import InitiativeFactory

LAB = "example-hydrogen-storage-lab"

BAD_ROWS = [
    # file, text to replace, its replacement, what the error says
    ("projects.csv", "2016-03-01,", "March 2016,", "line 2: start 'March 2016' is no date"),
    ("projects.csv", "2016-03-01,2019", "2016-03-01,2015", "an end that is not before it"),
    ("projects.csv", "2017-11-01,", "2018-01-01,", "start 2018-01-01 is after 2017-12-18"),
    ("projects.csv", "load (illustrative)", "load", "is not labelled '(illustrative)'"),
    ("projects.csv", "EXAMPLE-STORE", "STORE", "acronym 'STORE' is not labelled 'EXAMPLE-'"),
    ("participations.csv", f",{LAB},", ",minalogic,", "'minalogic' is no illustrative organis"),
    ("participations.csv", "EXAMPLE-STORE", "EXAMPLE-SHOP", "project 'EXAMPLE-SHOP' is unknown"),
    ("participations.csv", "coordinator", "leader", "role is 'leader', not one of"),
    ("coverage.csv", "chain,storage", "chain,storing", "'hydrogen-value-chain:storing' is unknown"),
    ("coverage.csv", "STORE,covers", "STORE,spans", "role is 'spans', not one of covers, topic"),
]


@pytest.fixture(scope="module")
def reference(django_db_setup, django_db_blocker):
    """All reference data is in the database, until the module is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_reference()
        transaction.set_rollback(True)


@pytest.fixture
def loaded(reference, db):
    return load_profiles()


def test_a_second_load_changes_nothing(loaded):
    assert sum(loaded.values(), Change()).added > 400
    assert sum(load_profiles().values(), Change()) == Change()


def test_a_derivation_after_the_load_changes_nothing(loaded):
    derived = derivation.derive()
    assert (derived.new, derived.changed, derived.gone) == (0, 0, 0)
    assert (derived.new_evidence, derived.gone_evidence) == (0, 0)


def test_everything_invented_says_so(loaded):
    projects = Initiative.objects.all()
    assert projects.count() == 9
    for project in projects:
        assert project.acronym.startswith("EXAMPLE-")
        assert project.name.endswith("(illustrative)")
        assert project.source.is_illustrative
        assert project.start_date <= LATEST_START
    assert not InitiativeConcept.objects.filter(is_illustrative=False).exists()


def test_real_and_invented_never_meet(loaded):
    assert Participation.objects.count() == 31
    assert not Participation.objects.exclude(
        organisation__is_illustrative=True, source__slug="illustrative", pic=""
    ).exists()
    assert not Statement.objects.exclude(organisation__is_illustrative=True).exists()
    assert StatementEvidence.objects.exists()


def test_each_signal_speaks_and_on_one_pair_all_of_them(loaded, settings, tmp_path):
    settings.MATCH_INDEX_DIR = tmp_path / "match-index"
    built = index.build()
    number = dict(Organisation.objects.values_list("slug", "pk"))
    match = built.match(number[LAB], number["example-alpine-electrolysers"])
    assert {signal for signal, points in match.signals.items() if points} == set(SIGNALS)
    assert {term.side for term in match.terms if term.signal == "complementarity"} == {"a", "b"}

    region = Organisation.objects.get(slug="example-alpine-electrolysers").home_region_id
    best = built.top(number[LAB], limit=1, regions=[region])[0]
    assert best.b == number["example-alpine-electrolysers"]


def test_invented_projects_are_no_history_of_regions(loaded):
    malopolska = Region.objects.get(slug="malopolska")
    ara = Region.objects.get(slug="auvergne-rhone-alpes")
    assert regional.joint_projects_of_all() == {}
    assert regional.joint_projects_with(malopolska) == {}
    assert joint_history(malopolska, ara).total == 0


def test_what_is_left_out_is_unknown(loaded, settings, tmp_path):
    settings.MATCH_INDEX_DIR = tmp_path / "match-index"
    built = index.build()
    number = dict(Organisation.objects.values_list("slug", "pk"))

    def reasons(slug):
        unknown = built.match(number[LAB], number[slug]).unknown
        return {each.reason for each in unknown if each.reason.startswith("b_")}

    assert "b_no_needs" in reasons("example-hydrogen-trades-school")
    assert "b_no_offers" in reasons("example-district-heating")
    assert {"b_no_needs", "b_no_offers", "b_no_interests"} <= reasons("example-young-company")


@pytest.mark.parametrize(("file", "old", "new", "message"), BAD_ROWS)
def test_a_bad_row_is_named_and_nothing_is_loaded(reference, db, tmp_path, file, old, new, message):
    folder = shutil.copytree(DATA, tmp_path / "data")
    path = folder / "illustrative" / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(DataFileError) as raised:
        load_profiles(folder=folder)
    assert raised.value.file == file
    assert message in str(raised.value)
    assert not Organisation.objects.exists()


def test_a_real_initiative_is_not_taken_over(reference, db):
    InitiativeFactory(slug="example-store")
    with pytest.raises(DataFileError, match="'example-store' belongs to a real initiative"):
        load_profiles()


def test_the_command_says_what_changed(reference, db):
    first, second = StringIO(), StringIO()
    call_command("load_profiles", stdout=first, stderr=StringIO())
    call_command("load_profiles", stdout=second, stderr=StringIO())
    assert "rows added, 0 changed" in first.getvalue()
    assert second.getvalue() == "Profiles: 0 rows added, 0 changed.\n"


def test_the_command_reports_a_bad_row(reference, db, tmp_path):
    with pytest.raises(CommandError, match=r"clusters\.csv, line 1: .* does not exist"):
        call_command("load_profiles", folder=tmp_path, verbosity=0)
