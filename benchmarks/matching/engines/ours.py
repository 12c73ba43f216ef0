"""The match index of Regions Meet."""

import itertools
import tempfile
import time
from pathlib import Path

from benchmarks import populations
from benchmarks.matching.engines.base import LIMIT, Data, Engine, Narrowed
from benchmarks.matching.judge import Ranked
from benchmarks.populations import World
from matching.engine import Match, MatchIndex
from matching.engine.population import Population

SMALL = 1_000
"""Organisations of the index that is built beforehand, so that numba has compiled."""


class RegionsMeet(Engine):
    """`MatchIndex.build`, `save`, `load` and `rank_for`: all signals and filters, and the terms of
    every answer.

    What is timed starts, as a page does, from the profile that PostgreSQL holds, and ends with the
    terms of all six signals as rows of numbers. What is judged are the same answers told in full:
    the score that counts is the sum of the explained terms, so an explanation that does not add up
    is not exact.
    """

    name = "regions-meet"

    def prepare(self, data: Data, folder: Path) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            _index(populations.make(populations.NETWORK, SMALL)).save(Path(scratch))
        self.world = data.world(mapped=False)

    def build(self, data: Data, folder: Path) -> None:
        _index(self.world).save(folder)

    def open(self, data: Data, folder: Path) -> None:
        self.index = MatchIndex.load(folder)
        self.world = data.world()

    def filtered(self, organisation: int, wanted: Narrowed) -> Ranked:
        return _ranked(
            self.index.top(
                organisation,
                LIMIT,
                countries=wanted.countries,
                kinds=wanted.kinds,
                exclude=wanted.exclude,
            )
        )

    def timed(self, organisation: int) -> float:
        profile = self.world.profile(organisation)
        began = time.perf_counter()
        self.index.rank_for(profile, LIMIT)
        return (time.perf_counter() - began) * 1000

    def top(self, organisation: int) -> Ranked:
        """The answer told in full, if it is the one that is timed; otherwise nothing, which is
        wrong."""
        ranking = self.index.rank_for(self.world.profile(organisation), LIMIT)
        told = _ranked(self.index.top(organisation, LIMIT))
        starts, points = ranking.term_start.tolist(), ranking.terms[:, 3]
        sums = [int(points[i:j].sum()) for i, j in itertools.pairwise(starts)]
        same = told == list(zip(ranking.id.tolist(), ranking.score.tolist(), strict=True))
        same &= sums == [score for _, score in told]
        return told if same else []


def _index(world: World) -> MatchIndex:
    return MatchIndex.build(
        Population(**world.columns()),
        world.participations,
        world.segment_edges,
        world.region_reasons,
    )


def _ranked(matches: list[Match]) -> Ranked:
    return [(match.b, sum(term.points for term in match.terms)) for match in matches]
