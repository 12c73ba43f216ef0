"""What a demonstration keeps for itself in its data folder: its secret key, its passwords.

Each file is created whole under another name, for its owner alone, and then moved into place.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

NAME = "secret-key"


def has_demo_secret_key(folder: Path) -> bool:
    """Whether a demonstration was made here."""
    return os.path.exists(folder / NAME)


def demo_secret_key(folder: Path) -> str:
    """Return this checkout's own secret key, making it at the first call.

    Two processes that start together read the same key. Raises ImproperlyConfigured for a data
    folder of another user, or one that cannot be used.
    """
    path = folder / NAME
    try:
        own_data_folder(folder)
        key = read_private(path)
        if not key:
            write_private(path, secrets.token_urlsafe(50), replace=key is not None)
            key = read_private(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder cannot be used: {error}. Make it writable for user {os.geteuid()}, "
            "or set REGIONS_MEET_DATA to a folder that is."
        ) from error
    return key or ""


def own_data_folder(folder: Path) -> None:
    """Make the data folder for this user, or check that it belongs to this user.

    Root's may be passed through: the embedded server, which is below it, runs as another user.
    Raises ImproperlyConfigured.
    """
    if not folder.exists():
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700, parents=True)
            if os.geteuid() == 0:
                folder.chmod(0o711)
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        raise ImproperlyConfigured(
            f"The data folder {folder} belongs to user {owner}, and this is user {os.geteuid()}. "
            "Run as the user who made it, or set REGIONS_MEET_DATA to a folder of your own."
        )


def read_private(path: Path) -> str | None:
    """The text of a file that was written by `write_private`, None where there is none."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with open(fd, encoding="utf-8") as file:
        return file.read()


def write_private(path: Path, text: str, *, replace: bool) -> None:
    """Write a file that only this user reads; without `replace`, one that exists is left alone."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with open(os.open(draft, flags, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        if replace:
            draft.replace(path)
        else:
            with suppress(FileExistsError):
                os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
