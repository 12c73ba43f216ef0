"""The quantised facts of a world, laid out for the judge and for the peers.

A reading of docs/adr/0003-exact-score.md that calls nothing of the engine: only its records
(`Scoring`) are used, as data. Rounding is half up; floating point ends here.
"""

import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.populations import World
from matching.engine import SIGNALS, Scoring
from matching.engine.types import Int64s

NEEDS, OFFERS, INTERESTS, SEGMENTS = range(4)

MAX_CONCEPT: Final = 1 << 22
"""Concepts are looked up in arrays as long as the greatest id."""

SAFE_NEEDS: Final = 2_700
"""The greatest total value of one organisation's needs for which the judge stays inside 64 bits."""

RECENT_DAYS: Final = 3652

TAU_VALUE_CHAIN: Final = 6
TAU_PRIORITIES: Final = 7
DOUBLINGS_PRIORITIES: Final = 8
TAU_TRACK_RECORD: Final = 9
DOUBLINGS_TRACK_RECORD: Final = 10

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """Documents are the organisations by ascending id; partners are all participants by ascending
    key.

    The statements of document d stand in rows `row_ptr[d]` to `row_ptr[d + 1]`: `row_field`,
    `row_concept`, `row_value` (the value of a need or interest, the weight of an offer or segment);
    `total_needs` sums the values of needs. `home` and `country` are numbers, 0 unknown;
    `experience` is the level, 0 to 255. `partner` is a document's number among partners, or -1. The
    ties of partner p stand in rows `tie_ptr[p]` to `tie_ptr[p + 1]`: `tie_with` (a partner),
    `tie_value`; `selectivity` is the partners'. `edge_*` is the list of neighbours of every
    segment; `mass` the regional fit of two homes. `scoring` holds the six weights in the order of
    `SIGNALS`, then the constants at the positions `TAU_VALUE_CHAIN` to `DOUBLINGS_TRACK_RECORD`.
    """

    ids: Int64s
    home: Array
    country: Array
    listed: Array
    experience: Array
    row_ptr: Int64s
    row_field: Array
    row_concept: Array
    row_value: Array
    total_needs: Array
    partner: Array
    selectivity: Array
    tie_ptr: Int64s
    tie_with: Array
    tie_value: Array
    edge_ptr: Int64s
    edge_to: Array
    edge_weight: Array
    mass: Array
    scoring: Int64s

    def __len__(self) -> int:
        return len(self.ids)

    def save(self, folder: Path) -> None:
        """One ``.npy`` file per array."""
        folder.mkdir(parents=True, exist_ok=True)
        for item in fields(self):
            np.save(folder / f"{item.name}.npy", getattr(self, item.name))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The saved arrays, memory-mapped and so shared between processes."""
        return cls(
            **{
                item.name: np.asarray(np.load(folder / f"{item.name}.npy", mmap_mode="r"))
                for item in fields(cls)
            }
        )

    def document(self, organisation: int) -> int:
        """The number of an organisation that is there."""
        return int(np.searchsorted(self.ids, organisation))

    def statements(self, document: int, field: int) -> tuple[Int64s, Int64s]:
        """Concepts and values of one role."""
        rows = slice(int(self.row_ptr[document]), int(self.row_ptr[document + 1]))
        mine = self.row_field[rows] == field
        return (
            self.row_concept[rows][mine].astype(np.int64),
            self.row_value[rows][mine].astype(np.int64),
        )

    def ties(self, document: int) -> tuple[Int64s, Int64s]:
        """Partners and, for each, selectivity times the tie with it."""
        partner = int(self.partner[document])
        if partner < 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        rows = slice(int(self.tie_ptr[partner]), int(self.tie_ptr[partner + 1]))
        who = self.tie_with[rows].astype(np.int64)
        return who, self.selectivity[who].astype(np.int64) * self.tie_value[rows]

    def weight(self, signal: str) -> int:
        return int(self.scoring[SIGNALS.index(signal)])

    @property
    def concepts(self) -> int:
        """One more than the greatest concept."""
        return len(self.edge_ptr) - 1


def prepare(world: World, scoring: Scoring | None = None, places: Any = None) -> Facts:
    """Quantise a world. `places` gives (home, country) of participants without a profile."""
    scoring = scoring or Scoring()
    order = np.argsort(world.id, kind="stable")
    ids = np.asarray(world.id)[order]
    concepts = 1 + max(
        int(world.statement_concept.max(initial=0)), int(world.edges[:, :2].max(initial=0))
    )
    if concepts > MAX_CONCEPT or world.statement_concept.min(initial=0) < 0:
        raise ValueError(f"the judge takes concepts from 0 to {MAX_CONCEPT - 1}")
    row_ptr, rows = _rows(world, ids)
    row_field = np.asarray(world.statement_field)[rows]
    row_concept = np.asarray(world.statement_concept)[rows].astype(np.int32)
    row_value = np.array(world.statement_weight[rows])  # a copy: it is written to
    exchanged, interested = _frequencies(row_ptr, row_field, row_concept, concepts)
    total_needs = _values(
        row_ptr,
        row_field,
        row_concept,
        row_value,
        _idf(exchanged, len(ids)),
        _interest_values(_idf(interested, len(ids)), int(row_value.max(initial=1))),
    )
    if total_needs.max(initial=0) > SAFE_NEEDS:
        raise ValueError("an organisation has more needs than the judge is made for")
    lands = np.unique(np.concatenate([np.array([""], dtype="<U2"), world.country]))
    if places:
        lands = np.unique(np.concatenate([lands, [land or "" for _, land in places.values()]]))
    country = np.searchsorted(lands, world.country).astype(np.int32)[order]
    home = np.asarray(world.home).astype(np.int32)[order]
    network = _network(world, ids, home, country, places or {}, lands)
    regions = 1 + max(int(home.max(initial=0)), int(world.fit[:, :2].max(initial=0)))
    mass = np.zeros((regions, regions), dtype=np.int32)
    np.add.at(mass, (world.fit[:, 0], world.fit[:, 1]), world.fit[:, 3])
    mass += np.where(np.eye(regions, dtype=bool), 0, mass.T)
    edges = np.concatenate([world.edges, world.edges[:, [1, 0, 2]]])
    edges = np.unique(edges, axis=0).astype(np.int32).reshape(-1, 3)
    return Facts(
        ids=ids,
        home=home,
        country=country,
        listed=np.asarray(world.listed)[order],
        row_ptr=row_ptr,
        row_field=row_field,
        row_concept=row_concept,
        row_value=row_value,
        total_needs=total_needs,
        edge_ptr=np.searchsorted(edges[:, 0], np.arange(concepts + 1)).astype(np.int64),
        edge_to=edges[:, 1].copy(),
        edge_weight=edges[:, 2].copy(),
        mass=mass,
        scoring=np.array(
            [
                *(scoring.weights[signal] for signal in SIGNALS),
                scoring.tau_value_chain,
                scoring.tau_priorities,
                scoring.doublings_priorities,
                scoring.tau_track_record,
                scoring.doublings_track_record,
            ],
            dtype=np.int64,
        ),
        **network,
    )


def _rows(world: World, ids: Int64s) -> tuple[Int64s, slice | Int64s]:
    """Where each document's statements start, and which statements stand there."""
    owner = np.asarray(world.statement_organisation)
    in_order = len(owner) == 0 or bool((owner[1:] >= owner[:-1]).all())
    rows: slice | Int64s = slice(None) if in_order else np.argsort(owner, kind="stable")
    return (
        np.append(np.searchsorted(owner[rows], ids), len(owner)).astype(np.int64),
        rows,
    )


@njit(cache=True)
def _frequencies(
    row_ptr: Int64s, row_field: Array, row_concept: Array, concepts: int
) -> tuple[Int64s, Int64s]:
    """How many documents need or offer each concept, and how many are interested in it."""
    exchanged = np.zeros(concepts, dtype=np.int64)
    interested = np.zeros(concepts, dtype=np.int64)
    last = np.full(concepts, -1, dtype=np.int64)
    for d in range(len(row_ptr) - 1):
        for r in range(row_ptr[d], row_ptr[d + 1]):
            c = row_concept[r]
            if row_field[r] <= 1:
                if last[c] != d:
                    last[c] = d
                    exchanged[c] += 1
            elif row_field[r] == 2:
                interested[c] += 1
    return exchanged, interested


@njit(cache=True)
def _values(
    row_ptr: Int64s,
    row_field: Array,
    row_concept: Array,
    row_value: Array,
    exchange_idf: Int64s,
    interest_value: Int64s,
) -> Array:
    """Turn weights of needs and interests into values, in place; the totals of needs per
    document. `interest_value` is by concept and weight."""
    needs = np.zeros(len(row_ptr) - 1, dtype=np.int32)
    for d in range(len(row_ptr) - 1):
        for r in range(row_ptr[d], row_ptr[d + 1]):
            if row_field[r] == 0:
                row_value[r] *= exchange_idf[row_concept[r]]
                needs[d] += row_value[r]
            elif row_field[r] == 2:
                row_value[r] = interest_value[row_concept[r], row_value[r]]
    return needs


def _half_up(value: float, low: int, high: int) -> int:
    return min(high, max(low, math.floor(value + 0.5)))


def _idf(frequency: Int64s, profiles: int) -> Int64s:
    """85 · ln((N + 1) / (df + ½)) / ln((N + 1) / 1.5), from 1 to 85."""
    table = []
    for df in frequency.tolist():
        if df < 2:
            table.append(85)
        else:
            value = math.log((profiles + 1) / (df + 0.5)) / math.log((profiles + 1) / 1.5)
            table.append(_half_up(85 * value, 1, 85))
    return np.array(table, dtype=np.int64)


def _interest_values(idf: Int64s, heaviest: int) -> Int64s:
    """255 / (40 · √85) · weight · √idf, from 1 to 255, by concept and weight."""
    scale = 255 / (40 * math.sqrt(85))
    table = np.zeros((86, heaviest + 1), dtype=np.int64)
    for rarity in range(1, 86):
        for weight in range(1, heaviest + 1):
            table[rarity, weight] = _half_up(scale * weight * math.sqrt(rarity), 1, 255)
    return table[idf]


def _network(
    world: World, ids: Int64s, home: Array, country: Array, places: Any, lands: Array
) -> dict[str, Any]:
    """Everything that comes from projects."""
    partner_key, partner = np.unique(world.partner, return_inverse=True)
    project_key, project = np.unique(world.project, return_inverse=True)
    partners = len(partner_key)
    start = np.zeros(len(project_key), dtype=np.int64)
    np.maximum.at(start, project, world.start)
    rows = np.unique(project.astype(np.int64) * max(1, partners) + partner)
    project, partner = np.divmod(rows, max(1, partners))
    del rows
    member_ptr = np.searchsorted(project, np.arange(len(project_key) + 1)).astype(np.int64)
    by_partner = np.argsort(partner, kind="stable")
    project_ptr = np.searchsorted(partner[by_partner], np.arange(partners + 1)).astype(np.int64)
    projects_of = project[by_partner].astype(np.int32)
    del by_partner, project
    reference = int(start.max(initial=0))
    member = partner.astype(np.int32)
    del partner
    tie_ptr = np.zeros(partners + 1, dtype=np.int64)
    np.cumsum(_degrees(member_ptr, member, project_ptr, projects_of), out=tie_ptr[1:])
    most = int(np.diff(project_ptr).max(initial=0))
    tie_of = np.array([_half_up(32 * math.log2(1 + n), 1, 255) for n in range(most + 1)])
    tie_with, tie_value = _ties(member_ptr, member, project_ptr, projects_of, tie_of, tie_ptr)
    degree = np.diff(tie_ptr)
    table = [
        _half_up(4096 / math.sqrt(max(1, d)), 1, 4096)
        for d in range(int(degree.max(initial=0)) + 1)
    ]
    at = np.searchsorted(ids, partner_key)
    at[at == len(ids)] = 0
    known = np.asarray(ids[at] == partner_key) if len(ids) else np.zeros(partners, dtype=bool)
    partner_home = np.where(known, home[at], 0)
    partner_country = np.where(known, country[at], 0)
    for key, (region, land) in places.items():
        where = int(np.searchsorted(partner_key, key))
        if where < partners and partner_key[where] == key and not known[where]:
            partner_home[where] = region or 0
            partner_country[where] = int(np.searchsorted(lands, land or ""))
    recent = (start > 0) & (reference - start <= RECENT_DAYS)
    counted = _experience(member_ptr, member, recent, partner_home, partner_country)
    number = np.full(len(ids), -1, dtype=np.int32)
    number[at[known]] = np.flatnonzero(known)
    experience = np.zeros(len(ids), dtype=np.int32)
    experience[at[known]] = _levels(counted[known])
    return {
        "experience": experience,
        "partner": number,
        "selectivity": np.array(table, dtype=np.uint16)[degree],
        "tie_ptr": tie_ptr,
        "tie_with": tie_with,
        "tie_value": tie_value,
    }


@njit(cache=True)
def _degrees(member_ptr: Int64s, member: Array, project_ptr: Int64s, projects_of: Array) -> Int64s:
    """How many distinct partners each partner has."""
    degree = np.zeros(len(project_ptr) - 1, dtype=np.int64)
    seen = np.full(len(degree), -1, dtype=np.int64)
    for p in range(len(degree)):
        seen[p] = p
        for i in range(project_ptr[p], project_ptr[p + 1]):
            for j in range(member_ptr[projects_of[i]], member_ptr[projects_of[i] + 1]):
                if seen[member[j]] != p:
                    seen[member[j]] = p
                    degree[p] += 1
    return degree


@njit(cache=True)
def _ties(
    member_ptr: Int64s,
    member: Array,
    project_ptr: Int64s,
    projects_of: Array,
    tie_of: Int64s,
    tie_ptr: Int64s,
) -> tuple[Array, Array]:
    """32 · log2(1 + joint projects), from 1 to 255, of every ordered pair of partners."""
    tie_with = np.zeros(tie_ptr[-1], dtype=np.int32)
    tie_value = np.zeros(tie_ptr[-1], dtype=np.uint8)
    total = np.zeros(len(tie_ptr) - 1, dtype=np.int64)
    for p in range(len(tie_ptr) - 1):
        end = tie_ptr[p]
        for i in range(project_ptr[p], project_ptr[p + 1]):
            for j in range(member_ptr[projects_of[i]], member_ptr[projects_of[i] + 1]):
                q = member[j]
                if q != p:
                    if total[q] == 0:
                        tie_with[end] = q
                        end += 1
                    total[q] += 1
        for t in range(tie_ptr[p], end):
            q = tie_with[t]
            tie_value[t] = tie_of[total[q]]
            total[q] = 0
    return tie_with, tie_value


@njit(cache=True)
def _experience(
    member_ptr: Int64s, member: Array, recent: Array, home: Array, country: Array
) -> Int64s:
    """How many recent projects with two known, different homes or countries each partner has."""
    count = np.zeros(len(home), dtype=np.int64)
    for project in range(len(member_ptr) - 1):
        first_home, first_land, across = 0, 0, False
        for j in range(member_ptr[project], member_ptr[project + 1]):
            h, c = home[member[j]], country[member[j]]
            if h:
                across |= first_home != 0 and first_home != h
                first_home = h
            if c:
                across |= first_land != 0 and first_land != c
                first_land = c
        if across and recent[project]:
            for j in range(member_ptr[project], member_ptr[project + 1]):
                count[member[j]] += 1
    return count


def _levels(recent: Int64s) -> Int64s:
    """255 · n / (n + 5), half up, at least 1 from the first project on."""
    levels = (2 * 255 * recent + recent + 5) // (2 * (recent + 5))
    return np.where(recent > 0, np.maximum(1, levels), 0)
