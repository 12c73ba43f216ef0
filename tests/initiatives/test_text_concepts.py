"""Reviewed patterns: what they find, and above all what they must not."""

import csv

import pytest

from initiatives import text_concepts
from initiatives.data import FOLDER, rows_of
from regions.reference.files import DATA


@pytest.fixture(scope="module")
def concepts():
    return text_concepts.read()


def found(concepts, text):
    return {code for _scheme, code in text_concepts.find(text, concepts)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A PEM electrolyser of 5 MW.", "electrolysis"),
        ("Water electrolyzers run on surplus power.", "electrolysis"),
        ("Underground hydrogen storage in caverns.", "storage"),
        ("Tanks of metal hydrides for H2.", "storage"),
        ("Hydrogen carriers such as LOHC.", "carriers"),
        ("Green ammonia as a hydrogen carrier.", "carriers"),
        ("A hydrogen refuelling station in the town.", "refuelling"),
        ("Refueling infrastructure for fuel cell buses.", "refuelling"),
        ("Fuel cell electric vehicles.", "road"),
        ("A ferry with a fuel cell.", "maritime"),
        ("An aircraft flies on liquid hydrogen.", "aviation"),
        ("Liquid hydrogen.", "liquefaction"),
        ("Hydrogen pipelines.", "transport-distribution"),
        ("Injection of H2 into natural gas grids.", "transport-distribution"),
        ("Hydrogen safety.", "safety-standards"),
        ("SOFC stacks.", "equipment-materials"),
        ("Bio-hydrogen from algae.", "other-low-carbon"),
        ("Wind farms that feed electrolysers.", "renewable-supply"),
        ("Micro-CHP with a fuel cell.", "heat"),
        ("Machine learning for vision.", "artificial-intelligence"),
        ("Additive manufacturing of parts.", "advanced-manufacturing"),
        ("Silicon photonics.", "photonics"),
        ("A robot arm.", "robotics"),
        ("Carbon fibre parts.", "advanced-materials"),
        ("The Internet of Things.", "internet-of-things"),
    ],
)
def test_found(concepts, text, expected):
    assert expected in found(concepts, text)


@pytest.mark.parametrize(
    "text",
    [
        "Energy storage in batteries.",
        "Data storage and transport of passengers.",
        "A filling station for trucks.",
        "Electrolysis of aluminium with inert anodes.",
        "A microbial fuel cell treats waste water.",
        "Ammonia emissions from farms. Hydrogen is mentioned elsewhere.",
        "Ships at sea. Fuel cells elsewhere.",
        "Hydrogen bonds in proteins.",
        "Dehydrogenase and hydrogenation.",
        "Neural networks of the brain.",
        "Cloud formation over the ocean.",
        "A composite index of prices.",
        "Cells under AM1.5G light.",
        "A broadband spectrum.",
        "Methanol as a solvent.",
        "Wind energy for villages.",
        "Steel bridges.",
        "Robotham lives here.",
    ],
)
def test_not_found(concepts, text):
    assert found(concepts, text) == set()


def test_every_concept_is_in_the_vocabularies_and_has_a_reason():
    for row in rows_of(text_concepts.FILE):
        path = DATA / "vocabularies" / f"{row['scheme']}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            codes = {concept["code"] for concept in csv.DictReader(file)}
        assert row["code"] in codes, row
        assert row["reason"], row


def test_every_pattern_works_in_lower_case():
    # patterns are compiled in lower case, where an escape such as \W would change its meaning
    text = (FOLDER / text_concepts.FILE).read_text(encoding="utf-8")

    assert not any(escape in text for escape in ("\\W", "\\S", "\\D", "\\B"))
