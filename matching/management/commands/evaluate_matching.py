"""``manage.py evaluate_matching``"""

import json
import shlex
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from matching.engine import Scoring
from matching.evaluation.figures import as_json
from matching.evaluation.files import FileProblem
from matching.evaluation.report import as_markdown, write_into
from matching.evaluation.run import Data, run
from matching.exposure import DEFAULT

USAGE_ERROR = 2
EXPOSURE_LIMIT = 10_000


def day(text: str) -> date:
    """A date given as year-month-day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no date (year-month-day)") from error


def positive(text: str) -> int:
    """A whole number from 1 up."""
    if not (text.isascii() and text.isdigit() and int(text)):
        raise ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def add_file_arguments(parser: ArgumentParser) -> None:
    """The files that an evaluation and a fit read."""
    for name, what in (
        ("--organisations", "pic, name, activityType, country, nuts2"),
        ("--participations", "rcn, pic, country, start_date"),
        ("--programme-parts", "rcn, programme_part"),
    ):
        parser.add_argument(
            name, type=Path, metavar="FILE", required=True, help=f".csv or .csv.gz with {what}"
        )
    parser.add_argument(
        "--texts", type=Path, metavar="FILE", help="also rcn, title, objective of projects"
    )
    parser.add_argument("--no-progress", action="store_true", help="show no progress bars")


def read(options: dict[str, Any]) -> Data:
    """Read the files that the options name; CommandError where one cannot be."""
    try:
        return Data.read(
            options["organisations"],
            options["participations"],
            options["programme_parts"],
            options["texts"],
        )
    except FileProblem as error:
        raise CommandError(str(error), returncode=USAGE_ERROR) from error


def bars(*, shown: bool) -> Callable[[str], Callable[[Iterable[Any], int], Iterable[Any]]]:
    """Progress bars on standard error, where that is a terminal."""

    def bar(what: str) -> Callable[[Iterable[Any], int], Iterable[Any]]:
        def around(steps: Iterable[Any], total: int) -> Iterable[Any]:
            return tqdm(steps, desc=what, total=total, disable=None if shown else True)

        return around

    return bar


class Command(BaseCommand):
    help = (
        "Measures how well suggestions predict real partnerships: the history before a date "
        "builds profiles and index, partnerships formed after it are the truth. Reads the files "
        "given and no database."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_file_arguments(parser)
        parser.add_argument("--split", type=day, required=True, help="the date, year-month-day")
        parser.add_argument(
            "--until", type=day, help="truth ends before this date (default: it does not)"
        )
        parser.add_argument(
            "--limit-queries", type=positive, metavar="N", help="only so many, drawn at random"
        )
        parser.add_argument(
            "--weights", type=Path, metavar="FILE", help="score by a file that fit_weights wrote"
        )
        parser.add_argument(
            "--exposure",
            type=int,
            default=DEFAULT,
            help=f"of the exposure-aware order, in thousandths (default: {DEFAULT})",
        )
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
        parser.add_argument(
            "--markdown", type=Path, metavar="FILE", help="also put the tables into this file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        split, until, exposure = options["split"], options["until"], options["exposure"]
        if until is not None and until <= split:
            raise CommandError("--until is after --split", returncode=USAGE_ERROR)
        if abs(exposure) > EXPOSURE_LIMIT:
            raise CommandError(f"--exposure is within ±{EXPOSURE_LIMIT}", returncode=USAGE_ERROR)
        data = read(options)
        for problem in data.problems.first:
            self.stderr.write(f"left out: {problem}")
        if data.problems.count > len(data.problems.first):
            self.stderr.write(f"left out in all: {data.problems.count:,} rows")
        evaluation = run(
            data,
            split,
            until=until,
            limit_queries=options["limit_queries"],
            scoring=weights_of(options["weights"]) if options["weights"] else None,
            exposure=exposure,
            bar=bars(shown=not options["no_progress"]),
        )
        figures = as_json(evaluation)
        markdown = as_markdown(figures, called_as(options))
        if options["markdown"]:
            try:
                write_into(options["markdown"], markdown)
            except OSError as error:
                raise CommandError(
                    f"{options['markdown']} cannot be written: {error}", returncode=USAGE_ERROR
                ) from error
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(markdown)


def weights_of(path: Path) -> Scoring:
    """The scoring that a file of fitted weights holds; CommandError where it holds none."""
    try:
        return Scoring(**json.loads(path.read_text(encoding="utf-8"))["scoring"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} holds no weights: {error}", returncode=USAGE_ERROR) from error


def called_as(options: dict[str, Any]) -> str:
    """The command that gives the same figures again, with the names of the files alone."""
    words = ["manage.py", "evaluate_matching"]
    for option in ("organisations", "participations", "programme_parts", "texts", "weights"):
        if options[option]:
            words += [f"--{option.replace('_', '-')}", options[option].name]
    for option in ("split", "until", "limit_queries"):
        if options[option]:
            words += [f"--{option.replace('_', '-')}", str(options[option])]
    if options["exposure"] != DEFAULT:
        words += ["--exposure", str(options["exposure"])]
    return shlex.join(words)
