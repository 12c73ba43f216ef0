"""Our own score on the same history, by the very code that answers users.

Profiles, participations and regional fit are made from the files as the product makes them from its
database: interests are the programme parts of an organisation's projects, as strong as the number
of these makes them; participants outside the organisations file count as partners in common, under
negative ids; regions fit by their joint projects. The home region is the NUTS 2 unit here. What the
files lack (needs, offers, segments, priorities and networks of regions) stays unknown.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from scipy import sparse

from matching.engine import SIGNALS, MatchIndex, Participations, Profile, Scoring
from matching.engine.quantise import FAMILIARITY_UNIT, familiarity, strength
from matching.engine.types import RegionFit
from matching.evaluation.columns import Floats, Int64s
from matching.evaluation.history import History, binary
from matching.exposure import DEFAULT, HEAD, flatter, hundredths
from matching.regional import RegionFacts, reasons

PLAIN: Final = "regions-meet"
EXPOSURE_AWARE: Final = "regions-meet exposure-aware"
TRADE_OFF: Final = (0, 10, 20, 30, 40, 50, 60, 80, 100, 150)
"""Exposures of the trade-off curve, in thousandths of the best score per doubling."""

FIRST: Final = 1 << 20
"""Puts the first places above all scores."""

KINDS: Final = ("HES", "REC", "PRC", "PUB", "OTH")


def without(signal: str) -> str:
    """The name of our score with one signal left out."""
    return f"{PLAIN} without {signal}"


def with_exposure(exposure: int) -> str:
    """The name of a point of the trade-off curve."""
    return f"{PLAIN} exposure {exposure}"


def build_index(
    history: History,
    parts: Mapping[str, frozenset[str]],
    *,
    scoring: Scoring | None = None,
) -> MatchIndex:
    """The product's index of what was known before the split."""
    elsewhere = history.node >= len(history)
    outside = {
        -pic: (None, country or None)
        for pic, country in zip(
            history.rows.pic[elsewhere].tolist(),
            history.rows.country[elsewhere].tolist(),
            strict=True,
        )
    }
    return MatchIndex.build(
        profiles(history, parts),
        participations(history),
        {},
        region_fit(history),
        places=outside,
        scoring=scoring,
    )


def participations(history: History) -> Participations:
    """All rows before the split; a participant outside the organisations file by its negative
    PIC."""
    inside = history.node < len(history)
    pics = history.rows.pic
    return Participations(
        project=history.rows.project + 1,
        partner=np.where(inside, pics, -pics),
        start=history.rows.start,
    )


def profiles(history: History, parts: Mapping[str, frozenset[str]]) -> list[Profile]:
    """One profile for each candidate, by ascending PIC."""
    interests = _interests(history, parts)
    organisations = history.organisations
    kinds = organisations.kind.tolist()
    return [
        Profile(
            id=pic,
            home=home or None,
            country=country or None,
            interests=held,
            kind=KINDS.index(kind) + 1 if kind in KINDS else None,
        )
        for pic, home, country, kind, held in zip(
            organisations.pic.tolist(),
            history.home.tolist(),
            organisations.country.tolist(),
            kinds,
            interests,
            strict=True,
        )
    ]


def _interests(history: History, parts: Mapping[str, frozenset[str]]) -> list[dict[int, int]]:
    """Programme part → strength of the interest that its projects show, for each candidate."""
    codes = history.rows.codes
    before = np.unique(history.rows.project).tolist()
    concepts = sorted({part for project in before for part in parts.get(codes[project], ())})
    number = {part: i for i, part in enumerate(concepts)}
    entries = np.array(
        [(p, number[part]) for p in before for part in parts.get(codes[p], ())], dtype=np.int64
    ).reshape(-1, 2)
    about = binary(entries[:, 0], entries[:, 1], (len(codes), len(concepts)))
    projects = sparse.csr_array(history.presence[:, : len(history)].T @ about)
    shown = [strength(int(count)) for count in projects.data.tolist()]
    return [
        dict(
            zip(
                (projects.indices[low:high] + 1).tolist(),
                shown[low:high],
                strict=True,
            )
        )
        for low, high in zip(projects.indptr[:-1], projects.indptr[1:], strict=True)
    ]


def region_fit(history: History) -> RegionFit:
    """How well NUTS 2 units fit, from the projects in which candidates of both took part."""
    known = (history.node < len(history)) & (
        np.append(history.home, 0)[np.minimum(history.node, len(history))] > 0
    )
    home = history.home[history.node[known]]
    present = binary(
        history.rows.project[known], home, (len(history.rows.codes), len(history.home_codes))
    )
    joint = sparse.coo_array(sparse.triu(present.T @ present, k=1))
    nothing = RegionFacts()
    return {
        (a, b): reasons(nothing, nothing, int(count))
        for a, b, count in zip(joint.row.tolist(), joint.col.tolist(), joint.data, strict=True)
    }


class Plain:
    """The plain order of one index, under a name of its own."""

    def __init__(self, history: History, index: MatchIndex, name: str) -> None:
        self.history = history
        self.index = index
        self.name = name

    @property
    def names(self) -> Sequence[str]:
        """Its name alone."""
        return (self.name,)

    def scores(self, queries: Int64s) -> Iterator[tuple[str, Floats]]:
        """Hundredths of a point, queries by candidates."""
        found = signals(self.history, self.index, queries)
        yield self.name, np.sum([found[signal] for signal in SIGNALS], axis=0).astype(np.float64)


class Product:
    """`regions-meet`, its exposure-aware order, and the score with one signal left out at a time.

    The exposure-aware order is that of `matching.exposure`, in thousandths of the asker's
    best score per doubling; `trade_off` adds such orders under other exposures.
    """

    def __init__(
        self,
        history: History,
        index: MatchIndex,
        *,
        exposure: int = DEFAULT,
        trade_off: Sequence[int] = (),
        ablation: bool = True,
    ) -> None:
        self.history = history
        self.index = index
        self.exposures = {EXPOSURE_AWARE: exposure} | {with_exposure(e): e for e in trade_off}
        self.left_out = {without(signal): signal for signal in SIGNALS} if ablation else {}
        known = zip(
            history.degree[: len(history)].tolist(),
            history.projects[: len(history)].tolist(),
            strict=True,
        )
        self.familiarity = np.array([familiarity(*one) for one in known], dtype=np.int64)

    @property
    def names(self) -> Sequence[str]:
        """All orders, the plain one first."""
        return (PLAIN, *self.exposures, *self.left_out)

    def scores(self, queries: Int64s) -> Iterator[tuple[str, Floats]]:
        """Hundredths of a point, queries by candidates."""
        found = signals(self.history, self.index, queries)
        total = np.sum([found[signal] for signal in SIGNALS], axis=0)
        yield PLAIN, total.astype(np.float64)
        flat = self.index.with_scoring(flatter(self.index.scoring))
        flat_found = signals(self.history, flat, queries)
        flat_total = np.sum([flat_found[signal] for signal in SIGNALS], axis=0)
        pics = self.history.pics[queries].tolist()
        best = [flat.best_score(pic) for pic in pics]
        heads = [
            self.history.positions(np.array([m.b for m in self.index.top(pic, HEAD)], np.int64))
            for pic in pics
        ]
        for name, exposure in self.exposures.items():
            if not exposure:
                yield name, total.astype(np.float64)
                continue
            cost = np.array([hundredths(exposure, score) for score in best], dtype=np.int64)
            off = (cost[:, None] * self.familiarity + FAMILIARITY_UNIT // 2) // FAMILIARITY_UNIT
            order = flat_total - off
            for row, head in enumerate(heads):
                order[row, head] = FIRST + total[row, head]
            yield name, order.astype(np.float64)
        for name, signal in self.left_out.items():
            yield name, (total - found[signal]).astype(np.float64)


def signals(history: History, index: MatchIndex, queries: Int64s) -> dict[str, Int64s]:
    """Each signal's hundredths, queries by candidates, as the engine gives them."""
    found = {signal: np.zeros((len(queries), len(history)), dtype=np.int64) for signal in SIGNALS}
    for row, pic in enumerate(history.pics[queries].tolist()):
        ids, given = index.signals(pic)
        column = history.positions(ids)
        for signal in SIGNALS:
            found[signal][row, column] = given[signal]
    return found
