"""Stems of words, in the six languages of the labels."""

from functools import cache
from typing import Any, Final

import snowballstemmer

LANGUAGES: Final = {
    "en": "english",
    "fr": "french",
    "de": "german",
    "es": "spanish",
    "it": "italian",
    "pl": "polish",
}


@cache
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(LANGUAGES[language])


def stem(word: str, language: str) -> str:
    """The stem of a word in small letters; of a language that has no stemmer, the word itself."""
    return str(_stemmer(language).stemWord(word)) if language in LANGUAGES else word


def polish(word: str) -> str:
    return stem(word, "pl")
