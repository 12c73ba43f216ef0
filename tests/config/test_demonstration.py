"""The demonstration's steps, static files and log-ins: each done once, and again when needed."""

import stat
from pathlib import Path

import pytest

from accounts.models import User
from config import demonstration
from config.demonstration import ADMINISTRATOR, MEMBER, Step
from config.models import DataLoad
from organisations.models import TeamMember
from tests.factories import OrganisationFactory, RegionFactory


@pytest.fixture
def folder(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path / "data"
    settings.STATIC_ROOT = tmp_path / "data" / "static"
    settings.BASE_DIR = tmp_path
    return tmp_path


@pytest.fixture
def steps(folder, monkeypatch):
    for name in ("first", "second"):
        (folder / name).mkdir()
        (folder / name / "rows.csv").write_text("a,b\n")
    made = tuple(Step(name, name, (name,), lambda: None) for name in ("first", "second"))
    monkeypatch.setattr(demonstration, "STEPS", made)
    return made


def outdated():
    return [step.name for step, _checksum in demonstration.outdated_steps()]


def do_all():
    for step, checksum in list(demonstration.outdated_steps()):
        demonstration.remember(step, checksum)


def test_a_step_is_done_once(db, steps):
    assert outdated() == ["first", "second"]
    do_all()
    assert outdated() == []


def test_changed_data_outdate_their_step_and_all_later_ones(db, steps, folder):
    do_all()
    (folder / "second" / "rows.csv").write_text("a,b\n1,2\n")
    assert outdated() == ["second"]
    do_all()
    (folder / "first" / "more.csv").write_text("a\n")
    assert outdated() == ["first", "second"]


def test_a_step_that_was_not_finished_is_done_again(db, steps):
    step, checksum = next(demonstration.outdated_steps())
    demonstration.remember(step, checksum)
    assert outdated() == ["second"]
    assert DataLoad.objects.get().name == "first"


def test_every_step_names_files_that_exist():
    root = Path(demonstration.__file__).parent.parent
    for step in demonstration.STEPS:
        assert step.files
        for name in step.files:
            assert (root / name).exists(), name


def test_the_log_ins_work_and_stay(db, folder, client):
    OrganisationFactory(
        home_region=RegionFactory(slug="malopolska"), is_illustrative=True, name="Example"
    )
    administrator, member = demonstration.logins()

    assert client.login(username=administrator.email, password=administrator.password)
    assert client.login(username=member.email, password=member.password)
    assert demonstration.logins() == (administrator, member)
    assert User.objects.get(email=ADMINISTRATOR).is_superuser
    assert not User.objects.get(email=MEMBER).is_staff
    assert TeamMember.objects.get(user__email=MEMBER).organisation.name == "Example"


def test_two_demonstrations_have_different_passwords(db, folder, settings, tmp_path):
    first = demonstration.logins()
    settings.DATA_DIR = tmp_path / "other"
    second = demonstration.logins()
    assert {login.password for login in first}.isdisjoint(login.password for login in second)


def test_only_its_owner_reads_the_passwords(db, folder):
    demonstration.logins()
    path = folder / "data" / "demo-logins.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_static_files_are_collected_when_they_change(folder, settings, monkeypatch):
    calls = []

    def collect(name, **options):
        calls.append(name)
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(demonstration, "call_command", collect)
    (folder / "static").mkdir()
    (folder / "requirements.txt").write_text("django\n")
    for _ in range(2):
        demonstration.collect_static()
    assert calls == ["collectstatic"]
    (folder / "static" / "site.css").write_text("a{}")
    demonstration.collect_static()
    assert calls == ["collectstatic", "collectstatic"]
    settings.STATIC_ROOT.rmdir()
    demonstration.collect_static()
    assert len(calls) == 3
