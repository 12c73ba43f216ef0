"""Compiled code is never that of other sources."""

import os
from pathlib import Path

from config import compiled


def test_a_change_of_any_file_of_the_engine_is_another_folder(tmp_path):
    sources = tmp_path / "engine"
    sources.mkdir()
    (sources / "lists.py").write_text("one = 1\n")
    (sources / "searching.py").write_text("two = 2\n")
    before = compiled.folder(tmp_path, sources)
    assert before == compiled.folder(tmp_path, sources)
    (sources / "lists.py").write_text("one = 3\n")
    assert compiled.folder(tmp_path, sources) != before


def test_the_sources_are_those_that_are_compiled():
    assert "@njit" in (compiled.ENGINE / "searching.py").read_text()
    assert compiled.folder(Path("x")).parent == Path("x")


def test_a_folder_that_a_process_before_left_is_not_kept(tmp_path, monkeypatch):
    for named, stays in ((tmp_path / "of before", False), (Path("/elsewhere/of/mine"), True)):
        monkeypatch.setenv("NUMBA_CACHE_DIR", str(named))
        compiled.keep_in(tmp_path)
        assert (os.environ["NUMBA_CACHE_DIR"] == str(named)) is stays
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    compiled.keep_in(tmp_path)
    assert os.environ["NUMBA_CACHE_DIR"] == str(compiled.folder(tmp_path))
