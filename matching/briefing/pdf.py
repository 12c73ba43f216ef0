"""Sets a briefing as a PDF with typst: bounded in time, memory, number at once, and in what it
reads.

The compiler runs in a process of its own, which is ended when it takes too long or too much memory,
and whose failure is nobody else's. What it sets arrives as JSON on its standard input and is handed
to the template as data, so no name in it is ever read as markup; its root is an empty folder,
packages come from there as well, and the fonts are those inside the wheel, which cover Latin, Greek
and Cyrillic.
"""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import Any, Final

from django.core.cache import caches

from regions.pressure import place

HERE: Final = Path(__file__).resolve().parent
TEMPLATE: Final = HERE / "briefing.typ"
COMPILER: Final = HERE / "compiling.py"

LONGEST: Final = 20
"""Seconds after which a compilation is given up."""

WAIT: Final = 5
"""Seconds that a reader waits for the turn to compile."""

ENVIRONMENT: Final = {"LANG": "C.UTF-8", "RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}
"""Of the compiler: every thread reserves addresses, and a machine may have many processors."""

TOLD: Final = 2_000
"""Characters of what the compiler said that are passed on."""

AT_ONCE: Final = 2
KEPT_FOR: Final = 600

_turns = BoundedSemaphore(AT_ONCE)


class NotSet(Exception):
    """The PDF could not be made now: too many at once, too slow, or the compiler failed."""


def digest(content: dict[str, Any]) -> str:
    """Names this content in this version of the template."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return sha256(TEMPLATE.read_bytes() + text.encode()).hexdigest()


def as_pdf(content: dict[str, Any]) -> bytes:
    """The content of `document` as PDF/A-2a and PDF/UA-1, or where a font lacks a character, as
    plain tagged PDF. Kept for ten minutes under what it says. Raises NotSet."""
    cache, key = caches["documents"], f"briefing-{digest(content)}"
    made: bytes | None = cache.get(key)
    if made is not None:
        return made
    with place():
        if not _turns.acquire(timeout=WAIT):
            raise NotSet("too many at once")
        try:
            made = cache.get(key) or compiled(content)
        finally:
            _turns.release()
    cache.set(key, made, KEPT_FOR)
    return made


def compiled(content: dict[str, Any], *, seconds: float = LONGEST) -> bytes:
    """One run of the compiler. Raises NotSet."""
    with TemporaryDirectory(prefix="briefing-") as empty:
        try:
            run = subprocess.run(  # our own interpreter and script, no shell
                [sys.executable, "-I", str(COMPILER), str(TEMPLATE), empty],
                input=json.dumps(content).encode(),
                capture_output=True,
                timeout=seconds,
                check=True,
                cwd=empty,
                env=ENVIRONMENT,
            )
        except subprocess.TimeoutExpired as error:
            raise NotSet(f"took longer than {seconds} s") from error
        except (subprocess.CalledProcessError, OSError) as error:
            said = (getattr(error, "stderr", b"") or b"").decode(errors="replace")
            # an abort says why at the beginning, an exception at the end
            told = said if len(said) <= TOLD else f"{said[:200]} … {said[-TOLD:]}"
            raise NotSet(told or str(error)) from error
    if not run.stdout.startswith(b"%PDF-"):
        raise NotSet("the compiler wrote no PDF")
    return run.stdout
