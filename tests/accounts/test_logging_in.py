"""Log-in: by e-mail address, limited, the same for known and unknown addresses."""

import time

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client

from accounts import services
from accounts.models import User
from tests.accounts.conftest import text_of
from tests.conftest import CACHES
from tests.factories import PASSWORD, UserFactory

LOGIN = "/accounts/login/"


def test_log_in_by_email_in_any_letters(visitor, anna):
    assert visitor.log_in("Anna@Example.org")["Location"] == "/"
    text = text_of(visitor.get("/"))
    assert "Anna Example" in text
    assert "Log out" in text


def test_log_in_returns_to_where_it_was_asked(visitor, anna):
    assert 'name="next" value="/sources/"' in text_of(visitor.get(f"{LOGIN}?next=/sources/"))
    assert visitor.log_in(next="/sources/")["Location"] == "/sources/"


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "http:///elsewhere.example",
        "\x00//elsewhere.example",
        "/a\r\nSet-Cookie: x=y",
    ],
)
def test_log_in_never_leads_to_another_host(visitor, anna, address):
    answer = visitor.log_in(next=address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert "elsewhere" not in answer["Location"]
    assert "\n" not in answer["Location"]


@pytest.mark.parametrize("page", ["logout", "reauthenticate", "password/reset"])
@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/"])
def test_no_other_page_leads_to_another_host(member, page, address):
    form = {"password": PASSWORD, "email": "anna@example.org", "next": address}
    answer = member.send(f"/accounts/{page}/", **form)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith("//")


@pytest.mark.parametrize("email", ["anna@example.org", "nobody@example.org"])
@pytest.mark.parametrize("active", [True, False])
def test_a_wrong_password_and_an_unknown_address_get_one_answer(visitor, anna, email, active):
    User.objects.update(is_active=active)
    answer = visitor.log_in(email, "wrong")
    assert answer.status_code == 400
    assert "The e-mail address or the password is not right." in text_of(answer)
    assert not visitor.is_logged_in


def test_a_wrong_password_takes_as_much_hashing_as_an_unknown_address(visitor, anna, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    encode, hashed = MD5PasswordHasher.encode, []
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or encode(*a, **k)
    )
    counts = []
    for email in ("anna@example.org", "nobody@example.org"):
        hashed.clear()
        visitor.log_in(email, "wrong")
        counts.append(len(hashed))
    assert counts == [1, 1]


@pytest.mark.parametrize("password", ["x" * 129, "x" * 10_000, "nul\0"])
def test_a_password_is_of_bounded_length(visitor, anna, password):
    answer = visitor.log_in(password=password)
    assert answer.status_code == 400
    assert not visitor.is_logged_in


@pytest.mark.parametrize("email", ["", "no address", "a\0b@example.org", "x" * 10_000])
def test_what_is_no_address_is_refused(visitor, db, email):
    assert visitor.log_in(email).status_code == 400


def test_an_inactive_account_does_not_open(visitor, anna):
    User.objects.update(is_active=False)
    answer = visitor.log_in()
    assert answer["Location"] == "/accounts/inactive/"
    assert "switched off" in text_of(visitor.get("/accounts/inactive/"))
    assert not visitor.is_logged_in


def test_log_out_is_a_post(member):
    assert "Stay logged in" in text_of(member.get("/accounts/logout/"))
    assert member.is_logged_in
    assert member.send("/accounts/logout/").status_code == 302
    assert not member.is_logged_in
    assert "Log in" in text_of(member.get("/"))


def test_a_form_without_its_token_gets_a_page(db):
    answer = Client(enforce_csrf_checks=True).post(LOGIN, {"login": "anna@example.org"})
    assert answer.status_code == 403
    assert "The form could not be accepted" in text_of(answer)


def test_the_menu(viewer, stranger, administrator, anonymous):
    texts = {
        name: text_of(client.get("/sources/"))
        for name, client in [
            ("viewer", viewer),
            ("stranger", stranger),
            ("administrator", administrator),
            ("anonymous", anonymous),
        ]
    }
    assert "My organisation: AGH University" in texts["viewer"]
    assert "My organisation" not in texts["stranger"]
    assert "/admin/" in texts["administrator"]
    assert "/admin/" not in texts["viewer"]
    assert 'href="/account/"' in texts["stranger"]
    assert "/accounts/login/" in texts["anonymous"]
    assert "/accounts/signup/" in texts["anonymous"]
    assert 'href="/account/"' not in texts["anonymous"]


def fail(client, times=1, email="anna@example.org", address="127.0.0.1", **more):
    form = {"login": email, "password": "wrong"}
    return [
        client.post(LOGIN, form, REMOTE_ADDR=address, **more).status_code for _time in range(times)
    ]


@pytest.mark.parametrize("email", ["anna@example.org", "nobody@example.org"])
def test_log_in_waits_after_ten_failures_for_an_e_mail_address(visitor, anna, email):
    for number in range(10):
        assert fail(visitor, email=email, address=f"192.0.2.{number}") == [400]
    form = {"login": email.upper(), "password": PASSWORD}
    answer = visitor.post(LOGIN, form, REMOTE_ADDR="192.0.2.99")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "Too many attempts. Wait 15 minutes" in text_of(answer)
    assert not visitor.is_logged_in
    assert fail(visitor, email="other@example.org", address="192.0.2.99") == [400]


def test_log_in_waits_after_ten_failures_from_one_place(visitor, anna):
    for number in range(10):
        assert fail(visitor, email=f"guess-{number}@example.org") == [400]
    assert fail(visitor) == [429]
    assert fail(visitor, HTTP_X_FORWARDED_FOR="192.0.2.1") == [429]
    assert fail(visitor, address="192.0.2.1") == [400]


def test_behind_a_proxy_the_place_is_what_the_proxy_says(visitor, anna, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(10):
        places = f"198.51.100.{number}, 192.0.2.1"  # the first is the caller's own word
        assert fail(visitor, email=f"g{number}@example.org", HTTP_X_FORWARDED_FOR=places) == [400]
    assert fail(visitor, HTTP_X_FORWARDED_FOR="198.51.100.99, 192.0.2.1") == [429]
    assert fail(visitor, HTTP_X_FORWARDED_FOR="192.0.2.2") == [400]


def test_the_settings_of_proxies_are_one(settings):
    assert settings.REST_FRAMEWORK["NUM_PROXIES"] == settings.ALLAUTH_TRUSTED_PROXY_COUNT


def test_success_takes_its_own_count_back_and_no_other(visitor, anna):
    assert fail(visitor, times=9) == [400] * 9
    for _time in range(3):
        assert visitor.log_in().status_code == 302
        visitor.logout()
    assert fail(visitor) == [400]
    assert visitor.log_in().status_code == 429


def test_the_wait_ends(visitor, anna, monkeypatch):
    fail(visitor, times=11)
    later = time.time() + 15 * 60 + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert visitor.log_in().status_code == 302


def test_the_cache_holds_no_e_mail_address(visitor, anna):
    fail(visitor)
    kept = repr(cache._cache)
    assert "login_failed" in kept
    assert "anna" not in kept


def test_all_processes_count_together_and_what_ended_is_deleted(visitor, anna, settings):
    settings.CACHES = CACHES
    assert fail(visitor, times=6) == [400] * 6
    del caches["default"]  # as another process finds it
    assert fail(visitor, times=5) == [400] * 4 + [429]
    services.delete_expired()
    assert fail(visitor) == [429]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_limits SET expires = now() - INTERVAL '1 second'")
        services.delete_expired()
        cursor.execute("SELECT count(*) FROM accounts_limits")
        assert cursor.fetchone() == (0,)


def test_the_administration_logs_in_the_same_way(visitor, another):
    admin = UserFactory(email="admin@example.org", administrator=True)
    answer = visitor.get("/admin/")
    assert answer.status_code == 302
    answer = visitor.get("/admin/login/?next=/admin/accounts/user/")
    assert answer["Location"] == "/accounts/login/?next=%2Fadmin%2Faccounts%2Fuser%2F"
    form = {"username": admin.email, "password": PASSWORD}
    assert visitor.post("/admin/login/", form)["Location"].startswith("/accounts/login/")
    assert not visitor.is_logged_in
    assert visitor.log_in("Admin@Example.org", next="/admin/")["Location"] == "/admin/"
    assert visitor.get("/admin/").status_code == 200
    assert visitor.get("/admin/password_change/")["Location"] == "/accounts/password/change/"


def test_who_is_no_administrator_stays_out(member):
    assert member.get("/admin/login/").status_code == 403


def test_log_in_looks_an_address_up_by_its_index(anna, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        assert User.objects.get_by_natural_key("ANNA@Example.org") == anna
    assert "UPPER" not in queries[0]["sql"]


@pytest.mark.parametrize(
    "address",
    [
        "login",
        "signup",
        "logout",
        "inactive",
        "email",
        "password/change",
        "password/reset",
        "password/reset/done",
        "reauthenticate",
        "2fa",
        "2fa/totp/activate",
        "sessions",
    ],
)
def test_no_page_of_accounts_needs_inline_code_or_another_host(visitor, member, address):
    for client in (Client(), member):
        member.reauthenticate()
        answer = client.get(f"/accounts/{address}/", follow=True)
        assert answer.status_code == 200
        text = text_of(answer)
        assert " style=" not in text
        assert "<script" not in text
        assert " onclick" not in text
        assert 'src="http' not in text
        assert text.count("<h1") == 1


@pytest.mark.parametrize("path", [LOGIN, "/accounts/signup/"])
@pytest.mark.parametrize("after", ["https://[", "//[::1", "https://evil.example/", "\\\\evil"])
def test_where_to_go_afterwards_that_is_no_page_here_is_not_gone_to(visitor, anna, path, after):
    assert visitor.get(path, {"next": after}).status_code == 200
    if path == LOGIN:
        answer = visitor.log_in(next=after)
        assert answer["Location"].startswith("/")
        assert not answer["Location"].startswith("//")


def test_a_full_table_of_limits_forgets_only_what_has_ended(visitor, anna, settings, monkeypatch):
    settings.CACHES = CACHES
    assert fail(visitor, times=11)[-1] == 429
    limits = caches["default"]
    monkeypatch.setattr(limits, "_max_entries", 5)
    for number in range(20):
        limits.set(f"zzz-{number}", 1, timeout=-1 if number < 10 else 60)
    assert fail(visitor) == [429]
