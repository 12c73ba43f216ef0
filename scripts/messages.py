"""The translations: compiled (`python -m scripts.messages`), or checked (`--check`).

The compiled catalogues are committed, so that a newcomer needs no gettext. The check fails where
one is not what its source compiles to, where a translation is missing or doubtful, where it loses a
placeholder of its message or invents one, and where a language that the site needs has none, or a
catalogue is of a language that it does not offer.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from config import languages

LOCALE = Path(__file__).resolve().parents[1] / "locale"
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")


def read(source: Path) -> Catalog:
    with source.open("rb") as file:
        return read_po(file, locale=source.parts[-3])


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as Django reads it; without dates, so that it changes with its texts only."""
    catalogue.creation_date = catalogue.revision_date = NO_DATE
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def forms(text: Any) -> tuple[str, ...]:
    """A text, or its singular and plurals."""
    return tuple(text) if isinstance(text, (tuple, list)) else (text or "",)


def faults_of(message: Message) -> Iterator[str]:
    """What is wrong with one translation."""
    originals = forms(message.id)
    texts = forms(message.string)
    named = f"“{originals[0][:60]}”"
    if message.fuzzy:
        yield f"{named} is fuzzy"
    if not all(texts):
        yield f"{named} is not translated"
        return
    known = set().union(*map(placeholders, originals))
    for text in texts:
        if strange := placeholders(text) - known:
            yield f"{named} has no {', '.join(sorted(strange))}"
        if len(originals) == 1 and (lost := known - placeholders(text)):
            yield f"{named} loses {', '.join(sorted(lost))}"


def catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def faults_of_languages(present: set[str]) -> list[str]:
    """Catalogues that are missing, or that nobody could choose."""
    known = {code for code, _name in languages.LANGUAGES}
    return [
        *(f"{code}: there is no catalogue" for code in languages.REQUIRED if code not in present),
        *(
            f"{code}: is no language of config/languages.py"
            for code in sorted(present)
            if code not in known
        ),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    faults = faults_of_languages({path.parent.parent.name for path in catalogues()})
    for source in catalogues():
        catalogue = read(source)
        name = source.relative_to(LOCALE)
        faults += [
            f"{name}: {f}" for message in catalogue if message.id for f in faults_of(message)
        ]
        target, wanted = source.with_suffix(".mo"), compiled(catalogue)
        if not check:
            target.write_bytes(wanted)
        elif not target.exists() or target.read_bytes() != wanted:
            faults.append(f"{name}: not compiled since it changed; run make messages")
    print("\n".join(faults[:50]) or "The translations are complete, and compiled.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
