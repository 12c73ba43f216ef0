"""The match index of Regions Meet."""

from pathlib import Path

from benchmarks.matching.engines.base import LIMIT, Data, Engine
from benchmarks.matching.judge import Ranked
from matching.engine import MatchIndex


class RegionsMeet(Engine):
    """`MatchIndex.build`, `save`, `load` and `top`: all signals, filters and explanations."""

    name = "regions-meet"

    def build(self, data: Data, folder: Path) -> None:
        world = data.world()
        index = MatchIndex.build(
            world.profiles(), world.participations, world.segment_edges, world.region_fit
        )
        index.save(folder)

    def open(self, data: Data, folder: Path) -> None:
        self.index = MatchIndex.load(folder)

    def top(self, organisation: int) -> Ranked:
        return [(match.b, match.score) for match in self.index.top(organisation, LIMIT)]
