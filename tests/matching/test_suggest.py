"""`manage.py suggest`: its answers, and what it says to names that it does not know."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import FeedbackFactory, OrganisationFactory


def suggest(*arguments):
    out = StringIO()
    call_command("suggest", *arguments, stdout=out)
    return out.getvalue()


def test_prints_partners_with_terms_and_what_is_unknown(world):
    text = suggest("Lab of Kraków", "--region", "auvergne-rhone-alpes")

    assert text.startswith("Partners for Lab of Kraków (Małopolska, Poland)")
    assert "1. Maker of Lyon (Auvergne-Rhône-Alpes, France)" in text
    assert "looks for Storage" in text
    assert "lists no needs yet (up to" in text


def test_json_is_as_documented_and_adds_up_exactly(world):
    answer = json.loads(suggest("lab", "--json"), parse_float=Decimal)

    assert answer["organisation"]["id"] == world.lab.pk
    assert answer["suggestions"]
    for suggestion in answer["suggestions"]:
        assert {"id", "name", "region", "country"} <= suggestion["organisation"].keys()
        assert set(suggestion) == {"organisation", "score", "terms", "unknown"}
        assert sum(Decimal(term["points"]) for term in suggestion["terms"]) == suggestion["score"]
        for term in suggestion["terms"]:
            assert set(term) == {"signal", "label", "points", "evidence"}
        for unknown in suggestion["unknown"]:
            assert set(unknown) == {"signal", "reason", "possible_points"}


def test_json_is_written_for_readers_too(world):
    lines = suggest("lab", "--json").splitlines()
    assert lines[0] == "{"
    assert lines[1] == '  "organisation": {'


@pytest.mark.parametrize("name", ["lab", "LAB OF KRAKÓW", "lab of krakow", "kraków lab"])
def test_finds_by_slug_name_without_accents_and_parts(world, name):
    assert suggest(name).startswith("Partners for Lab of Kraków")


def test_a_whole_word_goes_before_part_of_one(world):
    OrganisationFactory(name="Labelling company", home_region=world.malopolska)
    assert suggest("Kraków LAB").startswith("Partners for Lab of Kraków")


@pytest.mark.parametrize("name", ["(", "lab.*", "[a-z", "\\", "%", "lab'; --", "50%_"])
def test_signs_that_mean_something_to_a_pattern_mean_themselves(world, name):
    with pytest.raises(CommandError, match="No organisation is called"):
        suggest(name)


def test_finds_by_id_and_pic(world):
    world.lab.pic = "123456789"
    world.lab.save()
    assert suggest(str(world.lab.pk)) == suggest("123456789") != ""


def test_the_same_data_gives_the_same_answer(world):
    assert suggest("lab", "--json") == suggest("lab", "--json")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Labb of Krakow"], "No organisation is called"),
        (["of"], "More than one organisation is called"),
        (["999999999"], "No organisation is called"),
        (["99999999999999999999999"], "No organisation is called"),
        ([""], "No organisation is called"),
        (["lab", "--region", "malopolsk"], "No region is called"),
        (["lab", "--limit", "0"], "--limit is from 1"),
    ],
)
def test_unknown_ambiguous_or_out_of_range_exits_2(world, arguments, message):
    with pytest.raises(CommandError, match=message) as refusal:
        suggest(*arguments)
    assert refusal.value.returncode == 2


def test_the_nearest_names_are_listed(world):
    with pytest.raises(CommandError) as refusal:
        suggest("Labb of Krakow")
    assert "Lab of Kraków" in str(refusal.value)
    with pytest.raises(CommandError) as refusal:
        suggest("lab", "--region", "malopolsk")
    assert "malopolska" in str(refusal.value)


def test_an_unverified_organisation_is_not_found(world):
    OrganisationFactory(name="Secret draft", status="draft")
    with pytest.raises(CommandError, match="No organisation"):
        suggest("Secret draft")


def test_what_the_team_hides_is_left_out_and_said(world):
    FeedbackFactory(organisation=world.lab, other=world.maker, kind="dismissed", reason="known")
    text = suggest("lab")
    assert "Maker of Lyon" not in text
    assert "Some are left out: 1 choice of its team." in text
    answer = json.loads(suggest("lab", "--json"))
    assert answer["hidden"] == {"organisations": 1, "regions": 0, "kinds": 0}


def test_each_partner_is_given_a_sentence(world):
    assert "Lab of Kraków looks for Storage; Maker of Lyon offers it, as declared" in suggest("lab")
