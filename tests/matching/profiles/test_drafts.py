"""A draft has suggestions at once, and is suggested to nobody."""

import pytest

from matching import index, services
from matching.services import Wanted, match_of, suggestions_for
from organisations.models import Organisation, Statement
from tests.factories import StatementFactory
from tests.matching.profiles.conftest import HOME

Status = Organisation.Status


@pytest.fixture
def needs_storage(world, newcomer):
    StatementFactory(organisation=newcomer, concept=world.storage, role=Statement.Role.NEEDS)
    return newcomer


@pytest.mark.parametrize("status", [Status.DRAFT, Status.PENDING, Status.HELD, Status.REJECTED])
def test_suggestions_are_of_the_profile_as_it_stands(world, needs_storage, status):
    needs_storage.status = status
    needs_storage.save()
    (first, *_rest) = suggestions_for(organisation=needs_storage)
    assert first.organisation == world.maker
    StatementFactory(
        organisation=needs_storage, concept=world.green, role=Statement.Role.INTERESTED
    )
    assert suggestions_for(organisation=needs_storage)[0].score > first.score


def test_the_same_list_once_it_is_verified(world, needs_storage):
    before = [(m.organisation, m.score) for m in suggestions_for(organisation=needs_storage)]
    needs_storage.status = Status.VERIFIED
    needs_storage.save()
    now = suggestions_for(organisation=needs_storage, at_once=True)
    assert [(m.organisation, m.score) for m in now] == before


@pytest.mark.parametrize("status", [s for s in Status.values if s != Status.VERIFIED])
def test_nobody_is_suggested_before_verification(world, needs_storage, status):
    StatementFactory(organisation=needs_storage, concept=world.storage)
    needs_storage.status = status
    needs_storage.save()
    index.build()
    for other in (world.maker, world.other, world.institute):
        found = suggestions_for(organisation=other, limit=20)
        assert needs_storage not in {match.organisation for match in found}


def test_wanted_regions_and_kinds_narrow(world, needs_storage):
    def found(**wanted):
        matches = suggestions_for(organisation=needs_storage, wanted=Wanted(**wanted), limit=20)
        return {match.organisation for match in matches}

    everyone = found()
    assert world.maker in everyone
    assert found(regions=(world.berlin,)) <= {world.institute}
    assert found(regions=(world.rhone,)) == {world.maker}
    assert found(regions=(world.rhone, world.berlin)) == found(regions=(world.rhone,)) | found(
        regions=(world.berlin,)
    )
    assert found(kinds=("ngo",)) == set()
    assert found(kinds=("research",)) == everyone


def test_a_pair_with_a_draft(world, needs_storage):
    pair = match_of(a=needs_storage, b=world.maker)
    assert pair.score == suggestions_for(organisation=needs_storage, limit=1)[0].score
    assert match_of(a=world.maker, b=needs_storage).score == pair.score


def test_its_own_page_shows_them_to_its_team(world, needs_storage, owner, onlooker, stranger):
    for client in (owner, onlooker):
        page = client.get("/organisations/newcomer/")
        assert page.status_code == 200
        assert "Maker of Lyon" in page.text
        assert "Suggestions are being prepared" not in page.text
    assert stranger.get("/organisations/newcomer/").status_code == 404
    assert "Edit the profile" in owner.get("/organisations/newcomer/").text
    assert "Edit the profile" not in onlooker.get("/organisations/newcomer/").text


def test_its_pair_page(needs_storage, owner, stranger):
    assert owner.get("/organisations/newcomer/with/maker/").status_code == 200
    assert stranger.get("/organisations/newcomer/with/maker/").status_code == 404


def test_over_the_api(needs_storage, owner, stranger, anonymous):
    address = "/api/v1/organisations/newcomer/suggestions/"
    answer = owner.get(address)
    assert answer.json()["suggestions"][0]["organisation"]["slug"] == "maker"
    StatementFactory(
        organisation=needs_storage,
        concept=needs_storage.statements.get().concept,
        role=Statement.Role.OFFERS,
    )
    assert owner.get(address).json() != answer.json(), "nothing old is kept"
    assert stranger.get(address).status_code == 404
    assert anonymous.get(address).status_code == 404


def test_the_last_step(world, needs_storage, owner):
    page = owner.get(HOME + "suggestions/")
    assert "Maker of Lyon" in page.text
    assert "Narrowed" not in page.text
    needs_storage.wanted_regions.add(world.berlin)
    narrowed = owner.get(HOME + "suggestions/")
    assert "Maker of Lyon" not in narrowed.text
    assert "Narrowed to what you look for" in narrowed.text
    assert "Maker of Lyon" in owner.get(HOME + "suggestions/?everywhere=1").text


def test_without_an_index_it_says_so(needs_storage, owner, settings, tmp_path):
    settings.MATCH_INDEX_DIR = tmp_path / "nowhere"
    with pytest.raises(services.IndexNotBuilt):
        suggestions_for(organisation=needs_storage)
    assert "Suggestions are being prepared" in owner.get(HOME + "suggestions/").text
    assert "cannot be said yet" in owner.get(HOME).text
