"""How well the search answers questions whose right answers somebody wrote down."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from directory.asking import understood
from directory.searching import Reader, search
from initiatives.models import Initiative
from organisations.models import Organisation
from regions.models import Region

SCOPES: Final = {
    "all": (),
    "organisations": ("organisation",),
    "clusters": ("cluster",),
    "initiatives": ("initiative",),
    "regions": ("region",),
}
COLUMNS: Final = ("query", "kind", "language", "scope", "answers")


class JudgementError(ValueError):
    """A file of judgements that cannot be read; the message says where and why."""


@dataclass(frozen=True)
class Judgement:
    """A question, the directory it is asked of, and what answers it: ``organisation:slug`` …"""

    query: str
    kind: str
    language: str
    what: tuple[str, ...]
    answers: frozenset[str]


@dataclass
class Result:
    """Reciprocal ranks of the first right answers, all and by kind; what did not come first."""

    ranks: list[float] = field(default_factory=list)
    by_kind: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    missed: list[tuple[Judgement, float]] = field(default_factory=list)

    @property
    def mrr(self) -> float:
        return sum(self.ranks) / len(self.ranks) if self.ranks else 0.0


def read(path: Path) -> Iterator[Judgement]:
    """Raises `JudgementError`."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if missing := set(COLUMNS) - set(rows.fieldnames or ()):
            raise JudgementError(f"{path.name} lacks the columns {', '.join(sorted(missing))}")
        for number, row in enumerate(rows, start=2):
            if row["scope"] not in SCOPES:
                raise JudgementError(f"{path.name}, line {number}: no scope {row['scope']!r}")
            answers = frozenset(filter(None, row["answers"].split("|")))
            if not answers:
                raise JudgementError(f"{path.name}, line {number}: no answer")
            yield Judgement(
                row["query"], row["kind"], row["language"], SCOPES[row["scope"]], answers
            )


def judged(judgements: Iterable[Judgement]) -> Result:
    """Ask every question as an unknown reader would."""
    slugs = {
        "organisation": dict(Organisation.objects.values_list("pk", "slug")),
        "initiative": dict(Initiative.objects.values_list("pk", "slug")),
        "region": dict(Region.objects.values_list("pk", "slug")),
    }
    result = Result()
    for judgement in judgements:
        found = search(understood(judgement.query), reader=Reader(), what=judgement.what)
        places = (
            place
            for place, hit in enumerate(found.hits, start=1)
            if f"{hit.of}:{slugs[hit.of].get(hit.object_id)}" in judgement.answers
        )
        place = next(places, None)
        rank = 1 / place if place else 0.0
        result.ranks.append(rank)
        result.by_kind[judgement.kind].append(rank)
        if rank < 1:
            result.missed.append((judgement, rank))
    return result
