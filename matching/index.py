"""The match index of this installation: building it, and the one that is in use."""

import threading
from datetime import date

from django.conf import settings
from django.utils import timezone

from matching import facts, regional
from matching.engine import IndexUnreadable, MatchIndex, current


class IndexNotBuilt(RuntimeError):
    """There is no match index yet, or none that can be read; ``manage.py build_index`` makes it."""


_lock = threading.Lock()
_loaded: MatchIndex | None = None


def build(*, progress: facts.Progress | None = None, today: date | None = None) -> MatchIndex:
    """Build the index from the database, save it, and make it the one in use.

    ``progress`` wraps the iteration over profiles, which it is told the number of.
    """
    from_database = facts.profiles(today=today or timezone.localdate())
    collected = list(progress(from_database, facts.count_profiles()) if progress else from_database)
    participations, places = facts.participations()
    index = MatchIndex.build(
        collected,
        participations,
        facts.segment_edges(),
        regional.fit_of_all(),
        places=places,
        scoring=facts.scoring_in_force(),
    )
    index.save(settings.MATCH_INDEX_DIR)
    return index


def in_use() -> MatchIndex:
    """The saved index under the weights in force. Raises `IndexNotBuilt`."""
    return opened().with_scoring(facts.scoring_in_force())


def opened() -> MatchIndex:
    """The saved index under the weights it was built with, opened once per process and version.

    Raises `IndexNotBuilt`.
    """
    global _loaded
    checksum = current(settings.MATCH_INDEX_DIR)
    if checksum is None:
        raise IndexNotBuilt("no match index has been built; run: manage.py build_index")
    with _lock:
        if _loaded is None or _loaded.checksum != checksum:
            try:
                _loaded = MatchIndex.load(settings.MATCH_INDEX_DIR)
            except IndexUnreadable as error:
                raise IndexNotBuilt(f"{error}; run: manage.py build_index") from error
        return _loaded
