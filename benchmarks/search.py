"""How long a search takes, with its facets, beside a plain filter and beside tantivy.

    python -m benchmarks.search [--organisations N] [--peers none] [--folder F] [--json FILE]

Two hundred questions, from one letter to ten words: names, places, concepts in several languages,
typing mistakes, facets. Each is asked of the product's own service in this process, on a database
with N invented organisations (the one of `benchmarks.web`; it is filled once and kept in the
folder), in an order drawn by a fixed seed, twice, of which the quicker counts. The peers answer the
same questions, or as many of them as they can in two minutes: ``icontains`` over name, short name,
place and description, and tantivy over the same texts in an index in memory; neither counts facets.
"""

import argparse
import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.web.__main__ import fill
from config.embedded import default_data_folder

SEED: Final = 2026
QUESTIONS: Final = 200
PATIENCE: Final = 120
"""Seconds for which one engine is asked."""

_WORDS: Final = """
    hydrogen storage electrolysis fuel cells batteries recycling wind solar grid heat pumps steel
    cement ammonia mobility buses rail ports shipping aviation robotics sensors photonics quantum
    health biotech agriculture food water forestry tourism textiles ceramics composites polymers
    training skills jobs education digital twin artificial intelligence cybersecurity
"""
WORDS: Final = tuple(_WORDS.split())
OTHER_LANGUAGES: Final = (
    "wodór magazynowanie energii",
    "stockage de l'hydrogène",
    "transition écologique",
    "zielona transformacja",
    "Wasserstoff Speicherung",
    "almacenamiento de hidrógeno",
    "formazione e lavoro",
    "transformacja cyfrowa",
)
PLACES: Final = ("krakow", "lyon", "malopolska", "rhone alpes", "slovenia", "barcelona", "torino")
KINDS: Final = ("university", "institute", "cluster", "agency", "laboratory", "works", "gmbh")


def questions(names: list[str]) -> list[str]:
    """The same two hundred for the same names: a mix of what people type."""
    draw = random.Random(SEED)

    def mistake(word: str) -> str:
        at = draw.randrange(1, max(2, len(word) - 1))
        return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]

    made = [draw.choice("abcdefghiklmnoprstuvwz") for _each in range(10)]
    made += [draw.choice(names)[: draw.randint(2, 4)] for _each in range(20)]
    made += [draw.choice(names) for _each in range(30)]
    made += [" ".join(draw.choice(names).split()[:2]) for _each in range(20)]
    made += [draw.choice(WORDS) for _each in range(25)]
    made += [" ".join(draw.sample(WORDS, 2)) for _each in range(20)]
    made += [f"{draw.choice(KINDS)} {draw.choice(PLACES)}" for _each in range(15)]
    made += [f"{draw.choice(WORDS)} {draw.choice(PLACES)}" for _each in range(15)]
    made += [mistake(draw.choice(WORDS)) for _each in range(15)]
    made += [draw.choice(OTHER_LANGUAGES) for _each in range(12)]
    made += [f'"{" ".join(draw.choice(names).split()[:2])}"' for _each in range(6)]
    made += [f"{draw.choice(WORDS)} -{draw.choice(KINDS)}" for _each in range(4)]
    made += [" ".join(draw.sample(WORDS, 10)) for _each in range(8)]
    draw.shuffle(made)
    assert len(made) == QUESTIONS
    return made


def timed(ask: Callable[[str], object], asked: list[str]) -> list[float]:
    """Milliseconds of each question, in an order drawn by a fixed seed, the quicker of two turns
    one after the other; who takes longer than `PATIENCE` is not asked the rest."""
    took: list[float] = []
    until = time.perf_counter() + PATIENCE
    for question in random.Random(SEED).sample(asked, len(asked)):
        turns = []
        for _turn in range(2):
            began = time.perf_counter()
            ask(question)
            turns.append((time.perf_counter() - began) * 1000)
        took.append(min(turns))
        if time.perf_counter() > until:
            break
    return took


def ours() -> Iterator[tuple[str, Callable[[str], object]]]:
    from directory.asking import understood
    from directory.known import known
    from directory.searching import Reader, search
    from directory.suggesting import suggested

    reader = Reader()
    poland = {"country": known().numbers("country", ["PL"])}
    yield "search with facets", lambda text: search(understood(text), reader=reader)
    yield (
        "search of organisations in one country",
        lambda text: search(understood(text), reader=reader, what=["organisation"], chosen=poland),
    )
    yield "names while typing", lambda text: suggested(text[:12])


def peers() -> Iterator[tuple[str, Callable[[str], object]]]:
    import tantivy
    from django.db.models import Q

    from organisations.models import Organisation

    fields = ("name", "short_name", "city", "description")

    def filtered(text: str) -> object:
        rows = Organisation.objects.verified()
        for word in text.replace('"', " ").split():
            one = Q()
            for field in fields:
                one |= Q(**{f"{field}__icontains": word})
            rows = rows.filter(one)
        return rows.count(), list(rows.order_by("name")[:20])

    yield "peer: icontains", filtered
    schema = tantivy.SchemaBuilder()
    for field in fields:
        schema.add_text_field(field)
    schema.add_unsigned_field("key", stored=True)
    index = tantivy.Index(schema.build())
    writer = index.writer(256_000_000)
    rows = Organisation.objects.verified().values_list("pk", *fields).iterator(10_000)
    for key, *texts in rows:
        document = tantivy.Document(**dict(zip(fields, texts, strict=True)))
        document.add_unsigned("key", key)
        writer.add_document(document)
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def by_tantivy(text: str) -> object:
        query, _errors = index.parse_query_lenient(text, list(fields))
        return searcher.search(query, 20)

    yield "peer: tantivy", by_tantivy


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.search",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--organisations", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--peers", choices=("all", "none"), default="all")
    parser.add_argument("--folder", type=Path, help="where the benchmark's database is kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows as JSON")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    folder = options.folder or default_data_folder() / "benchmarks-web"
    os.environ["REGIONS_MEET_DATA"] = str(folder.resolve())
    for name in ("DATABASE_URL", "MATCH_INDEX_DIR", "STATIC_ROOT", "EMAIL_URL"):
        os.environ.pop(name, None)
    fill(options.organisations, dict(os.environ))
    import django

    django.setup()
    from organisations.models import Organisation

    keys = list(Organisation.objects.verified().order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(SEED).sample(keys, 500)
    names = list(
        Organisation.objects.filter(pk__in=chosen).order_by("pk").values_list("name", flat=True)
    )
    asked = questions(names)
    rows: list[dict[str, Any]] = []
    for source in (ours, peers) if options.peers == "all" else (ours,):
        for what, ask in source():
            took = sorted(timed(ask, asked))
            rows.append(
                {
                    "what": what,
                    "questions": len(took),
                    "p50_ms": round(statistics.median(took), 1),
                    "p95_ms": round(took[int(0.95 * len(took))], 1),
                    "most_ms": round(took[-1], 1),
                }
            )
    print(f"{options.organisations:,} organisations, {QUESTIONS} questions")
    print(f"{'':<42}{'asked':>6}{'p50 ms':>9}{'p95 ms':>9}{'most ms':>9}")
    for row in rows:
        print(
            f"{row['what']:<42}{row['questions']:>6}{row['p50_ms']:>9}{row['p95_ms']:>9}{row['most_ms']:>9}"
        )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
