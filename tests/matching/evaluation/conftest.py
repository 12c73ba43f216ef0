"""A tiny world on files: ten organisations, projects of three years, one of them of the future."""

import csv
import gzip
from datetime import date

import pytest

from matching.evaluation.files import Problems, read_organisations, read_participations
from matching.evaluation.history import History
from matching.evaluation.run import Data

SPLIT = date(2017, 1, 1)

PLACES = {
    1: ("FR", "FRK1"),
    2: ("FR", "FRK2"),
    3: ("PL", "PL21"),
    4: ("PL", "PL21"),
    5: ("DE", "DE21"),
    6: ("DE", ""),
    7: ("DE", ""),
    8: ("", ""),
    9: ("ES", "ES51"),
    10: ("IT", "ITC4"),
}

PROJECTS = {
    # before the validation year
    "a": ("2015-02-01", (1, 3, 5)),
    "b": ("2015-03-01", (1, 5, 9)),
    "c": ("2015-04-01", (3, 9, 77)),
    "d": ("2015-05-01", (2, 10)),
    "e": ("2015-06-01", (6, 9)),
    # the validation year
    "f": ("2016-02-01", (5, 10, 3)),
    "g": ("2016-03-01", (2, 5)),
    "h": ("2016-04-01", (4, 77)),
    "i": ("2016-05-01", (7,)),
    # what came true
    "j": ("2017-01-01", (1, 10, 4)),
    "k": ("2017-06-01", (1, 3, 9, 2)),
    "l": ("2018-01-01", (7, 9, 8)),
    "m": ("2018-02-01", (6, 5)),
}
PARTS = {
    "a": ("SC3", "LEIT"),
    "b": ("SC3",),
    "c": ("ERC",),
    "d": ("LEIT",),
    "f": ("SC3",),
    "j": ("SC3",),
}


def write_csv(path, header, rows):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def participations(projects=PROJECTS):
    return [
        (code, pic, PLACES.get(pic, ("CH",))[0] or "NA", start)
        for code, (start, members) in projects.items()
        for pic in members
    ]


@pytest.fixture
def files(tmp_path):
    """The options of the commands, naming the files of the tiny world."""
    return {
        "organisations": write_csv(
            tmp_path / "organisations.csv.gz",
            ("pic", "name", "activityType", "country", "nuts2"),
            [
                (pic, f"Institute {pic}", "HES", country, nuts2)
                for pic, (country, nuts2) in PLACES.items()
            ],
        ),
        "participations": write_csv(
            tmp_path / "participations.csv",
            ("rcn", "pic", "country", "start_date"),
            participations(),
        ),
        "parts": write_csv(
            tmp_path / "parts.csv",
            ("rcn", "programme_part"),
            [(code, part) for code, parts in PARTS.items() for part in parts],
        ),
    }


@pytest.fixture
def data(files):
    """All that the files hold."""
    return Data.read(files["organisations"], files["participations"], files["parts"])


@pytest.fixture
def history(files):
    """What was known on 1 January 2017."""
    problems = Problems()
    return History.cut(
        read_organisations(files["organisations"], problems),
        read_participations(files["participations"], problems),
        SPLIT.toordinal(),
    )
