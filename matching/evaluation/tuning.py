"""Chooses the settings of the baselines on an earlier year, as the weights of our score are.

The validation year is the last year before the split: what was known at its beginning predicts what
formed within it, by nDCG@10 over a sample of the queries. Nothing on or after the split is looked
at. Where that year has no truth the documented defaults hold.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from matching.evaluation import baselines
from matching.evaluation.files import Organisations, Rows
from matching.evaluation.history import History
from matching.evaluation.ranking import Scorer, evaluate, mean_ndcg, sample
from matching.evaluation.truth import truth_after

SAMPLE: Final = 300
"""Queries of the validation year that settings are compared on."""

Settings = Mapping[str, Any]

TUNED: Final[Mapping[str, tuple[Callable[..., Scorer], Sequence[Settings]]]] = {
    "recent popularity": (
        baselines.Popularity,
        [{"months": months} for months in (24, 6, 12, 36)],
    ),
    "rp3β": (
        baselines.RP3Beta,
        [
            {"alpha": alpha, "beta": beta}
            for alpha in (0.55, 0.4, 0.7, 0.85)
            for beta in (0.0, 0.1, 0.2)
        ],
    ),
    "itemknn": (
        baselines.ItemKNN,
        [
            {"nearest": nearest, "shrink": shrink}
            for nearest in (200, 50)
            for shrink in (1000, 100, 10_000)
        ],
    ),
    "ease": (baselines.EASE, [{"ridge": ridge} for ridge in (3000, 1000, 10_000)]),
}
"""By baseline: how it is made, and the settings that are tried; the first are the defaults."""


@dataclass
class Tuned:
    """The chosen settings by baseline, and the nDCG@10 of each that was tried.

    `since` and `until` are the validation year; `queries` is 0 where it had no truth.
    """

    since: date
    until: date
    queries: int = 0
    chosen: dict[str, Settings] = field(default_factory=dict)
    tried: dict[str, list[tuple[Settings, float]]] = field(default_factory=dict)


def year_before(day: date) -> date:
    """The same day one year earlier; of 29 February the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def tune(
    organisations: Organisations,
    rows: Rows,
    split: date,
    *,
    progress: Callable[[Iterable[str], int], Iterable[str]] | None = None,
) -> Tuned:
    """Try every setting of `TUNED` on the year before the split; equal ones by their order."""
    since = year_before(split)
    tuned = Tuned(since, split)
    known = rows.where(rows.start < split.toordinal())
    history = History.cut(organisations, known, since.toordinal())
    truth = truth_after(history, known)
    queries = sample(truth.queries(), SAMPLE)
    tuned.queries = len(queries)
    for name in progress(TUNED, len(TUNED)) if progress else TUNED:
        make, grid = TUNED[name]
        tuned.chosen[name] = grid[0]
        if not len(queries):
            continue
        tried = []
        for settings in grid:
            ranked = evaluate(history, truth, [make(history, **settings)], queries)
            tried.append((settings, mean_ndcg(ranked, name)))
        tuned.tried[name] = tried
        tuned.chosen[name] = max(tried, key=lambda one: one[1])[0]
    return tuned


def all_baselines(history: History, chosen: Mapping[str, Settings]) -> list[Scorer]:
    """Every baseline of the network, in the order of the report."""
    made: list[Scorer] = [baselines.Random(history), baselines.Popularity(history)]
    for name, (make, _grid) in TUNED.items():
        if name == "recent popularity":
            made.append(make(history, **chosen[name]))
            made += [baselines.InCommon(history, common) for common in baselines.InCommon.WEIGHTS]
        else:
            made.append(make(history, **chosen[name]))
    return made
