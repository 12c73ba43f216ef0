"""What the public page says about the team."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisations import claims, logos
from organisations.models import Organisation
from organisations.registering.presence import presence_of, public_profile
from tests.conftest import signed_in
from tests.factories import TeamMemberFactory, UserFactory
from tests.organisations.registering.test_logo import png

PAGE = "/organisations/agh-university/"


def text(answer):
    return " ".join(answer.content.decode().split())


def test_people_are_shown_by_the_fields_that_they_chose(organisation, anonymous):
    for fields in ([], ["name", "position"], ["email"]):
        user = UserFactory(
            email=f"p{len(fields)}@example.org",
            name=f"Person {len(fields)}",
            position="Head of Projects",
            phone="+48 600 000 000",
            public_fields=fields,
        )
        TeamMemberFactory(organisation=organisation, user=user)
    page = text(anonymous.get(PAGE))
    assert "Person 2" in page
    assert "Head of Projects" in page
    assert "mailto:p1@example.org" in page
    for hidden in ("Person 0", "Person 1", "p0@", "p2@", "+48"):
        assert hidden not in page


def test_nobody_who_left_is_shown(organisation, anonymous):
    user = UserFactory(name="Gone", public_fields=["name"], is_active=False)
    TeamMemberFactory(organisation=organisation, user=user)
    assert "Gone" not in text(anonymous.get(PAGE))
    assert public_profile(UserFactory(name="", public_fields=["name", "phone"])) == {}


@pytest.mark.parametrize(
    ("who", "shown", "hidden"),
    [
        ("anonymous", [], ["Is this your organisation?", "/team/", "/claim/", "/logo/"]),
        ("stranger", ["Is this your organisation?", f"{PAGE}claim/"], ["/team/", "/logo/"]),
        ("viewer", [f"{PAGE}team/"], ["Is this your organisation?", "/logo/"]),
        ("editor", [f"{PAGE}team/", f"{PAGE}logo/"], ["Is this your organisation?"]),
    ],
)
def test_each_reader_gets_their_links(organisation, viewer, request, who, shown, hidden):
    page = text(request.getfixturevalue(who).get(PAGE))
    for words in shown:
        assert words in page
    for words in hidden:
        assert words not in page


def test_claim_or_join_or_wait(organisation, stranger, owner):
    assert "Ask to join" in text(stranger.get(PAGE))
    claims.ask(organisation=organisation, by=stranger.user)
    assert "waits for an answer" in text(stranger.get(PAGE))
    Organisation.objects.update(is_illustrative=True)
    assert "/claim/" not in text(signed_in(UserFactory()).get(PAGE))


def test_the_logo_is_shown_with_its_size(organisation, editor, anonymous):
    logos.put(organisation=organisation, data=png((800, 400)), by=editor.user)
    page = text(anonymous.get(PAGE))
    assert 'width="400" height="200" alt="Logo of AGH University"' in page


def test_it_costs_three_queries(organisation, stranger):
    TeamMemberFactory.create_batch(5, organisation=organisation)
    with CaptureQueriesContext(connection) as queries:
        presence_of(organisation, stranger.user)
    assert len(queries) <= 5  # two of them ask what the reader may do
