"""Verified profiles that are no longer what a moderator looked at."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied

from organisations import editing, moderation
from organisations.models import Organisation
from organisations.moderating import changed
from tests.conftest import signed_in
from tests.factories import (
    NutsUnitFactory,
    OrganisationFactory,
    RegionRoleFactory,
    TeamMemberFactory,
    UserFactory,
)

QUEUE = "/moderation/"
SEEN = "/moderation/lab/seen/"


@pytest.fixture
def lab(db):
    made = OrganisationFactory(
        slug="lab", name="Hydrogen Lab", status="pending", website="https://lab.example.org/"
    )
    moderation.verify(organisation=made, by=UserFactory(administrator=True))
    return made


@pytest.fixture
def regional(lab):
    return signed_in(RegionRoleFactory(region=lab.home_region).user)


@pytest.fixture
def owner(lab):
    return TeamMemberFactory(organisation=lab, role="owner").user


def rename(lab, by, **values):
    editing.edit(organisation=lab, by=by, values=values)
    lab.refresh_from_db()


def shown(client):
    return [(each.organisation.slug, each.changes) for each in client.get(QUEUE).context["changed"]]


def test_a_new_name_and_website_are_shown_until_they_are_seen(regional, lab, owner):
    assert shown(regional) == []
    rename(lab, owner, description="Better words.")
    assert shown(regional) == []
    rename(lab, owner, name="Casino", website="https://casino.example.org/")
    changes = [
        ("name", "Hydrogen Lab", "Casino"),
        ("website", "https://lab.example.org/", "https://casino.example.org/"),
    ]
    assert shown(regional) == [("lab", changes)]
    page = regional.get("/moderation/lab/").content.decode()
    assert "Changed since verification" in page
    assert f'action="{SEEN}"' in page

    answer = regional.post(SEEN, {"mark": changed.mark_of(lab)})
    assert answer["Location"] == f"{QUEUE}#changed"
    assert shown(regional) == []
    assert "Changed since verification" not in regional.get("/moderation/lab/").content.decode()
    version = lab.history.first()
    assert (version.history_change_reason, version.history_user) == (changed.SEEN, regional.user)
    logged = LogEntry.objects.get(user=regional.user).get_change_message()
    assert "name: Hydrogen Lab → Casino" in logged
    happened = regional.get("/moderation/lab/").context["changes"]
    assert happened[0].what == "changes since verification seen by a moderator"

    rename(lab, owner, name="Casino Royal")
    assert shown(regional) == [("lab", [("name", "Casino", "Casino Royal")])]


def test_what_is_as_it_was_again_is_nothing(regional, lab, owner):
    rename(lab, owner, name="Casino")
    rename(lab, owner, name="Hydrogen Lab")
    assert shown(regional) == []


def test_what_was_changed_again_meanwhile_is_not_seen(regional, lab, owner):
    rename(lab, owner, name="Casino")
    mark = changed.mark_of(lab)
    rename(lab, owner, name="Casino Royal")
    answer = regional.post(SEEN, {"mark": mark}, follow=True)
    assert "was changed again while you looked at it" in answer.content.decode()
    assert len(shown(regional)) == 1
    assert not LogEntry.objects.filter(user=regional.user).exists()


def test_seen_twice_is_seen_once(regional, lab, owner):
    rename(lab, owner, name="Casino")
    for _again in range(2):
        answer = regional.post(SEEN, {"mark": changed.mark_of(lab)}, follow=True)
    assert "were marked as seen already" in answer.content.decode()
    assert lab.history.filter(history_change_reason=changed.SEEN).count() == 1


def test_what_was_loaded_as_verified_is_held_against_its_source(regional, lab):
    """A person who claimed it may rename it, and its history does not know what it was called."""
    Organisation.objects.filter(pk=lab.pk).delete()
    loaded = Organisation.objects.bulk_create(
        [
            Organisation(
                slug=f"loaded-{name.lower()}",
                name=name,
                kind="company",
                status="verified",
                home_region=regional.user.region_roles.get().region,
                registered={"name": "Loaded", "kind": "company"},
            )
            # the second was renamed by a command, which nobody has to look at
            for name in ("Loaded", "Renamed")
        ]
    )
    person = TeamMemberFactory(organisation=loaded[0], role="owner").user
    assert shown(regional) == []
    loaded[0].name = "Casino"
    loaded[0]._history_user = person
    loaded[0].save()
    assert shown(regional) == [("loaded-loaded", [("name", "Loaded", "Casino")])]
    regional.post("/moderation/loaded-loaded/seen/", {"mark": changed.mark_of(loaded[0])})
    assert shown(regional) == []


CORDIS = {"name": "Loaded", "kind": "company"}
FILES = {"profiles": {"fields": CORDIS}}


def loaded(registered, region, **values):
    """A profile as a command loads it, without a history, with an owner who claimed it."""
    values = {"name": "Loaded", "kind": "company", "status": "verified"} | values
    (made,) = Organisation.objects.bulk_create(
        [Organisation(slug="loaded", home_region=region, registered=registered, **values)]
    )
    return made, TeamMemberFactory(organisation=made, role="owner").user


def save(row, by):
    row._history_user = by
    row.save()


@pytest.mark.parametrize("registered", [CORDIS, FILES], ids=["cordis", "files"])
def test_a_first_website_is_a_change_whatever_loaded_the_profile(db, registered):
    role = RegionRoleFactory()
    row, person = loaded(registered, role.region)
    row.description = "Better words."
    save(row, person)
    assert shown(signed_in(role.user)) == []
    row.name, row.website = "Casino", "https://casino.example.org/"
    save(row, person)
    assert shown(signed_in(role.user)) == [
        ("loaded", [("name", "Loaded", "Casino"), ("website", "–", "https://casino.example.org/")])
    ]


def test_where_two_sources_speak_either_will_do(db):
    role = RegionRoleFactory()
    row, person = loaded({"name": "LOADED LTD", **FILES}, role.region)
    save(row, person)
    assert shown(signed_in(role.user)) == []


def test_a_move_is_shown_where_it_was_and_marked_as_seen_where_it_is(regional, lab, owner):
    before, there = lab.home_region, RegionRoleFactory()
    unit = NutsUnitFactory(home_region=there.region)
    rename(lab, owner, nuts3=unit.code)
    moved = [("lab", [("home region", before.name, there.region.name)])]
    assert lab.home_region == there.region
    assert shown(regional) == shown(signed_in(there.user)) == moved
    page = regional.get(QUEUE).content.decode()
    assert 'href="/organisations/lab/"' in page
    assert "/moderation/lab/" not in page
    assert regional.post(SEEN, {"mark": changed.mark_of(lab)}).status_code == 403
    signed_in(there.user).post(SEEN, {"mark": changed.mark_of(lab)})
    assert shown(regional) == shown(signed_in(there.user)) == []


def test_who_had_no_region_and_has_one_now_moved(lab, owner):
    Organisation.objects.filter(pk=lab.pk).update(home_region=None)
    lab.history.update(home_region=None)
    assert changed.of(lab) is None
    there = RegionRoleFactory()
    rename(lab, owner, nuts3=NutsUnitFactory(home_region=there.region).code)
    moved = [("lab", [("home region", "–", there.region.name)])]
    assert shown(signed_in(there.user)) == moved


@pytest.mark.parametrize("source", ["cordis", "files"])
def test_a_move_of_a_loaded_profile_is_shown_where_the_source_put_it(db, source):
    role, there = RegionRoleFactory.create_batch(2)
    unit = NutsUnitFactory(home_region=role.region)
    registered = {
        "cordis": {**CORDIS, "place": ["Kraków", "PL", unit.pk, None, None]},
        "files": {"profiles": {"fields": {**CORDIS, "home_region_id": role.region.pk}}},
    }[source]
    row, person = loaded(registered, role.region)
    save(row, person)
    assert shown(signed_in(role.user)) == []
    row.home_region = there.region
    save(row, person)
    moved = [("loaded", [("home region", role.region.name, there.region.name)])]
    assert shown(signed_in(role.user)) == shown(signed_in(there.user)) == moved


def test_only_verified_profiles_of_ones_regions(regional, lab, owner):
    rename(lab, owner, name="Casino")
    assert shown(signed_in(RegionRoleFactory().user)) == []
    moderation.archive(organisation=lab, by=UserFactory(administrator=True))
    assert shown(regional) == []


def test_nobody_marks_the_changes_of_their_own_team(lab):
    both = RegionRoleFactory(region=lab.home_region).user
    TeamMemberFactory(organisation=lab, user=both, role="editor")
    rename(lab, both, name="Casino")
    page = signed_in(both).get(QUEUE).content.decode()
    assert "Casino" in page
    assert SEEN not in page
    with pytest.raises(PermissionDenied):
        changed.seen(organisation=lab, by=both, mark=changed.mark_of(lab))
    assert signed_in(both).post(SEEN, {"mark": changed.mark_of(lab)}).status_code == 403


def test_who_may_mark(anonymous, stranger, owner, regional, lab):
    rename(lab, owner, name="Casino")
    said = {"mark": changed.mark_of(lab)}
    assert "/accounts/login/" in anonymous.post(SEEN, said)["Location"]
    assert stranger.post(SEEN, said).status_code == 403
    assert signed_in(owner).post(SEEN, said).status_code == 403
    assert regional.get(SEEN).status_code == 405
    Organisation.objects.update(status="pending")
    assert stranger.post(SEEN, said).status_code == 404


def test_few_and_many_cost_the_same(administrator, connection_queries):
    def more():
        made = OrganisationFactory(status="pending")
        moderation.verify(organisation=made, by=administrator.user)
        rename(made, administrator.user, name=f"{made.name} Casino")

    more()
    few = connection_queries(administrator, QUEUE)
    for _again in range(changed.SHOWN + 2):
        more()
    assert connection_queries(administrator, QUEUE) == few <= 30
    page = administrator.get(QUEUE)
    assert len(page.context["changed"]) == changed.SHOWN
    assert "There are more: they follow when these are seen." in page.content.decode()
    assert "#verdict" not in page.content.decode()
