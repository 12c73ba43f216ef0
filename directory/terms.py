"""A question as the database is asked it: lexemes and concepts, in queries of its text search."""

from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from directory.asking import Question
from directory.known import Known
from directory.words import Meant, meant_by

FEW_MEANINGS: Final = 6
"""Where some of the words are enough, what a word of more meanings may mean tells too little."""

MOST_TELLING: Final = 4
"""Words of which some are enough, the longest, where nothing has all."""


@dataclass(frozen=True)
class Terms:
    """A question as the database is asked it."""

    given: dict[str, Any]
    condition: str
    more: str
    meant: tuple[Meant, ...]
    pieces: int
    concepts: frozenset[int]

    @property
    def is_near(self) -> bool:
        """Whether some of the words are enough; ``pieces`` are the ways to have some."""
        return self.pieces > 0


def terms_of(question: Question, all_known: Known, *, is_near: bool) -> Terms:
    """What to look for; ``is_near``: some of the words, and words like them, are enough."""
    meant = tuple(meant_by(question, doubt=is_near, labels=lambda word: all_known.meant_by([word])))
    looked_for = [
        _group(each, all_known, at_most=FEW_MEANINGS if is_near else None) for each in meant
    ]
    groups = [_or(map(_quoted, group)) for group in looked_for]
    concepts = frozenset(
        int(lexeme[2:]) for group in looked_for for lexeme in group if lexeme.startswith("#c")
    )
    phrases = _phrases(question)
    # what has a label of just these words, in some language
    named = all_known.named(question.plain.split())
    more = ""
    given: dict[str, Any] = {
        # nothing was typed: what has no short form is not meant
        "plain": question.plain or None,
        "words": max(len(question.words) + sum(map(len, question.phrases)), 1),
        "stated": all_known.numbers("concept", [each[2:] for each in named if each[:2] == "#c"]),
        "regions": [int(each[2:]) for each in named if each[:2] == "#r"],
        "typed": _and([_quoted(word) for word in question.words] + phrases),
        "formed": _and([_or(map(_quoted, each.every)) for each in meant] + phrases),
        "any": _or(_quoted(word) for each in meant for word in each.every),
    }
    asked = _and(phrases if is_near else groups + phrases)
    pieces: list[str] = []
    if is_near:
        telling = sorted(range(len(groups)), key=lambda at: -len(meant[at].word))[:MOST_TELLING]
        some = [groups[at] for at in telling]
        pieces = [*_pairs(some), *some]
        given |= {f"piece{number}": piece for number, piece in enumerate(pieces)}
        for number, (each, group) in enumerate(zip(meant, groups, strict=True)):
            more += f" + CASE WHEN e.words @@ %(group{number})s::tsquery THEN"
            more += f" %(weight{number})s ELSE 0 END"
            given[f"group{number}"] = group
            given[f"weight{number}"] = 2 + min(len(each.word), 12) / 4
    if question.without:
        denied = " & ".join(f"!{_quoted(word)}" for word in question.without)
        asked = f"({asked}) & {denied}" if asked else denied
    given["asked"] = asked
    condition = "AND e.words @@ %(asked)s::tsquery" if asked else ""
    return Terms(given, condition, more, meant, len(pieces), concepts)


def _group(meant: Meant, all_known: Known, *, at_most: int | None) -> list[str]:
    """All that one word is looked for by: as typed, its other forms, and what it may mean, unless
    that is more than ``at_most``."""
    meanings = all_known.meant_by((meant.word, *meant.alike))
    is_vague = at_most is not None and len(meanings) > at_most
    return [*meant.every, *([] if is_vague else meanings)]


def _pairs(groups: list[str]) -> list[str]:
    """Any two of at least three words, each by itself: the index reads what the rarer one has."""
    if len(groups) < 3:
        return []
    return [_and(list(pair)) for pair in combinations(groups, 2)]


def _phrases(question: Question) -> list[str]:
    return [" <-> ".join(map(_quoted, phrase)) for phrase in question.phrases]


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _or(parts: Any) -> str:
    return " | ".join(parts)


def _and(parts: list[str]) -> str:
    return " & ".join(f"({part})" for part in parts if part)
