"""The review of a profile as its team reads and answers it."""

import pytest

from organisations.models import Organisation, ReviewAnswer
from tests.conftest import signed_in
from tests.factories import ReviewAnswerFactory, ReviewFactory, TeamMemberFactory
from tests.organisations.moderating.conftest import MEMBER, REVIEW, verdict


def test_the_member_reads_the_verdict_without_the_moderators_name(owner, regional, lab):
    regional.post(REVIEW, verdict(lab, decision="hold", reason="Which tanks?"))
    ReviewAnswerFactory(organisation=lab, author=regional.user, is_moderator=True, text="Hm.")
    page = owner.get(MEMBER).content.decode()
    assert "Which tanks?" in page
    assert "10 / 20" in page
    assert "Hm." in page
    assert f"a moderator of {lab.home_region.name}" in page
    assert "Mo Derator" not in page
    assert regional.user.email not in page


def test_without_a_region_it_is_a_moderator_of_the_site(owner, lab):
    Organisation.objects.update(home_region=None)
    ReviewFactory(organisation=lab)
    assert "a moderator of Regions Meet" in owner.get(MEMBER).content.decode()


def test_the_member_answers(owner, lab):
    assert owner.post(MEMBER, {"text": "Round ones."})["Location"] == f"{MEMBER}#thread"
    said = ReviewAnswer.objects.get()
    assert (said.author, said.is_moderator) == (owner.user, False)
    empty = owner.post(MEMBER, {"text": ""})
    assert empty.status_code == 400
    assert 'href="#id_text"' in empty.content.decode()


def test_viewers_read_and_do_not_answer(lab):
    viewer = signed_in(TeamMemberFactory(organisation=lab, role="viewer").user)
    page = viewer.get(MEMBER)
    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()
    assert viewer.post(MEMBER, {"text": "x"}).status_code == 403
    assert not ReviewAnswer.objects.exists()


def test_moderators_see_the_page_as_the_team_does(regional, lab):
    page = regional.get(MEMBER)
    assert page.status_code == 200
    assert "moderators have no names here" in page.content.decode()
    assert regional.post(MEMBER, {"text": "x"}).status_code == 403


@pytest.mark.parametrize("status", Organisation.Status)
def test_every_status_is_told(owner, lab, status):
    Organisation.objects.update(status=status)
    page = owner.get(MEMBER)
    assert page.status_code == 200
    assert page.context["may_submit"] is (status in {"draft", "held", "rejected"})


def test_members_page_costs_the_same_for_few_and_many(owner, lab, connection_queries):
    ReviewFactory(organisation=lab)
    ReviewAnswerFactory(organisation=lab)
    few = connection_queries(owner, MEMBER)
    ReviewFactory.create_batch(10, organisation=lab)
    ReviewAnswerFactory.create_batch(10, organisation=lab)
    assert connection_queries(owner, MEMBER) == few <= 15
