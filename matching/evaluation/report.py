"""The report of an evaluation as Markdown, and its place in a file that people write too."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from matching.evaluation.figures import SLICES_OF_CURVE, YARDSTICK
from matching.evaluation.product import EXPOSURE_AWARE, PLAIN
from matching.evaluation.truth import ALL, LONG_TAIL_PROJECTS, NEWCOMER_PROJECTS, SLICES

BEGIN: Final = "<!-- figures: written by manage.py evaluate_matching; do not edit by hand -->"
END: Final = "<!-- end of the figures -->"

MEANING: Final = {
    ALL: "every organisation that formed a new partnership",
    "newcomers": f"those with at most {NEWCOMER_PROJECTS} project before the split",
    "long-tail partners": (
        f"only partners with at most {LONG_TAIL_PROJECTS} project before the split count as right"
    ),
    "hydrogen and energy": (
        "only pairs that met in a project of SC3 (energy), or about hydrogen where texts are given"
    ),
    "Auvergne-Rhône-Alpes ↔ Małopolska": "one of each (FRK, PL21); too few to claim anything from",
}

MOST_SHOWN: Final = 12
"""How many regions the table of exposure lists."""


def as_markdown(figures: Mapping[str, Any], command: str = "") -> str:
    """The tables of one evaluation, from what `as_json` gives."""
    return "\n\n".join(
        [
            *_head(figures, command),
            "### All queries",
            _all(figures),
            "### By slice",
            _slices(figures),
            "### Exposure: what holding back the well-known costs and brings",
            _trade_off(figures),
            "### Exposure of regions",
            _regions(figures),
            "### Settings of the baselines",
            _tuned(figures),
        ]
    )


def write_into(path: Path, markdown: str) -> None:
    """Put the tables between their two marks, leaving all that people wrote around them.

    A file without the marks gets them at its end; a file that is not there is made.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else "# Match quality\n"
    before, found, rest = text.partition(BEGIN)
    _old, _mark, after = rest.partition(END)
    if not found:
        before, after = text.rstrip("\n") + "\n\n", "\n"
    path.write_text(f"{before}{BEGIN}\n\n{markdown}\n\n{END}{after}", encoding="utf-8")


def _head(figures: Mapping[str, Any], command: str) -> list[str]:
    weights = ", ".join(
        f"{signal.replace('_', ' ')} {weight / 100:g}"
        for signal, weight in figures["scoring"]["weights"].items()
    )
    until = f" and before {figures['until']}" if figures["until"] else ""
    queries = f"{figures['queries']:,}"
    if figures["queries"] != figures["queries_in_all"]:
        queries += f" drawn from {figures['queries_in_all']:,}"
    lines = [
        f"## Split {figures['split']}",
        f"History: projects that started before {figures['split']}. Truth: pairs of organisations "
        f"of two NUTS 2 regions, both known before, never partners before, that met in a project "
        f"which started from then on{until}. Candidates: {figures['candidates']:,}, all ranked. "
        f"Queries: {queries}. Weights ({figures['scoring']['version']}): {weights}. "
        "Intervals: 95 %, bootstrap over the queries (1,000 resamples, fixed seed).",
    ]
    if command:
        lines.append(f"```\n{command}\n```")
    if figures["bad_rows"]["count"]:
        lines.append(f"Rows of the files left out: {figures['bad_rows']['count']:,}.")
    return lines


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(header)} |", f"|{'|'.join('---' for _ in header)}|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _with_interval(figures: Mapping[str, Any], metric: str, digits: int = 4) -> str:
    if metric not in figures:
        return "–"
    low, high = figures[f"{metric}_ci"]
    return f"{figures[metric]:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def _bold(name: str) -> str:
    return f"**{name}**" if name in (PLAIN, EXPOSURE_AWARE) else name


def _all(figures: Mapping[str, Any]) -> str:
    header = (
        "model",
        "nDCG@10",
        f"× {YARDSTICK}",
        "hit@10",
        "P@10",
        "recall@20",
        "MRR",
        "coverage@10",
        "Gini",
    )
    return _table(
        header,
        (
            (
                _bold(one["name"]),
                _with_interval(one, "ndcg@10"),
                _with_interval(one, f"ndcg@10_to_{YARDSTICK}", 2),
                *(_with_interval(one, metric, 3) for metric in ("hit@10", "p@10")),
                *(_with_interval(one, metric, 3) for metric in ("recall@20", "mrr")),
                f"{one['coverage@10']:.4f}",
                f"{one['gini']:.4f}",
            )
            for one in figures["models"]
            if one["slice"] == ALL
        ),
    )


def _slices(figures: Mapping[str, Any]) -> str:
    found = {(one["name"], one["slice"]): one for one in figures["models"]}
    names = list(dict.fromkeys(one["name"] for one in figures["models"]))
    slices = [name for name in SLICES if figures["slices"][name]]
    explained = "\n".join(
        f"- {name} (n = {figures['slices'][name]:,}): {MEANING[name]}." for name in SLICES
    )
    header = ("nDCG@10", *slices)
    rows = [
        (
            _bold(name),
            *(
                f"{_with_interval(found[name, of], 'ndcg@10')}, × {_ratio(found[name, of])}"
                for of in slices
            ),
        )
        for name in names
    ]
    return (
        f"{explained}\n\nAll candidates are ranked in every slice. × is the ratio to {YARDSTICK} "
        f"in the same slice.\n\n{_table(header, rows)}"
    )


def _ratio(figures: Mapping[str, Any]) -> str:
    ratio = figures.get(f"ndcg@10_to_{YARDSTICK}")
    return "–" if ratio is None else f"{ratio:.2f}"


def _trade_off(figures: Mapping[str, Any]) -> str:
    rows = [
        (
            f"**{one['exposure']}** (default)"
            if one["exposure"] == figures["exposure"]
            else str(one["exposure"]),
            _with_interval(one, "ndcg@10"),
            _with_interval(one, f"ndcg@10_to_{YARDSTICK}", 2),
            f"{one['coverage@10']:.4f}",
            f"{one['gini']:.4f}",
            f"{one['region_distance']:.3f}",
            *(_with_interval(one["slices"].get(name, {}), "ndcg@10") for name in SLICES_OF_CURVE),
        )
        for one in figures["trade_off"]
    ]
    header = (
        *("exposure", "nDCG@10", f"× {YARDSTICK}", "coverage@10", "Gini", "region distance"),
        *(f"nDCG@10, {name}" for name in SLICES_OF_CURVE),
    )
    return (
        "Exposure moves places and never a score: what it is counted in, `matching/exposure.py` "
        "says. Region distance: the share of places that would have to move for "
        f"every region to be shown as often as it has organisations.\n\n{_table(header, rows)}"
    )


def _regions(figures: Mapping[str, Any]) -> str:
    regions: Mapping[str, Mapping[str, float]] = figures["regions"]
    if not regions:
        return "No places were given."
    columns = list(next(iter(regions.values())))
    ranked = sorted(regions.items(), key=lambda item: (-item[1][PLAIN], item[0]))[:MOST_SHOWN]
    rows = [
        (code or "unknown", *(f"{100 * shares[column]:.1f} %" for column in columns))
        for code, shares in ranked
    ]
    return (
        "The regions that the plain order shows most: their share of the organisations, and of "
        f"each model's first ten places.\n\n{_table(('NUTS 2', *columns), rows)}"
    )


def _tuned(figures: Mapping[str, Any]) -> str:
    tuned = figures["tuned"]
    rows = [
        (
            name,
            ", ".join(f"{key} {value}" for key, value in chosen.items()),
            str(len(tuned["tried"].get(name, []))),
        )
        for name, chosen in tuned["chosen"].items()
    ]
    told = (
        f"Chosen by nDCG@10 of {tuned['queries']:,} queries on the year from {tuned['since']} to "
        f"{tuned['until']}, before the split."
        if tuned["queries"]
        else "The year before the split has no truth to tune on; the defaults hold."
    )
    return f"{told}\n\n{_table(('baseline', 'settings', 'tried'), rows)}"
