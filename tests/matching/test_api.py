from decimal import Decimal

import pytest

from organisations.models import Organisation
from tests.factories import OrganisationFactory

API = "/api/v1"


def suggestions(client, world, **parameters):
    return client.get(f"{API}/organisations/lab/suggestions/", parameters)


def test_suggestions_say_why_and_add_up(anonymous, world):
    answer = suggestions(anonymous, world).json()

    assert answer["organisation"]["slug"] == "lab"
    best = answer["suggestions"][0]
    assert best["organisation"] == {
        "id": world.maker.pk,
        "name": "Maker of Lyon",
        "slug": "maker",
        "url": "/organisations/maker/",
        "region": "auvergne-rhone-alpes",
        "country": "FR",
        "illustrative": False,
    }
    for suggestion in answer["suggestions"]:
        points = [Decimal(str(term["points"])) for term in suggestion["terms"]]
        assert sum(points) == Decimal(str(suggestion["score"]))
    assert {"signal", "label", "points", "evidence"} == set(best["terms"][0])
    assert all(term["evidence"] for term in best["terms"])
    assert all(
        set(unknown) == {"signal", "reason", "possible_points"}
        for suggestion in answer["suggestions"]
        for unknown in suggestion["unknown"]
    )


@pytest.mark.parametrize(
    ("narrowed", "slugs"),
    [
        ({"limit": 1}, ["maker"]),
        ({"region": "rhone-alpes"}, ["maker"]),
        ({"region": "auvergne-rhone-alpes"}, ["maker", "other"]),
        ({"country": "FR", "kind": "research"}, ["maker", "other"]),
        ({"kind": "ngo"}, []),
        ({"region": "malopolska"}, []),
    ],
)
def test_suggestions_narrowed(anonymous, world, narrowed, slugs):
    answer = suggestions(anonymous, world, **narrowed).json()
    assert [s["organisation"]["slug"] for s in answer["suggestions"]] == slugs


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "51"),
        ("limit", "many"),
        ("region", "atlantis"),
        ("country", "XX"),
        ("kind", "cartel"),
        ("page", "1"),
        ("colour", "red"),
    ],
)
def test_malformed_parameters_are_400_by_name(anonymous, world, name, value):
    answer = suggestions(anonymous, world, **{name: value})
    assert answer.status_code == 400
    assert list(answer.json()) == [name]


def test_pair_is_the_same_from_both_sides(anonymous, world):
    there = anonymous.get(f"{API}/organisations/lab/matches/maker/").json()
    back = anonymous.get(f"{API}/organisations/maker/matches/lab/").json()
    assert [side["slug"] for side in there["organisations"]] == ["lab", "maker"]
    assert there["score"] == back["score"] > 0
    assert sum(Decimal(str(term["points"])) for term in there["terms"]) == Decimal(
        str(there["score"])
    )


def test_region_fit_is_the_same_from_both_sides(anonymous, world):
    there = anonymous.get(f"{API}/regions/malopolska/fit/auvergne-rhone-alpes/").json()
    back = anonymous.get(f"{API}/regions/auvergne-rhone-alpes/fit/malopolska/").json()

    assert [region["slug"] for region in there["regions"]] == ["malopolska", "auvergne-rhone-alpes"]
    assert there["score"] == back["score"] > 0
    assert there["shared_priorities"][0]["concept"] == "themes:green-transition"
    assert there["complements"] == [
        {
            "segments": ["hydrogen-value-chain:transport", "hydrogen-value-chain:storage"],
            "labels": ["Transport", "Storage"],
            "holders": [1, 1],
            "illustrative_holders": [0, 0],
            "illustrative": False,
            "reason": there["complements"][0]["reason"],
        }
    ]
    assert there["pairs"]
    assert {tuple(sorted(s["slug"] for s in pair["organisations"])) for pair in there["pairs"]} == {
        tuple(sorted(s["slug"] for s in pair["organisations"])) for pair in back["pairs"]
    }


@pytest.mark.parametrize(
    "path",
    [
        "organisations/nobody/suggestions/",
        "organisations/lab/matches/nobody/",
        "organisations/nobody/matches/lab/",
        "regions/atlantis/fit/malopolska/",
        "regions/malopolska/fit/atlantis/",
    ],
)
def test_unknown_is_404(anonymous, world, path):
    answer = anonymous.get(f"{API}/{path}")
    assert answer.status_code == 404
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "path", ["organisations/lab/matches/lab/", "regions/malopolska/fit/malopolska/"]
)
def test_nobody_is_a_pair_with_itself(anonymous, world, path):
    answer = anonymous.get(f"{API}/{path}")
    assert answer.status_code == 400
    assert "itself" in answer.json()["other"][0]


def test_draft_shows_its_matches_to_nobody_else(anonymous, stranger, world):
    Organisation.objects.filter(slug="maker").update(status="draft")
    for client in (anonymous, stranger):
        assert client.get(f"{API}/organisations/maker/suggestions/").status_code == 404
        assert client.get(f"{API}/organisations/lab/matches/maker/").status_code == 404
        shown = suggestions(client, world).json()["suggestions"]
        assert "maker" not in [s["organisation"]["slug"] for s in shown]


@pytest.mark.parametrize(
    "path",
    [
        "organisations/agh-university/suggestions/",
        "organisations/agh-university/matches/agh-2/",
    ],
)
def test_without_an_index_it_is_503_with_a_time_to_ask_again(
    viewer, organisation, index_folder, path
):
    OrganisationFactory(slug="agh-2")
    answer = viewer.get(f"{API}/{path}")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert "being prepared" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "organisations/lab/suggestions/",
        "organisations/lab/matches/maker/",
        "regions/malopolska/fit/auvergne-rhone-alpes/",
    ],
)
def test_answers_stay_within_their_budget(viewer, world, connection_queries, path):
    assert connection_queries(viewer, f"{API}/{path}") <= (55 if "/fit/" in path else 15)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(viewer, world, method):
    answer = getattr(viewer, method)(f"{API}/organisations/lab/suggestions/")
    assert answer.status_code == 405


def test_an_answer_is_kept_until_somebody_in_it_changes(
    anonymous, world, django_assert_max_num_queries
):
    path = "/api/v1/organisations/lab/suggestions/"
    first = anonymous.get(path).json()
    assert "maker" in [one["organisation"]["slug"] for one in first["suggestions"]]
    with django_assert_max_num_queries(6):
        assert anonymous.get(path).json() == first
    assert anonymous.get(f"{path}?limit=1").json() != first

    Organisation.objects.filter(slug="maker").update(status="archived")
    after = anonymous.get(path).json()
    assert "maker" not in [one["organisation"]["slug"] for one in after["suggestions"]]
