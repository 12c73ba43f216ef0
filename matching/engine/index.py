"""The match index: exact answers to "who fits this organisation?" and "who should meet between
these regions?"."""

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from matching.engine import judging, searching, store, telling
from matching.engine.asking import Rates
from matching.engine.build import build_base, build_delta, columns
from matching.engine.changes import Changes
from matching.engine.explain import explain
from matching.engine.population import MAX_KIND, Population
from matching.engine.questions import fit_points, limits_of, question_of
from matching.engine.segment import LISTED, Segment
from matching.engine.sides import Lookup, Side
from matching.engine.types import (
    REGIONAL_FIT,
    SIGNALS,
    EngineError,
    Int64s,
    Match,
    Participations,
    Places,
    Profile,
    RegionFit,
    Scoring,
    SegmentEdges,
    Statistics,
    UnknownOrganisation,
)

MAX_PAIRS: Final = 1 << 26
"""Pairs one question about best pairs may span: 8,192 organisations with as many others."""

KINDS: Final = frozenset(range(MAX_KIND + 1))
EVERY_KIND: Final = np.uint64((1 << 64) - 1)
NOWHERE: Final[Places] = MappingProxyType({})
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
NO_DOCUMENTS: Final = np.zeros(0, dtype=np.int32)
ANYONE: Final = np.zeros(0, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A partner an organisation already works with: joint projects, and the ordinal of the newest
    one's start (0 unknown)."""

    id: int
    projects: int
    last: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """One suggested organisation: where it is, by what it ranks, its score and the six signals of
    it; and where asked for, the terms as rows (signal, concept or edge number, side, points), see
    `telling.terms`."""

    lookup: Lookup
    document: int
    id: int
    rank: int
    score: int
    signals: tuple[int, ...]
    terms: Int64s | None = None


class MatchIndex:
    """Exact, immutable, explained.

    Rank by score, descending, then by id, ascending. An organisation is never suggested to itself,
    to one of its own home region, or to one that it already worked with; where a home region is
    unknown, only across two known countries; one that is not listed is suggested to nobody. A pair
    that scores 0 is not suggested. Every answer is the same on every machine for the same facts.

    `with_changes` gives a new index that shares the arrays of this one. The numbers that define the
    score stay as they were counted at the build.
    """

    def __init__(
        self,
        base: Segment | Lookup,
        scoring: Scoring,
        checksum: str = "",
        extra: Mapping[str, Any] = NOTHING,
        changes: Changes | None = None,
        delta: Lookup | None = None,
        dead: np.ndarray[Any, Any] = NO_DOCUMENTS,
    ) -> None:
        self.base = base if isinstance(base, Lookup) else Lookup(base)
        self.scoring = scoring
        self.checksum = checksum
        """Identity of the saved content; empty for an index that was not loaded."""
        self.extra = extra
        """What the caller saved with it."""
        self._changes = changes or Changes()
        self._delta = delta
        self._dead = dead
        self._fits: dict[tuple[int, int | None], Int64s] = {}

    @classmethod
    def build(
        cls,
        profiles: Population | Iterable[Profile],
        participations: Participations,
        segment_edges: SegmentEdges,
        region_fit: RegionFit,
        *,
        places: Places = NOWHERE,
        scoring: Scoring | None = None,
        statistics: Statistics | None = None,
    ) -> Self:
        """Quantise and lay out; the same facts in any order give the same index.

        `places` tells home region and country of partners without a profile. `statistics` freezes
        what idf, selectivity and age are counted from (`statistics_of`); by default it comes from
        these very facts. Raises `BuildError`.
        """
        base = build_base(
            columns(profiles), participations, segment_edges, region_fit, places, statistics
        )
        return cls(base, scoring or Scoring())

    def save(self, folder: Path, extra: Mapping[str, Any] = NOTHING) -> str:
        """Write to a new folder beside the present one, then switch to it in one step; returns the
        checksum. `extra` is kept with it, as JSON. Changes are not saved: raises `EngineError`
        where there are any."""
        if self._changes:
            raise EngineError("an index with changes is built anew, not saved")
        return store.save(folder, self.base.segment, self.scoring, extra)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open the current index of a folder, its arrays memory-mapped; raises
        `IndexUnreadable`."""
        return cls(*store.load(folder))

    def with_scoring(self, scoring: Scoring) -> Self:
        """The same facts under other weights and constants, without copying anything."""
        return type(self)(
            self.base,
            scoring,
            self.checksum,
            self.extra,
            self._changes,
            self._delta,
            self._dead,
        )

    def with_changes(
        self,
        *,
        profiles: Iterable[Profile],
        participations: Participations,
        places: Places = NOWHERE,
        removed: Collection[int] = (),
    ) -> Self:
        """These profiles replace those of the same id, or join; `removed` are gone.

        `participations` are all rows of all projects in which any of them takes part, `places` says
        where everyone in them is, and everyone whose joint work changed is among `profiles`. May be
        called again on the result. Raises `BuildError`.
        """
        changes = self._changes.and_then(profiles, participations, places, removed)
        segment = build_delta(
            Population.from_profiles(changes.profiles.values()),
            changes.participations,
            changes.places,
            self.base.segment,
        )
        return type(self)(
            self.base,
            self.scoring,
            self.checksum,
            self.extra,
            changes,
            Lookup(segment) if changes.profiles else None,
            self.base.documents_of(changes.covered()),
        )

    @staticmethod
    def warm_up() -> None:
        """Load the compiled functions, or compile them, which takes some ten seconds once on a
        machine, so that nobody's first question waits for it."""
        profiles = [
            Profile(1, 1, "AA", needs={1: 1}, offers={2: 1}, interests={3: 4}, segments={4: 1}),
            Profile(2, 2, "BB", needs={2: 1}, offers={1: 1}, interests={3: 4}, segments={5: 1}),
        ]
        joint = Participations.from_rows([(1, 1, 1), (1, -1, 1), (2, -1, 1), (2, 2, 1)])
        index = MatchIndex.build(profiles, joint, {(4, 5): 1}, {})
        changed = index.with_changes(profiles=profiles[1:], participations=joint)
        changed.top(1, 1)
        changed.signals(1)

    @property
    def changes(self) -> int:
        """How many organisations joined, changed or left since the build."""
        return len(self._changes)

    def __len__(self) -> int:
        return len(self.base) - len(self._dead) + (len(self._delta) if self._delta else 0)

    def __contains__(self, organisation: int) -> bool:
        return self._find(organisation) is not None

    def organisations_of(self, regions: int | Collection[int]) -> list[int]:
        """Ids of the organisations whose home is one of these regions, ascending."""
        wanted = {regions} if isinstance(regions, int) else set(regions)
        found: list[int] = []
        for lookup, dead in self._segments():
            homes = [1 + n for r, n in lookup.region_number.items() if r in wanted]
            here = np.isin(lookup.segment.documents.home, homes)
            here[dead] = False
            found += lookup.segment.documents.id[here].tolist()
        return sorted(found)

    def recent_projects(self, organisation: int) -> int:
        """How many recent projects with other regions the experience signal counts for it."""
        lookup, document = self._located(organisation)
        return int(lookup.segment.ties.recent[document])

    def match(self, a: int, b: int) -> Match:
        """Any two organisations, explained, whether or not they may be suggested to each other."""
        if a == b:
            raise EngineError(f"organisation {a} is not matched with itself")
        return explain(self.base, self.scoring, self._side(a), self._side(b))

    def signals(self, a: int) -> tuple[Int64s, dict[str, Int64s]]:
        """The ids of all organisations, and beside them the hundredths that each signal gives them
        with `a`."""
        side = self._side(a)
        ids, rows = [], []
        for lookup, dead in self._segments():
            segment = lookup.segment
            found = judging.all_signals(
                0,
                len(lookup),
                segment.documents,
                segment.postings,
                lookup.tied,
                lookup.coding,
                question_of(side, lookup, self._fit(lookup, side)),
                self._rates(0),
                _scratch(len(lookup)),
            )
            alive = np.ones(len(lookup), dtype=np.bool_)
            alive[dead] = False
            ids.append(segment.documents.id[alive].astype(np.int64))
            rows.append(found[alive])
        table = np.concatenate(rows)
        return np.concatenate(ids), {s: table[:, i].copy() for i, s in enumerate(SIGNALS)}

    def top(
        self,
        a: int,
        limit: int,
        *,
        regions: Collection[int] | None = None,
        countries: Collection[str] | None = None,
        kinds: Collection[int] | None = None,
        among: Collection[int] | None = None,
        exclude: Collection[int] = (),
        exposure: int = 0,
    ) -> list[Match]:
        """The best partners of one organisation: exact, over all who may be suggested to it.

        Restricted to home `regions`, to `countries`, to `kinds`, and to the ids in `among` (an
        area, a search) where these are given, and never any of `exclude`. `exposure` reorders and
        never changes a score: so many hundredths of a point, at most 750, are taken off the rank
        for every doubling of how well known an organisation is (`quantise.familiarity`); a negative
        one favours the well-known.
        Raises `UnknownOrganisation`, `EngineError`.
        """
        side = self._side(a)
        found = self._search(side, limit, regions, countries, kinds, among, exclude, exposure)
        return [self._explained(side, one) for one in found]

    def best_score(self, a: int) -> int:
        """The score of its best match, 0 without one. Raises `UnknownOrganisation`."""
        found = self._search(self._side(a), 1)
        return found[0].score if found else 0

    def top_for(
        self,
        profile: Profile,
        limit: int,
        *,
        regions: Collection[int] | None = None,
        countries: Collection[str] | None = None,
        kinds: Collection[int] | None = None,
        among: Collection[int] | None = None,
        exclude: Collection[int] = (),
        exposure: int = 0,
    ) -> list[Match]:
        """As `top`, for a profile as it stands now, whether or not it is in the index; its joint
        work is what the index knows of its id."""
        place = self._find(profile.id)
        known = place[0].side(place[1]) if place else None
        side = self.base.side_of_profile(profile, known)
        found = self._search(side, limit, regions, countries, kinds, among, exclude, exposure)
        return [self._explained(side, one) for one in found]

    def rank_for(
        self,
        profile: Profile,
        limit: int,
        *,
        regions: Collection[int] | None = None,
        countries: Collection[str] | None = None,
        kinds: Collection[int] | None = None,
        among: Collection[int] | None = None,
        exclude: Collection[int] = (),
        exposure: int = 0,
    ) -> list[Ranked]:
        """What `top_for` answers, in the same order, with the terms as rows of numbers: for long
        lists, where an object per term would cost more than the search."""
        worked = any(len(lookup.segment.ties.key) for lookup, _ in self._segments())
        place = self._find(profile.id) if worked else None
        known = place[0].side(place[1]) if place else None
        side = self.base.side_of_profile(profile, known)
        found = self._search(side, limit, regions, countries, kinds, among, exclude, exposure)
        return self._told(side, found)

    def best_pairs(
        self,
        left: int | Collection[int],
        right: int | Collection[int],
        limit: int,
        *,
        max_per_organisation: int | None = None,
    ) -> list[Match]:
        """The best pairs between two home regions, or two sets of them; see
        `best_pairs_between`."""
        return self.best_pairs_between(
            self.organisations_of(left),
            self.organisations_of(right),
            limit,
            max_per_organisation=max_per_organisation,
        )

    def best_pairs_between(
        self,
        left: Collection[int],
        right: Collection[int],
        limit: int,
        *,
        max_per_organisation: int | None = None,
    ) -> list[Match]:
        """The best pairs of one organisation of `left` (a) with one of `right` (b) that may be
        suggested to each other.

        Ranked by score, descending, then by the lower and the higher id of the pair, so that both
        directions list the same pairs. `max_per_organisation` passes over pairs, best first, one of
        whose organisations was listed that often. A pair inside both sets counts once. Raises
        `UnknownOrganisation`, and `EngineError` for more than 2²⁶ pairs.

        The smaller set asks. No organisation of it needs more than its best 3 · limit + cap: of
        those that are passed over, at most 2 · limit have a partner that was listed often enough,
        and at most `limit` were met from the other side.
        """
        if len(left) * len(right) > MAX_PAIRS:
            raise EngineError(f"{len(left)} × {len(right)} organisations are too many pairs")
        depth = 3 * limit + (max_per_organisation or 0)
        askers, others = sorted((set(left), set(right)), key=len)
        for b in others:
            self._located(b)
        chosen = self._chosen(others)
        swapped = askers != set(left)
        ranked = sorted(
            (
                -one.score,
                min(a, one.id),
                max(a, one.id),
                *((one.id, a) if swapped else (a, one.id)),
            )
            for a in askers
            if self._is_listed(a)
            for one in self._ranked(self._side(a), depth, chosen)
        )
        shown: dict[int, int] = {}
        met: set[tuple[int, int]] = set()
        answer: list[Match] = []
        for _, low, high, a, b in ranked:
            if len(answer) == limit:
                break
            full = max_per_organisation is not None and (
                max(shown.get(a, 0), shown.get(b, 0)) >= max_per_organisation
            )
            if (low, high) in met or full:
                continue
            met.add((low, high))
            for one in (a, b):
                shown[one] = shown.get(one, 0) + 1
            answer.append(self.match(a, b))
        return answer

    def partners(self, a: int, *, outside: bool = False) -> list[Colleague]:
        """Who already works with `a`: most joint projects first, then the newest, then by id.

        Partners without a profile are left out unless `outside` is true.
        """
        lookup, document = self._located(a)
        ties = lookup.segment.ties
        row = slice(int(ties.ptr[document]), int(ties.ptr[document + 1]))
        keys = ties.partner_key[ties.key[row]]
        listed = np.full(len(keys), True)
        if not outside:
            listed[:] = False
            for one, dead in self._segments():
                here = np.setdiff1d(one.documents_of(keys), dead)
                listed |= np.isin(keys, one.segment.documents.id[here])
        found = zip(
            keys[listed].tolist(),
            ties.projects[row][listed].tolist(),
            ties.last[row][listed].tolist(),
            strict=True,
        )
        return sorted(
            (Colleague(*one) for one in found), key=lambda c: (-c.projects, -c.last, c.id)
        )

    def _segments(self) -> list[tuple[Lookup, np.ndarray[Any, Any]]]:
        """Where to look, with the documents there that no longer hold."""
        base = [(self.base, self._dead)]
        return [*base, (self._delta, NO_DOCUMENTS)] if self._delta else base

    def _search(
        self,
        side: Side,
        limit: int,
        regions: Collection[int] | None = None,
        countries: Collection[str] | None = None,
        kinds: Collection[int] | None = None,
        among: Collection[int] | None = None,
        exclude: Collection[int] = (),
        exposure: int = 0,
    ) -> list[Ranked]:
        if abs(exposure) > searching.MAX_EXPOSURE:
            raise EngineError(f"exposure {exposure} is above {searching.MAX_EXPOSURE}")
        mask = EVERY_KIND
        if kinds is not None:
            mask = np.uint64(sum(1 << kind for kind in set(kinds) & KINDS))
        chosen = self._chosen(among)
        return self._ranked(side, limit, chosen, mask, regions, countries, exclude, exposure)

    def _chosen(self, among: Collection[int] | None) -> list[NDArray[np.bool_]]:
        """Which documents of each segment are among some organisations; nothing for all of them."""
        marks = []
        wanted = None if among is None else np.array(list(among), dtype=np.int64)
        for lookup, _ in self._segments():
            chosen = ANYONE
            if wanted is not None:
                chosen = np.zeros(len(lookup), dtype=np.bool_)
                chosen[lookup.documents_of(wanted)] = True
            marks.append(chosen)
        return marks

    def _ranked(
        self,
        side: Side,
        limit: int,
        chosen: list[NDArray[np.bool_]],
        kinds: np.uint64 = EVERY_KIND,
        regions: Collection[int] | None = None,
        countries: Collection[str] | None = None,
        exclude: Collection[int] = (),
        exposure: int = 0,
    ) -> list[Ranked]:
        if limit < 1:
            return []
        found: list[Ranked] = []
        avoid = np.array([side.id, *exclude], dtype=np.int64)
        if len(side.partners):
            avoid = np.concatenate([side.partners, avoid])
        rates = self._rates(exposure)
        for (lookup, dead), marked in zip(self._segments(), chosen, strict=True):
            segment = lookup.segment
            question = question_of(side, lookup, self._fit(lookup, side))
            excluded = lookup.documents_of(avoid)
            documents, ranks, rows, _ = searching.search(
                min(limit, len(lookup)),
                segment.documents,
                segment.postings,
                lookup.tied,
                lookup.coding,
                question,
                limits_of(question, lookup, regions, countries, kinds, excluded, dead, marked),
                rates,
                _scratch(len(lookup)),
            )
            found += [
                Ranked(lookup, document, identifier, rank, sum(points), tuple(points))
                for document, identifier, rank, points in zip(
                    documents.tolist(),
                    segment.documents.id[documents].tolist(),
                    ranks.tolist(),
                    rows.tolist(),
                    strict=True,
                )
            ]
        found.sort(key=lambda one: (-one.rank, one.id))
        return found[:limit]

    def _told(self, side: Side, found: list[Ranked]) -> list[Ranked]:
        """The same answers with their terms."""
        told: dict[int, Int64s] = {}
        for lookup, _ in self._segments():
            here = [one for one in found if one.lookup is lookup]
            segment = lookup.segment
            ptr, terms = telling.terms(
                np.array([one.document for one in here], dtype=np.int64),
                np.array([one.signals for one in here], dtype=np.int64).reshape(-1, len(SIGNALS)),
                side.id,
                segment.documents,
                segment.postings,
                lookup.coding,
                question_of(side, lookup, self._fit(lookup, side)),
                self._rates(0),
            )
            ends = ptr.tolist()
            for i, one in enumerate(here):
                told[one.id] = terms[ends[i] : ends[i + 1]]
        return [replace(one, terms=told[one.id]) for one in found]

    def _explained(self, side: Side, one: Ranked) -> Match:
        match = explain(self.base, self.scoring, side, one.lookup.side(one.document))
        if match.score != one.score:
            raise EngineError(f"{side.id} and {one.id}: {one.score} is explained as {match.score}")
        return match

    def _fit(self, lookup: Lookup, side: Side) -> Int64s:
        """What the regional fit with each home of a segment brings."""
        key = (id(lookup), side.home)
        if key not in self._fits:
            self._fits[key] = fit_points(lookup, side.home, self.scoring.weights[REGIONAL_FIT])
        return self._fits[key]

    def _rates(self, exposure: int) -> Rates:
        return Rates(
            weights=np.array([self.scoring.weights[s] for s in SIGNALS], dtype=np.int64),
            tau_value_chain=self.scoring.tau_value_chain,
            tau_priorities=self.scoring.tau_priorities,
            doublings_priorities=self.scoring.doublings_priorities,
            tau_track_record=self.scoring.tau_track_record,
            doublings_track_record=self.scoring.doublings_track_record,
            exposure=exposure,
        )

    def _find(self, organisation: int) -> tuple[Lookup, int] | None:
        for lookup, dead in reversed(self._segments()):
            document = lookup.document(organisation)
            if document >= 0 and not np.isin(document, dead):
                return lookup, document
        return None

    def _located(self, organisation: int) -> tuple[Lookup, int]:
        found = self._find(organisation)
        if found is None:
            raise UnknownOrganisation(organisation)
        return found

    def _is_listed(self, organisation: int) -> bool:
        lookup, document = self._located(organisation)
        return bool(lookup.segment.documents.flags[document] & LISTED)

    def _side(self, organisation: int) -> Side:
        lookup, document = self._located(organisation)
        return lookup.side(document)


_spare = threading.local()


def _scratch(length: int) -> Int64s:
    """Zeros for the search to sum in, which it leaves as zeros; one array per thread and length."""
    kept: dict[int, Int64s] = _spare.__dict__.setdefault("kept", {})
    if length not in kept:
        if len(kept) > 4:
            kept.clear()
        kept[length] = np.zeros(length, dtype=np.int64)
    return kept[length]
