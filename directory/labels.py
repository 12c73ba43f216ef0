"""Words of labels: which concepts, regions and countries a word may mean, in any language."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from django.db import connection

from directory.asking import EMPTY_WORDS, folded
from directory.stems import stem

MOST: Final = 60
"""Labels that one word may mean: a word that is in more of them means none in particular."""

STATE: Final = """
    SELECT (SELECT count(*) FROM regions_concept), (SELECT max(id) FROM regions_concept),
           (SELECT max(history_id) FROM regions_historicalconcept),
           (SELECT count(*) FROM regions_region),
           (SELECT max(history_id) FROM regions_historicalregion)
"""
LABELS: Final = """
    SELECT '#c' || c.id, l.key, l.value FROM regions_concept c, jsonb_each_text(c.labels) l
    UNION ALL
    SELECT '#r' || r.id, 'en', r.name FROM regions_region r
    UNION ALL
    SELECT '#r' || r.id, 'en', r.local_name FROM regions_region r WHERE r.local_name <> ''
    UNION ALL
    SELECT '#n' || c.code, l.key, l.value FROM regions_country c, jsonb_each_text(c.labels) l
"""


@dataclass
class Labels:
    """Lexemes of the directory by the words and by the stems of their labels, and by whole labels."""

    state: tuple[object, ...] = ()
    by_word: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_stem: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    whole: dict[frozenset[str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def of(self, words: Iterable[str]) -> list[str]:
        """What one word, written in any of these ways, may mean."""
        found: set[str] = set()
        for word in words:
            meant = self.by_word.get(word) or set()
            if len(word) > 3:
                for language in _LANGUAGES:
                    meant = meant | self.by_stem.get(f"{language}:{stem(word, language)}", set())
            if len(meant) <= MOST:
                found |= meant
        return sorted(found)

    def named(self, words: Iterable[str]) -> list[str]:
        """What has a label of just these words, in whatever order and with whatever endings."""
        telling = [word for word in words if word not in EMPTY_WORDS]
        found: set[str] = set()
        for language in _LANGUAGES:
            key = frozenset(f"{language}:{stem(word, language)}" for word in telling)
            found |= self.whole.get(key, set())
        return sorted(found)


_LANGUAGES: Final = ("en", "fr", "pl", "de", "es", "it")
_kept = Labels()
_lock = Lock()


def labels() -> Labels:
    """Those of this process, read again once a vocabulary or a region has changed; one query."""
    global _kept
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        state = cursor.fetchone()
        assert state is not None
        if _kept.state != state:
            with _lock:
                cursor.execute(LABELS)
                made = Labels(state=state)
                for lexeme, language, label in cursor.fetchall():
                    _add(made, lexeme, language, label)
                _kept = made
    return _kept


def _add(made: Labels, lexeme: str, language: str, label: str) -> None:
    words = [word for word in folded(label) if word not in EMPTY_WORDS]
    for word in words:
        made.by_word[word].add(lexeme)
        made.by_stem[f"{language}:{stem(word, language)}"].add(lexeme)
    if words:
        made.whole[frozenset(f"{language}:{stem(word, language)}" for word in words)].add(lexeme)
