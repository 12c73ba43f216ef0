"""Concepts suggested by what a person wrote in their own words, each with the words that led to
it: labels that stand in the text, and the reviewed patterns for the texts of projects."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from initiatives import text_concepts
from organisations.models import Organisation, Statement
from regions.models import Concept
from regions.picking import by_id, mentioned, offered

MOST_SUGGESTED: Final = 24
FROM_DESCRIPTION: Final = 6
LONGEST_TEXT: Final = 4_000


@dataclass(frozen=True)
class FromWords:
    """A concept, and the words of the text that led to it."""

    concept: Concept
    words: tuple[str, ...]


@lru_cache(maxsize=1)
def _patterns() -> tuple[text_concepts.TextConcept, ...]:
    return tuple(text_concepts.read())


def concepts_in(text: str) -> list[FromWords]:
    """What the text speaks of, the reviewed patterns first, in three queries at most."""
    if not text.strip():
        return []
    words: dict[int, list[str]] = {}
    by_pattern = _by_pattern(text)
    if by_pattern:
        for pk, scheme, code in (
            offered()
            .filter(vocabulary__scheme__in={scheme for scheme, _code in by_pattern})
            .values_list("pk", "vocabulary__scheme", "code")
        ):
            if (scheme, code) in by_pattern:
                words[pk] = by_pattern[scheme, code]
    for mention in mentioned(text):
        words.setdefault(mention.concept, []).append(mention.words)
    chosen = list(words)[:MOST_SUGGESTED]
    concepts = by_id(chosen)
    return [
        FromWords(concepts[pk], tuple(dict.fromkeys(words[pk]))) for pk in chosen if pk in concepts
    ]


def from_description(organisation: Organisation, role: Statement.Role) -> list[FromWords]:
    """What the organisation's own description speaks of and it has not stated: nothing that is
    there in this role, and nothing that it offers as a need, or the other way round. Of those that
    are called the same, the first alone. The best `FROM_DESCRIPTION`, in four queries at most."""
    text = organisation.description[:LONGEST_TEXT]
    if not text.strip():
        return []
    traded = {Statement.Role.OFFERS, Statement.Role.NEEDS}
    roles = traded if role in traded else {role}
    stated = organisation.statements.filter(role__in=roles).select_related("concept")
    called = {statement.concept.label.casefold() for statement in stated}
    found: list[FromWords] = []
    for one in concepts_in(text):
        name = one.concept.label.casefold()
        if name not in called:
            called.add(name)
            found.append(one)
    return found[:FROM_DESCRIPTION]


def _by_pattern(text: str) -> dict[tuple[str, str], list[str]]:
    lowered = text.lower()
    found: dict[tuple[str, str], list[str]] = {}
    for one in _patterns():
        match = one.pattern.search(lowered)
        if match and one.occurs_in(text):
            found.setdefault((one.scheme, one.code), []).append(text[match.start() : match.end()])
    return found
