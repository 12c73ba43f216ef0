"""How fast the pages are on the loaded data.

    python -m benchmarks.pages [--runs N] [--json FILE]

Every page is asked for in this process, through all middleware and templates, in turn with a peer
in the same run: the sources page, which is rendered from the same base template and asks the
database next to nothing. The ratio to that peer is what can be compared between machines;
milliseconds hold for this run's machine alone. Each page is asked for once before it counts.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

PEER = "/sources/"
BUDGETS = {  # milliseconds and queries that issue 2 names
    "suggestions": (200, 15),
    "region with region": (500, None),
}


@dataclass(frozen=True)
class Row:
    """One page: milliseconds, queries, bytes, and its median as a multiple of the peer's."""

    page: str
    address: str
    median_ms: float
    p95_ms: float
    queries: int
    kilobytes: float
    times_peer: float


def addresses() -> dict[str, str]:
    """The pages to measure, the hardest of their kind: the organisation with the most partners, the
    two regions with the most organisations."""
    from django.db.models import Count

    from organisations.models import Organisation
    from regions.models import Region

    hub = (
        Organisation.objects.verified()
        .filter(home_region__isnull=False)
        .annotate(projects=Count("participations"))
        .order_by("-projects")
        .first()
    )
    large = (
        Region.objects.homes()
        .annotate(members=Count("organisations"))
        .order_by("-members")
        .values_list("slug", flat=True)[:2]
    )
    if hub is None or len(large) < 2:
        raise SystemExit("No data: run `make demo SERVE=0` first.")
    return {
        "home": "/",
        "region": "/regions/malopolska/",
        "region with region": "/regions/malopolska/with/auvergne-rhone-alpes/",
        "region with region (largest)": f"/regions/{large[0]}/with/{large[1]}/",
        "suggestions": hub.get_absolute_url(),
        "organisations": "/organisations/",
        "organisations (search)": "/organisations/?q=hydrogen",
        "initiatives": "/initiatives/",
        "API: suggestions": f"/api/v1/organisations/{hub.slug}/suggestions/",
        "API: organisations": "/api/v1/organisations/",
    }


def counting(queries: list[str], execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
    """An execute wrapper that notes every query."""
    queries.append(sql)
    return execute(sql, *arguments)


def measure(runs: int) -> list[Row]:
    """Ask for every page ``runs`` times, each time after the peer."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")

    def ask(address: str) -> tuple[float, bytes]:
        began = time.perf_counter()
        response = client.get(address)
        content = response.content
        elapsed = (time.perf_counter() - began) * 1000
        if response.status_code != 200:
            raise SystemExit(f"{address} answers {response.status_code}")
        return elapsed, content

    rows = []
    for page, address in addresses().items():
        ask(PEER)
        cache.clear()
        queries: list[str] = []
        with connection.execute_wrapper(partial(counting, queries)):
            _elapsed, content = ask(address)
        pairs = [(ask(address)[0], ask(PEER)[0]) for _ in range(runs)]
        times = sorted(mine for mine, _peer in pairs)
        rows.append(
            Row(
                page=page,
                address=address,
                median_ms=round(statistics.median(times), 1),
                p95_ms=round(times[int(0.95 * (len(times) - 1))], 1),
                queries=len(queries),
                kilobytes=round(len(content) / 1024, 1),
                times_peer=round(statistics.median(mine / peer for mine, peer in pairs), 1),
            )
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--json", metavar="FILE", help="also write the rows as JSON")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    rows = measure(options.runs)
    print(f"{'page':<30}{'median ms':>10}{'p95 ms':>9}{'queries':>9}{'kB':>8}{'× peer':>8}  budget")
    for row in rows:
        milliseconds, queries = BUDGETS.get(row.page, (None, None))
        budget = f"{milliseconds} ms" if milliseconds else ""
        budget += f", {queries} queries" if queries else ""
        print(
            f"{row.page:<30}{row.median_ms:>10}{row.p95_ms:>9}{row.queries:>9}"
            f"{row.kilobytes:>8}{row.times_peer:>8}  {budget}"
        )
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump([asdict(row) for row in rows], file, indent=1)


if __name__ == "__main__":
    main()
