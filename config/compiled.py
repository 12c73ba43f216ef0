"""Where numba keeps compiled code.

numba compiles a function anew when the file that it stands in has changed, and not when one that it
calls has. So every state of the engine's sources has a folder of its own.
"""

import hashlib
from pathlib import Path

ENGINE = Path(__file__).parent.parent / "matching" / "engine"


def folder(parent: Path, sources: Path = ENGINE) -> Path:
    """The folder for the sources as they are."""
    digest = hashlib.sha256()
    for source in sorted(sources.glob("*.py")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return parent / digest.hexdigest()[:16]
