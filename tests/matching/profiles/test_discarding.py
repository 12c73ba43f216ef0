"""The page on which an owner discards a draft."""

import pytest

from organisations.models import Organisation
from organisations.registration import FORM
from tests.factories import FeedbackFactory, StatementFactory
from tests.matching.profiles.conftest import HOME

DISCARD = HOME + "discard/"


@pytest.fixture
def registered(newcomer):
    Organisation.objects.filter(pk=newcomer.pk).update(registered={FORM: "0" * 64})
    return newcomer


def test_the_overview_leads_there_and_it_says_what_goes(registered, owner, colleague, world):
    StatementFactory(organisation=registered, concept=world.storage)
    FeedbackFactory(organisation=registered, other=world.maker)
    assert f'href="{DISCARD}"' in owner.get(HOME).text
    assert f'href="{DISCARD}"' not in colleague.get(HOME).text
    page = owner.get(DISCARD)
    assert page.status_code == 200
    for line in ("1 statement.", "1 partner that you saved or dismissed.", "1 other person"):
        assert line in page.text
    assert Organisation.objects.filter(pk=registered.pk).exists()


def test_it_is_discarded_by_post(registered, owner):
    answer = owner.post(DISCARD, follow=True)
    assert answer.redirect_chain == [("/organisations/register/", 302)]
    assert "The draft of “Newcomer of Tarnów” is discarded." in answer.text
    assert not Organisation.objects.filter(pk=registered.pk).exists()
    assert owner.post(DISCARD).status_code == 404


def test_what_is_no_such_draft_says_so(newcomer, owner):
    assert DISCARD not in owner.get(HOME).text
    page = owner.get(DISCARD)
    assert page.status_code == 200
    assert "known from public data, or was claimed" in page.text
    assert "Discard the draft for good" not in page.text
    answer = owner.post(DISCARD)
    assert answer.status_code == 400
    assert "known from public data, or was claimed" in answer.text
    assert Organisation.objects.filter(pk=newcomer.pk).exists()


def test_who_may(registered, colleague, onlooker, stranger, anonymous):
    for send in ("get", "post"):
        assert getattr(colleague, send)(DISCARD).status_code == 403
        assert getattr(onlooker, send)(DISCARD).status_code == 403
        assert getattr(stranger, send)(DISCARD).status_code == 404
        assert "login" in getattr(anonymous, send)(DISCARD)["Location"]
    assert Organisation.objects.filter(pk=registered.pk).exists()


def test_what_the_page_costs(registered, owner, connection_queries):
    assert connection_queries(owner, DISCARD) <= 23
