"""From rankings to the figures of the report: means, intervals, ratios, exposure of regions."""

from typing import Any, Final

import numpy as np

from matching.evaluation import metrics
from matching.evaluation.columns import Floats
from matching.evaluation.history import History
from matching.evaluation.product import EXPOSURE_AWARE, PLAIN, with_exposure
from matching.evaluation.ranking import Ranked
from matching.evaluation.run import Evaluation
from matching.evaluation.truth import ALL, LONG_TAIL, NEWCOMERS, SLICES

YARDSTICK: Final = "adamic–adar"
"""The baseline that the others are compared with."""

SLICES_OF_CURVE: Final = (NEWCOMERS, LONG_TAIL)
"""The slices that are told for every exposure: what holding back the well-known is for."""

DIGITS: Final = 6


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Everything that was measured, as JSON can hold it."""
    curve = {with_exposure(exposure) for exposure in evaluation.trade_off}
    named = [name for name in evaluation.models if name not in curve]
    of_slice = {name: _slice(evaluation, name) for name in SLICES}
    models = [
        {"name": model, "slice": name, **of_slice[name][model]}
        for name in SLICES
        for model in named
        if model in of_slice[name]
    ]
    everything = of_slice[ALL]
    return {
        "split": evaluation.split.isoformat(),
        "until": evaluation.until.isoformat() if evaluation.until else None,
        "candidates": len(evaluation.history),
        "queries": len(evaluation.queries),
        "queries_in_all": evaluation.asked_of,
        "slices": {
            name: next(iter(found.values()))["queries"] if found else 0
            for name, found in of_slice.items()
        },
        "scoring": evaluation.scoring.as_dict(),
        "exposure": evaluation.exposure,
        "models": models,
        "trade_off": [
            {
                "exposure": exposure,
                **everything[with_exposure(exposure)],
                "slices": {
                    name: of_slice[name][with_exposure(exposure)]
                    for name in SLICES_OF_CURVE
                    if of_slice[name]
                },
            }
            for exposure in evaluation.trade_off
            if with_exposure(exposure) in everything
        ],
        "regions": regions(evaluation, (PLAIN, EXPOSURE_AWARE, YARDSTICK, "popularity")),
        "tuned": {
            "since": evaluation.tuned.since.isoformat(),
            "until": evaluation.tuned.until.isoformat(),
            "queries": evaluation.tuned.queries,
            "chosen": {name: dict(chosen) for name, chosen in evaluation.tuned.chosen.items()},
            "tried": {
                name: [[dict(settings), round(figure, DIGITS)] for settings, figure in tried]
                for name, tried in evaluation.tuned.tried.items()
            },
        },
        "bad_rows": {
            "count": evaluation.problems.count,
            "first": evaluation.problems.first,
        },
    }


def _slice(evaluation: Evaluation, name: str) -> dict[str, dict[str, Any]]:
    """The figures of every model in one slice, empty where it has no query."""
    ranked = {model: evaluation.rankings[model, name] for model in evaluation.models}
    queries = len(ranked[PLAIN].values)
    if not queries:
        return {}
    drawn = metrics.resamples(queries)
    resampled = {model: drawn @ one.values for model, one in ranked.items()}
    yardstick = resampled[YARDSTICK][:, 0], ranked[YARDSTICK].values[:, 0].mean()
    found = {}
    for model, one in ranked.items():
        figures: dict[str, Any] = {"queries": queries}
        for column, metric in enumerate(metrics.PER_QUERY):
            figures[metric] = round(float(one.values[:, column].mean()), DIGITS)
            low, high = metrics.interval(resampled[model][:, column])
            figures[f"{metric}_ci"] = [round(low, DIGITS), round(high, DIGITS)]
        figures["coverage@10"] = round(coverage(one), DIGITS)
        figures["gini"] = round(metrics.gini(one.shown), DIGITS)
        figures["region_distance"] = round(region_distance(evaluation.history, one), DIGITS)
        usable = yardstick[0] > 0
        if yardstick[1] > 0 and usable.any():
            ratios = resampled[model][usable, 0] / yardstick[0][usable]
            low, high = metrics.interval(ratios)
            figures[f"ndcg@10_to_{YARDSTICK}"] = round(
                float(one.values[:, 0].mean() / yardstick[1]), DIGITS
            )
            figures[f"ndcg@10_to_{YARDSTICK}_ci"] = [round(low, DIGITS), round(high, DIGITS)]
        found[model] = figures
    return found


def coverage(one: Ranked) -> float:
    """The share of the candidates that were among anybody's first ten."""
    return float((one.shown > 0).mean()) if len(one.shown) else 0.0


def shares(history: History, one: Ranked) -> tuple[Floats, Floats]:
    """By NUTS 2 unit, as `History.home` numbers them: the share of the candidates, and of the
    places among the first ten."""
    size = len(history.home_codes)
    members = np.bincount(history.home, minlength=size)
    places = np.bincount(history.home, weights=one.shown, minlength=size)
    return (
        np.asarray(members / max(1, members.sum()), dtype=np.float64),
        np.asarray(places / max(1.0, places.sum()), dtype=np.float64),
    )


def region_distance(history: History, one: Ranked) -> float:
    """Which share of the places would have to move to another region, for every region to have
    as many as its organisations are: 0 to 1."""
    members, places = shares(history, one)
    return float(np.abs(members - places).sum() / 2)


def regions(evaluation: Evaluation, models: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """For every NUTS 2 unit its share of the candidates, and of each model's places among the
    first ten; '' stands for unknown."""
    history = evaluation.history
    columns = {model: shares(history, evaluation.rankings[model, ALL]) for model in models}
    members = next(iter(columns.values()))[0]
    return {
        code: {"organisations": round(float(members[number]), DIGITS)}
        | {model: round(float(pair[1][number]), DIGITS) for model, pair in columns.items()}
        for number, code in enumerate(history.home_codes.tolist())
    }
