"""The match index: exact answers to "who fits this organisation?" and "who should meet between
these regions?"."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import Any, Final, Self, Unpack

import numpy as np
from numpy.typing import NDArray

from matching.engine import store
from matching.engine.build import build_base, build_delta, columns
from matching.engine.changes import Changes
from matching.engine.explain import explain
from matching.engine.population import Population
from matching.engine.questions import Narrowing
from matching.engine.searcher import NO_DOCUMENTS, Ranking, Searcher
from matching.engine.segment import LISTED, Segment
from matching.engine.sides import Lookup, Side
from matching.engine.types import (
    SIGNALS,
    EngineError,
    Int64s,
    Match,
    Participations,
    Places,
    Profile,
    RegionFit,
    RegionReasons,
    Scoring,
    SegmentEdges,
    Statistics,
    TooManyPairs,
)

MAX_PAIRS: Final = 1 << 24
"""Pairs one question about best pairs may span: 4,096 organisations with as many others."""

NOWHERE: Final[Places] = MappingProxyType({})
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Colleague:
    """A partner an organisation already works with: joint projects, and the ordinal of the newest
    one's start (0 unknown)."""

    id: int
    projects: int
    last: int


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
        dead: NDArray[np.int32] = NO_DOCUMENTS,
    ) -> None:
        self.base = base if isinstance(base, Lookup) else Lookup(base)
        self.scoring = scoring
        self.checksum = checksum
        """Identity of the saved content; empty for an index that was not loaded."""
        self.extra = extra
        """What the caller saved with it."""
        self._changes = changes or Changes()
        self._searcher = Searcher(self.base, delta, dead, scoring)

    @classmethod
    def build(
        cls,
        profiles: Population | Iterable[Profile],
        participations: Participations,
        segment_edges: SegmentEdges,
        region_fit: RegionFit | RegionReasons,
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
            self._searcher.delta,
            self._searcher.dead,
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

    @property
    def changes(self) -> int:
        """How many organisations joined, changed or left since the build."""
        return len(self._changes)

    def __len__(self) -> int:
        return len(self._searcher)

    def __contains__(self, organisation: int) -> bool:
        return self._searcher.find(organisation) is not None

    def organisations_of(self, regions: int | Collection[int]) -> list[int]:
        """Ids of the organisations whose home is one of these regions, ascending."""
        wanted = {regions} if isinstance(regions, int) else set(regions)
        found: list[int] = []
        for lookup, dead in self._searcher.segments:
            homes = [1 + n for r, n in lookup.region_number.items() if r in wanted]
            here = np.isin(lookup.segment.documents.home, homes)
            here[dead] = False
            found += lookup.segment.documents.id[here].tolist()
        return sorted(found)

    def recent_projects(self, organisation: int) -> int:
        """How many recent projects with other regions the experience signal counts for it."""
        lookup, document = self._searcher.located(organisation)
        return int(lookup.segment.ties.recent[document])

    def match(self, a: int | Profile, b: int | Profile) -> Match:
        """Any two organisations, explained, whether or not they may be suggested to each other; a
        profile as it stands now, whether or not it is in the index."""
        one, other = self._side(a), self._side(b)
        if one.id == other.id:
            raise EngineError(f"organisation {one.id} is not matched with itself")
        return explain(self.base, self.scoring, one, other)

    def matches(self, a: int | Profile, others: Iterable[int]) -> list[Match]:
        """As `match`, of one organisation with each of some others."""
        side = self._side(a)
        return [explain(self.base, self.scoring, side, self._searcher.side(b)) for b in others]

    def signals(self, a: int) -> tuple[Int64s, dict[str, Int64s]]:
        """The ids of all organisations, and beside them the hundredths that each signal gives them
        with `a`."""
        ids, table = self._searcher.signals(self._searcher.side(a))
        return ids, {s: table[:, i].copy() for i, s in enumerate(SIGNALS)}

    def scores(self, a: int | Profile, others: Iterable[int]) -> dict[int, int]:
        """The score with each of some others, in hundredths, without terms; those that are not in
        the index are left out."""
        asking = self._searcher
        side = asking.side(a) if isinstance(a, int) else asking.side_of(a)
        return asking.scores(side, others)

    def top(self, a: int, limit: int, **narrowed: Unpack[Narrowing]) -> list[Match]:
        """The best partners of one organisation: exact, over all who may be suggested to it, see
        `Narrowing`. Raises `UnknownOrganisation`, `EngineError`."""
        side = self._searcher.side(a)
        return self._explained(side, self._searcher.rank(side, limit, narrowed))

    def top_for(self, profile: Profile, limit: int, **narrowed: Unpack[Narrowing]) -> list[Match]:
        """As `top`, for a profile as it stands now, whether or not it is in the index; its joint
        work is what the index knows of its id."""
        side = self._searcher.side_of(profile)
        return self._explained(side, self._searcher.rank(side, limit, narrowed))

    def rank(self, a: int, limit: int, **narrowed: Unpack[Narrowing]) -> Ranking:
        """What `top` answers, in the same order, as columns and without terms."""
        return self._searcher.rank(self._searcher.side(a), limit, narrowed)

    def rank_for(self, profile: Profile, limit: int, **narrowed: Unpack[Narrowing]) -> Ranking:
        """What `top_for` answers, in the same order, as columns with the terms as rows of numbers:
        where an object per term would cost more than the search."""
        side = self._searcher.side_of(profile)
        return self._searcher.rank(side, limit, narrowed, told=True)

    def best_score(self, a: int | Profile, **narrowed: Unpack[Narrowing]) -> int:
        """The score of its best match, 0 without one. Raises `UnknownOrganisation`."""
        return int(self._searcher.rank(self._side(a), 1, narrowed).score.sum())

    def most_common(self, limit: int) -> list[int]:
        """The concepts that most organisations of the build offer or need, the commonest first."""
        frame = self.base.segment.frame
        order = np.argsort(frame.exchange_idf, kind="stable")[:limit]
        return [int(concept) for concept in frame.concept_id[order].tolist()]

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
        patience: float = inf,
    ) -> list[Match]:
        """The best pairs of one organisation of `left` (a) with one of `right` (b) that may be
        suggested to each other.

        Ranked by score, descending, then by the lower and the higher id of the pair, so that both
        directions list the same pairs. `max_per_organisation` passes over pairs, best first, one of
        whose organisations was listed that often. A pair inside both sets counts once. Raises
        `UnknownOrganisation`, and `TooManyPairs` for more than 2²⁴ or where comparing them takes
        more than ``patience`` seconds.

        The smaller set asks. No organisation of it needs more than its best 3 · limit + cap: of
        those that are passed over, at most 2 · limit have a partner that was listed often enough,
        and at most `limit` were met from the other side.
        """
        if len(left) * len(right) > MAX_PAIRS:
            raise TooManyPairs(f"{len(left)} × {len(right)} organisations are too many pairs")
        depth = 3 * limit + (max_per_organisation or 0)
        askers, others = sorted((set(left), set(right)), key=len)
        for b in others:
            self._searcher.located(b)
        marks = self._searcher.marked(others)
        swapped = askers != set(left)
        ranked = []
        until = monotonic() + patience
        for a in askers:
            if monotonic() > until:
                raise TooManyPairs(f"{len(left)} × {len(right)} pairs take too long")
            if self._is_listed(a):
                found = self._searcher.rank(self._searcher.side(a), depth, {}, marks=marks)
                ranked += [
                    (-score, min(a, b), max(a, b), *((b, a) if swapped else (a, b)))
                    for b, score in zip(found.id.tolist(), found.score.tolist(), strict=True)
                ]
        ranked.sort()
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
        lookup, document = self._searcher.located(a)
        ties = lookup.segment.ties
        row = slice(int(ties.ptr[document]), int(ties.ptr[document + 1]))
        keys = ties.partner_key[ties.key[row]]
        listed = np.full(len(keys), True)
        if not outside:
            listed[:] = False
            for one, dead in self._searcher.segments:
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

    def _side(self, asker: int | Profile) -> Side:
        if isinstance(asker, Profile):
            return self._searcher.side_of(asker)
        return self._searcher.side(asker)

    def _explained(self, side: Side, found: Ranking) -> list[Match]:
        matches = []
        columns = (found.segment.tolist(), found.document.tolist(), found.score.tolist())
        for which, document, score in zip(*columns, strict=True):
            lookup, _ = self._searcher.segments[which]
            match = explain(self.base, self.scoring, side, lookup.side(document))
            if match.score != score:
                raise EngineError(f"{side.id} and {match.b}: {score} is explained as {match.score}")
            matches.append(match)
        return matches

    def _is_listed(self, organisation: int) -> bool:
        lookup, document = self._searcher.located(organisation)
        return bool(lookup.segment.documents.flags[document] & LISTED)
