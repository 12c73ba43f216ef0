"""The secret key that a demonstration makes for itself."""

import os
import secrets
from pathlib import Path

NAME = "secret-key"


def has_demo_secret_key(folder: Path) -> bool:
    """Whether a demonstration was made here."""
    return (folder / NAME).exists()


def demo_secret_key(folder: Path) -> str:
    """Return this checkout's own secret key, making it at the first call.

    The file is created whole under another name and linked into place, so that two processes
    that start together read the same key.
    """
    path = folder / NAME
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        pass
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{NAME}.{os.getpid()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii")
