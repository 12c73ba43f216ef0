"""Builds the compact snapshot in ``initiatives/data/cordis`` from the H2020 tables.

    python scripts/build_cordis_snapshot.py FOLDER

The same rows, cut to the columns that ``import_cordis`` reads, sorted so that neighbours resemble
each other, coordinates to four decimals (as they are imported), and compressed with xz. What a
project's first participation says of its dates and amounts is not repeated by the others.
Organisations only; the tables hold no natural persons.
"""

import argparse
import csv
import gzip
import io
import lzma
from collections.abc import Iterator
from pathlib import Path

OUTPUT = Path(__file__).resolve().parent.parent / "initiatives" / "data" / "cordis"
LIMIT = 1_400_000

Row = dict[str, str]


def read(folder: Path, name: str) -> Iterator[Row]:
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def write(name: str, columns: list[str], rows: list[Row]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    filters = [
        {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "lp": 0, "pb": 0}
    ]
    data = lzma.compress(text.getvalue().encode(), filters=filters)
    if len(data) > LIMIT:
        raise SystemExit(f"{name} has {len(data):,} bytes, more than {LIMIT:,}")
    (OUTPUT / f"{name}.csv.xz").write_bytes(data)
    print(f"{name}: {len(rows):,} rows, {len(data):,} bytes")


def organisations(folder: Path) -> None:
    rows = list(read(folder, "h2020_organisations"))
    for row in rows:
        for column in ("lat", "lon"):
            row[column] = f"{float(row[column]):.4f}".rstrip("0") if row[column] else ""
    rows.sort(key=lambda row: (row["country"], row["nuts3"], row["city"], row["pic"]))
    columns = ["country", "nuts3", "city", "lat", "lon", "activityType", "name", "shortName", "pic"]
    write("h2020_organisations", columns, rows)


def participations(folder: Path) -> None:
    name = "h2020_participations_before_2018"
    rows = list(read(folder, name))
    place = {role: n for n, role in enumerate(("coordinator", "participant", "partner"))}
    rows.sort(key=lambda row: (int(row["rcn"]), place[row["role"]], row["country"], row["pic"]))
    of_project = ["start_date", "end_date", "max_contribution", "total_cost"]
    seen: set[str] = set()
    for row in rows:
        if row["rcn"] in seen:
            row.update(dict.fromkeys(of_project, ""))
        seen.add(row["rcn"])
        if row["contribution"] == "NA":
            row["contribution"] = ""
    write(name, ["rcn", "role", "type", "country", *of_project, "contribution", "pic"], rows)


def programme_parts(folder: Path) -> None:
    name = "h2020_project_programme_parts_before_2018"
    rows = sorted(read(folder, name), key=lambda row: (row["programme_part"], int(row["rcn"])))
    write(name, ["rcn", "programme_part"], rows)


def texts(folder: Path) -> None:
    name = "h2020_project_texts_before_2018"
    rows = sorted(read(folder, name), key=lambda row: (row["topics"], int(row["rcn"])))
    columns = ["rcn", "id", "acronym", "topics", "startDate", "endDate", "totalCost"]
    write(name, [*columns, "ecMaxContribution", "title", "objective"], rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the folder of the H2020 tables (.csv.gz)")
    source = parser.parse_args().folder
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for build in (organisations, participations, programme_parts, texts):
        build(source)
