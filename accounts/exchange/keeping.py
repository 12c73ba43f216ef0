"""Files between their preview and the confirmation.

They lie in a private folder that all workers of this machine share (setting ``IMPORT_DIR``; several
machines need a folder in common), under random names. What belongs to a file is told by the signed
ticket in the page: who previewed it, for which table, what it contained, and what it would change.
"""

import os
import secrets
import time
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

LIFETIME: Final = 3_600
"""Seconds within which a preview is to be confirmed; then the file goes."""
SALT: Final = "accounts.exchange"


class NotKept(ValueError):
    """There is no such file for this person and table; the message says so."""


@dataclass(frozen=True)
class Ticket:
    """What the page remembers of a file that was previewed."""

    name: str
    digest: str
    user: int
    table: str
    kind: str
    encoding: str
    original: str
    changes: str
    """What the preview said it would change, as a digest."""

    def __str__(self) -> str:
        return signing.dumps(asdict(self), salt=SALT, compress=True)

    @classmethod
    def of(cls, text: str, *, user: int, table: str) -> "Ticket":
        """The ticket in a page. Raises `NotKept` unless it is this person's, for this table, and
        young enough."""
        try:
            ticket = cls(**signing.loads(text, salt=SALT, max_age=LIFETIME))
        except signing.SignatureExpired as error:
            raise NotKept(_("The preview is too old. Choose the file again.")) from error
        except (signing.BadSignature, TypeError) as error:
            raise NotKept(_("This is no preview of yours. Choose the file again.")) from error
        if (ticket.user, ticket.table) != (user, table):
            raise NotKept(_("This is no preview of yours. Choose the file again."))
        return ticket


def keep(data: bytes) -> tuple[str, str]:
    """Keep a file for a while; returns its name and digest. Files of the past are removed."""
    home = folder()
    sweep(home)
    name = secrets.token_hex(16)
    handle = os.open(home / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    return name, sha256(data).hexdigest()


def take(ticket: Ticket) -> bytes:
    """The file of a ticket, which is gone then: who confirms twice is told so.

    Raises `NotKept`.
    """
    path = folder() / ticket.name
    taken = path.with_suffix(".taken")
    try:
        # one of two who come at the same time gets it
        path.rename(taken)
        data = taken.read_bytes()
        taken.unlink()
    except FileNotFoundError as error:
        raise NotKept(
            _("This file was imported already, or its preview is too old. Choose it again.")
        ) from error
    if sha256(data).hexdigest() != ticket.digest:
        raise NotKept(_("The file is not the one that was previewed. Choose it again."))
    return data


def folder() -> Path:
    home = Path(settings.IMPORT_DIR)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


def sweep(home: Path) -> None:
    """Remove the files that nobody may confirm any more."""
    limit = time.time() - LIFETIME
    for path in home.iterdir():
        try:
            if path.stat().st_mtime < limit:
                path.unlink()
        except FileNotFoundError:
            # another worker was quicker
            continue
