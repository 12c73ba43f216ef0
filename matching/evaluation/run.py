"""One evaluation from files to figures: reads, tunes the baselines, ranks, and sums up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from matching.engine import Scoring
from matching.evaluation.columns import Int64s
from matching.evaluation.files import (
    Organisations,
    Problems,
    Rows,
    read_organisations,
    read_participations,
    read_parts,
    read_texts,
)
from matching.evaluation.history import History
from matching.evaluation.product import TRADE_OFF, Product, build_index
from matching.evaluation.ranking import Rankings, Scorer, evaluate, sample
from matching.evaluation.texts import BM25
from matching.evaluation.truth import SLICES, Truth, truth_after
from matching.evaluation.tuning import Tuned, all_baselines, tune
from matching.exposure import DEFAULT

Bar = Callable[[str], Callable[[Iterable[Any], int], Iterable[Any]]]
"""By what is being done, a progress bar around an iteration of so many steps."""


@dataclass(frozen=True, slots=True)
class Data:
    """What the files hold, and the rows that could not be used."""

    organisations: Organisations
    rows: Rows
    parts: dict[str, frozenset[str]]
    texts: dict[str, str]
    problems: Problems

    @classmethod
    def read(
        cls, organisations: Path, participations: Path, parts: Path, texts: Path | None = None
    ) -> "Data":
        """Read all files; raises `matching.evaluation.files.FileProblem`."""
        problems = Problems()
        return cls(
            read_organisations(organisations, problems),
            read_participations(participations, problems),
            read_parts(parts, problems),
            read_texts(texts, problems) if texts else {},
            problems,
        )

    def history(self, split: date) -> History:
        """What was known on the morning of the split."""
        return History.cut(self.organisations, self.rows, split.toordinal())

    def truth(self, history: History, until: date | None = None) -> Truth:
        """What came true from then on."""
        return truth_after(
            history,
            self.rows,
            until=until.toordinal() if until else None,
            parts=self.parts,
            texts=self.texts,
        )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of one split, and what is needed to read them."""

    split: date
    until: date | None
    history: History
    queries: Int64s
    """The candidates that were asked for, as positions."""

    asked_of: int
    """How many have a truth at all."""

    scoring: Scoring
    exposure: int
    models: tuple[str, ...]
    trade_off: tuple[int, ...]
    tuned: Tuned
    rankings: Rankings
    problems: Problems


def run(
    data: Data,
    split: date,
    *,
    until: date | None = None,
    limit_queries: int | None = None,
    scoring: Scoring | None = None,
    exposure: int = DEFAULT,
    bar: Bar | None = None,
) -> Evaluation:
    """Evaluate our score and all baselines on one split."""
    history = data.history(split)
    truth = data.truth(history, until)
    everyone = truth.queries()
    queries = sample(everyone, limit_queries)
    tuned = tune(
        data.organisations, data.rows, split, progress=bar("tuning baselines") if bar else None
    )
    index = build_index(history, data.parts, scoring=scoring)
    trade_off = tuple(sorted({*TRADE_OFF, exposure}))
    product = Product(history, index, exposure=exposure, trade_off=trade_off)
    scorers: list[Scorer] = [
        product,
        *all_baselines(history, tuned.chosen),
        BM25(history, data.parts, data.texts),
    ]
    rankings = evaluate(
        history,
        truth,
        scorers,
        queries,
        slices=SLICES,
        progress=bar("ranking") if bar else None,
    )
    return Evaluation(
        split=split,
        until=until,
        history=history,
        queries=np.asarray(queries, dtype=np.int64),
        asked_of=len(everyone),
        scoring=index.scoring,
        exposure=exposure,
        models=tuple(name for scorer in scorers for name in scorer.names),
        trade_off=trade_off,
        tuned=tuned,
        rankings=rankings,
        problems=data.problems,
    )
