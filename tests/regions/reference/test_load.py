"""Loading: idempotent, in step with changed files, and precise about a bad row."""

import gzip
import shutil

import pytest

from regions.models import Country, Region, RegionBoundary
from regions.reference import DataFileError, load_reference
from regions.reference.files import DATA
from regions.reference.upsert import Change

BAD_ROWS = [
    # file, text to replace, its replacement, what the error says
    ("countries.csv", "PL,eu27,Poland", "PL,eu28,Poland", "group is 'eu28', not one of"),
    ("countries.csv", "PL,eu27,Poland", "PL,eu27,", "en is missing"),
    ("countries.csv", "code,group", "code,grouping", "the columns are not code, group, en, fr, pl"),
    ("countries.csv", "PL,eu27,Poland,", "PL,eu27,Poland,Pologne,", "there are not 8 values"),
    ("countries.csv", "AT,eu27", "DE,eu27", "is about the same"),
    ("regions.csv", ",PL,PL21,", ",XX,PL21,", "country 'XX' is unknown"),
    ("regions.csv", ",PL21,PL21,PL21,", ",PL29,PL21,PL21,", "NUTS 2021 has no unit PL29"),
    ("regions.csv", "49.9,20.2256", "north,20.2256", "latitude 'north' is no number"),
    ("regions.csv", "49.9,20.2256", "nan,20.2256", "latitude 'nan' is no number"),
    ("nuts.csv.gz", ",malopolska\n", ",lesser-poland\n", "home 'lesser-poland' is no home region"),
    ("nuts.csv.gz", "2021,PL21,2,PL,", "2021,PL21,two,PL,", "level 'two' is no whole number"),
    ("nuts.csv.gz", ",Małopolskie,PL2,", ",Małopolskie,PL3,", "parent 'PL3' is unknown"),
    ("sources.csv", "gisco,", "gis co,", "slug: "),
    ("sources.csv", "https://cldr.unicode.org/", "no address", "url: "),
    ("facts/dossiers.csv", "malopolska,", "lesser-poland,", "region 'lesser-poland' is unknown"),
    ("facts/key_figures.csv", "455000,over,4,country", "455000,over,4,", "a rank needs its scope"),
    ("facts/key_figures.csv", "area,15183", "area,15 183", "value '15 183' is no number"),
    (
        "facts/key_figures.csv",
        ",founding-presentation,",
        ",hearsay,",
        "source 'hearsay' is unknown",
    ),
    ("facts/priorities.csv", "malopolska-ict", "malopolska-itc", "is unknown"),
    ("facts/priorities.csv", ",yes,2013", ",true,2013", "is_historic is 'true', not yes or no"),
    ("facts/priorities.csv", ",yes,2013", ",yes,20131", "year 20131 is not from 1900 to 2100"),
    (
        "vocabularies/themes.csv",
        "green-transition,,Green transition",
        "green-transition,,",
        "en is missing",
    ),
    (
        "vocabularies/hydrogen-value-chain.csv",
        "electrolysis,production",
        "electrolysis,x",
        "broader",
    ),
    ("vocabularies/vocabularies.csv", "nace,NACE", "nacre,NACE", "nacre.csv does not exist"),
    ("relations.csv", ",compression,3,", ",compressing,3,", "is unknown"),
    ("relations.csv", ",compression,3,", ",compression,10,", "weight 10 is not from 1 to 9"),
    ("relations.csv", "3,Electrolysers run on renewable power.", "3,", "reason is missing"),
    (
        "relations.csv",
        "value-chain,renewable-supply,hydrogen-value-chain,production",
        "value-chain,conditioning,hydrogen-value-chain,production",
        "this pair of neighbours is there already",
    ),
]


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(DATA, tmp_path / "data")


def edit(path, old, new):
    zipped = path.suffix == ".gz"
    content = path.read_bytes()
    text = (gzip.decompress(content) if zipped else content).decode()
    assert old in text
    content = text.replace(old, new, 1).encode()
    path.write_bytes(gzip.compress(content) if zipped else content)


def test_a_second_run_changes_nothing(reference):
    assert sum(reference.values(), Change()).added > 9000
    assert sum(load_reference().values(), Change()) == Change(0, 0)


def test_a_changed_file_changes_its_row_alone(reference, folder):
    edit(folder / "regions.csv", "malopolska,home,Małopolska", "malopolska,home,Lesser Poland")
    before = Region.objects.get(slug="malopolska").pk
    assert sum(load_reference(folder=folder).values(), Change()) == Change(0, 1)
    assert Region.objects.get(pk=before).name == "Lesser Poland"


def test_a_unit_that_left_a_region_leaves_it(reference, folder):
    edit(folder / "regions.csv", ",NL11 NL12 NL13,NL11", ",NL11 NL12,NL11")
    load_reference(folder=folder)
    region = Region.objects.get(slug="northern-netherlands")
    assert set(region.nuts_units.filter(version=2021).values_list("code", flat=True)) == {
        "NL11",
        "NL12",
    }


def test_what_an_administrator_added_stays(reference):
    Country.objects.create(code="QQ", labels={"en": "Elsewhere"}, group="other")
    load_reference()
    assert Country.objects.filter(code="QQ").exists()


def test_a_changed_boundary_is_redrawn(reference):
    RegionBoundary.objects.filter(region__slug="malopolska").update(path="M0 0l1 1z")
    load_reference()
    assert RegionBoundary.objects.get(region__slug="malopolska").path.startswith("M50")


@pytest.mark.parametrize(("file", "old", "new", "reason"), BAD_ROWS)
def test_a_bad_row_is_named(reference, folder, file, old, new, reason):
    edit(folder / file, old, new)
    with pytest.raises(DataFileError) as caught:
        load_reference(folder=folder)
    assert caught.value.file == file.split("/")[-1]
    assert caught.value.line >= 1
    assert reason in str(caught.value)
    assert f"{caught.value.file}, line {caught.value.line}: " in str(caught.value)


def test_the_line_is_that_of_the_row(reference, folder):
    edit(folder / "countries.csv", "PL,eu27,Poland", "PL,eu28,Poland")
    lines = (folder / "countries.csv").read_text().splitlines()
    with pytest.raises(DataFileError) as caught:
        load_reference(folder=folder)
    assert lines[caught.value.line - 1].startswith("PL,eu28")


def test_text_that_is_not_utf_8_is_named(reference, folder):
    path = folder / "countries.csv"
    path.write_bytes(path.read_bytes().replace("Åland".encode(), b"\xc5land"))
    with pytest.raises(DataFileError, match=r"countries\.csv, line \d+: it is not UTF-8"):
        load_reference(folder=folder)
