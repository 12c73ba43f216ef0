"""Finding entries: what matches, how many, of which values, and which come first.

    found = search(understood("hydrogen krakow"), reader=Reader(), chosen={"country": [1007]})

One statement of SQL finds, counts and ranks. It stops at `MOST_RANKED` hits: up to there counts are
exact, and beyond they say "at least". Of more, those that a reader turns over are the first ones
all the same where no words were typed: an index is read in their order. Where words were typed,
those that lie first in the table are ranked: `directory.filling.fill` lays it in the order of
standing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db import connection

from directory.asking import Question
from directory.found import Found, Hit, counted
from directory.known import Known, known
from directory.models import Entry
from directory.terms import Terms, terms_of

MOST_RANKED: Final = 10_000
MOST_JUDGED: Final = 1_000
"""Hits that are ranked by all their words; the others follow by their names and standing."""

MOST_NEAR: Final = 200
"""Hits of each word, or of pairs of words, where nothing has all of them."""

MOST_LISTED: Final = 500
"""Hits that can be turned over, page by page."""

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


# what is read at once: the name is the question (a region's in any language), its short form is,
# all words are in the names as typed or in another form, and how much of the names they are; a
# concept of just these words is stated; standing
SCORE: Final = """
    CASE WHEN e.of = 'region' AND e.object_id = ANY (%(regions)s::bigint[]) THEN 7.0
    WHEN e.names @@ %(typed)s::tsquery THEN
        3.0 + 4.0 * %(words)s / greatest(length(e.names), %(words)s)
    WHEN e.names @@ %(formed)s::tsquery THEN
        2.0 + 2.0 * %(words)s / greatest(length(e.names), %(words)s)
    ELSE 0 END
    + CASE WHEN lower(e.short_title) = %(plain)s THEN 5 ELSE 0 END
    + CASE WHEN e.codes && %(stated)s::int[] THEN 1.5 ELSE 0 END
    + ln(2 + greatest(e.standing, -1)) / 12
"""

# first by the score, then, of the best of these, by all words
RANKED: Final = """
    WITH {near} hits AS MATERIALIZED (
        SELECT e.id, e.of, e.object_id, e.what, e.title, e.counted, e.standing, {score} AS score
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
        FROM hits h {joined} judged j ON j.id = h.id
    ), best AS (
        SELECT *, row_number() OVER (ORDER BY {order}) AS place FROM scored
        ORDER BY place LIMIT %(listed)s
    )
    SELECT (SELECT count(*) FROM hits), {cut},
           (SELECT string_agg(counted, ''::bytea) FROM hits),
           ARRAY(SELECT of FROM best ORDER BY place),
           ARRAY(SELECT object_id FROM best ORDER BY place),
           ARRAY(SELECT what FROM best ORDER BY place),
           ARRAY(SELECT title FROM best ORDER BY place),
           ARRAY(SELECT score FROM best ORDER BY place)
"""

BY_SCORE: Final = "is_later, score DESC, standing DESC, id"
BY_NAME: Final = "lower(ltrim(directory_words(title))), id"
BY_STANDING: Final = "standing DESC, id"

# one kind after the other, each of which an index has in this order
IN_ORDER: Final = """
    SELECT e.of, e.object_id, e.what, e.title, {score} FROM ({kinds}) e
    ORDER BY {order} LIMIT %(listed)s
"""
OF_KIND: Final = """(
        SELECT e.* FROM directory_entry e WHERE {public} AND e.what = %({kind})s
          {conditions}
        ORDER BY {order} LIMIT %(listed)s
    )"""

COUNTED: Final = """
    (WITH {near} hits AS (
        SELECT e.counted FROM directory_entry e
        WHERE {public}
          {conditions}
        LIMIT %(most)s
    ) SELECT string_agg(counted, ''::bytea) AS counted, count(*) AS total, {cut} AS is_cut
    FROM hits) {name}
"""

LEFT: Final = """
    WITH {near} rest AS (
        SELECT e.of, e.object_id FROM directory_entry e
        WHERE {public}
          AND NOT EXISTS (
              SELECT FROM unnest(%(of)s::text[], %(ids)s::bigint[]) had (of, id)
              WHERE had.of = e.of AND had.id = e.object_id
          )
          {conditions}
        ORDER BY {order} LIMIT %(most)s
    ) SELECT of, object_id FROM rest
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
    listed_of: Sequence[str] = (),
    chosen: Chosen | None = None,
    by_name: bool = False,
    since: datetime | None = None,
    is_listed: bool = True,
    all_known: Known | None = None,
) -> Found:
    """What answers the question among these kinds of entry, narrowed by the values chosen; best
    first, or ``by_name``; of those alone that were public for the first time ``since`` then; or
    just counted, and not ``is_listed``. ``listed_of``: those of the kinds that can have what is
    chosen, so that a long list is not looked for among others.

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
        listed_of=listed_of or what,
        listed=MOST_LISTED if is_listed else 0,
        by_name=by_name,
        since=since,
        all_known=all_known,
    )
    return _wider(asked, found, reader, what, chosen)


def listed(
    question: Question,
    *,
    reader: Reader,
    what: Sequence[str] = (),
    listed_of: Sequence[str] = (),
    chosen: Chosen | None = None,
    most: int,
    by_name: bool = False,
    all_known: Known | None = None,
) -> tuple[Found, list[tuple[str, int]]]:
    """The same hits in the same order as `search` gives them, up to `MOST_RANKED`, without
    ``wider``; and what is left of the first ``most``, which nobody ranked: of what, and its number,
    in the order of names or of standing."""
    chosen = chosen or {}
    asked, found = _best(
        question,
        reader,
        what,
        chosen,
        listed_of=listed_of or what,
        listed=min(most, MOST_RANKED),
        by_name=by_name,
        all_known=all_known,
    )
    if not found.is_more or most <= MOST_RANKED:
        return found, []
    given = asked.given | _limits(reader, what) | {"most": most - MOST_RANKED}
    given["of"] = [hit.of for hit in found.hits]
    given["ids"] = [hit.object_id for hit in found.hits]
    order = BY_NAME if by_name else BY_STANDING
    where = _where(asked, reader, what, chosen, given)
    with connection.cursor() as cursor:
        cursor.execute(LEFT.format(public=reader.condition, order=order, **where), given)
        return found, cursor.fetchall()


def _best(
    question: Question,
    reader: Reader,
    what: Sequence[str],
    chosen: Chosen,
    *,
    listed_of: Sequence[str],
    listed: int,
    by_name: bool,
    since: datetime | None = None,
    all_known: Known | None = None,
) -> tuple[Terms, Found]:
    all_known = all_known or known()
    for is_near in (False, True):
        asked = terms_of(question, all_known, is_near=is_near)
        if since is not None:
            asked = replace(
                asked,
                condition=asked.condition + PUBLIC_SINCE,
                given=asked.given | {"since": since},
            )
        order = BY_NAME if by_name else BY_SCORE
        found = _run(asked, reader, what, chosen, order, listed)
        if found.total or not question.words:
            break
    if listed and found.is_more and not (question.words or question.phrases):
        order = BY_NAME if by_name else BY_STANDING
        found = replace(found, hits=_in_order(asked, reader, listed_of, chosen, order, listed))
    return asked, found


def _in_order(
    asked: Terms, reader: Reader, what: Sequence[str], chosen: Chosen, order: str, listed: int
) -> list[Hit]:
    """The first of all hits, however many there are."""
    kinds = {f"kind{at}": kind for at, kind in enumerate(what or Entry.What.values)}
    given = asked.given | _limits(reader, what) | kinds | {"listed": listed}
    conditions = _where(asked, reader, (), chosen, given)["conditions"]
    parts = [
        OF_KIND.format(public=reader.condition, kind=kind, conditions=conditions, order=order)
        for kind in kinds
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            IN_ORDER.format(score=SCORE, kinds=" UNION ALL ".join(parts), order=order), given
        )
        return [Hit(*row) for row in cursor.fetchall()]


def _run(
    asked: Terms, reader: Reader, what: Sequence[str], chosen: Chosen, order: str, listed: int
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
    where = _where(asked, reader, what, chosen, given)
    with connection.cursor() as cursor:
        cursor.execute(
            RANKED.format(
                public=reader.condition,
                score=SCORE,
                **where,
                more=asked.more,
                # those that were judged come before all others
                joined="JOIN" if order == BY_SCORE and listed <= given["judged"] else "LEFT JOIN",
                order=order,
            ),
            given,
        )
        row = cursor.fetchone()
    assert row is not None
    total, is_cut, codes, *columns = row
    return Found(
        hits=[Hit(*each) for each in zip(*columns, strict=True)],
        total=min(total, MOST_RANKED),
        is_more=is_cut or total > MOST_RANKED,
        is_near=asked.is_near,
        counts=counted(codes),
        meant=asked.meant,
        concepts=asked.concepts,
    )


def _wider(
    asked: Terms, found: Found, reader: Reader, what: Sequence[str], chosen: Chosen
) -> Found:
    """The same with the counts without the choice of each facet in turn; one query for all."""
    if not chosen:
        return found
    given = asked.given | _limits(reader, what)
    parts = [
        COUNTED.format(
            public=reader.condition,
            **_where(asked, reader, what, chosen, given, without=facet),
            name=f"of_{facet}",
        )
        for facet in chosen
    ]
    columns = ", ".join(
        f"of_{facet}.counted, of_{facet}.total > {MOST_RANKED} OR of_{facet}.is_cut"
        for facet in chosen
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {', '.join(parts)}", given)
        row = cursor.fetchone()
    assert row is not None
    codes, cuts = row[::2], row[1::2]
    return replace(
        found,
        wider={facet: counted(sent) for facet, sent in zip(chosen, codes, strict=True)},
        cut=frozenset(facet for facet, is_cut in zip(chosen, cuts, strict=True) if is_cut),
        exact=frozenset(
            number for numbers in chosen.values() for number in numbers if not found.is_more
        ),
    )


def _limits(reader: Reader, what: Sequence[str]) -> dict[str, Any]:
    return {"own": list(reader.organisations), "most": MOST_RANKED + 1, "what": list(what)}


def _where(
    asked: Terms,
    reader: Reader,
    what: Sequence[str],
    chosen: Chosen,
    given: dict[str, Any],
    *,
    without: str | None = None,
) -> dict[str, str]:
    """What an entry must be, in SQL: ``conditions``, with ``near``, a table that they may need, and
    whether that was ``cut``; the values chosen are added to ``given``.

    Where some of the words are enough, each way to have some gives its first `MOST_NEAR` and one
    more, which tells that there are more: a rare word is not lost among those that many have.
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
        return {"conditions": all_of_them, "near": "", "cut": "false"}
    some = " UNION ALL ".join(
        f"(SELECT e.id, {number} AS piece FROM directory_entry e WHERE {reader.condition}"
        f" AND e.words @@ %(piece{number})s::tsquery {all_of_them} LIMIT {MOST_NEAR + 1})"
        for number in range(asked.pieces)
    )
    return {
        "conditions": "AND e.id IN (SELECT id FROM near)",
        "near": f"near AS MATERIALIZED ({some}),",
        "cut": f"EXISTS (SELECT FROM near GROUP BY piece HAVING count(*) > {MOST_NEAR})",
    }
