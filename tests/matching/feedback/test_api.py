"""Saving and hiding over the REST API: the same rules, and the same words for refusals."""

import pytest

from matching.facts import scoring_in_force
from matching.models import Exclusion, Feedback
from organisations.models import Organisation
from tests.factories import ExclusionFactory, FeedbackFactory

API = "/api/v1/organisations/lab"
SAVE = {"kind": "saved", "other": "maker", "rank": 1}
DISMISS = {"kind": "dismissed", "other": "maker", "reason": "known"}


def post(client, path, data):
    return client.post(f"{API}/{path}/", data, content_type="application/json")


@pytest.mark.parametrize(
    ("persona", "reads", "writes"),
    [
        ("anonymous", 403, 403),
        ("stranger", 403, 403),
        ("viewer", 200, 403),
        ("editor", 200, 201),
        ("moderator", 200, 201),
        ("administrator", 200, 201),
    ],
)
def test_who_reads_and_who_writes(world, personas, persona, reads, writes):
    client = getattr(personas, persona)
    saved = FeedbackFactory(organisation=world.lab, other=world.other)
    left_out = ExclusionFactory(organisation=world.lab, region=world.berlin)
    for path, data in (("feedback", SAVE), ("exclusions", {"kind": "ngo"})):
        assert client.get(f"{API}/{path}/").status_code == reads
        assert post(client, path, data).status_code == writes
    undone = 204 if writes == 201 else 403
    assert client.delete(f"{API}/feedback/{saved.pk}/").status_code == undone
    assert client.delete(f"{API}/exclusions/{left_out.pk}/").status_code == undone
    assert Feedback.objects.count() == Exclusion.objects.count() == (2 if writes == 201 else 1)


def test_saved_dismissed_and_undone(world, lab_editor):
    saved = post(lab_editor, "feedback", SAVE).json()
    assert saved["organisation"]["slug"] == saved["other"] == "maker"
    assert (saved["kind"], saved["rank"]) == ("saved", 1)
    assert saved["weights_version"] == scoring_in_force().version
    assert sum(saved["signals"].values()) == pytest.approx(saved["score"])
    assert post(lab_editor, "feedback", SAVE).json()["id"] == saved["id"]

    dismissed = post(lab_editor, "feedback", DISMISS).json()
    listed = lab_editor.get(f"{API}/feedback/").json()
    assert [row["id"] for row in listed["results"]] == [dismissed["id"]]
    answer = lab_editor.get(f"{API}/suggestions/").json()
    assert [one["organisation"]["slug"] for one in answer["suggestions"]] == ["other"]
    assert answer["hidden"] == {"organisations": 1, "regions": 0, "kinds": 0}

    for _ in range(2):
        assert lab_editor.delete(f"{API}/feedback/{dismissed['id']}/").status_code == 204
    assert lab_editor.get(f"{API}/feedback/").json()["count"] == 0
    assert Feedback.objects.count() == 2


def test_regions_and_kinds_left_out(world, lab_editor):
    region = post(lab_editor, "exclusions", {"region": "auvergne-rhone-alpes"}).json()
    assert (region["region"], region["kind"]) == ("auvergne-rhone-alpes", "")
    assert lab_editor.get(f"{API}/suggestions/").json()["suggestions"] == []
    assert post(lab_editor, "exclusions", {"kind": "ngo"}).json()["kind"] == "ngo"
    assert lab_editor.get(f"{API}/exclusions/").json()["count"] == 2
    assert lab_editor.delete(f"{API}/exclusions/{region['id']}/").status_code == 204
    assert len(lab_editor.get(f"{API}/suggestions/").json()["suggestions"]) == 2


@pytest.mark.parametrize(
    ("path", "data", "field"),
    [
        ("feedback", {"other": "maker"}, "kind"),
        ("feedback", {"kind": "saved"}, "other"),
        ("feedback", {"kind": "liked", "other": "maker"}, "kind"),
        ("feedback", {"kind": "saved", "other": "nobody"}, "other"),
        ("feedback", {"kind": "saved", "other": "maker", "rank": 0}, "rank"),
        ("feedback", {"kind": "saved", "other": "maker", "reason": "known"}, "reason"),
        ("feedback", {"kind": "dismissed", "other": "maker"}, "reason"),
        ("feedback", {"kind": "dismissed", "other": "maker", "reason": "fate"}, "reason"),
        ("feedback", {"kind": "dismissed", "other": "maker", "reason": "other"}, "text"),
        ("feedback", {**DISMISS, "text": "\0"}, "text"),
        ("exclusions", {}, "non_field_errors"),
        ("exclusions", {"region": "rhone-alpes"}, "region"),
        ("exclusions", {"region": "berlin", "kind": "ngo"}, "non_field_errors"),
        ("exclusions", {"kind": "cartel"}, "kind"),
    ],
)
def test_what_makes_no_sense_is_a_400_by_name(world, lab_editor, path, data, field):
    answer = post(lab_editor, path, data)
    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert not Feedback.objects.exists()
    assert not Exclusion.objects.exists()


def test_no_choice_about_oneself(world, lab_editor):
    answer = post(lab_editor, "feedback", {"kind": "saved", "other": "lab"})
    assert answer.status_code == 400
    assert answer.json() == ["An organisation is not suggested to itself."]


def test_another_organisations_choices_are_out_of_reach(world, lab_editor):
    assert lab_editor.delete(f"{API}/feedback/{FeedbackFactory().pk}/").status_code == 404
    assert lab_editor.delete(f"{API}/exclusions/{ExclusionFactory().pk}/").status_code == 404


def test_a_partner_that_is_public_no_longer_is_not_named(world, lab_editor):
    saved = FeedbackFactory(organisation=world.lab, other=world.maker)
    Organisation.objects.filter(pk=world.maker.pk).update(status="archived")
    answer = lab_editor.get(f"{API}/feedback/")
    (row,) = answer.json()["results"]
    assert (row["id"], row["other"], row["organisation"]) == (saved.pk, "", None)
    assert "maker" not in answer.content.decode().lower()


def test_what_is_hidden_is_told_to_the_team_alone(world, personas):
    FeedbackFactory(organisation=world.lab, other=world.maker, kind="dismissed", reason="known")
    for persona in ("anonymous", "stranger"):
        answer = getattr(personas, persona).get(f"{API}/suggestions/").json()
        assert answer["hidden"] is None
        assert len(answer["suggestions"]) == 2
    for persona in ("viewer", "editor", "moderator", "administrator"):
        answer = getattr(personas, persona).get(f"{API}/suggestions/").json()
        assert answer["hidden"]["organisations"] == 1
        assert len(answer["suggestions"]) == 1


def test_suggestions_take_weights_and_an_order(world, anonymous):
    usual = anonymous.get(f"{API}/suggestions/").json()["ranking"]
    assert sum(usual["weights"].values()) == 100
    assert usual["well_known"] == "usual"
    asked = {"complementarity": 1, "well_known": "more", "shared_priorities": 0}
    asked |= dict.fromkeys(["value_chain", "track_record", "regional_fit", "experience"], 0)
    own = anonymous.get(f"{API}/suggestions/", asked).json()
    assert own["ranking"]["weights"]["complementarity"] == 100
    assert (own["ranking"]["version"], own["ranking"]["well_known"]) == ("own", "more")
    assert [one["score"] for one in own["suggestions"]] == [25.0]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"complementarity": "101"}, "complementarity"),
        ({"experience": "much"}, "experience"),
        ({"well_known": "very"}, "well_known"),
    ],
)
def test_weights_out_of_range_are_400_by_name(world, anonymous, asked, field):
    answer = anonymous.get(f"{API}/suggestions/", asked)
    assert answer.status_code == 400
    assert list(answer.json()) == [field]


def test_weights_that_are_all_zero_are_400(world, anonymous):
    signals = ["complementarity", "shared_priorities", "value_chain"]
    signals += ["track_record", "regional_fit", "experience"]
    answer = anonymous.get(f"{API}/suggestions/", dict.fromkeys(signals, 0))
    assert answer.status_code == 400
    assert "nothing counts" in answer.json()["non_field_errors"][0]


def test_lists_cost_the_same_for_one_row_and_for_many(world, lab_editor, connection_queries):
    def cost():
        return [
            connection_queries(lab_editor, f"{API}/{path}/") for path in ("feedback", "exclusions")
        ]

    FeedbackFactory(organisation=world.lab)
    ExclusionFactory(organisation=world.lab)
    before = cost()
    for _ in range(5):
        FeedbackFactory(organisation=world.lab)
        ExclusionFactory(organisation=world.lab)
    assert cost() == before
    assert max(before) <= 9


def test_too_many_choices_are_refused_until_later(world, lab_editor, monkeypatch):
    monkeypatch.setattr("matching.feedback.choices.AN_HOUR", 0)
    answer = post(lab_editor, "feedback", SAVE)
    assert answer.status_code == 429
    assert answer.json()["detail"].endswith("Go on later.")
    assert answer.headers["Retry-After"] == "600"
    page = lab_editor.post("/organisations/lab/choices/maker/save/")
    assert page.status_code == 429
    assert page.headers["Retry-After"] == "600"
    assert "within an hour" in page.content.decode()
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"kind": "saved", "other": "a\\u0000b"}',
        '{"kind": "dismissed", "other": "maker", "reason": "known", "text": "\\ud800"}',
        '{"a\\u0000b": [{"c": 1}]}',
    ],
)
@pytest.mark.parametrize("path", ["feedback", "exclusions"])
def test_what_nothing_can_hold_is_refused(world, lab_editor, path, body):
    answer = lab_editor.post(f"{API}/{path}/", body, content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()) <= {"detail", "other", "text"}
