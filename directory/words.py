"""Words that mean the same as one that was typed: other endings, whole words, typing mistakes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import connection
from rapidfuzz.distance import OSA

from directory.asking import Question
from directory.stems import stem

MOST_FORMS: Final = 12
MOST_BEGUN: Final = 16
MOST_ALIKE: Final = 4
RARE: Final = 100
"""Entries up to which a word that somebody uses may be a mistake."""

COMPARED: Final = 30
"""Words with the most trigrams in common, whose letters are then compared."""

EXPANDED: Final = """
    SELECT asked.word, asked.number, known.entries,
           ARRAY(
               SELECT w.word FROM directory_word w
               WHERE w.stems && (directory_stems(asked.word) || asked.polish)
                 AND w.word <> asked.word
               ORDER BY w.entries DESC, w.word LIMIT %(forms)s
           ),
           CASE WHEN asked.is_open AND length(asked.word) > 1 THEN ARRAY(
               SELECT w.word FROM directory_word w
               WHERE w.word LIKE asked.word || '%%' AND w.word <> asked.word
               ORDER BY w.entries DESC, w.word LIMIT %(begun)s
           ) ELSE '{}' END,
           CASE WHEN (known.word IS NULL OR (%(doubt)s AND known.entries <= %(rare)s))
                     AND NOT asked.is_meant AND length(asked.word) > 3 THEN ARRAY(
               SELECT near.word FROM (
                   SELECT w.word, w.entries, similarity(w.word, asked.word) AS likeness
                   FROM directory_word w
                   WHERE w.word %% asked.word AND w.word <> asked.word
                     AND abs(length(w.word) - length(asked.word)) <= 2
               ) near
               ORDER BY near.likeness + ln(1 + near.entries) / 60 DESC, near.word
               LIMIT %(compared)s
           ) ELSE '{}' END
    FROM unnest(%(words)s::text[], %(polish)s::text[], %(open)s::bool[], %(meant)s::bool[])
         WITH ORDINALITY asked (word, polish, is_open, is_meant, number)
    LEFT JOIN directory_word known ON known.word = asked.word
    ORDER BY asked.number
"""


@dataclass(frozen=True)
class Meant:
    """One word as typed, and what else is looked for in its place.

    ``forms`` have the same stem, ``begun`` begin with it, ``alike`` are there only where nothing
    has the word itself, or where it is doubted: then it is taken for a mistake.
    """

    word: str
    is_known: bool
    forms: tuple[str, ...] = ()
    begun: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.word, *self.forms, *self.begun, *self.alike)))


def meant_by(
    question: Question, *, doubt: bool = False, labels: Callable[[str], object] = lambda word: None
) -> list[Meant]:
    """One for each word of the question, in its order; one query. ``doubt``: rare words may be
    mistakes, too; those that ``labels`` have are none."""
    if not question.words:
        return []
    last = len(question.words) - 1
    with connection.cursor() as cursor:
        cursor.execute(
            EXPANDED,
            {
                "words": list(question.words),
                "polish": [f"pl:{stem(word, 'pl')}" for word in question.words],
                "open": [question.is_open and at == last for at in range(last + 1)],
                "meant": [bool(labels(word)) for word in question.words],
                "forms": MOST_FORMS,
                "begun": MOST_BEGUN,
                "compared": COMPARED,
                "rare": RARE,
                "doubt": doubt,
            },
        )
        return [
            Meant(word, entries is not None, tuple(forms), tuple(begun), _closest(word, alike))
            for word, _number, entries, forms, begun, alike in cursor.fetchall()
        ]


def _closest(word: str, alike: list[str]) -> tuple[str, ...]:
    """Those that fewest mistakes (a letter wrong, missing, too many, two swapped) make of the word,
    in their order: as like it and as usual as they come."""
    mistakes = {other: OSA.distance(word, other) for other in alike}
    fewest = min(mistakes.values(), default=0)
    return tuple(other for other in alike if mistakes[other] == fewest)[:MOST_ALIKE]
