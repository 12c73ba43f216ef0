"""``manage.py fit_weights``"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.engine import Scoring
from matching.evaluation.files import checksum
from matching.evaluation.learning import learn
from matching.management.commands.evaluate_matching import (
    USAGE_ERROR,
    add_file_arguments,
    bars,
    day,
    positive,
    read,
    weights_of,
)

DEFAULT_QUERIES = 1_500


class Command(BaseCommand):
    help = (
        "Learns the weights of the signals that past partnerships can teach, from one period, and "
        "writes them with their figures into a file for review. Reads the files given and no "
        "database, and puts nothing in force."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        add_file_arguments(parser)
        parser.add_argument("--split", type=day, required=True, help="learn from history before …")
        parser.add_argument(
            "--until", type=day, required=True, help="… and the truth from then until this date"
        )
        parser.add_argument(
            "--check-until",
            type=day,
            metavar="DATE",
            help="also measure what was learned on the truth from --until until this date",
        )
        parser.add_argument(
            "--limit-queries",
            type=positive,
            metavar="N",
            default=DEFAULT_QUERIES,
            help=f"queries to learn from, drawn at random (default: {DEFAULT_QUERIES})",
        )
        parser.add_argument(
            "--weights", type=Path, metavar="FILE", help="an earlier file, to start from"
        )
        parser.add_argument("--name", required=True, help="the version's name, such as 2026.2")
        parser.add_argument("--output", type=Path, metavar="FILE", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        check_order(options["split"], options["until"], options["check_until"])
        output: Path = options["output"]
        if output.exists():
            raise CommandError(f"{output} is there already", returncode=USAGE_ERROR)
        data = read(options)
        before = weights_of(options["weights"]) if options["weights"] else Scoring()
        found = learn(
            data,
            options["split"],
            options["until"],
            check_until=options["check_until"],
            limit_queries=options["limit_queries"],
            before=before,
            version=options["name"],
            bar=bars(shown=not options["no_progress"]),
        )
        if found is None:
            raise CommandError("no new partnership formed in this period: nothing to learn from")
        record = found | {
            "data": [
                {"file": options[name].name, "sha256": checksum(options[name])}
                for name in ("organisations", "participations", "programme_parts", "texts")
                if options[name]
            ]
        }
        try:
            with output.open("x", encoding="utf-8") as file:
                file.write(json.dumps(record, ensure_ascii=False, indent=2) + "\n")
        except OSError as error:
            raise CommandError(
                f"{output} cannot be written: {error}", returncode=USAGE_ERROR
            ) from error
        self.stdout.write(json.dumps(record["scoring"], ensure_ascii=False))


def check_order(split: date, until: date, check_until: date | None) -> None:
    """The period to learn from comes first, then the one to check on; CommandError otherwise."""
    if until <= split:
        raise CommandError("--until is after --split", returncode=USAGE_ERROR)
    if check_until is not None and check_until <= until:
        raise CommandError("--check-until is after --until", returncode=USAGE_ERROR)
