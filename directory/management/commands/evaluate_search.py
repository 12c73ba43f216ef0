"""``manage.py evaluate_search --relevance FILE``"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directory import relevance


class Command(BaseCommand):
    help = (
        "Asks the search the questions of a file and prints the mean reciprocal rank of the first "
        "right answers, by kind of question. The columns: query, kind, language, scope, answers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--relevance", type=Path, required=True, metavar="FILE")
        parser.add_argument("--missed", action="store_true", help="also what did not come first")

    def handle(self, *, relevance: Path, missed: bool, **options: Any) -> None:
        try:
            result = judge(relevance)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        for kind, ranks in sorted(result.by_kind.items()):
            self.stdout.write(f"{kind:<14}{len(ranks):>5}{sum(ranks) / len(ranks):>8.3f}")
        self.stdout.write(f"{'all':<14}{len(result.ranks):>5}{result.mrr:>8.3f}")
        if missed:
            for judgement, rank in result.missed:
                self.stdout.write(f"{rank:.2f}  {judgement.kind}  {judgement.query}")


def judge(path: Path) -> relevance.Result:
    return relevance.judged(relevance.read(path))
