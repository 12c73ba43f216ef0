"""Organisations and their statements as columns: what an index is built from.

A hundred thousand profiles are comfortable as objects, ten million are not; so every build goes
through columns, and a few profiles become columns too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from matching.engine.quantise import STRENGTH_MAX
from matching.engine.types import BuildError, Int64s, Profile

NEEDS: Final = 0
OFFERS: Final = 1
INTERESTS: Final = 2
SEGMENTS: Final = 3
FIELDS: Final = ("needs", "offers", "interests", "segments")
"""The fields of a profile; a statement's field is a position in this."""

HEAVIEST: Final = (3, 3, STRENGTH_MAX, 3)
"""The greatest weight of a statement, by field."""

MAX_STATEMENTS: Final = 4096
"""Statements of one field one organisation may have."""

MAX_KIND: Final = 63


@dataclass(frozen=True, slots=True)
class Population:
    """n organisations and m statements, in any order.

    `id` > 0, int64[n]; `home` int64[n], 0 unknown; `country` str[n], "" unknown; `kind` int64[n],
    0 unknown, at most 63; `listed` bool[n]. A statement is `statement_organisation` int64[m] (an id
    that is in `id`), `statement_field` uint8[m] (`NEEDS`, `OFFERS`, `INTERESTS`, `SEGMENTS`),
    `statement_concept` int64[m] and `statement_weight` uint8[m], 1 to 3, or 1 to 40 for interests;
    a repeated one counts once, with the greatest weight.
    """

    id: Int64s
    home: Int64s
    country: NDArray[np.str_]
    kind: Int64s
    listed: NDArray[np.bool_]
    statement_organisation: Int64s
    statement_field: NDArray[np.uint8]
    statement_concept: Int64s
    statement_weight: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.id)

    @classmethod
    def from_profiles(cls, profiles: Iterable[Profile]) -> Self:
        """The same facts as columns. Raises `BuildError` for what columns could not hold."""
        everyone = list(profiles)
        for profile in everyone:
            _check_profile(profile)
        statements = [
            (profile.id, number, concept, weight)
            for profile in everyone
            for number, name in enumerate(FIELDS)
            for concept, weight in getattr(profile, name).items()
        ]
        table = np.array(statements, dtype=np.int64).reshape(-1, 4)
        return cls(
            id=np.array([p.id for p in everyone], dtype=np.int64),
            home=np.array([p.home or 0 for p in everyone], dtype=np.int64),
            country=np.array([p.country or "" for p in everyone], dtype=np.str_),
            kind=np.array([p.kind or 0 for p in everyone], dtype=np.int64),
            listed=np.array([p.listed for p in everyone], dtype=np.bool_),
            statement_organisation=table[:, 0].copy(),
            statement_field=table[:, 1].astype(np.uint8),
            statement_concept=table[:, 2].copy(),
            statement_weight=table[:, 3].astype(np.uint8),
        )

    def check(self) -> None:
        """Raise `BuildError` for lengths that differ, repeated ids and values out of range."""
        _same_length(self, ("id", "home", "country", "kind", "listed"))
        _same_length(
            self,
            (
                "statement_organisation",
                "statement_field",
                "statement_concept",
                "statement_weight",
            ),
        )
        if len(self.id):
            ids = self.id if bool((self.id[1:] > self.id[:-1]).all()) else np.sort(self.id)
            wrong = ids[:1][ids[:1] <= 0].tolist() + ids[1:][ids[1:] == ids[:-1]].tolist()
            if wrong:
                raise BuildError(f"organisation id {wrong[0]} is repeated or not above 0")
        self._refuse(self.home < 0, "its home region is below 0")
        self._refuse((self.kind < 0) | (self.kind > MAX_KIND), f"its kind is not 0 to {MAX_KIND}")
        field, weight = self.statement_field, self.statement_weight
        if not len(field):
            return
        if field.max() >= len(FIELDS):
            raise BuildError(f"a statement of field {field.max()}, of {len(FIELDS)}")
        if weight.min() >= 1 and weight.max() <= min(HEAVIEST):
            return
        wrong = (weight < 1) | (weight > np.array(HEAVIEST, dtype=np.uint8)[field])
        if wrong.any():
            at = int(np.flatnonzero(wrong)[0])
            raise BuildError(
                f"organisation {self.statement_organisation[at]}, {FIELDS[field[at]]}, concept "
                f"{self.statement_concept[at]}: weight {weight[at]}"
            )

    def _refuse(self, wrong: NDArray[np.bool_], why: str) -> None:
        if wrong.any():
            raise BuildError(f"organisation {self.id[wrong][0]}: {why}")


def _check_profile(profile: Profile) -> None:
    if profile.home is not None and profile.home <= 0:
        raise BuildError(f"organisation {profile.id}: home region {profile.home} is not above 0")
    for name in FIELDS:
        statements: Mapping[int, int] = getattr(profile, name)
        if len(statements) > MAX_STATEMENTS:
            raise BuildError(f"organisation {profile.id} has {len(statements)} {name}")
        for concept, weight in statements.items():
            if type(weight) is not int or not 1 <= weight <= HEAVIEST[FIELDS.index(name)]:
                raise BuildError(
                    f"organisation {profile.id}, {name}, concept {concept}: weight {weight!r}"
                )


def _same_length(population: Any, names: tuple[str, ...]) -> None:
    if len({len(getattr(population, name)) for name in names}) > 1:
        raise BuildError(f"the columns {', '.join(names)} differ in length")
