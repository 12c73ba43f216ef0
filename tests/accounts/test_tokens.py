"""Tokens of the API: made after the password, shown once, limited, revoked."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from accounts import services
from accounts.models import ApiToken
from tests.accounts.conftest import text_of
from tests.factories import PASSWORD, ApiTokenFactory

TOKENS, ME = "/account/tokens/", "/api/v1/me/"
DAY = timedelta(days=1)


def made(user, **more):
    given = {"user": user, "by": user, "name": "Test", "life": DAY, **more}
    return services.make_token(**given)[1]


def ask(secret, path=ME, **more):
    return Client().get(path, headers={"Authorization": f"Token {secret}"}, **more)


def test_a_token_is_made_after_the_password_and_shown_once(member, anna):
    answer = member.send(TOKENS, name="Our website", days="90")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not ApiToken.objects.exists()
    page = member.send(answer["Location"], password=PASSWORD)
    secret = page.context["secret"]
    assert secret in text_of(page)
    token = ApiToken.objects.get()
    assert (token.user, token.name) == (anna, "Our website")
    assert timedelta(days=89) < token.expiry - timezone.now() <= timedelta(days=90)
    listed = text_of(member.get(TOKENS))
    assert secret not in listed
    assert "Our website" in listed
    assert secret[:8] in listed
    assert ask(secret).json()["email"] == "anna@example.org"
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "days"), [("", "90"), ("x" * 61, "90"), ("a\0b", "90"), ("x", "366"), ("x", "")]
)
def test_bad_input(member, name, days):
    member.reauthenticate()
    assert member.send(TOKENS, name=name, days=days).status_code == 400
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("life", [timedelta(0), timedelta(days=366), -DAY])
def test_a_token_expires_after_a_year_at_most(anna, life):
    with pytest.raises(ValidationError):
        made(anna, life=life)


def test_ten_tokens_at_most(member, anna):
    for _number in range(9):
        ApiTokenFactory(user=anna)
    ApiTokenFactory(user=anna, expiry=timezone.now() - DAY)
    made(anna)
    member.reauthenticate()
    answer = member.send(TOKENS, name="One more", days="30")
    assert answer.status_code == 400
    assert "You have 10 tokens" in text_of(answer)
    with pytest.raises(services.TooManyTokens):
        made(anna)


def test_a_revoked_token_opens_nothing(member, anna):
    secret = made(anna)
    token = ApiToken.objects.get()
    page = f"{TOKENS}{token.token_key}/revoke/"
    assert member.get(page).status_code == 405
    assert member.send(page)["Location"] == TOKENS
    assert ask(secret).status_code == 401
    assert member.send(page).status_code == 404


def test_tokens_of_others_are_out_of_reach(member):
    token = ApiTokenFactory()
    assert member.send(f"{TOKENS}{token.token_key}/revoke/").status_code == 404
    assert token.name not in text_of(member.get(TOKENS))
    with pytest.raises(PermissionDenied):
        services.revoke_token(token=token, by=member.user)
    with pytest.raises(PermissionDenied):
        made(token.user, by=member.user)
    assert ApiToken.objects.exists()


def test_the_page_needs_a_log_in(visitor):
    for path in (TOKENS, f"{TOKENS}x/revoke/"):
        assert visitor.send(path)["Location"].startswith("/accounts/login/")


def test_only_the_digest_is_kept(anna):
    secret = made(anna)
    row = ApiToken.objects.values().get()
    assert secret not in str(row)
    assert row["token_key"] == secret[:15]


@pytest.mark.parametrize(
    "header",
    [
        "Token",
        "Token a b",
        "Token rm_0",
        "Token \x00",
        "Token é",
        "token rm_" + "0" * 64,
        "Token " + "x" * 9000,
    ],
)
def test_a_token_that_is_none_is_401(anna, header):
    answer = Client().get(ME, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"
    assert answer.json()["detail"]


def test_expired_tokens_and_inactive_people_are_401(anna):
    secret = made(anna)
    ApiToken.objects.update(expiry=timezone.now() - DAY)
    assert ask(secret).status_code == 401
    assert ApiToken.objects.exists()
    services.delete_expired()
    assert not ApiToken.objects.exists()

    secret = made(anna)
    anna.is_active = False
    anna.save()
    assert ask(secret).status_code == 401


def test_answers_to_a_token_are_kept_by_no_proxy(anna):
    assert ask(made(anna))["Cache-Control"] == "private, no-store"


def test_a_token_writes_without_a_csrf_token(anna):
    secret = made(anna)
    answer = Client(enforce_csrf_checks=True).patch(
        ME,
        {"name": "New"},
        content_type="application/json",
        headers={"Authorization": f"Token {secret}"},
    )
    assert answer.status_code == 200
    anna.refresh_from_db()
    assert anna.name == "New"


def test_each_token_is_throttled_by_itself(anna, monkeypatch):
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "user", "3/min")
    first, second = made(anna), made(anna)
    assert [ask(first).status_code for _time in range(4)] == [200, 200, 200, 429]
    assert ask(second).status_code == 200
    session = Client()
    session.force_login(anna)
    assert [session.get(ME).status_code for _time in range(4)] == [200, 200, 200, 429]


def test_who_has_a_token_is_not_counted_as_unknown(anna, monkeypatch):
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "anon", "1/min")
    secret = made(anna)
    assert [ask(secret).status_code for _time in range(3)] == [200] * 3


def test_the_list_costs_the_same_for_many(member, anna, connection_queries):
    made(anna)
    one = connection_queries(member, TOKENS)
    for _time in range(8):
        made(anna)
    assert connection_queries(member, TOKENS) == one <= 8


def test_a_new_password_ends_them_whoever_sets_it(anna):
    """As `manage.py changepassword` does, too; a password hashed anew is no new one."""
    secret = made(anna)
    anna.check_password(PASSWORD)
    anna.save()
    assert ask(secret).status_code == 200
    anna.set_password("another long password")
    anna.save()
    assert ask(secret).status_code == 401
