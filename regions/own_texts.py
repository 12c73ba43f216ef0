"""The site's own texts of its data files, in the reader's language.

The data say each thing once, in English: a summary, a note, the name of a figure, why two segments
are neighbours. ``data/texts.csv`` holds what each of them says in other languages, and is asked by
the English text itself: what an office has written or changed is shown as it was written, and no
translation outlives the text that it was made of. A name that stays as it is in every language has
a row with nothing but English, so that its language can be told.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.translation import get_language

TEXTS: Final = Path(__file__).resolve().parent / "data" / "texts.csv"


@cache
def own_texts() -> Mapping[str, Mapping[str, str]]:
    """Each English text with what it says by language, English among them."""
    with TEXTS.open(encoding="utf-8", newline="") as file:
        return {
            row["en"]: {language: text for language, text in row.items() if text}
            for row in csv.DictReader(file, strict=True)
        }


def said(text: str) -> str:
    """The text in the reader's language where it is one of the site's own, or else as it is."""
    labels = own_texts().get(text, {})
    return labels.get(_language(), text)


def is_left_in_english(text: str) -> bool:
    """Whether a reader of another language is shown a text of the site's own in English."""
    labels = own_texts().get(text)
    return labels is not None and _language() not in labels


def _language() -> str:
    return (get_language() or "en")[:2]
