"""What changed since an index was built, kept as facts so that more changes can come on top."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from matching.engine.types import Int64s, Participations, Places, Profile

NO_PARTICIPATIONS = Participations.from_rows(())


@dataclass(frozen=True, slots=True)
class Changes:
    """The present profile of each organisation that joined or changed, the participations in all of
    their projects, and who is gone."""

    profiles: Mapping[int, Profile] = field(default_factory=dict)
    participations: Participations = NO_PARTICIPATIONS
    places: Places = field(default_factory=dict)
    removed: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.profiles) + len(self.removed)

    def and_then(
        self,
        profiles: Iterable[Profile],
        participations: Participations,
        places: Places,
        removed: Collection[int],
    ) -> Self:
        """These changes, and later ones on top.

        What was known of a project is forgotten if one of the organisations that change now took
        part in it, or if it comes again; `participations` says it anew and whole.
        """
        new = {profile.id: profile for profile in profiles}
        gone = frozenset(removed) - new.keys()
        kept = {i: p for i, p in self.profiles.items() if i not in new and i not in gone}
        before = self.participations
        touched = np.array(sorted(new.keys() | gone), dtype=np.int64)
        stale = np.union1d(before.project[np.isin(before.partner, touched)], participations.project)
        still = ~np.isin(before.project, stale)
        return type(self)(
            profiles=kept | new,
            participations=Participations(
                _joined(before.project[still], participations.project),
                _joined(before.partner[still], participations.partner),
                _joined(before.start[still], participations.start),
            ),
            places={**self.places, **places},
            removed=(self.removed - new.keys()) | gone,
        )

    def covered(self) -> Int64s:
        """Everyone whom the base no longer speaks for, ascending."""
        return np.array(sorted(self.profiles.keys() | self.removed), dtype=np.int64)


def _joined(first: Int64s, second: Int64s) -> Int64s:
    return np.concatenate([first, second]).astype(np.int64)
