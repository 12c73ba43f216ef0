"""The reference data that the samples speak of, and folders with single lines changed."""

import shutil
from pathlib import Path

import pytest

from initiatives.cordis.folder import import_folder
from initiatives.cordis.report import Report
from tests.factories import (
    ConceptFactory,
    CountryFactory,
    NutsUnitFactory,
    RegionFactory,
    SourceFactory,
    VocabularyFactory,
)

SAMPLES = Path(__file__).parent.parent / "samples"
ORGANISATIONS = "h2020_organisations.csv"
PARTICIPATIONS = "h2020_participations_before_2018.csv"
PROGRAMME = "h2020_project_programme_parts_before_2018.csv"
TEXTS = "h2020_project_texts_before_2018.csv"


@pytest.fixture
def reference(db):
    """Three countries, a NUTS 3 unit in two of them, programme parts and one field of science."""
    for slug in ("cordis-h2020", "cordis-horizon-europe", "cordis"):
        SourceFactory(slug=slug)
    for code in ("PL", "FR", "DE"):
        CountryFactory(code=code)
    malopolska = RegionFactory(slug="malopolska", country=CountryFactory(code="PL"))
    rhone_alpes = RegionFactory(slug="auvergne-rhone-alpes", country=CountryFactory(code="FR"))
    NutsUnitFactory(code="PL213", country=malopolska.country, home_region=malopolska)
    NutsUnitFactory(code="FRK26", country=rhone_alpes.country, home_region=rhone_alpes)
    NutsUnitFactory(code="FRK27", country=rhone_alpes.country, home_region=rhone_alpes)
    parts = VocabularyFactory(scheme="h2020-programme-parts")
    for code in ("SC3", "LEIT", "MSCA"):
        ConceptFactory(vocabulary=parts, code=code)
    ConceptFactory(vocabulary=VocabularyFactory(scheme="euroscivoc"), code="/25/67/425/1173")


@pytest.fixture
def tables(tmp_path):
    """A copy of the sample of the H2020 tables."""
    return shutil.copytree(SAMPLES / "h2020", tmp_path / "h2020")


@pytest.fixture
def downloads(tmp_path):
    """A copy of the sample of CORDIS's own downloads."""
    return shutil.copytree(SAMPLES / "cordis", tmp_path / "cordis")


def imported(folder):
    """Import the folder and return the report."""
    report = Report()
    import_folder(folder, report)
    return report


def append(path, *lines):
    """Add raw lines to a file; bytes as they are."""
    with path.open("ab") as file:
        for line in lines:
            file.write((line if isinstance(line, bytes) else line.encode()) + b"\n")


def counts(report, table):
    """Return new, changed, unchanged and bad of one table."""
    count = report.counts[table]
    return count.new, count.changed, count.unchanged, count.bad
