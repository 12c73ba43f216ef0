import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from mmap import mmap

import numpy as np
import pytest
from hypothesis import given, settings

from matching.engine import (
    EngineError,
    IndexUnreadable,
    MatchIndex,
    Participations,
    Profile,
    current,
)
from matching.engine.segment import named_arrays
from tests.matching.engine.populations import PRIOR, index_of, populations, quick


def small(*, offers=2, scoring=PRIOR):
    return MatchIndex.build(
        [Profile(1, 1, "FR", needs={1: 1}), Profile(2, 2, "PL", offers={1: offers})],
        Participations.from_rows([(1, 1, 736_000), (1, -1, 736_000), (2, 2, 0), (2, -1, 0)]),
        {},
        {},
        scoring=scoring,
    )


@pytest.fixture
def saved(tmp_path):
    small().save(tmp_path)
    return tmp_path


def is_mapped(array):
    """Whether it stands on a file mapped read-only."""
    while isinstance(array, np.ndarray):
        array = array.base
    return isinstance(array, mmap)


def version_of(folder):
    (version,) = folder.glob("index-*")
    return version


def test_a_loaded_index_answers_like_the_one_that_was_saved(saved):
    built, loaded = small(), MatchIndex.load(saved)
    assert loaded.top(1, 5) == built.top(1, 5)
    assert loaded.scoring == built.scoring
    assert loaded.checksum == current(saved) == version_of(saved).name.removeprefix("index-")


def test_arrays_are_mapped_and_cannot_be_changed(saved):
    built = dict(named_arrays(small().base.segment))
    loaded = dict(named_arrays(MatchIndex.load(saved).base.segment))
    assert loaded.keys() == built.keys()
    for name, array in loaded.items():
        assert array.dtype == built[name].dtype
        assert array.tolist() == built[name].tolist()
        assert is_mapped(array) or not array.size
        for one in (array, built[name]):
            with pytest.raises(ValueError, match="read-only"):
                one[...] = 0


def test_what_the_caller_keeps_with_an_index_comes_back(saved):
    assert MatchIndex.load(saved).extra == {}
    extra = {"outbox": 17, "names": ["Łódź", None], "nested": {"a": 0.5}}
    plain, kept = current(saved), small().save(saved, extra)
    assert kept == current(saved) != plain
    loaded = MatchIndex.load(saved)
    assert loaded.extra == extra
    assert loaded.with_scoring(replace(PRIOR, version="other")).extra == extra
    assert small().save(saved, dict(reversed(extra.items()))) == kept


def test_an_index_with_changes_keeps_its_checksum_and_extra_but_is_not_saved(saved):
    small().save(saved, {"outbox": 17})
    loaded = MatchIndex.load(saved)
    changed = loaded.with_changes(
        profiles=[Profile(3, 3)], participations=Participations.from_rows([])
    )
    assert (changed.checksum, changed.extra) == (current(saved), {"outbox": 17})
    with pytest.raises(EngineError, match="built anew"):
        changed.save(saved)
    assert current(saved) == loaded.checksum


@settings(quick, max_examples=8)
@given(populations())
def test_every_population_survives_a_round_trip(tmp_path_factory, facts):
    folder = tmp_path_factory.mktemp("index")
    index = index_of(facts)
    index.save(folder)
    a = facts.profiles[0].id
    assert MatchIndex.load(folder).top(a, 5) == index.top(a, 5)
    shuffled = replace(facts, profiles=facts.profiles[::-1], rows=facts.rows[::-1])
    checksum = current(folder)
    assert index_of(shuffled).save(folder) == checksum
    shutil.rmtree(folder)


def test_saving_the_same_again_changes_nothing(saved):
    before = version_of(saved).stat().st_ino
    assert small().save(saved) == current(saved)
    assert version_of(saved).stat().st_ino == before


def test_a_new_version_replaces_the_old_one_and_readers_keep_theirs(saved):
    reader, first = MatchIndex.load(saved), current(saved)
    second = small(scoring=replace(PRIOR, version="second")).save(saved)
    assert current(saved) == second != first
    third = small(scoring=replace(PRIOR, version="third")).save(saved)
    assert {v.name for v in saved.glob("index-*")} == {f"index-{second}", f"index-{third}"}
    assert not list(saved.glob(".*"))
    assert reader.top(1, 5) == small().top(1, 5)
    assert MatchIndex.load(saved).scoring.version == "third"


@pytest.mark.parametrize(
    "content", [None, b"", b"index-", b"elsewhere", b"\xff\xfe", b"index-../../x"]
)
def test_a_folder_without_an_index(tmp_path, content):
    if content is not None:
        (tmp_path / "CURRENT").write_bytes(content)
    assert current(tmp_path) is None
    with pytest.raises(IndexUnreadable, match="holds no match index"):
        MatchIndex.load(tmp_path)
    assert current(tmp_path / "absent") is None


@pytest.mark.parametrize("keep", [0, 0.5, 0.99])
def test_every_truncated_file_is_refused(saved, keep):
    version = version_of(saved)
    for path in sorted(version.iterdir()):
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * keep)])
        with pytest.raises(IndexUnreadable):
            MatchIndex.load(saved)
        path.write_bytes(whole)
    assert len(MatchIndex.load(saved)) == 2


def test_every_altered_or_missing_file_is_refused(saved):
    version = version_of(saved)
    for path in sorted(version.iterdir()):
        whole = path.read_bytes()
        for at in (0, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            with pytest.raises(IndexUnreadable):
                MatchIndex.load(saved)
        path.unlink()
        with pytest.raises(IndexUnreadable):
            MatchIndex.load(saved)
        path.write_bytes(whole)


def test_a_manifest_that_was_edited_is_refused(saved):
    manifest = version_of(saved) / "manifest.json"
    before = manifest.read_text()
    manifest.write_text(before.replace('"tau_value_chain": 4', '"tau_value_chain": 5'))
    assert manifest.read_text() != before
    with pytest.raises(IndexUnreadable, match="not the manifest its name promises"):
        MatchIndex.load(saved)


def forge(folder, **change):
    """Rewrite the manifest, with a name that fits it."""
    version = version_of(folder)
    record = json.loads((version / "manifest.json").read_text()) | change
    text = json.dumps(record).encode()
    (version / "manifest.json").write_bytes(text)
    name = f"index-{sha256(text).hexdigest()}"
    version.rename(folder / name)
    (folder / "CURRENT").write_text(name)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "something else"},
        {"version": 1},
        {"version": 4},
        {"files": {}},
        {"files": []},
        {"scoring": {"version": "x"} | {"weights": {}}},
        {"scoring": {"unheard": 1}},
    ],
)
def test_a_foreign_manifest_is_refused(saved, change):
    forge(saved, **change)
    with pytest.raises(IndexUnreadable):
        MatchIndex.load(saved)


def test_an_index_of_the_format_before_is_refused_by_name(saved):
    forge(saved, version=2)
    with pytest.raises(IndexUnreadable, match="of format 2, not 3"):
        MatchIndex.load(saved)


def test_writers_take_turns_and_readers_always_find_a_whole_index(tmp_path):
    versions = [small(scoring=replace(PRIOR, version=str(i))) for i in range(4)]
    versions[0].save(tmp_path)
    (tmp_path / ".draft-left-by-a-killed-writer").mkdir()
    with ThreadPoolExecutor(8) as pool:
        writing = [pool.submit(version.save, tmp_path) for version in versions]
        reading = [pool.submit(MatchIndex.load, tmp_path) for _ in range(12)]
    assert {len(task.result()) for task in reading} == {2}
    assert current(tmp_path) in {task.result() for task in writing}
    assert len(MatchIndex.load(tmp_path)) == 2
    assert not list(tmp_path.glob(".draft-*"))


def test_a_damaged_version_is_written_again(saved):
    damaged = version_of(saved) / "documents.id.npy"
    assert damaged.stat().st_size
    damaged.write_bytes(b"")
    small().save(saved)
    assert len(MatchIndex.load(saved)) == 2
