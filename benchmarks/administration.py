"""How long the pages of administrators and moderators take, and how many queries.

    python -m benchmarks.administration [--organisations N] [--times T] [--folder F] [--json FILE]

Every list of the administration, a search in it, a form, a history and a deletion; the start page
with its queues; the moderation's queue, a review and a merge's preview: on a database with N
invented organisations (the one of `benchmarks.web`; it is filled once and kept in the folder), of
which one in a hundred waits for a verdict meanwhile. In this process, without a server around it;
nothing is kept of what it writes.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.web.__main__ import fill
from config.embedded import default_data_folder

WAITING: Final = 100
"""One organisation in so many waits for a verdict."""


def addresses() -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """What each page is, where, and what is sent to it, if anything is."""
    from django.apps import apps
    from django.contrib import admin
    from django.urls import reverse

    from organisations.models import Organisation

    yield "start page with queues", reverse("admin:index"), None
    for model, site in admin.site._registry.items():
        meta = model._meta
        name = f"admin:{meta.app_label}_{meta.model_name}"
        yield f"{meta.label}: list", reverse(f"{name}_changelist"), None
        if site.search_fields:
            yield f"{meta.label}: search", reverse(f"{name}_changelist") + "?q=energy", None
        row = model._default_manager.order_by("-pk").first()
        if row is not None:
            yield f"{meta.label}: form", reverse(f"{name}_change", args=[row.pk]), None
            yield f"{meta.label}: deletion", reverse(f"{name}_delete", args=[row.pk]), None
            if apps.is_installed("simple_history") and hasattr(model, "history"):
                yield f"{meta.label}: history", reverse(f"{name}_history", args=[row.pk]), None
    waits = Organisation.objects.filter(status="pending").order_by("pk").first()
    assert waits is not None
    yield "moderation: queue", reverse("moderation:queue"), None
    yield "moderation: review", reverse("moderation:review", args=[waits.slug]), None
    near = Organisation.objects.filter(is_illustrative=False).order_by("pk")[:2]
    chosen = {"keep": near[0].pk, "duplicate": near[1].pk, "despite_numbers": "on"}
    yield "merge: preview", reverse("admin:organisations_organisation_merge"), chosen


def measured(times: int) -> list[dict[str, Any]]:
    """A row for each page and reader, measured in a transaction that is rolled back."""
    from django.db import connection, transaction
    from django.db.models.functions import Mod
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User
    from organisations.models import Organisation
    from regions.models import RegionRole

    rows = []
    with transaction.atomic():
        in_turn = Organisation.objects.verified().annotate(turn=Mod("pk", WAITING))
        in_turn.filter(turn=7).update(status="pending")
        two = Organisation.objects.verified().order_by("pk").values("pk")[:2]
        Organisation.objects.filter(pk__in=[row["pk"] for row in two]).update(is_illustrative=False)
        chief = User.objects.create_superuser("chief@example.org", is_active=True)
        local = User.objects.create_user("local@example.org")
        region = Organisation.objects.filter(status="pending").order_by("pk")[0].home_region
        assert region is not None
        RegionRole.objects.create(user=local, region=region, role=RegionRole.Role.MODERATOR)
        readers = {"administrator": chief, "moderator of a region": local}
        for reader, user in readers.items():
            client = Client(headers={"host": "localhost"})
            client.force_login(user)
            for what, path, sent in addresses():
                if reader != "administrator" and not what.startswith("moderation"):
                    continue
                took, status, queries = [], 0, 0
                for _time in range(times + 1):  # the first one loads templates and addresses
                    with CaptureQueriesContext(connection) as seen:
                        began = time.perf_counter()
                        answer = client.post(path, sent) if sent else client.get(path)
                        b"".join(answer) if answer.streaming else answer.content
                        took.append((time.perf_counter() - began) * 1000)
                    status, queries = answer.status_code, len(seen)
                rows.append(
                    {
                        "page": what if reader == "administrator" else f"{what}, {reader}",
                        "status": status,
                        "queries": queries,
                        "p50_ms": round(statistics.median(took[1:]), 1),
                        "most_ms": round(max(took[1:]), 1),
                    }
                )
        transaction.set_rollback(True)
    connection.close()
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.administration",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--organisations", type=int, default=100_000, metavar="N")
    parser.add_argument("--times", type=int, default=5, metavar="T", help="after a first one")
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
    rows = sorted(measured(options.times), key=lambda row: -float(row["most_ms"]))
    print(f"{options.organisations:,} organisations, slowest first")
    print(f"{'':<62}{'answer':>7}{'queries':>8}{'p50 ms':>9}{'most ms':>9}")
    for row in rows:
        print(
            f"{row['page']:<62}{row['status']:>7}{row['queries']:>8}"
            f"{row['p50_ms']:>9}{row['most_ms']:>9}"
        )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
