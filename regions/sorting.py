"""The order of names in the reader's language: Łotwa after Luksemburg in Polish, Österreich beside
Oman in German.

Accents do not count, except on letters that a language has in its alphabet as letters of their own.
The embedded PostgreSQL comes without ICU, so we make the key ourselves, the same one here and in
the database.
"""

import unicodedata
from typing import Any, Final

from django.db.models import CharField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Collate, Lower, Replace
from django.utils.translation import get_language

from regions.lookups import Unaccented

OWN_LETTERS: Final = {
    "pl": (
        *(("ą", "a~"), ("ć", "c~"), ("ę", "e~"), ("ł", "l~"), ("ń", "n~"), ("ó", "o~")),
        *(("ś", "s~"), ("ź", "z~"), ("ż", "z~~")),
    ),
    "es": (("ñ", "n~"),),
}
"""What stands for each of them: a tilde comes after every letter."""

UNDIVIDED: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
"""Letters that Unicode does not take for a letter with an accent."""


def _own_letters() -> tuple[tuple[str, str], ...]:
    return OWN_LETTERS.get((get_language() or "en")[:2], ())


def alphabetical(name: str) -> str:
    """The key that a name is sorted by."""
    letters = unicodedata.normalize("NFC", name).casefold()
    for letter, key in _own_letters():
        letters = letters.replace(letter, key)
    return without_accents(letters)


def without_accents(text: str) -> str:
    """The text in small letters without accents."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(UNDIVIDED))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def alphabetical_label(labels: str) -> Collate:
    """The key of the label that ``localised`` shows, for ORDER BY; of a field of labels."""
    language = (get_language() or "en")[:2]
    label: Any = Lower(Coalesce(KeyTextTransform(language, labels), KeyTextTransform("en", labels)))
    for letter, key in _own_letters():
        label = Replace(label, Value(letter), Value(key))
    # the order of characters, whatever the database was made with
    return Collate(Unaccented(label, output_field=CharField()), "C")
