"""When the index is built anew, and what a build that fails or is killed leaves behind."""

import datetime
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from matching import index, upkeep
from matching.engine import store
from matching.outbox import cursor as outbox
from matching.outbox.follower import follower
from matching.outbox.models import Change
from matching.outbox.snapshot import IndexNotBuilt, Snapshot
from organisations.models import Organisation, Statement
from regions.models import ConceptRelation
from tests.factories import OrganisationFactory, StatementFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def newcomer(world):
    """An organisation made after the index was built."""
    made = OrganisationFactory(name="Newcomer", home_region=world.ara)
    StatementFactory(organisation=made, concept=world.storage, role=Statement.Role.OFFERS)
    return made


def suggested(to):
    return [match.b for match in index.in_use().top(to.pk, 20)]


def current_of(folder):
    return folder / f"index-{store.current(folder)}"


def change_inside(folder, offset=-5):
    """Overwrite one byte of the largest file of the current version."""
    largest = max(current_of(folder).iterdir(), key=lambda path: path.stat().st_size)
    with largest.open("r+b") as file:
        file.seek(offset, os.SEEK_END)
        before = file.read(1)
        file.seek(offset, os.SEEK_END)
        file.write(bytes([before[0] ^ 255]))


def cut_short(folder):
    largest = max(current_of(folder).iterdir(), key=lambda path: path.stat().st_size)
    os.truncate(largest, largest.stat().st_size // 2)


def point_nowhere(folder):
    (folder / store.CURRENT).write_text(f"index-{'0' * 64}")


def point_at_nonsense(folder):
    (folder / store.CURRENT).write_bytes(b"\xff\xfe nonsense")


def remove_the_version(folder):
    shutil.rmtree(current_of(folder))


def leave_an_index_of_version_1(folder):
    """What an installation has that was made before this engine, its checksum as it should be."""
    version = current_of(folder)
    record = json.loads((version / store.MANIFEST).read_text()) | {"version": 1}
    text = json.dumps(record)
    (version / store.MANIFEST).write_text(text)
    name = f"index-{hashlib.sha256(text.encode()).hexdigest()}"
    version.rename(folder / name)
    (folder / store.CURRENT).write_text(name)


DAMAGES = [
    change_inside,
    cut_short,
    point_nowhere,
    point_at_nonsense,
    remove_the_version,
    leave_an_index_of_version_1,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_index_is_refused_and_built_anew(world, index_folder, damage):
    damage(index_folder)
    follower.forget()
    with pytest.raises(IndexNotBuilt, match="build_index"):
        index.in_use()
    assert upkeep.due()
    assert upkeep.keep_fresh()
    assert world.maker.pk in suggested(world.lab)
    assert not upkeep.due()


def test_a_process_at_work_outlives_a_damaged_successor(world, newcomer, index_folder):
    follower.catch_up()
    index.build()
    cut_short(index_folder)
    late = OrganisationFactory(home_region=world.ara)
    StatementFactory(organisation=late, concept=world.storage, role="offers")
    Organisation.objects.filter(pk=world.maker.pk).update(status="archived")
    follower.catch_up()
    assert {newcomer.pk, late.pk} <= set(suggested(world.lab))
    assert world.maker.pk not in suggested(world.lab)


def test_an_index_without_a_position_is_built_anew(world, index_folder):
    Snapshot.open(index_folder).index.save(index_folder, extra={})
    follower.forget()
    with pytest.raises(IndexNotBuilt, match="which changes it contains"):
        index.in_use()
    assert upkeep.keep_fresh()


def test_an_index_of_another_database_is_not_used(world, index_folder):
    snapshot = Snapshot.open(index_folder)
    snapshot.index.save(
        index_folder,
        extra={
            "position": str(snapshot.position),
            "database": "1/1",
            "built_on": "2026-01-01",
        },
    )
    follower.forget()
    with pytest.raises(IndexNotBuilt, match="another database"):
        follower.catch_up()
    assert upkeep.due().reason == "it was built from another database"


def test_a_folder_that_cannot_be_written_is_said(world, settings, tmp_path):
    taken = tmp_path / "a-file"
    taken.write_text("in the way")
    settings.MATCH_INDEX_DIR = taken
    with pytest.raises(CommandError, match="MATCH_INDEX_DIR") as error:
        call_command("build_index", verbosity=0)
    assert str(taken) in str(error.value)
    assert taken.read_text() == "in the way"


BUILD_AND_DIE = """
import os, pathlib, signal, sys
from django.conf import settings
database, folder, at = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = database
settings.MATCH_INDEX_DIR = pathlib.Path(folder)
import django
django.setup()
from matching import upkeep
from matching.engine import store
setattr(store, at, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
upkeep.rebuild(wait=True)
"""


def build_and_die(at, folder):
    """Build in another process, which is killed at this function of `matching.engine.store`.

    A process of its own, not a fork: a fork of a process with threads may wait for ever for a lock
    that one of them held.
    """
    database = connection.settings_dict["NAME"]
    answer = subprocess.run(
        [sys.executable, "-c", BUILD_AND_DIE, database, str(folder), at],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert answer.returncode == -signal.SIGKILL, answer.stderr


@pytest.mark.parametrize("at", ["_write", "_put", "_switch", "_forget"])
def test_a_build_that_is_killed_leaves_the_index_before_it_and_no_lock(
    world, newcomer, index_folder, at
):
    before = store.current(index_folder)
    build_and_die(at, index_folder)
    follower.forget()
    follower.catch_up()
    assert newcomer.pk in suggested(world.lab)
    if at != "_forget":
        assert store.current(index_folder) == before
    deadline = time.monotonic() + 10
    while upkeep.rebuild(wait=False) is None:
        assert time.monotonic() < deadline, "the lock of the one that died is still there"
        time.sleep(0.05)
    assert newcomer.pk in Snapshot.open(index_folder).index
    assert not list(index_folder.glob(f"{store.DRAFT}*"))


def test_two_do_not_build_at_once(world):
    held = connections.create_connection("default")
    with held.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [upkeep.BUILDING])
        before = index.snapshot().checksum
        assert upkeep.rebuild(wait=False) is None
        assert index.snapshot().checksum == before
        cursor.execute("SELECT pg_advisory_unlock(%s)", [upkeep.BUILDING])
    held.close()
    assert upkeep.rebuild(wait=False) is not None


# when


def test_nothing_changed_nothing_is_due(world):
    assert not upkeep.due()
    before = index.snapshot().checksum
    assert upkeep.keep_fresh() == ""
    assert index.snapshot().checksum == before


def test_a_night_alone_is_no_reason(world):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert not upkeep.due(today=tomorrow)


def test_a_night_after_a_change_is(world, newcomer):
    assert not upkeep.due()
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert upkeep.due(today=tomorrow).reason == "a night has passed"


def test_a_statement_that_ended_over_night_is(world):
    today = timezone.localdate()
    Statement.objects.filter(organisation=world.lab).update(valid_until=today)
    index.build()
    assert not upkeep.due()
    assert upkeep.due(today=today + datetime.timedelta(days=1)).reason == "a night has passed"


def test_many_changes_are(world, newcomer, monkeypatch):
    monkeypatch.setattr(upkeep, "FEWEST", 0)
    assert upkeep.due().reason == "1 organisations changed since"


def test_facts_that_all_share_are(world):
    ConceptRelation.objects.filter(source=world.storage).update(weight=1)
    assert "all organisations share" in upkeep.due().reason


def test_an_emptied_table_is(world):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE organisations_statement CASCADE")
    assert upkeep.keep_fresh() == "a table was emptied"
    assert not upkeep.due()


def test_a_position_that_was_pruned_away_is(alone_on_the_server, world, newcomer):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE matching_outbox SET changed_at = now() - INTERVAL '2 hours'")
        outbox.prune(cursor, outbox.position(cursor))
    assert "not kept any more" in upkeep.due().reason


def test_pruning_keeps_what_the_saved_index_lacks(alone_on_the_server, world, newcomer):
    Change.objects.all().update(changed_at=timezone.now() - datetime.timedelta(hours=2))
    assert upkeep.prune() > 0
    assert newcomer.pk in set(Change.objects.values_list("organisation_id", flat=True))
    follower.forget()
    follower.catch_up()
    assert newcomer.pk in suggested(world.lab)
