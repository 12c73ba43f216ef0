"""How many suggestions a second the site serves, and how fast.

    python -m benchmarks.web [--organisations N] [--requests R] [--workers W] [--here] [--json FILE]

The suggestion page and the suggestion API are asked for through gunicorn, by a bounded load on the
loopback. Every organisation is asked for twice: the first time nothing is cached, the second time
everything that may be is. So there are two peers in the same run, addresses that only render the
same templates: the page around its suggestions, and the page with every suggestion rendered anew.
Without --here, a database of its own is filled with N invented organisations (once: it is kept in
the folder).
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.web.load import Load, load
from benchmarks.web.server import CHECKOUT, serving
from config.embedded import default_data_folder
from config.serve import WORKERS

SEED = 2026

PAGE_RENDERED = "page rendered"
ALL_RENDERED = "and suggestions"
"""The peers: the page's templates alone, and those of every suggestion too."""


def fill(organisations: int, environment: dict[str, str]) -> None:
    """Make the database, its profiles and its index, where they are not there yet."""
    done = Path(environment["REGIONS_MEET_DATA"]) / f"benchmark-{organisations}"
    if done.exists():
        return
    done.parent.mkdir(parents=True, exist_ok=True)
    for command in (
        ["migrate", "-v0"],
        ["load_reference", "-v0"],
        ["make_synthetic", "--remove"],
        ["make_synthetic", "--organisations", str(organisations), "--yes"],
        ["build_index"],
        ["collectstatic", "--noinput", "-v0"],
    ):
        manage = [sys.executable, str(CHECKOUT / "manage.py"), *command]
        subprocess.run(manage, env=environment, check=True, stdout=sys.stderr)
    for other in done.parent.glob("benchmark-*"):
        other.unlink()
    done.touch()


def slugs(count: int) -> list[str]:
    """So many organisations that suggestions are made for, drawn by a fixed seed."""
    import django

    django.setup()
    from django.db import connection

    from organisations.models import Organisation

    keys = list(Organisation.objects.verified().order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(SEED).sample(keys, min(count, len(keys)))
    found = dict(Organisation.objects.filter(pk__in=chosen).values_list("pk", "slug"))
    connection.close()
    return [found[key] for key in chosen]


def row(name: str, found: Load) -> dict[str, Any]:
    return {
        "what": name,
        "requests": len(found.milliseconds),
        "per_second": round(found.per_second, 1),
        "p50_ms": round(found.percentile(0.50), 1),
        "p95_ms": round(found.percentile(0.95), 1),
        "p99_ms": round(found.percentile(0.99), 1),
        "failures": found.failures,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.web",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--organisations", type=int, default=15_000, metavar="N")
    parser.add_argument("--requests", type=int, default=400, metavar="R", help="of each kind")
    parser.add_argument("--workers", type=int, default=WORKERS, metavar="W")
    parser.add_argument("--clients", type=int, default=4, help="connections at once")
    parser.add_argument("--seconds", type=float, default=120, help="at most, for each kind")
    parser.add_argument("--here", action="store_true", help="use the database that is configured")
    parser.add_argument("--folder", type=Path, help="where the benchmark's database is kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows as JSON")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # one reader asks for more than the public API gives one reader
    os.environ["API_ANON_RATE"] = "1000000/min"
    if not options.here:
        folder = options.folder or default_data_folder() / "benchmarks-web"
        os.environ["REGIONS_MEET_DATA"] = str(folder.resolve())
        # what this environment serves otherwise is neither read nor written
        for name in ("DATABASE_URL", "MATCH_INDEX_DIR", "STATIC_ROOT"):
            os.environ.pop(name, None)
        fill(options.organisations, dict(os.environ))
    asked = slugs(options.requests + 1)
    kinds = {
        "page": [f"/organisations/{slug}/" for slug in asked],
        "API": [f"/api/v1/organisations/{slug}/suggestions/" for slug in asked],
        PAGE_RENDERED: [f"/benchmark/only-rendered/{slug}/" for slug in asked],
        ALL_RENDERED: [f"/benchmark/all-rendered/{slug}/" for slug in asked],
    }
    rows = []
    # ended by somebody else, the server is stopped all the same
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with serving(dict(os.environ), workers=options.workers) as port:
        # numba compiles once for all; every worker opens the index
        load(port, kinds["page"][-1:] * 8 * options.workers, clients=options.clients, seconds=900)
        for name, every in kinds.items():
            addresses = every[:-1]  # the last one was asked for to warm up
            # each worker process keeps what it has seen: the peer is asked until all have seen most
            is_peer = name in (PAGE_RENDERED, ALL_RENDERED)
            repeats = 2 + options.workers if is_peer else 2
            for turn in range(repeats):
                found = load(port, addresses, clients=options.clients, seconds=options.seconds)
                if not is_peer:
                    rows.append(row(f"{name}, {'again' if turn else 'first time'}", found))
            if is_peer:
                rows.append(row(name, found))
    print(f"{'':<20}{'requests':>9}{'req/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}  failures")
    for each in rows:
        print(
            f"{each['what']:<20}{each['requests']:>9}{each['per_second']:>9}{each['p50_ms']:>9}"
            f"{each['p95_ms']:>9}{each['p99_ms']:>9}  {each['failures'] or ''}"
        )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
