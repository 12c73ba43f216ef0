import time

import pytest
from django.core.cache import cache

from accounts import throttling
from accounts.models import User
from tests.factories import PASSWORD, UserFactory


@pytest.fixture
def user(db):
    return UserFactory(email="anna@example.org", name="Anna")


def test_log_in_by_email_in_any_letters(anonymous, user):
    page = anonymous.post(
        "/accounts/login/", {"username": "Anna@Example.org", "password": PASSWORD}
    )
    assert page.status_code == 302
    assert page["Location"] == "/"
    text = anonymous.get("/").content.decode()
    assert "Anna" in text
    assert "Log out" in text


def test_log_in_returns_to_where_it_was_asked(anonymous, user):
    address = "/accounts/login/?next=/sources/"
    assert 'name="next" value="/sources/"' in anonymous.get(address).content.decode()
    page = anonymous.post(
        address, {"username": user.email, "password": PASSWORD, "next": "/sources/"}
    )
    assert page["Location"] == "/sources/"


def test_log_in_never_leads_to_another_host(anonymous, user):
    page = anonymous.post(
        "/accounts/login/",
        {"username": user.email, "password": PASSWORD, "next": "https://elsewhere.example/"},
    )
    assert page["Location"] == "/"


@pytest.mark.parametrize("username", ["anna@example.org", "nobody@example.org", "no address"])
def test_log_in_with_a_wrong_password(anonymous, user, username):
    page = anonymous.post("/accounts/login/", {"username": username, "password": "wrong"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "is not right" in text or "valid email" in text


def test_log_out_is_a_post(stranger):
    assert stranger.get("/accounts/logout/").status_code == 405
    assert stranger.post("/accounts/logout/").status_code == 302
    assert "Log in" in stranger.get("/").content.decode()


def test_the_menu_leads_to_the_own_organisation(viewer, stranger, administrator, anonymous):
    texts = {
        name: client.get("/sources/").content.decode()
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
    assert "/accounts/login/" in texts["anonymous"]


LOGIN_PAGES = ["/accounts/login/", "/admin/login/"]


def fail(client, page, times=1, email="anna@example.org", address="127.0.0.1"):
    form = {"username": email, "password": "wrong"}
    return [client.post(page, form, REMOTE_ADDR=address).status_code for _time in range(times)]


@pytest.mark.parametrize("page", LOGIN_PAGES)
@pytest.mark.parametrize("email", ["anna@example.org", "nobody@example.org"])
def test_log_in_waits_after_ten_failures_for_an_e_mail_address(anonymous, user, page, email):
    for number in range(10):
        assert fail(anonymous, page, email=email, address=f"192.0.2.{number}") == [200]
    answer = anonymous.post(
        page, {"username": email.upper(), "password": PASSWORD}, REMOTE_ADDR="192.0.2.99"
    )
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "Too many attempts to log in. Wait 15 minutes" in answer.content.decode()
    assert "_auth_user_id" not in anonymous.session
    assert fail(anonymous, page, email="other@example.org", address="192.0.2.99") == [200]


@pytest.mark.parametrize("page", LOGIN_PAGES)
def test_log_in_waits_after_ten_failures_from_one_place(anonymous, user, page):
    for number in range(10):
        assert fail(anonymous, page, email=f"guess-{number}@example.org") == [200]
    assert fail(anonymous, page, email="anna@example.org") == [429]
    spoofed = {"username": user.email, "password": PASSWORD}
    assert anonymous.post(page, spoofed, HTTP_X_FORWARDED_FOR="192.0.2.1").status_code == 429
    assert fail(anonymous, page, address="192.0.2.1") == [200]


def test_both_log_in_pages_share_one_count(anonymous, user):
    fail(anonymous, "/accounts/login/", times=10)
    assert fail(anonymous, "/admin/login/", address="192.0.2.1") == [429]


def test_success_clears_the_count_of_the_e_mail_address_alone(anonymous, user):
    page, right = "/accounts/login/", {"username": user.email, "password": PASSWORD}
    assert fail(anonymous, page, times=9) == [200] * 9
    assert anonymous.post(page, right).status_code == 302
    anonymous.logout()
    assert fail(anonymous, page) == [200]
    assert anonymous.post(page, right).status_code == 429
    assert fail(anonymous, page, times=9, address="192.0.2.1") == [200] * 9


def test_the_wait_ends(anonymous, user, monkeypatch):
    fail(anonymous, "/accounts/login/", times=11)
    later = time.time() + throttling.WINDOW + 1
    monkeypatch.setattr(time, "time", lambda: later)
    right = {"username": user.email, "password": PASSWORD}
    assert anonymous.post("/accounts/login/", right).status_code == 302


def test_the_cache_holds_no_address(anonymous, user):
    fail(anonymous, "/accounts/login/", address="192.0.2.7")
    kept = repr(cache._cache)
    assert "log-in-email" in kept
    assert "anna" not in kept
    assert "192.0.2.7" not in kept


@pytest.mark.parametrize("page", LOGIN_PAGES)
def test_a_password_is_of_bounded_length(anonymous, user, page):
    answer = anonymous.post(page, {"username": user.email, "password": "a" * 129})
    assert answer.status_code == 200
    assert "at most 128 characters" in answer.content.decode()


def test_an_administrator_logs_in_by_email_in_any_letters(anonymous, db):
    UserFactory(email="admin@example.org", administrator=True)
    form = {"username": "Admin@Example.org", "password": PASSWORD, "next": "/admin/"}
    assert anonymous.post("/admin/login/", form)["Location"] == "/admin/"


def test_log_in_looks_an_address_up_by_its_index(user, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        assert User.objects.get_by_natural_key("ANNA@Example.org") == user
    assert "UPPER" not in queries[0]["sql"]
