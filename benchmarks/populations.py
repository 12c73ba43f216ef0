"""Two synthetic populations of any size, the same for the same seed on every machine.

*light*: every organisation has 5 needs, 5 offers, 5 interests and 2 segments, so 17 concepts. The
concepts of one role are drawn one after the other, without replacement, from 3,000 concepts, the
concept of rank r in proportion to 1/r (Zipf's law with exponent 1); a concept's id is its rank.
Every statement has weight 1, 2 or 3 with equal chance. Home regions are 300, the region of rank r
in proportion to 1/(r + 5) (the largest holds about 4 % of all, as in Europe), dealt out to 30
countries; kinds are 10 of uneven size; everyone is listed and nobody has projects. Segments of
consecutive ranks are neighbours (2,999 edges of weights 1 to 3). One pair of regions in five has a
regional fit: 1 to 4 reasons, each with a mass of 250 to 1,500 out of 10,000.

*network*: the same organisations with the degree distribution of Horizon 2020, hubs included
(`benchmarks.degrees`). Every organisation draws how many projects it takes part in from the
measured counts (mean 3.1, greatest 647), every project its size from the measured sizes (mean 4.7,
greatest 186), and seats are filled at random among these participations (a configuration model). To
keep hubs as large as they are, and partners as repeated, organisations belong to communities as
large as Horizon 2020 was (22,787 participants): four participations in five are filled inside the
community, one anywhere. A project starts on a random day of a year drawn from the measured years,
or on an unknown day. A seat drawn twice for one organisation stays empty.

Both are drawn in pieces of bounded size: 10 million organisations take 3.4 GB (network: 4.2 GB).
"""

from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from benchmarks import degrees
from matching.engine import Participations, Profile, RegionReasons
from matching.engine.types import Int64s

LIGHT: Final = "light"
NETWORK: Final = "network"
POPULATIONS: Final = (LIGHT, NETWORK)

SEED: Final = 2026
CONCEPTS: Final = 3000
ROLES: Final = (("needs", 5), ("offers", 5), ("interests", 5), ("segments", 2))
"""The roles in the order of the engine's field numbers 0 to 3, and how many concepts each has."""

STATED: Final = sum(count for _, count in ROLES)
REGIONS: Final = 300
COUNTRIES: Final = (
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "UK",
)  # fmt: skip
KIND_SHARES: Final = (30, 27, 6, 8, 3, 9, 3, 2, 7, 5)
COMMUNITY: Final = 22_787
"""Participants of Horizon 2020 before 2018."""

ELSEWHERE: Final = 0.2
FIT_SHARE: Final = 0.2
PIECE: Final = 1 << 18
"""Organisations drawn at once."""

LAST_DAY: Final = date(2017, 12, 18)


@dataclass(frozen=True, slots=True)
class World:
    """A population as columns, beside what else an index is built from.

    Arrays of one length n: `id` (1 to n), `home` (0 unknown), `country` ('' unknown), `kind`,
    `listed`; of one length m: the `statement_` columns, of the organisations in order, nothing
    stated twice; of one length: the `project_` columns. The last four describe the edges of the
    value chain and the reasons of regional fit.
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
    project: Int64s
    partner: Int64s
    start: Int64s
    edges: Int64s = field(default_factory=lambda: np.zeros((0, 3), dtype=np.int64))
    """(segment, segment, weight)."""

    fit: Int64s = field(default_factory=lambda: np.zeros((0, 4), dtype=np.int64))
    """(region, region, reason, mass)."""

    @property
    def participations(self) -> Participations:
        return Participations(self.project, self.partner, self.start)

    @property
    def segment_edges(self) -> dict[tuple[int, int], int]:
        return {(s, t): weight for s, t, weight in self.edges.tolist()}

    @property
    def region_fit(self) -> dict[tuple[int, int], list[tuple[int, int]]]:
        found: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for r, s, reason, mass in self.fit.tolist():
            found.setdefault((r, s), []).append((reason, mass))
        return found

    @property
    def region_reasons(self) -> RegionReasons:
        """The same as columns."""
        return RegionReasons(*(column.copy() for column in self.fit.T))

    def columns(self) -> dict[str, NDArray[Any]]:
        """The columns of the engine's `Population`, by name."""
        names = [f.name for f in fields(self)][:9]
        return {name: getattr(self, name) for name in names}

    def profiles(self) -> list[Profile]:
        """The same organisations one by one, for small worlds."""
        said: dict[int, tuple[dict[int, int], ...]] = {
            i: ({}, {}, {}, {}) for i in self.id.tolist()
        }
        rows = (
            self.statement_organisation,
            self.statement_field,
            self.statement_concept,
            self.statement_weight,
        )
        for i, role, concept, weight in zip(*(row.tolist() for row in rows), strict=True):
            said[i][role][concept] = weight
        return [
            Profile(
                id=i,
                home=home or None,
                country=country or None,
                needs=said[i][0],
                offers=said[i][1],
                interests=said[i][2],
                segments=said[i][3],
                kind=kind or None,
                listed=listed,
            )
            for i, home, country, kind, listed in zip(
                self.id.tolist(),
                self.home.tolist(),
                self.country.tolist(),
                self.kind.tolist(),
                self.listed.tolist(),
                strict=True,
            )
        ]

    def profile(self, organisation: int) -> Profile:
        """One of them; statements stand organisation by organisation."""
        at = int(np.searchsorted(self.id, organisation))
        low = int(np.searchsorted(self.statement_organisation, organisation))
        high = int(np.searchsorted(self.statement_organisation, organisation, side="right"))
        said: tuple[dict[int, int], ...] = ({}, {}, {}, {})
        rows = (self.statement_field, self.statement_concept, self.statement_weight)
        for role, concept, weight in zip(*(row[low:high].tolist() for row in rows), strict=True):
            said[role][concept] = weight
        return Profile(
            id=organisation,
            home=int(self.home[at]) or None,
            country=str(self.country[at]) or None,
            needs=said[0],
            offers=said[1],
            interests=said[2],
            segments=said[3],
            kind=int(self.kind[at]) or None,
            listed=bool(self.listed[at]),
        )

    def save(self, folder: Path) -> None:
        """One ``.npy`` file per array."""
        folder.mkdir(parents=True, exist_ok=True)
        for item in fields(self):
            np.save(folder / f"{item.name}.npy", getattr(self, item.name))

    @classmethod
    def load(cls, folder: Path, *, mapped: bool = True) -> Self:
        """The saved arrays, memory-mapped or read whole."""
        mode: Any = "r" if mapped else None
        names = [item.name for item in fields(cls)]
        return cls(
            **{name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode=mode)) for name in names}
        )


def make(name: str, organisations: int, *, seed: int = SEED) -> World:
    """The population `name` of so many organisations; *network* has the very organisations of
    *light*."""
    if name not in POPULATIONS:
        raise ValueError(f"no population is called {name!r}")
    kinds, homes, statements, projects, region_pairs = (
        np.random.default_rng([seed, part]) for part in range(5)
    )
    home = 1 + _zipf(homes, organisations, REGIONS, shift=5)
    lands = np.array(COUNTRIES, dtype="<U2")
    stated = _statements(statements, organisations)
    rows = np.zeros((3, 0), dtype=np.int64)
    if name == NETWORK:
        rows = _participations(projects, organisations)
    ranks = np.arange(1, CONCEPTS, dtype=np.int64)
    shares = np.cumsum(KIND_SHARES)
    kind = np.searchsorted(shares, kinds.integers(0, shares[-1], organisations), side="right")
    return World(
        id=np.arange(1, organisations + 1, dtype=np.int64),
        home=home,
        country=lands[(home - 1) % len(lands)],
        kind=1 + kind.astype(np.int64),
        listed=np.ones(organisations, dtype=np.bool_),
        statement_organisation=np.repeat(np.arange(1, organisations + 1, dtype=np.int64), STATED),
        statement_field=np.tile(
            np.repeat(np.arange(4, dtype=np.uint8), [count for _, count in ROLES]), organisations
        ),
        statement_concept=stated[0],
        statement_weight=stated[1],
        project=rows[0],
        partner=rows[1],
        start=rows[2],
        edges=np.stack([ranks, ranks + 1, 1 + ranks % 3], axis=1),
        fit=_region_fit(region_pairs),
    )


def _zipf(rng: np.random.Generator, size: int, ranks: int, *, shift: float = 0) -> Int64s:
    """Ranks 0 to `ranks` - 1, rank r in proportion to 1 / (r + 1 + shift)."""
    edges = np.cumsum(1 / (np.arange(1, ranks + 1) + shift))
    return np.searchsorted(edges[:-1] / edges[-1], rng.random(size), side="right")


def _statements(rng: np.random.Generator, organisations: int) -> tuple[Int64s, NDArray[np.uint8]]:
    """Concepts and weights of all statements, organisation by organisation."""
    concept = np.empty((organisations, STATED), dtype=np.int64)
    for first in range(0, organisations, PIECE):
        piece = concept[first : first + PIECE]
        at = 0
        for _, count in ROLES:
            _draw_apart(rng, piece[:, at : at + count])
            at += count
    weight = rng.integers(1, 4, organisations * STATED, dtype=np.uint8)
    return concept.reshape(-1), weight


def _draw_apart(rng: np.random.Generator, table: Int64s) -> None:
    """Fill every row with different concepts: who draws one that the row has draws again, which
    is drawing without replacement."""
    for column in range(table.shape[1]):
        waiting = np.arange(len(table))
        while len(waiting):
            drawn = 1 + _zipf(rng, len(waiting), CONCEPTS)
            table[waiting, column] = drawn
            again = (table[waiting, :column] == drawn[:, None]).any(axis=1)
            waiting = waiting[again]


def _participations(rng: np.random.Generator, organisations: int) -> Int64s:
    """Rows (project, organisation, start) of the configuration model, as an array of three rows."""
    measured = {name: degrees.Distribution.of(counter) for name, counter in degrees.read().items()}
    counts = measured[degrees.PARTICIPATION_COUNT].draw(rng, organisations)
    communities = max(1, round(organisations / COMMUNITY))
    organisation = np.repeat(np.arange(1, organisations + 1, dtype=np.int64), counts)
    community = np.repeat(rng.integers(0, communities, organisations), counts)
    strays = rng.random(len(organisation)) < ELSEWHERE
    community[strays] = rng.integers(0, communities, int(strays.sum()))
    order = np.argsort(community + rng.random(len(community)))
    organisation = organisation[order]
    del community, strays, order
    size = measured[degrees.CONSORTIUM_SIZE]
    sizes = size.draw(rng, int(len(organisation) / size.mean * 1.2) + 10)
    while sizes.sum() < len(organisation):
        sizes = np.concatenate([sizes, size.draw(rng, 1000)])
    project = np.repeat(np.arange(1, len(sizes) + 1, dtype=np.int64), sizes)[: len(organisation)]
    seats = np.unique(project * (organisations + 1) + organisation)
    project, organisation = np.divmod(seats, organisations + 1)
    year = measured[degrees.START_YEAR].draw(rng, len(sizes))
    first = np.array([date(max(1, y), 1, 1).toordinal() for y in range(2100)], dtype=np.int64)
    day = np.minimum(first[year] + rng.integers(0, 365, len(sizes)), LAST_DAY.toordinal())
    start = np.where(year > 0, day, 0)
    return np.stack([project, organisation, start[project - 1]])


def _region_fit(rng: np.random.Generator) -> Int64s:
    """Rows (region, region, reason, mass) of one pair in five."""
    low, high = np.triu_indices(REGIONS, k=1)
    chosen = rng.random(len(low)) < FIT_SHARE
    reasons = rng.integers(1, 5, int(chosen.sum()))
    pair = np.repeat(np.flatnonzero(chosen), reasons)
    reason = np.concatenate([np.arange(1, count + 1) for count in reasons.tolist()])
    mass = rng.integers(250, 1501, len(pair))
    return np.stack([low[pair] + 1, high[pair] + 1, reason, mass], axis=1).astype(np.int64)
