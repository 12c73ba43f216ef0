"""What a search found, and how often each value of a facet is among it."""

from dataclasses import dataclass, field

import numpy as np

from directory.words import Meant


@dataclass(frozen=True)
class Hit:
    """One entry, and how well its text answers: the higher, the better."""

    of: str
    object_id: int
    what: str
    title: str
    score: float


@dataclass(frozen=True)
class Counted:
    """Hits by number of value; with ``is_more`` these are the least that there are, but for the
    numbers that are ``exact``."""

    by_number: dict[int, int]
    is_more: bool = False
    exact: frozenset[int] = frozenset()

    def is_least(self, number: int | None) -> bool:
        """Whether there may be more hits with this value than were counted."""
        return self.is_more and number not in self.exact


@dataclass(frozen=True)
class Found:
    """``total`` is exact unless ``is_more``; ``counts`` are the hits by number of value, ``wider``
    the same for each facet in which something is chosen, without that choice; ``cut`` are those of
    which not all were counted, but for ``exact``, the numbers that were chosen, where all hits with
    them were; ``concepts`` are those that the words may mean."""

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    is_more: bool = False
    is_near: bool = False
    counts: dict[int, int] = field(default_factory=dict)
    wider: dict[str, dict[int, int]] = field(default_factory=dict)
    cut: frozenset[str] = frozenset()
    exact: frozenset[int] = frozenset()
    meant: tuple[Meant, ...] = ()
    concepts: frozenset[int] = frozenset()

    def counted_for(self, facet: str) -> Counted:
        """Hits by value of this facet."""
        if facet not in self.wider:
            return Counted(self.counts, self.is_more)
        counts = self.wider[facet]
        if facet not in self.cut:
            return Counted(counts)
        # what is chosen was counted by itself
        more = {
            key: max(counts.get(key, 0), self.counts.get(key, 0))
            for key in {**counts, **self.counts}
        }
        return Counted(more, True, self.exact)

    @property
    def corrected(self) -> dict[str, str]:
        """Words that nobody uses, and those that were looked for in their place."""
        return {
            each.word: ", ".join(each.alike)
            for each in self.meant
            if each.alike and not each.is_known
        }


def counted(sent: bytes | None) -> dict[int, int]:
    """How often each number of a value is among those of `models.Entry.counted`, one entry's after
    the other's."""
    if not sent:
        return {}
    counts = np.bincount(np.frombuffer(sent, dtype=">i4").astype(np.int64))
    return {int(code): int(counts[code]) for code in np.flatnonzero(counts)}
