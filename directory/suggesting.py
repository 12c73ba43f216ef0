"""Names that may be meant while somebody types: ``suggested("hydro")``."""

from typing import Final

from django.db import connection
from django.utils.translation import get_language

from directory.asking import folded
from regions.naming import region_label, region_labels
from regions.sorting import alphabetical

MOST: Final = 8
LOOKED_AT: Final = 500
"""Names that begin with what was typed, of which those with the highest standing are shown."""

SHOWN: Final = """e.is_public AND (e.of <> 'organisation' OR EXISTS (
            SELECT FROM organisations_organisation o
            WHERE o.id = e.object_id AND o.status = 'verified'
        ))"""
"""No name is shown by the word of the directory alone."""

BEGUN: Final = f"""
    SELECT title FROM (
        SELECT e.title, e.standing FROM directory_entry e
        WHERE {SHOWN} AND lower(directory_words(e.title)) LIKE %(start)s
        ORDER BY lower(directory_words(e.title)) USING ~<~ LIMIT %(looked_at)s
    ) begun
    GROUP BY title ORDER BY max(standing) DESC, title LIMIT %(most)s
"""
THERE: Final = """
    SELECT e.title FROM directory_entry e
    WHERE e.is_public AND e.of = 'region' AND e.title = ANY (%(names)s)
"""
WITHIN: Final = f"""
    SELECT title FROM (
        SELECT e.title, e.standing FROM directory_entry e
        WHERE {SHOWN} AND e.names @@ %(words)s::tsquery AND e.words @@ %(words)s::tsquery
        LIMIT %(looked_at)s
    ) found
    GROUP BY title ORDER BY max(standing) DESC, title LIMIT %(most)s
"""
SHORTEST: Final = 3
"""Letters from which on words within names are looked for."""


def suggested(text: str) -> list[str]:
    """Names of public entries that begin so, then those in which every word begins a word; regions
    by their names in the reader's language. Three queries at most."""
    words = folded(text)
    if not words:
        return []
    found: list[str] = []
    with connection.cursor() as cursor:
        # letters and digits alone, so nothing in it is a sign of LIKE
        start = " ".join(words) + "%"
        called = _regions_called(" ".join(words))
        if called:
            cursor.execute(THERE, {"names": list(called)})
            found += sorted((called[title] for (title,) in cursor.fetchall()), key=alphabetical)
        cursor.execute(BEGUN, {"start": start, "looked_at": LOOKED_AT, "most": MOST})
        found += [title for (title,) in cursor.fetchall()]
        if len(found) < MOST and len(words[-1]) >= SHORTEST:
            asked = " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"])
            cursor.execute(WITHIN, {"words": asked, "looked_at": LOOKED_AT, "most": MOST})
            found += [title for (title,) in cursor.fetchall()]
    return list(dict.fromkeys(map(region_label, found)))[:MOST]


def _regions_called(start: str) -> dict[str, str]:
    """By their English names, what regions are called in the reader's language, where that begins
    so."""
    language = (get_language() or "en")[:2]
    called = ((name, labels.get(language, "")) for name, labels in region_labels().items())
    return {name: label for name, label in called if " ".join(folded(label)).startswith(start)}
