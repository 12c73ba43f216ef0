"""The reviewed file, the engine's defaults and the version in force say the same."""

import json
from pathlib import Path

import pytest

from matching import facts
from matching.engine import Scoring

FILE = Path(__file__).parents[2] / "matching" / "data" / "weights-2026.2.json"


def test_the_engine_scores_by_the_reviewed_file():
    record = json.loads(FILE.read_text())
    assert Scoring(**record["scoring"]) == Scoring()
    assert record["fit"]["split"] == "2016-01-01"
    assert record["fit"]["until"] == "2017-01-01"
    assert record["review"]["text"]
    assert all(len(one["sha256"]) == 64 for one in record["data"])


@pytest.mark.django_db
def test_the_version_in_force_is_that_of_the_file():
    assert facts.scoring_in_force() == Scoring()
