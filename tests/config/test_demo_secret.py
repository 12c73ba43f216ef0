"""The secret key of a demonstration: one for each data folder, and nobody else's to read."""

import os
import stat
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.demo_secret import (
    demo_secret_key,
    has_demo_secret_key,
    own_data_folder,
    read_private,
    write_private,
)
from config.embedded.cluster import CHECKOUT

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="left out: only root can try this")


def test_each_folder_has_a_key_of_its_own_that_stays(tmp_path):
    assert not has_demo_secret_key(tmp_path / "one")
    key = demo_secret_key(tmp_path / "one")
    assert len(key) >= 50
    assert demo_secret_key(tmp_path / "one") == key != demo_secret_key(tmp_path / "other")
    assert has_demo_secret_key(tmp_path / "one")


def test_processes_that_start_together_read_one_key(tmp_path):
    script = "import sys, pathlib, config.demo_secret as d"
    script += "; sys.stdout.write(d.demo_secret_key(pathlib.Path(sys.argv[1])))"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, tmp_path / "data"],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    keys = {process.communicate(timeout=60)[0] for process in started}
    assert len(keys) == 1
    assert len(keys.pop()) >= 50


def test_only_its_owner_reads_the_key_and_no_draft_is_left(tmp_path):
    folder = tmp_path / "data"
    demo_secret_key(folder)
    assert [path.name for path in folder.iterdir()] == ["secret-key"]
    assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == (0o711 if os.geteuid() == 0 else 0o700)


def test_a_key_that_was_lost_halfway_is_made_anew(tmp_path):
    (tmp_path / "secret-key").touch()
    assert len(demo_secret_key(tmp_path)) >= 50


def test_a_link_is_neither_read_nor_written(tmp_path):
    other = tmp_path / "other"
    other.write_text("known to somebody")
    (tmp_path / "secret-key").symlink_to(other)
    with pytest.raises(ImproperlyConfigured, match="symbolic link"):
        demo_secret_key(tmp_path)
    write_private(tmp_path / "secret-key", "new", replace=True)
    assert other.read_text() == "known to somebody"
    assert read_private(tmp_path / "secret-key") == "new"


def test_a_file_that_exists_is_left_alone_unless_it_is_to_be_replaced(tmp_path):
    path = tmp_path / "file"
    for text, replace, after in (("a", False, "a"), ("b", False, "a"), ("c", True, "c")):
        write_private(path, text, replace=replace)
        assert read_private(path) == after
    assert list(tmp_path.iterdir()) == [path]


@as_root
def test_a_folder_of_another_user_is_refused_by_name(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    with pytest.raises(ImproperlyConfigured, match="belongs to user 12345, and this is user 0"):
        demo_secret_key(folder)
    with pytest.raises(ImproperlyConfigured, match="a folder of your own"):
        own_data_folder(folder)
    assert list(folder.iterdir()) == []


def test_a_file_in_the_way_is_said_with_the_way_out(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match="set REGIONS_MEET_DATA"):
        demo_secret_key(tmp_path / "file" / "data")
