"""A reader's own weights and order: exact sums, addresses to share, and a way back."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.engine import PERFECT, SIGNALS, Scoring
from matching.exposure import DEFAULT, EXPOSURES, HEAD, WellKnown
from matching.forms import SuggestionFilter
from matching.ranking import NothingCounts, Ranking, ranking, sliders

LAB = "/organisations/lab/"
HTMX = {"HX-Request": "true"}
OURS = Scoring()


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 100), min_size=6, max_size=6).filter(any))
def test_any_weights_come_to_a_hundred_points_in_their_proportions(given_weights):
    asked = dict(zip(SIGNALS, given_weights, strict=True))
    made = ranking(ours=OURS, weights=asked)
    assert sum(made.scoring.weights.values()) == PERFECT
    for signal in SIGNALS:
        if made.is_ours:
            continue
        exact = PERFECT * asked[signal] / sum(given_weights)
        assert abs(made.scoring.weights[signal] - exact) < 1
        assert (made.scoring.weights[signal] == 0) == (asked[signal] == 0)


def test_sliders_that_stand_at_ours_are_exactly_ours():
    learned = replace(
        OURS,
        weights=dict(zip(SIGNALS, (3512, 1499, 1488, 2001, 800, 700), strict=True)),
    )
    assert ranking(ours=learned, weights=sliders(learned)) == Ranking(learned)
    assert ranking(ours=learned).scoring is learned


def test_a_signal_left_out_keeps_our_weight():
    made = ranking(ours=OURS, weights={"complementarity": 0})
    assert made.scoring.weights["complementarity"] == 0
    rest = PERFECT - OURS.weights["complementarity"]
    exact = OURS.weights["track_record"] * PERFECT / rest
    assert abs(made.scoring.weights["track_record"] - exact) < 1
    assert made.scoring.version == "own"


def test_nothing_that_counts_is_refused():
    with pytest.raises(NothingCounts):
        ranking(ours=OURS, weights=dict.fromkeys(SIGNALS, 0))


def test_the_exposure_aware_order_is_the_usual_one():
    assert Ranking().exposure == EXPOSURES[WellKnown.USUAL] == DEFAULT > 0
    assert EXPOSURES[WellKnown.LESS] > DEFAULT > EXPOSURES[WellKnown.MORE]


def test_an_address_says_no_more_than_it_must(world):
    form = SuggestionFilter(
        {"region": "", "country": "FR", "well_known": "usual", "show": "5", **sliders(OURS)},
        ours=OURS,
    )
    assert form.is_valid()
    assert form.query == "country=FR"
    other = SuggestionFilter({"track_record": "0", "well_known": "less"}, ours=OURS)
    assert other.is_valid()
    assert "track_record=0" in other.query
    assert "well_known=less" in other.query
    again = SuggestionFilter(dict(pair.split("=") for pair in other.query.split("&")), ours=OURS)
    assert again.is_valid()
    assert again.ranking == other.ranking
    assert other.query_of_ours == ""


def test_own_weights_rank_anew_and_say_so(world, anonymous):
    ours = anonymous.get(LAB)
    own = anonymous.get(LAB, {**dict.fromkeys(SIGNALS, 0), "complementarity": 1})
    assert "under your own weights" in words(own)
    assert "under your own weights" not in words(ours)
    # the scale is that of our weights
    assert "10 is a good match" in words(ours)
    assert "10 is a good match" not in words(own)
    assert [one.slug for one in own.context["shown"]] == ["maker"]
    assert "25.00 of 100 points" in words(own)
    assert f'href="{LAB}?#suggestions"' in own.content.decode()
    assert own.context["filter_form"].query in own.content.decode().replace("&amp;", "&")


def test_a_pair_follows_the_weights_of_its_list(world, anonymous):
    address = anonymous.get(LAB, {**dict.fromkeys(SIGNALS, 0), "complementarity": 1})
    link = re.search(r'href="(/organisations/lab/with/maker/\?[^"]+)"', address.content.decode())
    page = anonymous.get(link[1].replace("&amp;", "&"))
    assert "25.00 of 100 points" in words(page)
    assert "This score is under weights of your own." in words(page)
    refused = anonymous.get("/organisations/lab/with/maker/", {"complementarity": "lots"})
    assert refused.status_code == 400
    assert "these are ours" in words(refused)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_weights_that_are_all_zero_get_a_clear_message(world, anonymous, headers):
    page = anonymous.get(LAB, dict.fromkeys(SIGNALS, 0), headers=headers)
    assert page.status_code == 400
    assert "With every weight at zero nothing counts." in words(page)
    assert page.context["shown"] == ()


@pytest.mark.parametrize(
    "query",
    [{"complementarity": "101"}, {"experience": "-1"}, {"well_known": "very"}, {"show": "7"}],
)
def test_weights_out_of_range_are_refused(world, anonymous, query):
    assert anonymous.get(LAB, query).status_code == 400


def test_htmx_gets_the_list_alone_and_it_is_the_list_of_the_page(world, anonymous):
    query = {"complementarity": "91", "well_known": "more", "region": ""}
    page = anonymous.get(LAB, query)
    part = anonymous.get(LAB, query, headers=HTMX)
    results = re.search(r'<div id="results">.*?\n</div>\n', part.content.decode(), re.DOTALL)[0]
    assert results in page.content.decode()
    assert "<html" not in part.content.decode()
    assert part["HX-Replace-Url"].startswith(f"{LAB}?well_known=more&complementarity=91&")
    assert "HX-Request" in part["Vary"]
    assert "HX-Request" in page["Vary"]
    assert 'id="points-complementarity" hx-swap-oob' in part.content.decode()
    restored = {**HTMX, "HX-History-Restore-Request": "true"}
    assert "<html" in anonymous.get(LAB, query, headers=restored).content.decode()


def test_the_list_alone_costs_less_than_the_page(world, anonymous, connection_queries):
    anonymous.get(LAB)
    whole = connection_queries(anonymous, LAB)
    with_htmx = type(anonymous)(headers=HTMX)
    assert connection_queries(with_htmx, LAB) < whole


def test_the_order_is_said_and_never_changes_a_score(world, anonymous):
    scores = {}
    for well_known, said in (
        ("usual", "a little further down"),
        ("less", "clearly further down"),
        ("more", "In the order of the scores alone."),
    ):
        page = anonymous.get(LAB, {"well_known": well_known})
        assert said in words(page)
        scores[well_known] = {
            one.slug: re.search(r"<b>([\d.]+)</b>", one.html)[1] for one in page.context["shown"]
        }
    assert scores["usual"] == scores["less"] == scores["more"] != {}
    assert HEAD == 3, "the page says that the first three go by the score alone"


def test_ones_own_region_is_named_as_the_reason_for_an_empty_list(world, anonymous):
    assert "other regions only" in words(anonymous.get(LAB, {"region": world.lab.home_region.slug}))
    elsewhere = words(anonymous.get(LAB, {"region": world.berlin.slug, "country": "FR"}))
    assert "Try another region or country." in elsewhere
    assert "other regions only" not in elsewhere
