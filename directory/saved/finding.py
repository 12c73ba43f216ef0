"""What is new in a saved search: ``note_what_is_there`` once, ``look`` every day after.

While a search finds no more than the directory lists (`MOST_LISTED`), all that it found is in its
list of items, and whatever it finds that is not in the list is new: an organisation that was
published, and one that states a need since yesterday. A search that finds more has no such list;
in it only what was not public before is new. Either way an item that was found once is never new
again. The caller has locked the row of the search.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import connection
from django.utils import timezone

from directory.found import Found
from directory.saved import wanted
from directory.saved.models import SUGGESTION, SavedSearch, SearchItem
from matching import digests
from organisations.models import Organisation

BEST_SUGGESTIONS: Final = 10
"""A suggestion is new when it comes among the first so many."""

Key = tuple[str, int]

SETTLED: Final = """
    SELECT least(now(), min(xact_start)) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
"""


def settled() -> datetime:
    """The moment before which no transaction began that is under way: whatever became public
    before it can be seen by now, and whatever comes is dated later."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLED)
        row = cursor.fetchone()
    assert row is not None
    moment: datetime = row[0]
    return moment


def note_what_is_there(search: SavedSearch) -> None:
    """Take all that it finds by now as known, and set from where on something is new."""
    now, until = timezone.now(), settled()
    asked = wanted.read(search.query)
    found = asked.found()
    search.is_listed = _is_all(found)
    known = found if search.is_listed else asked.found(since=until)
    _write(search, _keys(known), found_at=None)
    note_suggestions(search)
    search.settled_at, search.looked_at = until, now


def note_suggestions(search: SavedSearch) -> None:
    """Take those suggested to its organisation by now as known."""
    if search.organisation is not None:
        listed = digests.read(organisation=search.organisation, limit=digests.LISTED)
        _write(search, [(SUGGESTION, item["id"]) for item in listed], found_at=None)


def look(search: SavedSearch) -> int:
    """Write down what is new, and return how much that is."""
    now, until = timezone.now(), settled()
    asked = wanted.read(search.query)
    found = asked.found()
    is_all = _is_all(found)
    if search.is_listed and is_all:
        new = _keys(found)
    else:
        new = _keys(asked.found(since=search.settled_at))
    count = _write(search, new, found_at=now)
    if is_all and not search.is_listed:
        # it has become narrow enough for a list: what was there all the time is no news
        _write(search, _keys(found), found_at=None)
    organisation = organisation_of(search)
    if organisation is not None:
        best = digests.read(organisation=organisation, limit=BEST_SUGGESTIONS)
        count += _write(search, [(SUGGESTION, item["id"]) for item in best], found_at=now)
    search.is_listed = is_all
    search.settled_at, search.looked_at = until, now
    return count


def organisation_of(search: SavedSearch) -> Organisation | None:
    """The organisation whose fit and suggestions it tells, while its owner may edit that."""
    if search.organisation_id is None:
        return None
    mine = Organisation.objects.editable_by(search.user)
    return mine.filter(pk=search.organisation_id).first()


def _is_all(found: Found) -> bool:
    return not found.is_more and found.total == len(found.hits)


def _keys(found: Found) -> list[Key]:
    return [(hit.of, hit.object_id) for hit in found.hits]


def _write(search: SavedSearch, keys: Iterable[Key], *, found_at: datetime | None) -> int:
    """Add what the list lacks, in its order; the list says itself what it has."""
    wanted_keys = list(dict.fromkeys(keys))
    have = set(
        search.items.filter(object_id__in=[key for _of, key in wanted_keys]).values_list(
            "of", "object_id"
        )
    )
    rows = [
        SearchItem(search=search, of=of, object_id=key, found_at=found_at)
        for of, key in wanted_keys
        if (of, key) not in have
    ]
    SearchItem.objects.bulk_create(rows)
    return len(rows)
