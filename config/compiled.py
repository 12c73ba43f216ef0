"""Where numba keeps compiled code.

numba compiles a function anew when the file that it stands in has changed, and not when one that it
calls has. So every state of the engine's sources has a folder of its own.
"""

import hashlib
import os
from pathlib import Path

ENGINE = Path(__file__).parent.parent / "matching" / "engine"


def folder(parent: Path, sources: Path = ENGINE) -> Path:
    """The folder for the sources as they are."""
    digest = hashlib.sha256()
    for source in sorted(sources.glob("*.py")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return parent / digest.hexdigest()[:16]


def keep_in(parent: Path) -> None:
    """Tell numba; another folder that the environment names stays, unless it is one of these, which
    a process before this one left there."""
    named = os.environ.get("NUMBA_CACHE_DIR")
    if named is None or Path(named).parent == parent:
        os.environ["NUMBA_CACHE_DIR"] = str(folder(parent))
