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
            return counts, False
        # what is chosen was counted by itself
        return {key: max(count, self.counts.get(key, 0)) for key, count in counts.items()} | {
            key: count for key, count in self.counts.items() if key not in counts
        }, True

    @property
    def corrected(self) -> dict[str, str]:
        """Words that nobody uses, and those that were looked for in their place."""
        return {each.word: each.alike[0] for each in self.meant if each.alike and not each.is_known}


def counted(sent: bytes | None) -> dict[int, int]:
    """How often each number of a value is among those of `models.Entry.counted`, one entry's after
    the other's."""
    if not sent:
        return {}
    counts = np.bincount(np.frombuffer(sent, dtype=">i4").astype(np.int64))
    return {int(code): int(counts[code]) for code in np.flatnonzero(counts)}
