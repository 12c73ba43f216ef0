"""The build script gives exactly the committed files, where the raw tables are at hand."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from scripts.reference_data.__main__ import DATA, build
from scripts.reference_data.geography import home_code, slugify, tidy

RAW = Path(os.environ.get("RAW_DATA", settings.BASE_DIR.parent / "shared" / "data"))
BUILT = [
    "nuts.csv.gz",
    "regions.csv",
    "boundaries.csv.gz",
    "neighbours.csv.gz",
    "key_figures.csv.gz",
    "vocabularies/euroscivoc.csv.gz",
]


@pytest.mark.slow
@pytest.mark.skipif(not RAW.is_dir(), reason="the raw tables are not at hand (set RAW_DATA)")
def test_reproduces_the_committed_files(tmp_path):
    build(RAW, tmp_path)
    written = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert {str(path) for path in written} == set(BUILT)
    for name in BUILT:
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name


@pytest.mark.parametrize(
    ("level_2", "home"),
    [
        ("PL21", "PL21"),
        ("PL91", "PL9"),
        ("FRK1", "FRK"),
        ("FR10", "FR1"),
        ("FRY4", "FRY4"),
        ("DE94", "DE9"),
        ("BE21", "BE2"),
        ("UKM7", "UKM"),
        ("SI03", "SI0"),
        ("HU11", "HU11"),
        ("NL11", "NL11"),
        ("ITC4", "ITC4"),
    ],
)
def test_home_regions_by_code(level_2, home):
    assert home_code(level_2) == home


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Małopolska", "malopolska"),
        ("Île-de-France", "ile-de-france"),
        ("Provence-Alpes-Côte d’Azur", "provence-alpes-cote-d-azur"),
        ("Trøndelag", "trondelag"),
        ("Łódź", "lodz"),
        ("Gießen", "giessen"),
        ("Iğdır", "igdir"),
    ],
)
def test_slugs_keep_every_letter(name, slug):
    assert slugify(name) == slug


@pytest.mark.parametrize(
    ("name", "tidied"),
    [
        ("Prov. Antwerpen", "Antwerpen"),
        ("Limburg (NL)", "Limburg"),
        ("North East (England)", "North East (England)"),
        ("Kosovo*", "Kosovo"),
    ],
)
def test_names_lose_the_marks_that_only_tell_units_apart(name, tidied):
    assert tidy(name) == tidied
