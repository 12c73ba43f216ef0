"""What the account menu and the page of the account lead to."""

import pytest

from tests.accounts.conftest import text_of
from tests.conftest import signed_in
from tests.factories import RegionFactory, RegionRoleFactory, UserFactory

HOME = "/account/"


def test_a_page_of_ones_own_leads_to_ones_organisations(viewer, editor, organisation):
    texts = {client: text_of(client.get(HOME)) for client in (viewer, editor)}
    for text in texts.values():
        assert f'href="/organisations/{organisation.slug}/team/"' in text
    assert f'href="/organisations/{organisation.slug}/profile/"' in texts[editor]
    assert f'href="/organisations/{organisation.slug}/profile/"' not in texts[viewer]


def test_who_has_none_is_led_to_registering(stranger):
    text = text_of(stranger.get(HOME))
    assert "None yet." in text
    assert 'href="/organisations/register/"' in text


@pytest.mark.parametrize("path", [HOME, "/sources/"])
def test_who_keeps_a_dossier_finds_it(path, db):
    user = UserFactory()
    kept, moderated = RegionFactory(name="Kept"), RegionFactory(name="Moderated")
    RegionRoleFactory(user=user, region=kept, role="editor")
    RegionRoleFactory(user=user, region=moderated, role="moderator")
    text = text_of(signed_in(user).get(path))
    assert f'href="/regions/{kept.slug}/edit/"' in text
    assert f'href="/regions/{moderated.slug}/edit/"' not in text
    assert 'href="/moderation/"' in text


def test_roles_cost_one_query_however_many(connection_queries, db):
    user = UserFactory()
    client = signed_in(user)
    RegionRoleFactory(user=user, role="editor")
    one = connection_queries(client, "/sources/")
    for _more in range(4):
        RegionRoleFactory(user=user, role="editor")
    assert connection_queries(client, "/sources/") == one
