import pytest

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
