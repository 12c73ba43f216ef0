"""The languages of the interface.

A language is offered as soon as its compiled catalogue is there, and the check of the translations
lets none in that is not whole. Until then its readers get English, and labels that are in their
language already stay unused.
"""

from pathlib import Path
from typing import Final

CATALOGUES: Final = Path(__file__).resolve().parent.parent / "locale"

LANGUAGES: Final = (
    ("en", "English"),
    ("fr", "Français"),
    ("pl", "Polski"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("it", "Italiano"),
)
"""In the order of the switch; English is what the texts are written in."""

REQUIRED: Final = ("fr", "pl")
"""Without these the site is not whole."""


def offered(catalogues: Path = CATALOGUES) -> list[tuple[str, str]]:
    """The languages that a reader can choose: English, and those with a catalogue."""
    return [
        (code, name)
        for code, name in LANGUAGES
        if code == "en" or (catalogues / code / "LC_MESSAGES" / "django.mo").is_file()
    ]
