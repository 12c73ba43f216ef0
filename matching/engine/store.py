"""An index in files: immutable `.npy` arrays in a folder of their own, opened with mmap and so
shared by all processes.

    FOLDER/CURRENT                      the name of the version in use, replaced by an atomic rename
    FOLDER/index-<checksum>/manifest.json
    FOLDER/index-<checksum>/<array>.npy

The manifest holds the format, the scoring, and of every array its file's size and CRC-32; its name
holds the SHA-256 of that record. A reader checks all of it before it uses anything, so a torn,
truncated, altered or foreign folder is refused. Readers of the version before keep their mapped
files after the switch; older versions are deleted by the next save. Nothing is forced to the disk:
what a machine that lost power tears is refused for the same reason, and built anew.
"""

import fcntl
import hashlib
import io
import json
import re
import shutil
import tempfile
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from matching.engine.segment import Segment, array_names, from_named, named_arrays
from matching.engine.types import BuildError, IndexUnreadable, Scoring

FORMAT: Final = "regions-meet match index"
VERSION: Final = 3
CURRENT: Final = "CURRENT"
MANIFEST: Final = "manifest.json"
LOCK: Final = "LOCK"
DRAFT: Final = ".draft-"
PREFIX: Final = "index-"
CHECKSUM: Final = re.compile(r"[0-9a-f]{64}")
ATTEMPTS: Final = 3


def save(folder: Path, segment: Segment, scoring: Scoring, extra: Mapping[str, Any]) -> str:
    """Write a version, make it the current one, delete all but it and the one before; returns its
    checksum. Writers wait for each other; what a killed writer left is cleared away."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in folder.glob(f"{DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        before = current(folder)
        draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=folder))
        try:
            checksum = _write(draft, segment, scoring, extra)
            name = f"{PREFIX}{checksum}"
            _put(draft, folder / name)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _switch(folder, name)
        _forget(folder, {name, f"{PREFIX}{before}"})
    return checksum


def current(folder: Path) -> str | None:
    """Checksum of the version in use, or None; cheap enough to ask before every answer."""
    try:
        name = (folder / CURRENT).read_text("ascii").strip()
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        return None
    checksum = name.removeprefix(PREFIX)
    return checksum if CHECKSUM.fullmatch(checksum) and name != checksum else None


def load(folder: Path) -> tuple[Segment, Scoring, str, dict[str, Any]]:
    """Open the version in use; raises `IndexUnreadable` with the reason if there is none or it is
    not whole."""
    for attempt in range(ATTEMPTS):
        checksum = current(folder)
        if checksum is None:
            raise IndexUnreadable(f"{folder} holds no match index")
        try:
            segment, scoring, extra = _read(folder / f"{PREFIX}{checksum}", checksum)
        except IndexUnreadable:
            if attempt + 1 == ATTEMPTS or current(folder) == checksum:
                raise
        else:
            return segment, scoring, checksum, extra
    raise IndexUnreadable(f"{folder} changed {ATTEMPTS} times while it was read")


def _write(folder: Path, segment: Segment, scoring: Scoring, extra: Mapping[str, Any]) -> str:
    files: dict[str, dict[str, int]] = {}
    for name, array in named_arrays(segment):
        head = io.BytesIO()
        np.lib.format.write_array_header_1_0(head, np.lib.format.header_data_from_array_1_0(array))
        parts = (head.getvalue(), array.reshape(-1).view(np.uint8).data)
        checksum = 0
        with (folder / f"{name}.npy").open("wb") as file:
            for part in parts:
                file.write(part)
                checksum = zlib.crc32(part, checksum)
        files[name] = {"size": sum(len(part) for part in parts), "crc32": checksum}
    record = {
        "format": FORMAT,
        "version": VERSION,
        "organisations": len(segment),
        "scoring": scoring.as_dict(),
        "extra": dict(extra),
        "files": files,
    }
    text = json.dumps(record, sort_keys=True).encode()
    (folder / MANIFEST).write_bytes(text)
    return hashlib.sha256(text).hexdigest()


def _put(draft: Path, final: Path) -> None:
    """Give a finished draft its name; an equal version that is already there and whole stays."""
    try:
        _read(final, final.name.removeprefix(PREFIX))
    except IndexUnreadable:
        shutil.rmtree(final, ignore_errors=True)
        draft.chmod(0o750)
        draft.rename(final)


def _switch(folder: Path, name: str) -> None:
    """Make this version the current one."""
    pointer = folder / f"{CURRENT}.new"
    pointer.write_text(name, "ascii")
    pointer.replace(folder / CURRENT)


def _forget(folder: Path, keep: Collection[str]) -> None:
    for old in folder.glob(f"{PREFIX}*"):
        if old.name not in keep:
            shutil.rmtree(old, ignore_errors=True)


def _read(folder: Path, checksum: str) -> tuple[Segment, Scoring, dict[str, Any]]:
    try:
        text = (folder / MANIFEST).read_bytes()
        if hashlib.sha256(text).hexdigest() != checksum:
            raise IndexUnreadable(f"{folder / MANIFEST} is not the manifest its name promises")
        record = json.loads(text)
        if record["format"] != FORMAT or record["version"] != VERSION:
            raise IndexUnreadable(f"{folder} is of format {record['version']}, not {VERSION}")
        if set(record["files"]) != set(array_names()):
            raise IndexUnreadable(f"{folder} does not list the arrays of an index")
        found = {
            name: _open(folder / f"{name}.npy", **record["files"][name]) for name in array_names()
        }
        return from_named(found), Scoring(**record["scoring"]), dict(record["extra"])
    except (OSError, ValueError, KeyError, TypeError, BuildError) as problem:
        raise IndexUnreadable(f"{folder}: {problem}") from problem


def _open(path: Path, *, size: int, crc32: int) -> np.ndarray[Any, np.dtype[Any]]:
    """One array, read-only, after its whole file was compared with the record."""
    if path.stat().st_size != size:
        raise IndexUnreadable(f"{path} is {path.stat().st_size} bytes long, not {size}")
    with path.open("rb") as file:
        found = 0
        while block := file.read(1 << 20):
            found = zlib.crc32(block, found)
    if found != crc32:
        raise IndexUnreadable(f"{path} is damaged")
    array: np.ndarray[Any, np.dtype[Any]] = np.load(path, mmap_mode="r", allow_pickle=False)
    return array
