"""Finding entries: what matches, how many, of which values, and which come first.

    found = search(understood("hydrogen krakow"), reader=Reader(), chosen={"country": [1007]})

One statement of SQL finds, counts and ranks. It stops at `MOST_RANKED` hits: up to there counts are
exact, and beyond they say "at least"; of more, those with the highest standing are taken, since the
table lies in that order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import combinations
from typing import Any, Final

import numpy as np
from django.db import connection

from directory.asking import Question
from directory.known import Known, known
from directory.words import Meant, meant_by

MOST_RANKED: Final = 10_000
MOST_JUDGED: Final = 1_000
"""Hits that are ranked by all their words; the others follow by their names and standing."""

MOST_NEAR: Final = 200
"""Hits of each word, or of pairs of words, where nothing has all of them."""

MOST_TELLING: Final = 4
"""Words of which some are enough, the longest, where nothing has all."""

MOST_LISTED: Final = 500
"""Hits that can be turned over, page by page."""

FIRST_CODE: Final = 1000
"""No smaller number is a value: smaller ones stand in the head of an array's binary form."""

Chosen = Mapping[str, Sequence[int]]
"""Numbers of values (`directory.models.Value`) by facet: any of a facet, and all facets."""


@dataclass(frozen=True)
class Reader:
    """Who searches: these ``organisations`` are found though they are not public, or all are."""

    organisations: tuple[int, ...] = ()
    sees_all: bool = False

    @property
    def condition(self) -> str:
        """What of the directory they may find, in SQL; ``own`` are their organisations."""
        if self.sees_all:
            return "true"
        if self.organisations:
            return "(e.is_public OR (e.of = 'organisation' AND e.object_id = ANY (%(own)s)))"
        return "e.is_public"


@dataclass(frozen=True)
class Hit:
    """One entry, and how well its text answers: the higher, the better."""

    of: str
    object_id: int
    what: str
    title: str
    score: float


@dataclass(frozen=True)
class Found:
    """``total`` is exact unless ``is_more``; ``counts`` are the hits by number of value, ``wider``
    the same for each facet in which something is chosen, without that choice; ``cut`` are those of
    which not all were counted; ``concepts`` are those that the words may mean."""

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    is_more: bool = False
    is_near: bool = False
    counts: dict[int, int] = field(default_factory=dict)
    wider: dict[str, dict[int, int]] = field(default_factory=dict)
    cut: frozenset[str] = frozenset()
    meant: tuple[Meant, ...] = ()
    concepts: frozenset[int] = frozenset()

    def counted_for(self, facet: str) -> tuple[dict[int, int], bool]:
        """Hits by value of this facet, and whether there may be more of each."""
        if facet not in self.wider:
            return self.counts, self.is_more
        counts = self.wider[facet]
        if facet not in self.cut:
            return counts, self.is_near and self.is_more
        # what is chosen was counted by itself
        return {key: max(count, self.counts.get(key, 0)) for key, count in counts.items()} | {
            key: count for key, count in self.counts.items() if key not in counts
        }, True

    @property
    def corrected(self) -> dict[str, str]:
        """Words that nobody uses, and those that were looked for in their place."""
        return {each.word: each.alike[0] for each in self.meant if each.alike and not each.is_known}


# first by what is read at once: the name is the question, its short form is, all words are in the
# names as typed or in another form, and how much of the names they are; a concept of just these
# words is stated; standing. Then, of the best of these, by all words
RANKED: Final = """
    WITH hits AS MATERIALIZED (
        SELECT e.id, e.of, e.object_id, e.what, e.title, e.codes, e.standing,
               CASE WHEN e.names @@ %(typed)s::tsquery THEN
                   3.0 + 4.0 * %(words)s / greatest(length(e.names), %(words)s)
               WHEN e.names @@ %(formed)s::tsquery THEN
                   2.0 + 2.0 * %(words)s / greatest(length(e.names), %(words)s)
               ELSE 0 END
               + CASE WHEN lower(e.short_title) = %(plain)s THEN 5 ELSE 0 END
               + CASE WHEN e.codes && %(stated)s::int[] THEN 1.5 ELSE 0 END
               + ln(2 + e.standing) / 12 AS score
        FROM directory_entry e
        WHERE {public}
          {conditions}
        LIMIT %(most)s
    ), first AS (
        SELECT id FROM hits ORDER BY score DESC, standing DESC, id LIMIT %(judged)s
    ), judged AS (
        SELECT id, 2 * ts_rank(e.names, %(any)s::tsquery)
               + CASE WHEN e.words @@ %(typed)s::tsquery THEN 1 ELSE 0 END
               {more} AS more
        FROM directory_entry e WHERE e.id = ANY (ARRAY(SELECT id FROM first))
    ), scored AS (
        SELECT h.id, h.of, h.object_id, h.what, h.title, h.standing,
               h.score + coalesce(j.more, 0) AS score, j.id IS NULL AS is_later
        FROM hits h LEFT JOIN judged j ON j.id = h.id
    ), best AS (
        SELECT *, row_number() OVER (ORDER BY {order}) AS place FROM scored
        ORDER BY place LIMIT %(listed)s
    )
    SELECT (SELECT count(*) FROM hits),
           (SELECT string_agg(array_send(codes), ''::bytea) FROM hits),
           ARRAY(SELECT of FROM best ORDER BY place),
           ARRAY(SELECT object_id FROM best ORDER BY place),
           ARRAY(SELECT what FROM best ORDER BY place),
           ARRAY(SELECT title FROM best ORDER BY place),
           ARRAY(SELECT score FROM best ORDER BY place)
"""

BY_SCORE: Final = "is_later, score DESC, standing DESC, id"
BY_NAME: Final = "lower(directory_words(title)), id"

COUNTED: Final = """
    (SELECT string_agg(array_send(h.codes), ''::bytea) AS codes, count(*) AS total FROM (
        SELECT e.codes FROM directory_entry e
        WHERE {public}
          {conditions}
        LIMIT %(most)s
    ) h) {name}
"""

LEFT: Final = """
    SELECT e.of, e.object_id FROM directory_entry e
    WHERE {public}
      AND NOT EXISTS (
          SELECT FROM unnest(%(of)s::text[], %(ids)s::bigint[]) had (of, id)
          WHERE had.of = e.of AND had.id = e.object_id
      )
      {conditions}
    ORDER BY e.standing DESC, e.id LIMIT %(most)s
"""


PUBLIC_SINCE: Final = """
          AND (e.of, e.object_id) IN (
              SELECT p.of, p.object_id FROM directory_public_since p WHERE p.since >= %(since)s
          )"""


def search(
    question: Question,
    *,
    reader: Reader,
    what: Sequence[str] = (),
    chosen: Chosen | None = None,
    by_name: bool = False,
    since: datetime | None = None,
    all_known: Known | None = None,
) -> Found:
    """What answers the question among these kinds of entry, narrowed by the values chosen; best
    first, or ``by_name``; of those alone that were public for the first time ``since`` then.

    Where nothing has all the words, what has most of them, and the words are doubted: then
    ``is_near`` is set.

    ``counts`` of a facet in which something is chosen are those without that choice: what choosing
    another value as well would add.
    """
    chosen = chosen or {}
    asked, found = _best(
        question,
        reader,
        what,
        chosen,
        listed=MOST_LISTED,
        order=BY_NAME if by_name else BY_SCORE,
        since=since,
        all_known=all_known,
    )
    return _wider(asked, found, reader, what, chosen)


def listed(
    question: Question,
    *,
    reader: Reader,
    what: Sequence[str] = (),
    chosen: Chosen | None = None,
    most: int,
    by_name: bool = False,
    all_known: Known | None = None,
) -> tuple[Found, list[tuple[str, int]]]:
    """The same hits in the same order as `search` gives them, up to `MOST_RANKED`, without
    ``wider``; and what is left of the first ``most``, which nobody ranked: of what, and its number,
    in the order of standing."""
    chosen = chosen or {}
    asked, found = _best(
        question,
        reader,
        what,
        chosen,
        listed=min(most, MOST_RANKED),
        order=BY_NAME if by_name else BY_SCORE,
        all_known=all_known,
    )
    if not found.is_more or most <= MOST_RANKED:
        return found, []
    given = asked.given | _limits(reader, what) | {"most": most - MOST_RANKED}
    given["of"] = [hit.of for hit in found.hits]
    given["ids"] = [hit.object_id for hit in found.hits]
    conditions = _conditions(asked, reader, what, chosen, given)
    with connection.cursor() as cursor:
        cursor.execute(LEFT.format(public=reader.condition, conditions=conditions), given)
        return found, cursor.fetchall()


def _best(
    question: Question,
    reader: Reader,
    what: Sequence[str],
    chosen: Chosen,
    *,
    listed: int,
    order: str,
    since: datetime | None = None,
    all_known: Known | None = None,
) -> "tuple[_Asked, Found]":
    all_known = all_known or known()
    for is_near in (False, True):
        asked = _asked(question, all_known, is_near=is_near)
        if since is not None:
            asked = replace(
                asked,
                condition=asked.condition + PUBLIC_SINCE,
                given=asked.given | {"since": since},
            )
        found = _run(asked, reader, what, chosen, order, listed)
        if found.total or not question.words:
            break
    return asked, found


@dataclass(frozen=True)
class _Asked:
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


def _asked(question: Question, all_known: Known, *, is_near: bool) -> _Asked:
    meant = tuple(meant_by(question, doubt=is_near, labels=lambda word: all_known.meant_by([word])))
    looked_for = [_group(each, all_known) for each in meant]
    groups = [_or(map(_quoted, group)) for group in looked_for]
    concepts = frozenset(
        int(lexeme[2:]) for group in looked_for for lexeme in group if lexeme.startswith("#c")
    )
    phrases = _phrases(question)
    more = ""
    given: dict[str, Any] = {
        "plain": question.plain,
        "words": max(len(question.words) + sum(map(len, question.phrases)), 1),
        "stated": _stated(question, all_known),
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
    return _Asked(given, condition, more, meant, len(pieces), concepts)


def _run(
    asked: _Asked, reader: Reader, what: Sequence[str], chosen: Chosen, order: str, listed: int
) -> Found:
    given = (
        asked.given
        | _limits(reader, what)
        | {
            "listed": listed,
            # where some of the words are enough, all that are found are judged by them
            "judged": MOST_RANKED if asked.is_near else MOST_JUDGED,
        }
    )
    conditions = _conditions(asked, reader, what, chosen, given)
    with connection.cursor() as cursor:
        cursor.execute(
            RANKED.format(
                public=reader.condition, conditions=conditions, more=asked.more, order=order
            ),
            given,
        )
        row = cursor.fetchone()
    assert row is not None
    total, codes, *columns = row
    return Found(
        hits=[Hit(*each) for each in zip(*columns, strict=True)],
        total=min(total, MOST_RANKED),
        is_more=total > (MOST_NEAR if asked.is_near else MOST_RANKED),
        is_near=asked.is_near,
        counts=counted(codes),
        meant=asked.meant,
        concepts=asked.concepts,
    )


def _wider(
    asked: _Asked, found: Found, reader: Reader, what: Sequence[str], chosen: Chosen
) -> Found:
    """The same with the counts without the choice of each facet in turn; one query for all."""
    if not chosen:
        return found
    given = asked.given | _limits(reader, what)
    parts = [
        COUNTED.format(
            public=reader.condition,
            conditions=_conditions(asked, reader, what, chosen, given, without=facet),
            name=f"of_{facet}",
        )
        for facet in chosen
    ]
    columns = ", ".join(f"of_{facet}.codes, of_{facet}.total" for facet in chosen)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {', '.join(parts)}", given)
        row = cursor.fetchone()
    assert row is not None
    codes, totals = row[::2], row[1::2]
    return replace(
        found,
        wider={facet: counted(sent) for facet, sent in zip(chosen, codes, strict=True)},
        cut=frozenset(
            facet for facet, total in zip(chosen, totals, strict=True) if total > MOST_RANKED
        ),
    )


def _limits(reader: Reader, what: Sequence[str]) -> dict[str, Any]:
    return {"own": list(reader.organisations), "most": MOST_RANKED + 1, "what": list(what)}


def _conditions(
    asked: _Asked,
    reader: Reader,
    what: Sequence[str],
    chosen: Chosen,
    given: dict[str, Any],
    *,
    without: str | None = None,
) -> str:
    """What an entry must be, in SQL; the values chosen are added to ``given``.

    Where some of the words are enough, each way to have some gives its first `MOST_NEAR`: a rare
    word is not lost among those that many have.
    """
    conditions = [asked.condition]
    if what:
        conditions.append("AND e.what = ANY (%(what)s)")
    for facet, codes in chosen.items():
        if facet != without:
            conditions.append(f"AND e.codes && %(of_{facet})s::int[]")
            given[f"of_{facet}"] = list(codes)
    all_of_them = "\n          ".join(conditions)
    if not asked.is_near:
        return all_of_them
    some = " UNION ".join(
        f"(SELECT e.id FROM directory_entry e WHERE {reader.condition}"
        f" AND e.words @@ %(piece{number})s::tsquery {all_of_them} LIMIT {MOST_NEAR})"
        for number in range(asked.pieces)
    )
    return f"AND e.id IN ({some})"


def counted(sent: bytes | None) -> dict[int, int]:
    """How often each number of a value is among arrays in PostgreSQL's binary form, one after the
    other: what is smaller than `FIRST_CODE` belongs to their heads."""
    if not sent:
        return {}
    numbers = np.frombuffer(sent, dtype=">i4").astype(np.int64)
    counts = np.bincount(numbers[numbers >= FIRST_CODE])
    return {int(code): int(counts[code]) for code in np.flatnonzero(counts)}


def _group(meant: Meant, all_known: Known) -> list[str]:
    """All that one word is looked for by: as typed, its other forms, and what it may mean."""
    return [*meant.every, *all_known.meant_by((meant.word, *meant.alike))]


def _stated(question: Question, all_known: Known) -> list[int]:
    """Numbers of the concepts that have a label of just these words."""
    named = all_known.named(question.plain.split())
    return all_known.numbers("concept", [each[2:] for each in named if each.startswith("#c")])


def _pairs(groups: list[str]) -> list[str]:
    """Any two of at least three words."""
    if len(groups) < 3:
        return []
    return [_or(f"({_and(list(pair))})" for pair in combinations(groups, 2))]


def _phrases(question: Question) -> list[str]:
    return [" <-> ".join(map(_quoted, phrase)) for phrase in question.phrases]


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _or(parts: Any) -> str:
    return " | ".join(parts)


def _and(parts: list[str]) -> str:
    return " & ".join(f"({part})" for part in parts if part)
