"""One fit from data to the record that is reviewed: weights, figures, and how they came about."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from matching.engine import Scoring
from matching.evaluation import fitting
from matching.evaluation.baselines import InCommon
from matching.evaluation.figures import DIGITS, YARDSTICK, coverage
from matching.evaluation.metrics import PER_QUERY, interval, resamples
from matching.evaluation.product import PLAIN, TRADE_OFF, Plain, Product, build_index, with_exposure
from matching.evaluation.ranking import Rankings, Scorer, evaluate, sample
from matching.evaluation.run import Bar, Data
from matching.evaluation.truth import ALL, NEWCOMERS

BEFORE: Final = f"{PLAIN} before"
"""Our score under the weights that were in force before the fit."""

NOTE: Final = (
    "Complementarity and value chain keep their declared prior weights: the history of projects "
    "holds no needs, offers or segments that could teach them."
)


def learn(
    data: Data,
    split: date,
    until: date,
    *,
    check_until: date | None = None,
    limit_queries: int | None = None,
    before: Scoring | None = None,
    version: str,
    bar: Bar | None = None,
) -> dict[str, Any] | None:
    """Fit on the truth from `split` until `until`, measure there and on the period after it.

    Returns what the file of weights holds but for the checksums; None where nothing formed.
    """
    before = before or Scoring()
    history = data.history(split)
    truth = data.truth(history, until)
    queries = sample(truth.queries(), limit_queries)
    if not len(queries):
        return None
    index = build_index(history, data.parts, scoring=before)
    even = index.with_scoring(replace(before, weights=fitting.even_weights()))
    pools = fitting.collect(
        history, truth, even, queries, progress=bar("reading signals") if bar else None
    )
    points, tried = fitting.fit(pools, before.weights)
    scoring = replace(before, version=version, weights=fitting.full_weights(points))
    return {
        "version": version,
        "scoring": scoring.as_dict(),
        "learned": list(fitting.LEARNABLE),
        "prior": {"weights": dict(fitting.PRIOR), "note": NOTE},
        "method": {
            "objective": "mean nDCG@10 over all queries, whole points, weights ≥ 0",
            "seed": fitting.SEED,
            "queries": len(queries),
            "tried": tried,
        },
        "fit": measured(data, split, until, scoring, before, limit_queries, bar),
        "check": measured(data, until, check_until, scoring, before, limit_queries, bar)
        if check_until
        else None,
    }


def measured(
    data: Data,
    split: date,
    until: date,
    scoring: Scoring,
    before: Scoring,
    limit_queries: int | None,
    bar: Bar | None,
) -> dict[str, Any]:
    """The figures of the new weights on one period, beside those before and Adamic–Adar."""
    history = data.history(split)
    truth = data.truth(history, until)
    queries = sample(truth.queries(), limit_queries)
    index = build_index(history, data.parts, scoring=scoring)
    scorers: list[Scorer] = [
        Product(history, index, ablation=False, trade_off=TRADE_OFF),
        Plain(history, index.with_scoring(before), BEFORE),
        InCommon(history, YARDSTICK),
    ]
    rankings = evaluate(
        history,
        truth,
        scorers,
        queries,
        slices=(ALL, NEWCOMERS),
        progress=bar(f"ranking from {split}") if bar else None,
    )
    models = (PLAIN, BEFORE, YARDSTICK)
    return {
        "split": split.isoformat(),
        "until": until.isoformat(),
        "candidates": len(history),
        "queries": len(queries),
        "metrics": {
            name: {model: _figures(rankings, model, name) for model in models}
            for name in (ALL, NEWCOMERS)
        },
        "trade_off": {
            str(exposure): _figures(rankings, with_exposure(exposure), ALL)
            for exposure in TRADE_OFF
        },
    }


def _figures(rankings: Rankings, model: str, name: str) -> dict[str, Any]:
    """The means of one model in one slice, with nDCG@10's interval; empty without queries."""
    one = rankings[model, name]
    if not len(one.values):
        return {}
    means = one.values.mean(axis=0)
    low, high = interval(resamples(len(one.values)) @ one.values[:, 0])
    return {
        **{
            metric: round(float(mean), DIGITS)
            for metric, mean in zip(PER_QUERY, means, strict=True)
        },
        "ndcg@10_ci": [round(low, DIGITS), round(high, DIGITS)],
        "coverage@10": round(coverage(one), DIGITS),
    }
