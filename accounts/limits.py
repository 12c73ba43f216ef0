"""The cache in which all processes count attempts together."""

from typing import Any

from django.core.cache.backends.db import DatabaseCache


class Limits(DatabaseCache):
    """Django's, which makes room by deleting what comes first in the alphabet: whoever filled the
    table would make it forget failed log-ins. This one forgets only what has ended."""

    def _cull(self, db: str, cursor: Any, now: Any, num: int) -> None:
        super()._cull(db, cursor, now, 0)  # type: ignore[misc]  # undeclared: it deletes the ended
