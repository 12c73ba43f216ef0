"""Sign-up: one password, consent, a code; and nobody learns who has an account."""

import re
import time

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError
from django.utils import translation

from accounts import consent
from accounts.models import User
from tests.accounts.conftest import text_of
from tests.factories import PASSWORD, UserFactory

CONFIRM = "/accounts/confirm-email/"


def test_a_newcomer_signs_up_confirms_and_is_logged_in(visitor, code):
    assert visitor.sign_up("New.Person@Example.org")["Location"] == CONFIRM
    assert not visitor.is_logged_in
    assert mail.outbox[0].to == ["new.person@example.org"]
    assert mail.outbox[0].subject == "Regions Meet: your code"
    page = text_of(visitor.get(CONFIRM))
    assert "new.person@example.org" in page
    assert "folder “mail”" in page

    answer = visitor.send(CONFIRM, code=code().lower())

    assert answer.status_code == 302
    assert visitor.is_logged_in
    user = User.objects.get()
    assert user.email == "new.person@example.org"
    assert user.check_password(PASSWORD)
    assert user.emailaddress_set.get().verified
    assert user.public_fields == []
    given = user.consents.get()
    assert (given.version, given.language) == (consent.PRIVACY_VERSION, "en")


def test_the_language_of_the_page_is_that_of_the_messages(visitor):
    visitor.cookies["django_language"] = "fr"
    visitor.sign_up()
    user = User.objects.get()
    assert user.language == "fr"
    assert user.consents.get().language == "fr"
    mail.outbox.clear()
    cache.clear()
    visitor.logout()
    with translation.override("en"):
        visitor.send("/accounts/password/reset/", email=user.email)
    with translation.override("fr"):
        assert translation.gettext("Hello,") in mail.outbox[0].body


def test_without_consent_there_is_no_account(visitor):
    answer = visitor.sign_up(consent="")
    assert answer.status_code == 400
    assert "Without your agreement" in text_of(answer)
    assert 'href="/account/privacy/"' in text_of(answer)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "at least 12"),
        ("1234567890123456", "entirely numeric"),
        ("x" * 10_000, "at most 128"),
        ("nul\0nul\0nul\0nul", "Null characters"),
        ("", "required"),
    ],
)
def test_passwords_that_will_not_do(visitor, password, said):
    answer = visitor.sign_up(password=password)
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "email", ["", "no address", "a\0b@example.org", "x" * 300 + "@example.org", "<b>@example.org"]
)
def test_addresses_that_are_none(visitor, email):
    assert visitor.sign_up(email).status_code == 400
    assert not User.objects.exists()
    assert mail.outbox == []


def without_token(answer):
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text_of(answer))
    return page.replace("known@example.org", "ADDRESS").replace("other@example.org", "ADDRESS")


@pytest.mark.parametrize("confirmed", [True, False])
def test_nobody_learns_from_sign_up_who_has_an_account(visitor, another, confirmed):
    user = UserFactory(email="known@example.org", confirmed=confirmed)
    seen = []
    for client, email in ((visitor, "known@example.org"), (another, "other@example.org")):
        answers = [client.sign_up(email), client.get(CONFIRM)]
        answers += [client.send(CONFIRM, code="WRONG"), client.send(CONFIRM, action="resend")]
        seen.append([(a.status_code, a.get("Location"), without_token(a)) for a in answers])
    assert seen[0] == seen[1]
    assert User.objects.count() == 2
    told = next(message for message in mail.outbox if message.to == ["known@example.org"])
    assert told.subject == "Regions Meet: you have an account"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert not visitor.is_logged_in


def test_two_sign_ups_at_once_are_one_account(visitor, monkeypatch):
    def taken(*args, **kwargs):
        raise IntegrityError("duplicate key (email)=(new@example.org)")

    monkeypatch.setattr(User, "save", taken)
    answer = visitor.sign_up()
    assert (answer.status_code, answer["Location"]) == (302, CONFIRM)


def test_an_unconfirmed_account_logs_in_only_by_a_code(visitor, code):
    UserFactory(email="anna@example.org", confirmed=False)
    assert visitor.log_in()["Location"] == CONFIRM
    assert not visitor.is_logged_in
    visitor.send(CONFIRM, code=code())
    assert visitor.is_logged_in


def test_a_wrong_code_may_be_tried_three_times(visitor, code):
    visitor.sign_up()
    right = code()
    for _try in range(2):
        answer = visitor.send(CONFIRM, code="AAAA-AAAA")
        assert answer.status_code == 400
        assert "This is not the code" in text_of(answer)
    answer = visitor.send(CONFIRM, code="AAAA-AAAA")
    assert answer["Location"] == "/accounts/login/"
    assert "Too many attempts" in text_of(visitor.get("/accounts/login/"))
    assert visitor.send(CONFIRM, code=right)["Location"] == "/accounts/login/"
    assert not visitor.is_logged_in


@pytest.mark.parametrize("wrong", ["", "x" * 10_000, "a\0b"])
def test_codes_that_are_none(visitor, wrong):
    visitor.sign_up()
    assert visitor.send(CONFIRM, code=wrong).status_code == 400


def test_an_expired_code_says_so(visitor, code, monkeypatch):
    visitor.sign_up()
    later = time.time() + 16 * 60
    monkeypatch.setattr(time, "time", lambda: later)
    answer = visitor.send(CONFIRM, code=code())
    assert answer["Location"] == "/accounts/login/"
    assert "has expired or was used" in text_of(visitor.get("/accounts/login/"))
    assert not visitor.is_logged_in


def test_a_code_is_good_for_one_use(visitor, another, code):
    visitor.sign_up()
    visitor.send(CONFIRM, code=code())
    visitor.send("/accounts/logout/")
    assert visitor.send(CONFIRM, code=code())["Location"] == "/accounts/login/"
    assert another.send(CONFIRM, code=code())["Location"] == "/accounts/login/"
    assert "has expired or was used" in text_of(another.get("/accounts/login/"))
    assert not another.is_logged_in


def test_a_new_code_ends_the_old_one(visitor, code):
    visitor.sign_up()
    old = code()
    cache.clear()  # ten seconds later
    visitor.send(CONFIRM, action="resend")
    assert code() != old
    assert visitor.send(CONFIRM, code=old).status_code == 400
    assert visitor.send(CONFIRM, code=code()).status_code == 302
    assert visitor.is_logged_in


def test_one_place_signs_up_twenty_times_an_hour(visitor):
    for number in range(20):
        assert visitor.sign_up(f"n{number}@example.org", consent="").status_code == 400
    answer = visitor.sign_up()
    assert answer.status_code == 429
    assert answer["Retry-After"]
    assert "Too many attempts" in text_of(answer)
    assert not User.objects.exists()


@pytest.mark.parametrize("address", ["/accounts/signup/", "/accounts/login/"])
def test_who_is_logged_in_is_sent_on(member, address):
    assert member.get(address).status_code == 302
    answer = member.send(address, login="x@example.org", email="x@example.org")
    assert answer.status_code == 302
    assert member.get(f"{address}?next=/sources/")["Location"] == "/sources/"


def test_a_new_version_of_the_privacy_page_asks_again_at_log_in(visitor, anna, monkeypatch):
    consent.give(user=anna)
    visitor.log_in()
    assert "Please read it" not in text_of(visitor.get("/sources/"))
    visitor.send("/accounts/logout/")
    monkeypatch.setattr(consent, "PRIVACY_VERSION", "2027-01-01")
    visitor.log_in()
    assert "Please read it" in text_of(visitor.get("/sources/"))

    answer = visitor.send("/account/consent/", next="/sources/")
    assert answer["Location"] == "/sources/"
    visitor.send("/account/consent/", next="/sources/")

    assert "Please read it" not in text_of(visitor.get("/sources/"))
    assert [given.version for given in anna.consents.all()] == ["2027-01-01", "2026-11-23"]


def test_consent_leads_to_no_other_host(member):
    for address in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        assert member.send("/account/consent/", next=address)["Location"] == "/account/"
    assert member.get("/account/consent/").status_code == 405


def test_consent_is_for_the_logged_in(visitor):
    assert visitor.send("/account/consent/")["Location"].startswith("/accounts/login/")


def test_the_privacy_page_is_for_everyone(visitor):
    page = text_of(visitor.get("/account/privacy/"))
    assert "7 days" in page
    assert consent.PRIVACY_VERSION in page


def test_the_page_on_privacy_says_who_answers_for_the_data(visitor, settings, db):
    assert "have not given their name" in text_of(visitor.get("/account/privacy/"))
    settings.OPERATOR, settings.OPERATOR_EMAIL = "Example <Association>", "data@example.org"
    page = text_of(visitor.get("/account/privacy/"))
    assert "Example &lt;Association&gt;" in page
    assert 'href="mailto:data@example.org"' in page
