"""The second step at log-in, recovery codes, and the list of sessions."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client

from tests.accounts.conftest import text_of
from tests.factories import PASSWORD, UserFactory

ACTIVATE, DEACTIVATE = "/accounts/2fa/totp/activate/", "/accounts/2fa/totp/deactivate/"
CODES = "/accounts/2fa/recovery-codes/"
SECOND_STEP = "/accounts/2fa/authenticate/"
SESSIONS = "/accounts/sessions/"


def shown_by_app(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


@pytest.fixture
def secret(member):
    """Two-factor authentication is on; the key of the app."""
    member.reauthenticate()
    page = member.get(ACTIVATE)
    key = page.context["form"].secret
    assert key in text_of(page)
    answer = member.send(ACTIVATE, code=shown_by_app(key))
    assert answer["Location"] == CODES
    return key


def test_it_asks_for_the_password_first(member):
    assert member.get(ACTIVATE)["Location"].startswith("/accounts/reauthenticate/")
    answer = member.reauthenticate("wrong")
    assert answer.status_code == 400
    assert "This is not your password" in text_of(answer)
    assert member.reauthenticate().status_code == 302
    assert member.get(ACTIVATE).status_code == 200


def test_the_key_is_a_picture_without_other_hosts_and_a_text(member):
    member.reauthenticate()
    page = member.get(ACTIVATE)
    assert 'src="data:image/svg+xml;base64,' in text_of(page)
    assert "img-src 'self' data:" in page["Content-Security-Policy"]


def test_a_wrong_code_switches_nothing_on(member):
    member.reauthenticate()
    member.get(ACTIVATE)
    for wrong in ("000000", "x" * 10_000, "a\0b", ""):
        assert member.send(ACTIVATE, code=wrong).status_code == 400
    assert not Authenticator.objects.exists()


def test_log_in_then_asks_for_a_code(member, secret):
    assert "On: each log-in" in text_of(member.get("/accounts/2fa/"))
    assert mail.outbox[-1].subject == "Regions Meet: two-factor authentication is on"
    member.send("/accounts/logout/")
    assert member.log_in()["Location"] == SECOND_STEP
    assert not member.is_logged_in
    assert member.get("/account/").status_code == 302
    answer = member.send(SECOND_STEP, code="000000")
    assert answer.status_code == 400
    assert "This is not the code" in text_of(answer)


def test_the_code_of_the_app_logs_in(member, secret, monkeypatch):
    member.send("/accounts/logout/")
    member.log_in()
    later = time.time() + 90  # the code of the activation was used
    monkeypatch.setattr(time, "time", lambda: later)
    assert member.send(SECOND_STEP, code=shown_by_app(secret)).status_code == 302
    assert member.is_logged_in


def test_a_recovery_code_logs_in_once(member, secret):
    codes = member.get(CODES).context["unused_codes"]
    assert len(codes) == 10
    for expected in (True, False):
        member.send("/accounts/logout/")
        member.log_in()
        member.send(SECOND_STEP, code=codes[0])
        assert member.is_logged_in is expected


def test_guessing_codes_is_limited(member, secret):
    member.send("/accounts/logout/")
    member.log_in()
    statuses = [member.send(SECOND_STEP, code=f"{n:06}").status_code for n in range(12)]
    assert statuses[0] == 400
    assert statuses[-1] == 429


def test_the_administration_asks_for_the_second_step_too(visitor, another):
    user = UserFactory(email="anna@example.org", administrator=True)
    visitor.log_in()
    visitor.reauthenticate()
    key = visitor.get(ACTIVATE).context["form"].secret
    visitor.send(ACTIVATE, code=shown_by_app(key))
    assert another.log_in(user.email, next="/admin/")["Location"].startswith(SECOND_STEP)
    assert another.get("/admin/").status_code == 302


def test_recovery_codes_are_read_downloaded_and_replaced(member, secret):
    codes = member.get(CODES).context["unused_codes"]
    file = member.get(f"{CODES}download/")
    assert text_of(file).split() == codes
    assert "attachment" in file["Content-Disposition"]
    assert member.send(f"{CODES}generate/")["Location"] == CODES
    assert set(member.get(CODES).context["unused_codes"]).isdisjoint(codes)
    assert mail.outbox[-1].subject == "Regions Meet: new recovery codes"


@pytest.mark.parametrize("path", [CODES, f"{CODES}download/", f"{CODES}generate/", DEACTIVATE])
def test_recovery_codes_are_for_whoever_knows_the_password(member, secret, path, monkeypatch):
    later = time.time() + 400
    monkeypatch.setattr(time, "time", lambda: later)
    assert "reauthenticate" in member.get(path)["Location"]
    assert Client().get(path).status_code == 302


@pytest.mark.parametrize("path", [CODES, f"{CODES}download/"])
def test_without_codes_there_is_nothing_to_read(member, path):
    member.reauthenticate()
    assert member.get(path).status_code == 404
    assert member.post(path).status_code == 405


def test_it_is_switched_off_again(member, secret):
    assert member.get(DEACTIVATE).status_code == 200
    assert member.send(DEACTIVATE)["Location"] == "/accounts/2fa/"
    assert not Authenticator.objects.exists()
    assert mail.outbox[-1].subject == "Regions Meet: two-factor authentication is off"
    assert "Off:" in text_of(member.get("/accounts/2fa/"))


def test_no_security_keys(member):
    assert member.get("/accounts/2fa/webauthn/").status_code == 404


def test_sessions_are_listed_and_ended(member, another, anna):
    chromium = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36"
    another.defaults["HTTP_USER_AGENT"] = chromium
    another.log_in()
    page = member.get(SESSIONS)
    assert "Chrome on Linux" in text_of(page)
    assert text_of(page).count("this one") == 1
    own = member.session.session_key
    other = next(row for row, _browser in page.context["sessions"] if row.session_key != own)
    assert member.send(SESSIONS, session=other.pk)["Location"] == SESSIONS
    assert another.get("/account/").status_code == 302
    assert member.get("/account/").status_code == 200


def test_all_other_sessions_are_ended(member, another):
    another.log_in()
    assert "Log out everywhere else" in text_of(member.get(SESSIONS))
    member.send(SESSIONS)
    assert another.get("/account/").status_code == 302
    assert member.get("/account/").status_code == 200
    assert "Log out everywhere else" not in text_of(member.get(SESSIONS))


@pytest.mark.parametrize("number", ["0", "x", "9" * 40, "٣", "-1", "a\0b"])
def test_sessions_that_are_not_there(member, another, number):
    another.log_in(UserFactory().email)
    answer = member.send(SESSIONS, session=number)
    assert answer.status_code in {302, 400}
    assert another.get("/account/").status_code == 200


def test_sessions_of_others_are_not_ended(member, another):
    other = UserFactory()
    another.log_in(other.email)
    member.send(SESSIONS, session=other.usersession_set.get().pk)
    member.send(SESSIONS)
    assert another.get("/account/").status_code == 200


def test_a_session_that_a_new_password_ended_is_not_listed(member, another, anna):
    another.log_in()
    page = "/accounts/password/change/"
    member.send(page, oldpassword=PASSWORD, password1="another horse battery")
    assert len(member.get(SESSIONS).context["sessions"]) == 1


def test_the_list_costs_the_same_for_many(member, anna, connection_queries, visitor):
    one = connection_queries(member, SESSIONS)
    for _time in range(5):
        fresh = Client()
        fresh.post("/accounts/login/", {"login": anna.email, "password": PASSWORD})
    assert len(member.get(SESSIONS).context["sessions"]) == 6
    assert connection_queries(member, SESSIONS) == one <= 10
