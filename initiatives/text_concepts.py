"""Concepts that the texts of projects speak of, found by reviewed patterns.

A pattern counts only as a whole word. Words that mean something else outside hydrogen (storage,
pipeline, compressor) have ``needs`` set: another pattern that must occur in the same sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from initiatives.data import rows_of
from initiatives.models import Initiative, InitiativeConcept
from regions.models import Concept

FILE = "text_concepts.csv"
SEGMENTS = "hydrogen-value-chain"
BATCH = 500

_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+(?=[A-Z(•-])|\n+")


@dataclass(frozen=True, slots=True)
class TextConcept:
    """A pattern and the concept that it stands for; ``reason`` is the reviewer's."""

    pattern: re.Pattern[str]
    needs: re.Pattern[str] | None
    scheme: str
    code: str
    reason: str

    def occurs_in(self, text: str) -> bool:
        """Whether the pattern occurs, in a sentence that also has what it needs."""
        lowered = text.lower()
        if self.needs is None:
            return self.pattern.search(lowered) is not None
        if not self.needs.search(lowered) or not self.pattern.search(lowered):
            return False
        return any(
            self.pattern.search(sentence) and self.needs.search(sentence)
            for sentence in map(str.lower, _SENTENCE_END.split(text))
        )


def read() -> list[TextConcept]:
    """Return the reviewed patterns; ValueError naming the line of one that is no pattern."""
    concepts = []
    for line, row in enumerate(rows_of(FILE), start=2):
        try:
            concepts.append(
                TextConcept(
                    _words(row["pattern"]),
                    _words(row["needs"]) if row["needs"] else None,
                    row["scheme"],
                    row["code"],
                    row["reason"],
                )
            )
        except re.error as error:
            raise ValueError(f"{FILE}, line {line}: {error}") from error
    return concepts


def find(text: str, concepts: list[TextConcept]) -> set[tuple[str, str]]:
    """Return the (scheme, code) pairs that the text speaks of."""
    return {(concept.scheme, concept.code) for concept in concepts if concept.occurs_in(text)}


def annotate() -> int:
    """Bring what projects cover and are about in step with their texts; return what changed.

    Only concepts that an earlier run found are ever taken away; what the register says or
    somebody states stays.
    """
    concepts = read()
    keys = {
        (scheme, code): pk
        for scheme, code, pk in Concept.objects.filter(
            vocabulary__scheme__in={concept.scheme for concept in concepts}
        ).values_list("vocabulary__scheme", "code", "pk")
    }
    role = InitiativeConcept.Role
    # read to the end before COPY, which has the connection to itself
    found = [
        (pk, keys[pair], str(role.COVERS if pair[0] == SEGMENTS else role.TOPIC))
        for pk, text in _texts()
        for pair in find(text, concepts)
        if pair in keys
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE found_concept "
            "(initiative bigint, concept bigint, role text) ON COMMIT DROP"
        )
        with cursor.copy("COPY found_concept FROM STDIN") as copy:
            for row in found:
                copy.write_row(row)
        cursor.execute(
            """
            DELETE FROM initiatives_initiativeconcept c
            WHERE c.origin = 'text' AND NOT EXISTS (
                SELECT FROM found_concept f
                WHERE f.initiative = c.initiative_id AND f.concept = c.concept_id
                    AND f.role = c.role
            )
            """
        )
        changed: int = cursor.rowcount
        cursor.execute(
            """
            INSERT INTO initiatives_initiativeconcept
                (initiative_id, concept_id, role, origin, is_illustrative)
            SELECT f.initiative, f.concept, f.role, 'text', false
            FROM found_concept f
            ORDER BY 1, 2
            ON CONFLICT (initiative_id, concept_id, role) DO NOTHING
            """
        )
        changed += cursor.rowcount
        cursor.execute("DROP TABLE found_concept")
    return changed


def _texts() -> Iterator[tuple[int, str]]:
    """Titles and objectives of the projects that have one, read in pages by primary key."""
    last = 0
    while True:
        page = list(
            Initiative.objects.projects()
            .filter(pk__gt=last)
            .exclude(description="")
            .order_by("pk")
            .values_list("pk", "name", "description")[:BATCH]
        )
        for pk, name, description in page:
            yield pk, f"{name}.\n{description}"
        if len(page) < BATCH:
            return
        last = page[-1][0]


def _words(pattern: str) -> re.Pattern[str]:
    # lower case and ASCII word boundaries are three times as quick as ignoring case
    return re.compile(rf"\b(?:{pattern.lower()})\b", re.ASCII)
