"""How long the committed history of Horizon 2020 takes to come in, beside a plain COPY of it.

    python -m benchmarks.importing [--json FILE]

Into an empty database of its own beside the one that is there, removed afterwards: the reference
data, the four tables with their checks and links, the statements that follow from them, the
directory of the search. The peer reads the same files and writes their lines as they are, without
any check, into tables without keys.
"""

import argparse
import csv
import json
import lzma
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def copied(folder: Path) -> int:
    """Write every line of the files into tables of text; how many there were."""
    from django.db import connection

    lines = 0
    with connection.cursor() as cursor:
        for number, path in enumerate(sorted(folder.glob("*.csv.xz"))):
            with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
                rows = csv.reader(file)
                columns = [f"c{place}" for place, _name in enumerate(next(rows))]
                cursor.execute(
                    f"CREATE TEMPORARY TABLE plain_{number} ({' text, '.join(columns)} text)"
                )
                with cursor.copy(f"COPY plain_{number} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                        lines += 1
    return lines


def measured() -> list[dict[str, Any]]:
    from django.db import connection, transaction

    from initiatives import derivation
    from initiatives.cordis.folder import import_folder
    from initiatives.cordis.report import Report
    from initiatives.data import FOLDER
    from regions.reference import load_reference

    snapshot = FOLDER / "cordis"
    steps: list[tuple[str, Callable[[], object]]] = [
        ("plain COPY of the lines", lambda: copied(snapshot)),
        ("reference data", load_reference),
        ("import, with the directory", lambda: import_folder(snapshot, Report())),
        ("statements that follow", derivation.derive),
    ]
    rows = []
    before = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"benchmark_{before}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            assert cursor.fetchone() == (f"benchmark_{before}",)
        for name, step in steps:
            began = time.perf_counter()
            with transaction.atomic():
                step()
            rows.append({"step": name, "seconds": round(time.perf_counter() - began, 2)})
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.importing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows as JSON")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    rows = measured()
    print(f"{'':<32}{'seconds':>9}{'times the COPY':>16}")
    for row in rows:
        print(f"{row['step']:<32}{row['seconds']:>9}{row['seconds'] / rows[0]['seconds']:>16.1f}")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
