"""Filling the directory anew, as after a bulk load: ``fill()``."""

from collections.abc import Callable, Iterable
from typing import Final

from django.db import connection, transaction

from directory.stems import polish

CHUNK: Final = 10_000
"""Entries that are made by one statement."""

EXPIRED_WITHIN: Final = 31
"""Days for which no worker may have run without an expired statement being found for ever."""

# in the order of standing, about: of very many that are found by their words, the first in the
# table are the ones that are ranked
STEPS: Final = (
    ("region", "SELECT id FROM regions_region ORDER BY id"),
    ("initiative", "SELECT id FROM initiatives_initiative WHERE kind <> 'project' ORDER BY id"),
    (
        "organisation",
        """
        SELECT o.id FROM organisations_organisation o
        LEFT JOIN (
            SELECT organisation_id, count(*) AS total FROM initiatives_participation
            WHERE organisation_id IS NOT NULL GROUP BY organisation_id
        ) p ON p.organisation_id = o.id
        ORDER BY o.is_illustrative, p.total DESC NULLS LAST, o.id
        """,
    ),
    ("initiative", "SELECT id FROM initiatives_initiative WHERE kind = 'project' ORDER BY id"),
)

Progress = Callable[[list[list[int]], str], Iterable[list[int]]]


def fill(*, progress: Progress = lambda chunks, title: chunks) -> int:
    """Make every entry anew, and count what uses each word; returns how many entries there are.

    One transaction: who searches meanwhile finds what was there before.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # what was written just now has no statistics: each row would be compared with each
        cursor.execute("SELECT set_config('enable_nestloop', 'off', true)")
        cursor.execute("SELECT EXISTS (SELECT FROM directory_entry)")
        row = cursor.fetchone()
        # without its index the table would be shut to everyone who searches
        is_first = row is not None and not row[0]
        cursor.execute("DELETE FROM directory_entry")
        cursor.execute("DELETE FROM directory_word")
        if is_first:
            cursor.execute("DROP INDEX directory_entry_search")
        for kind, in_order in STEPS:
            cursor.execute(in_order)
            keys = [key for (key,) in cursor.fetchall()]
            chunks = [keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK)]
            for chunk in progress(chunks, kind):
                cursor.execute(f"SELECT directory_refresh_{kind}s(%s)", [chunk])
        if is_first:
            cursor.execute(
                "CREATE INDEX directory_entry_search ON directory_entry USING gin (words, codes)"
                " WITH (fastupdate = off)"
            )
        count_words()
        learn_polish()
        cursor.execute("SELECT set_config('enable_nestloop', 'on', true)")
        cursor.execute("SELECT count(*) FROM directory_entry")
        row = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE directory_entry, directory_word")
    assert row is not None
    return int(row[0])


def fill_after_bulk(**_signal: object) -> None:
    """Follow rows that were written while the triggers waited."""
    fill()


def forget_expired() -> int:
    """Make the entries anew of organisations with a statement that expired, which nobody writes, in
    the last `EXPIRED_WITHIN` days; returns how many organisations they are."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT organisation_id FROM organisations_statement"
            " WHERE valid_until < current_date AND valid_until >= current_date - %s"
            " ORDER BY organisation_id",
            [EXPIRED_WITHIN],
        )
        keys = [key for (key,) in cursor.fetchall()]
        for start in range(0, len(keys), CHUNK):
            cursor.execute(
                "SELECT directory_refresh_organisations(%s)", [keys[start : start + CHUNK]]
            )
    return len(keys)


def count_words() -> None:
    """Write how many public entries use each word: learn those missed, forget those of none."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMPORARY TABLE directory_counted ON COMMIT DROP AS
                SELECT word, ndoc FROM ts_stat(
                    'SELECT words FROM directory_entry WHERE is_public'
                ) WHERE word !~ '^#' AND length(word) BETWEEN 2 AND 40
            """
        )
        cursor.execute(
            "DELETE FROM directory_word w WHERE NOT EXISTS"
            " (SELECT FROM directory_counted c WHERE c.word = w.word)"
        )
        cursor.execute(
            "INSERT INTO directory_word (word, stems, entries)"
            " SELECT word, directory_stems(word), ndoc FROM directory_counted ORDER BY word"
            " ON CONFLICT (word) DO UPDATE SET entries = EXCLUDED.entries"
            " WHERE directory_word.entries <> EXCLUDED.entries"
        )
        cursor.execute("DROP TABLE directory_counted")


def learn_polish() -> int:
    """Add Polish stems, which PostgreSQL does not know, to words that lack one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM directory_word"
            " WHERE word ~ '^[a-z]+$' AND NOT EXISTS"
            " (SELECT FROM unnest(stems) s WHERE s LIKE 'pl:%')"
        )
        words = [word for (word,) in cursor.fetchall()]
        for start in range(0, len(words), CHUNK):
            some = words[start : start + CHUNK]
            cursor.execute(
                "UPDATE directory_word w SET stems = w.stems || new.stem"
                " FROM unnest(%s::text[], %s::text[]) new (word, stem) WHERE new.word = w.word",
                [some, [f"pl:{polish(word)}" for word in some]],
            )
    return len(words)
