"""A forgotten password, a changed one, and the addresses of an account."""

import time

import pytest
from django.core import mail
from django.core.cache import cache

from accounts.models import ApiToken, User
from tests.accounts.conftest import text_of
from tests.factories import PASSWORD, ApiTokenFactory, UserFactory

RESET, CONFIRM = "/accounts/password/reset/", "/accounts/password/reset/confirm/"
COMPLETE = "/accounts/password/reset/complete/"
NEW = "another horse battery staple"


def test_a_forgotten_password_is_replaced_by_a_code(visitor, anna, code):
    assert visitor.send(RESET, email="Anna@example.org")["Location"] == CONFIRM
    assert visitor.send(CONFIRM, code=code())["Location"] == COMPLETE
    assert visitor.send(COMPLETE, password1=NEW)["Location"] == "/accounts/password/reset/done/"
    assert "Your new password is set" in text_of(visitor.get("/accounts/password/reset/done/"))
    assert mail.outbox[-1].subject == "Regions Meet: password changed"
    assert visitor.log_in(password=PASSWORD).status_code == 400
    assert visitor.log_in(password=NEW).status_code == 302


def test_nobody_learns_from_a_reset_who_has_an_account(visitor, another, anna):
    seen = []
    for client, email in ((visitor, "anna@example.org"), (another, "nemo@example.org")):
        answers = [client.send(RESET, email=email), client.get(CONFIRM)]
        answers += [client.send(CONFIRM, code="AAAA-AAAA") for _try in range(3)]
        answers += [client.get("/accounts/login/")]
        seen.append(
            [
                (a.status_code, a.get("Location"), "This is not the code" in text_of(a))
                for a in answers
            ]
        )
        assert f"If <strong>{email}</strong> is right" in text_of(answers[1])
    assert seen[0] == seen[1]
    assert [message.to for message in mail.outbox] == [["anna@example.org"], ["nemo@example.org"]]
    assert mail.outbox[1].subject == "Regions Meet: there is no account"


def test_the_new_password_needs_the_code_first(visitor, anna):
    assert visitor.send(COMPLETE, password1=NEW)["Location"] == RESET
    visitor.send(RESET, email="anna@example.org")
    assert visitor.send(COMPLETE, password1=NEW)["Location"] == CONFIRM
    anna.refresh_from_db()
    assert anna.check_password(PASSWORD)


def test_an_expired_code_says_so(visitor, anna, code, monkeypatch):
    visitor.send(RESET, email="anna@example.org")
    later = time.time() + 16 * 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert visitor.send(CONFIRM, code=code())["Location"] == "/accounts/login/"
    assert "has expired or was used" in text_of(visitor.get("/accounts/login/"))


def test_a_code_sets_one_password(visitor, anna, code):
    visitor.send(RESET, email="anna@example.org")
    once = code()
    visitor.send(CONFIRM, code=once)
    visitor.send(COMPLETE, password1=NEW)
    assert visitor.send(CONFIRM, code=once)["Location"] == "/accounts/login/"
    assert visitor.send(COMPLETE, password1="yet another battery")["Location"] == RESET
    anna.refresh_from_db()
    assert anna.check_password(NEW)


@pytest.mark.parametrize("password", ["short", "x" * 10_000, "nul\0" * 5, ""])
def test_a_new_password_has_to_do(visitor, anna, code, password):
    visitor.send(RESET, email="anna@example.org")
    visitor.send(CONFIRM, code=code())
    assert visitor.send(COMPLETE, password1=password).status_code == 400
    anna.refresh_from_db()
    assert anna.check_password(PASSWORD)


def test_five_messages_a_minute_go_to_one_address(visitor, anna):
    answers = [visitor.send(RESET, email="anna@example.org").status_code for _time in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_a_change_of_the_password_ends_other_sessions_and_is_told(member, another, anna):
    another.log_in()
    page = "/accounts/password/change/"
    assert member.send(page, oldpassword="wrong", password1=NEW).status_code == 400
    assert member.send(page, oldpassword=PASSWORD, password1=NEW)["Location"] == "/account/"
    assert member.get("/account/").status_code == 200
    assert another.get("/account/").status_code == 302
    assert mail.outbox[-1].to == ["anna@example.org"]
    assert mail.outbox[-1].subject == "Regions Meet: password changed"
    assert "Was it not you?" in mail.outbox[-1].body


SAYS = "Your tokens of the API have ended with the old password."


def test_tokens_end_with_a_forgotten_password(visitor, anna, code):
    ApiTokenFactory(user=anna)
    other = ApiTokenFactory()
    visitor.send(RESET, email="anna@example.org")
    visitor.send(CONFIRM, code=code())
    assert ApiToken.objects.filter(user=anna).exists()
    assert "Your tokens of the API end" in text_of(visitor.get(COMPLETE))
    visitor.send(COMPLETE, password1=NEW)
    assert list(ApiToken.objects.all()) == [other]
    assert SAYS in mail.outbox[-1].body


def test_tokens_end_with_a_changed_password(member, anna):
    ApiTokenFactory(user=anna)
    other = ApiTokenFactory()
    page = "/accounts/password/change/"
    assert "Your tokens of the API end" in text_of(member.get(page))
    member.send(page, oldpassword="wrong", password1=NEW)
    assert ApiToken.objects.filter(user=anna).exists()
    member.send(page, oldpassword=PASSWORD, password1=NEW)
    assert list(ApiToken.objects.all()) == [other]
    assert SAYS in mail.outbox[-1].body


def test_tokens_end_when_a_password_is_set(visitor, anna):
    anna.set_unusable_password()
    anna.save()
    ApiTokenFactory(user=anna)
    visitor.force_login(anna)
    page = "/accounts/password/set/"
    assert "Tokens of the API" in text_of(visitor.get(page))
    assert visitor.send(page, password1=NEW).status_code == 302
    assert not ApiToken.objects.exists()
    assert "Tokens of the API" in mail.outbox[-1].body


EMAIL = "/accounts/email/"
CONFIRM_EMAIL = "/accounts/confirm-email/"


def test_another_address_needs_the_password_and_a_code(member, anna, code):
    answer = member.send(EMAIL, email="Second@example.org", action_add="1")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert member.send(answer["Location"], password=PASSWORD)["Location"] == CONFIRM_EMAIL
    assert member.send(CONFIRM_EMAIL, code=code())["Location"] == EMAIL
    second = anna.emailaddress_set.get(email="second@example.org")
    assert second.verified
    assert not second.primary

    member.send(EMAIL, email="second@example.org", action_primary="1")
    anna.refresh_from_db()
    assert anna.email == "second@example.org"
    assert mail.outbox[-1].to == ["anna@example.org"]
    assert mail.outbox[-1].subject == "Regions Meet: another e-mail address"

    member.send(EMAIL, email="anna@example.org", action_remove="1")
    assert [row.email for row in anna.emailaddress_set.all()] == ["second@example.org"]
    member.send(EMAIL, email="second@example.org", action_remove="1")
    assert anna.emailaddress_set.count() == 1
    assert "choose another one" in text_of(member.get(EMAIL))


@pytest.mark.parametrize("confirmed", [True, False])
def test_the_address_of_another_account_is_not_taken_over(member, anna, code, confirmed):
    UserFactory(email="bert@example.org", confirmed=confirmed)
    member.reauthenticate()
    member.send(EMAIL, email="bert@example.org", action_add="1")
    assert member.get(CONFIRM_EMAIL).status_code == 200
    member.send(CONFIRM_EMAIL, code=code())
    member.send(EMAIL, email="bert@example.org", action_primary="1")
    anna.refresh_from_db()
    assert anna.email == "anna@example.org"
    assert not anna.emailaddress_set.filter(email="bert@example.org", verified=True).exists()
    assert User.objects.get(email="bert@example.org")


@pytest.mark.parametrize("email", ["no address", "a\0b@example.org", "anna@example.org", ""])
def test_addresses_that_cannot_be_added(member, email):
    member.reauthenticate()
    assert member.send(EMAIL, email=email, action_add="1").status_code == 400


@pytest.mark.parametrize("action", ["send", "remove", "primary"])
@pytest.mark.parametrize("email", ["bert@example.org", "a\0b", "no address"])
def test_nothing_happens_to_addresses_of_others(member, email, action):
    bert = UserFactory(email="bert@example.org")
    member.reauthenticate()
    cache.clear()
    answer = member.send(EMAIL, email=email, **{f"action_{action}": "1"})
    assert answer["Location"] == EMAIL
    assert bert.emailaddress_set.get().primary
    assert mail.outbox == []
