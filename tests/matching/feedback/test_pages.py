"""Saving and hiding on the pages: for whom, with htmx and without, and what others learn of it."""

import re

import pytest
from django.core.cache import cache, caches

from matching import index
from matching.models import Exclusion, Feedback
from organisations.models import Organisation
from tests.factories import (
    ExclusionFactory,
    FeedbackFactory,
    OrganisationFactory,
    StatementFactory,
    TeamMemberFactory,
    UserFactory,
)

LAB = "/organisations/lab/"
CHOICES = f"{LAB}choices/"
HTMX = {"HX-Request": "true"}
COMMANDS = {
    f"{CHOICES}maker/save/": {"rank": "1"},
    f"{CHOICES}maker/dismiss/": {"reason": "known", "rank": "1"},
    f"{CHOICES}other/undo/": {},
    f"{CHOICES}leave-out/": {"kind": "ngo"},
}


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def shown(client, **asked):
    return [one.slug for one in client.get(LAB, asked).context["shown"]]


@pytest.fixture
def saved(world):
    return FeedbackFactory(organisation=world.lab, other=world.other)


@pytest.mark.parametrize("address", COMMANDS)
@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("stranger", 403),
        ("viewer", 403),
        ("editor", 302),
        ("moderator", 302),
        ("administrator", 302),
    ],
)
def test_commands_are_for_those_who_edit(world, saved, personas, address, persona, status):
    client = getattr(personas, persona)
    assert client.post(address, COMMANDS[address]).status_code == status
    done = status == 302
    changed = (
        Feedback.objects.filter(other=world.maker).exists()
        or Exclusion.objects.exists()
        or Feedback.objects.filter(withdrawn_at__isnull=False).exists()
    )
    assert changed is done


@pytest.mark.parametrize("address", COMMANDS)
def test_commands_need_a_log_in_and_a_post(world, saved, anonymous, lab_editor, address):
    assert lab_editor.get(address).status_code == 405
    answer = anonymous.post(address, COMMANDS[address])
    assert answer["Location"] == "/accounts/login/?next=%2Forganisations%2Flab%2F"
    swapped = anonymous.post(address, COMMANDS[address], headers=HTMX)
    assert swapped["HX-Redirect"] == answer["Location"]
    assert not swapped.content
    assert Feedback.objects.get() == saved


def test_an_organisation_that_one_does_not_see_is_not_found(world, stranger, lab_editor):
    Organisation.objects.filter(pk=world.lab.pk).update(status="draft")
    for address, data in COMMANDS.items():
        assert stranger.post(address, data).status_code == 404
    Organisation.objects.filter(pk=world.maker.pk).update(status="draft")
    assert lab_editor.post(f"{CHOICES}maker/save/").status_code == 404


def test_dismissing_leads_back_to_the_same_list_with_a_way_to_undo(world, lab_editor):
    answer = lab_editor.post(
        f"{CHOICES}maker/dismiss/",
        {"reason": "competitor", "rank": "1", "state": "country=FR&complementarity=50"},
    )
    row = Feedback.objects.get()
    assert (row.reason, row.rank_shown) == ("competitor", 1)
    assert answer["Location"] == (
        f"{LAB}?country=FR&complementarity=50&done=feedback-{row.pk}#suggestions"
    )
    page = lab_editor.get(answer["Location"].partition("#")[0])
    assert [one.slug for one in page.context["shown"]] == ["other"]
    assert "Maker of Lyon will not be suggested again." in words(page)
    assert "Left out of this list at your wish: 1 partner" in words(page)
    assert f'action="{CHOICES}chosen/{row.pk}/undo/"' in page.content.decode()

    lab_editor.post(f"{CHOICES}maker/undo/")
    assert shown(lab_editor) == ["maker", "other"]


def test_htmx_gets_the_list_as_it_is_now_and_its_address(world, lab_editor):
    answer = lab_editor.post(
        f"{CHOICES}maker/dismiss/", {"reason": "known", "state": "country=FR"}, headers=HTMX
    )
    text = answer.content.decode()
    assert text.lstrip().startswith('<div id="results">')
    assert "<html" not in text
    assert [one.slug for one in answer.context["shown"]] == ["other"]
    assert answer["HX-Replace-Url"] == f"{LAB}?country=FR#suggestions"
    assert "Maker of Lyon will not be suggested again." in words(answer)


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Choose why this partner is not for you."),
        ({"reason": "bad-luck"}, "Select a valid choice."),
        ({"reason": "other"}, "Say in a few words what the other reason is."),
        ({"reason": "other", "text": "x" * 501}, "at most 500 characters"),
    ],
)
def test_a_dismissal_that_is_not_understood_says_so_beside_the_suggestion(
    world, lab_editor, headers, data, message
):
    answer = lab_editor.post(f"{CHOICES}maker/dismiss/", data, headers=headers)
    assert answer.status_code == 400
    assert message in words(answer)
    assert answer.content.decode().count('<details class="disclosure" open>') == 1
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("data", [{}, {"region": "none"}, {"region": "berlin", "kind": "ngo"}])
def test_an_exclusion_names_one_thing(world, lab_editor, data):
    assert lab_editor.post(f"{CHOICES}leave-out/", data).status_code == 400
    assert not Exclusion.objects.exists()


def test_a_region_and_a_kind_are_left_out_and_brought_back(world, lab_editor):
    lab_editor.post(f"{CHOICES}leave-out/", {"region": "auvergne-rhone-alpes"})
    page = lab_editor.get(LAB)
    assert page.context["shown"] == ()
    assert "Left out of this list at your wish: 1 region" in words(page)
    assert "Some partners are left out at your own wish" in words(page)

    region = Exclusion.objects.get()
    answer = lab_editor.post(f"{CHOICES}leave-out/{region.pk}/undo/", {"page": "choices"})
    assert answer["Location"] == CHOICES
    assert shown(lab_editor) == ["maker", "other"]
    lab_editor.post(f"{CHOICES}leave-out/", {"kind": "research"})
    assert shown(lab_editor) == []


def test_choices_of_another_organisation_are_out_of_reach(world, lab_editor):
    foreign = ExclusionFactory()
    saved = FeedbackFactory()
    assert lab_editor.post(f"{CHOICES}leave-out/{foreign.pk}/undo/").status_code == 404
    assert lab_editor.post(f"{CHOICES}{saved.other.slug}/undo/").status_code == 404
    assert lab_editor.post(f"{CHOICES}chosen/{saved.pk}/undo/").status_code == 404
    page = lab_editor.get(LAB, {"done": f"feedback-{saved.pk}"})
    assert saved.other.name not in words(page)


@pytest.mark.parametrize("done", ["feedback-", "feedback-x", "exclusion-9", "x", "user-1", "-"])
def test_nonsense_about_what_was_done_is_passed_over(world, lab_editor, done):
    page = lab_editor.get(LAB, {"done": done})
    assert page.status_code == 200
    assert page.context["done"] is None


def test_only_the_team_and_moderators_learn_what_is_hidden(world, personas):
    row = FeedbackFactory(
        organisation=world.lab, other=world.maker, kind="dismissed", reason="competitor"
    )
    for persona in ("viewer", "editor", "moderator", "administrator"):
        client = getattr(personas, persona)
        assert shown(client) == ["other"], persona
        assert "1 partner" in words(client.get(LAB))
    for persona in ("anonymous", "stranger"):
        client = getattr(personas, persona)
        page = client.get(LAB, {"done": f"feedback-{row.pk}"})
        assert [one.slug for one in page.context["shown"]] == ["maker", "other"], persona
        assert "Saved and hidden" not in words(page)
        assert "not be suggested again" not in words(page)


@pytest.mark.parametrize(
    ("persona", "status", "buttons"),
    [
        ("anonymous", 302, False),
        ("stranger", 403, False),
        ("viewer", 200, False),
        ("editor", 200, True),
        ("moderator", 200, True),
        ("administrator", 200, True),
    ],
)
def test_the_page_of_choices(world, saved, personas, persona, status, buttons):
    FeedbackFactory(
        organisation=world.lab,
        other=world.maker,
        kind="dismissed",
        reason="other",
        text="They moved away.",
    )
    ExclusionFactory(organisation=world.lab, region=world.berlin)
    page = getattr(personas, persona).get(CHOICES)
    assert page.status_code == status
    if status == 200:
        text = words(page)
        for part in ("Other of Auvergne", "Another reason – “They moved away.”", "Berlin"):
            assert part in text
        assert ("Suggest again" in text) is buttons
        assert page["Cache-Control"] == "private, no-store"


def test_who_chose_is_named_only_within_the_team(world, lab_editor, personas):
    colleague = TeamMemberFactory(
        organisation=world.lab, user__name="", user__email="colleague@example.org"
    ).user
    boss = UserFactory(name="", email="boss@example.org", is_staff=True)
    former = UserFactory(name="", email="former@example.org")
    FeedbackFactory(organisation=world.lab, other=world.maker, by=boss)
    FeedbackFactory(organisation=world.lab, other=world.other, by=former)
    ExclusionFactory(organisation=world.lab, region=world.berlin, by=colleague)
    for reader in (lab_editor, personas.viewer):
        text = words(reader.get(CHOICES))
        assert "an administrator" in text
        assert "somebody outside the team" in text
        assert "colleague@example.org" in text
        assert "boss@" not in text
        assert "former@" not in text


def test_the_page_of_choices_before_there_are_any(world, lab_editor):
    text = words(lab_editor.get(CHOICES))
    for part in ("No partner saved yet", "No partner is hidden", "Nothing is left out"):
        assert part in text


def test_a_saved_partner_that_is_public_no_longer_is_not_named(world, saved, lab_editor):
    Organisation.objects.filter(pk=world.other.pk).update(status="archived")
    page = lab_editor.get(CHOICES)
    assert "Other of Auvergne" not in words(page)
    assert "An organisation whose profile is no longer public" in words(page)
    assert "other" not in re.findall(r'action="[^"]*choices/([^/"]*)/', page.content.decode())
    assert lab_editor.post(f"{CHOICES}other/undo/").status_code == 404
    lab_editor.post(f"{CHOICES}chosen/{saved.pk}/undo/", {"page": "choices"})
    assert not Feedback.objects.active().exists()

    done = Feedback.objects.get(other=world.other)
    page = lab_editor.get(world.lab.get_absolute_url(), {"done": f"feedback-{done.pk}"})
    assert "An organisation no longer public is no longer saved." in words(page)
    assert "Other of Auvergne" not in words(page)


@pytest.mark.parametrize("command", ["save", "dismiss"])
def test_no_choice_about_oneself(world, lab_editor, command):
    answer = lab_editor.post(f"{CHOICES}lab/{command}/", {"reason": "known"})
    assert answer.status_code == 404
    assert not Feedback.objects.exists()


def test_buttons_show_to_those_who_may_press_them(world, saved, personas):
    for persona in ("anonymous", "stranger", "viewer"):
        assert "Not for us" not in words(getattr(personas, persona).get(LAB)), persona
    text = words(personas.editor.get(LAB))
    assert text.count("Not for us") == 2
    assert text.count("Remove from saved") == 1


def test_the_pages_cost_the_same_for_one_choice_and_for_many(world, lab_editor, connection_queries):
    FeedbackFactory(organisation=world.lab)
    ExclusionFactory(organisation=world.lab)
    before = connection_queries(lab_editor, LAB), connection_queries(lab_editor, CHOICES)
    for _ in range(5):
        FeedbackFactory(organisation=world.lab)
        FeedbackFactory(organisation=world.lab, kind="dismissed", reason="known")
        ExclusionFactory(organisation=world.lab)
    after = connection_queries(lab_editor, LAB), connection_queries(lab_editor, CHOICES)
    assert after[1] == before[1] <= 12
    assert after[0] <= before[0] + 1 <= 28


def test_a_list_is_rendered_once_for_all_readers_and_anew_when_anything_changes(
    world, anonymous, stranger, lab_editor, connection_queries
):
    connection_queries(anonymous, LAB)
    kept = connection_queries(anonymous, LAB)
    Organisation.objects.filter(pk=world.maker.pk).update(status="archived")
    assert shown(anonymous) == ["other"]

    renamed = Organisation.objects.get(pk=world.other.pk)
    renamed.name = "Other under a new name"
    renamed.save()
    assert "Other under a new name" in words(anonymous.get(LAB))
    assert connection_queries(anonymous, LAB) == kept

    extra = OrganisationFactory(slug="extra", home_region=world.ara)
    StatementFactory(organisation=extra, concept=world.storage)
    index.build()
    assert "extra" in shown(anonymous)
    lab_editor.post(f"{CHOICES}extra/dismiss/", {"reason": "known"})
    assert "extra" not in shown(lab_editor)
    assert "extra" in shown(anonymous)


def test_what_is_kept_holds_no_readers_token(world, lab_editor, moderator):
    tokens = [
        set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', client.get(LAB).content.decode()))
        for client in (lab_editor, moderator)
    ]
    assert all(len(token) == 1 for token in tokens)
    assert tokens[0] != tokens[1]


def test_the_team_is_spoken_to_and_everyone_else_is_told(world, lab_editor, moderator, anonymous):
    spoken = "You look for Storage; they offer it, as declared in the profile"
    told = "Lab of Kraków looks for Storage; Maker of Lyon offers it, as declared in the profile"
    assert spoken in words(lab_editor.get(LAB))
    for client in (moderator, anonymous):
        assert told in words(client.get(LAB))
        assert spoken not in words(client.get(LAB))


def test_lists_push_no_count_of_failed_log_ins_out(world, anonymous):
    cache.set("log-in-address-0", 10)
    for weight in range(1, 4):
        anonymous.get(world.lab.get_absolute_url(), {"experience": weight})
    assert list(cache._cache) == [cache.make_key("log-in-address-0")]
    assert len(caches["suggestions"]._cache) == 3


@pytest.mark.parametrize(
    ("asked", "gone", "again"),
    [
        (
            {"region": "auvergne-rhone-alpes"},
            "Nobody from Auvergne-Rhône-Alpes is suggested any more.",
            "Partners from Auvergne-Rhône-Alpes may be suggested again.",
        ),
        (
            {"kind": "research"},
            "Nobody of this kind is suggested any more: research organisation.",
            "Partners of this kind may be suggested again: research organisation.",
        ),
    ],
)
def test_what_is_left_out_is_said_as_a_sentence(world, lab_editor, asked, gone, again):
    answer = lab_editor.post(f"{CHOICES}leave-out/", asked, headers=HTMX)
    assert gone in words(answer)
    row = Exclusion.objects.get()
    answer = lab_editor.post(f"{CHOICES}leave-out/{row.pk}/undo/", headers=HTMX)
    assert again in words(answer)
