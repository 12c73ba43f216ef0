"""What regions are called in the reader's language: Bavaria is Bavière in French.

``data/region_labels.csv`` is asked by the English name, as the texts of `regions.own_texts` are: a
region that somebody has renamed is shown as it was named. A blank there says that the English name
is also that language's. The column ``also`` holds further names that people look for, and nobody
is shown ("Petite-Pologne" for Małopolska). Collected by us; nothing official.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from django.db.models import CharField, F, Func, JSONField, Value
from django.db.models.functions import Cast, Coalesce, Collate, Lower
from django.utils.translation import get_language

from regions.lookups import Unaccented
from regions.sorting import alphabetical, without_accents

LABELS: Final = Path(__file__).resolve().parent / "data" / "region_labels.csv"
LANGUAGES: Final = ("fr", "pl", "de", "es", "it")


@cache
def region_labels() -> Mapping[str, Mapping[str, str]]:
    """By English name, the name in each language that has another; under ``also`` all others."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return {
            row["name"]: {column: text for column, text in row.items() if text}
            for row in csv.DictReader(file, strict=True)
        }


def region_label(name: str) -> str:
    """The name of a region, given in English, in the reader's language."""
    language = (get_language() or "en")[:2]
    return region_labels().get(name, {}).get(language, name)


def names_in_languages(name: str) -> Iterator[tuple[str, str]]:
    """The language and the name, for every name of a region that differs from the English one."""
    labels = region_labels().get(name, {})
    yield from ((language, labels[language]) for language in LANGUAGES if language in labels)
    yield from (("en", other) for other in labels.get("also", "").split("; ") if other)


def names_with(word: str) -> list[str]:
    """English names of the regions that have the word in another name; accents do not count."""
    looked_for = without_accents(word)
    return [name for name, others in _plain_names().items() if looked_for in others]


@cache
def _plain_names() -> Mapping[str, str]:
    return {
        name: "\n".join(without_accents(other) for _language, other in names_in_languages(name))
        for name in region_labels()
    }


def alphabetical_region(field: str = "name") -> Collate:
    """The key of the label of a region, for ORDER BY; of a field of English names."""
    keys = Cast(Value(_keys((get_language() or "en")[:2])), JSONField())
    known = Func(
        keys, F(field), template="(%(expressions)s)", arg_joiner=" ->> ", output_field=CharField()
    )
    other = Unaccented(Lower(F(field)), output_field=CharField())
    return Collate(Coalesce(known, other), "C")


@cache
def _keys(language: str) -> str:
    """JSON of the keys of all names of the file in this language, the reader's: in capitals, as
    ``Unaccented`` makes them of other names."""
    return json.dumps(
        {
            name: alphabetical(labels.get(language, name)).upper()
            for name, labels in region_labels().items()
        }
    )
