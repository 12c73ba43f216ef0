import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.management import call_command
from django.test import Client

from accounts.models import ApiToken, User
from tests.accounts.conftest import Visitor
from tests.factories import PASSWORD, ApiTokenFactory, RegionRoleFactory, UserFactory

NEWER = "another horse battery staple"
ADD = "/admin/accounts/user/add/"
NEW = {
    "email": "New.Person@Example.org",
    "name": "New Person",
    "usable_password": "true",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


def test_user_is_added_by_e_mail_and_can_sign_in(administrator, client):
    answer = administrator.post(ADD, NEW)
    assert answer.status_code == 302
    user = User.objects.get(email="new.person@example.org")
    assert user.name == "New Person"
    assert not user.is_staff
    assert client.login(username="new.person@example.org", password=PASSWORD)


@pytest.mark.parametrize("email", ["taken@example.org", "TAKEN@example.org"])
def test_second_account_with_the_address_is_refused(administrator, email):
    UserFactory(email="taken@example.org")
    answer = administrator.post(ADD, NEW | {"email": email})
    assert answer.status_code == 200
    assert "An account with this e-mail address exists." in answer.content.decode() or (
        "already exists" in answer.content.decode()
    )
    assert User.objects.filter(email__iexact=email).count() == 1


@pytest.fixture
def keeper(db):
    """May change and delete accounts, and is no superuser."""
    user = UserFactory(is_staff=True)
    for action in ("view", "add", "change", "delete"):
        user.user_permissions.add(Permission.objects.get(codename=f"{action}_user"))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def test_superusers_alone_give_rights(keeper):
    user = UserFactory()
    page = f"/admin/accounts/user/{user.pk}/change/"
    given = {"email": "Moved@Example.org", "is_active": "on", "is_staff": "on"}
    rights = {
        "is_superuser": "on",
        "groups": [Group.objects.create(name="All").pk],
        "user_permissions": [Permission.objects.get(codename="change_organisation").pk],
    }
    before = set(user.get_all_permissions())

    assert keeper.post(page, given | rights).status_code == 302

    user = User.objects.get(pk=user.pk)
    assert user.email == "moved@example.org"
    assert not user.is_staff
    assert not user.is_superuser
    assert not user.groups.exists()
    assert user.get_all_permissions() == before


def test_a_superuser_gives_rights(administrator):
    user = UserFactory()
    page = f"/admin/accounts/user/{user.pk}/change/"
    form = {"email": user.email, "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    assert administrator.post(page, form).status_code == 302
    user.refresh_from_db()
    assert user.is_superuser


def with_rights(kind):
    user = UserFactory(
        email="first@example.org", is_staff=kind == "staff", is_superuser=kind == "superuser"
    )
    if kind == "permission":
        user.user_permissions.add(Permission.objects.get(codename="view_organisation"))
    elif kind == "group":
        user.groups.add(Group.objects.create(name="Moderators"))
    elif kind == "region":
        RegionRoleFactory(user=user)
    return user


@pytest.mark.parametrize("kind", ["superuser", "staff", "permission", "group", "region"])
@pytest.mark.parametrize("page", ["change", "password", "delete"])
def test_an_account_with_rights_is_for_superusers(keeper, administrator, page, kind):
    user = with_rights(kind)
    path = f"/admin/accounts/user/{user.pk}/{page}/"
    form = {"email": "taken@example.org", "password1": NEWER, "password2": NEWER, "post": "yes"}
    assert keeper.post(path, form | {"usable_password": "true"}).status_code == 403
    assert keeper.get(path).status_code == 403
    after = User.objects.get(pk=user.pk)
    assert after.email == "first@example.org"
    assert after.check_password(PASSWORD)
    assert administrator.get(path).status_code == 200


def test_one_s_own_account_is_only_looked_at_here(keeper):
    path = f"/admin/accounts/user/{keeper.user.pk}/"
    page = keeper.get(f"{path}change/")
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert keeper.post(f"{path}change/", {"email": "moved@example.org"}).status_code == 403
    assert keeper.get(f"{path}password/").status_code == 403


@pytest.fixture
def as_a_browser(administrator):
    """The administrator, whose messages arrive."""
    visitor = Visitor()
    visitor.force_login(administrator.user)
    return visitor


def test_a_person_hears_at_the_old_address_of_a_new_one(as_a_browser):
    user = UserFactory(email="anna@example.org", language="pl")
    page = f"/admin/accounts/user/{user.pk}/change/"
    form = {"email": "Anna@example.org", "name": "Anna", "is_active": "on"}
    assert as_a_browser.send(page, **form).status_code == 302
    assert mail.outbox == []
    assert as_a_browser.send(page, **form | {"email": "thief@example.org"}).status_code == 302
    (message,) = mail.outbox
    assert message.to == ["anna@example.org"]
    assert "thief@example.org" in message.body


@pytest.mark.parametrize("is_usable", [True, False])
def test_a_password_changed_here_ends_tokens_and_is_told(as_a_browser, is_usable):
    user = UserFactory(email="anna@example.org")
    ApiTokenFactory(user=user)
    other = ApiTokenFactory()
    page = f"/admin/accounts/user/{user.pk}/password/"
    wrong = {"password1": "x", "password2": "y", "usable_password": "true"}
    assert as_a_browser.send(page, **wrong).status_code == 200
    assert ApiToken.objects.filter(user=user).exists()
    assert mail.outbox == []

    form = {"password1": NEWER, "password2": NEWER, "usable_password": "true"}
    if not is_usable:
        form = {"usable_password": "false", "unset-password": "1"}
    assert as_a_browser.send(page, **form).status_code == 302
    user.refresh_from_db()
    assert user.has_usable_password() == is_usable
    assert list(ApiToken.objects.all()) == [other]
    (message,) = mail.outbox
    assert message.to == ["anna@example.org"]
    assert ("another password" in message.body) == is_usable
    assert "tokens of the API have ended" in message.body


def test_a_password_too_long_to_log_in_with_is_refused(administrator):
    long = PASSWORD + "x" * (129 - len(PASSWORD))
    answer = administrator.post(ADD, NEW | {"password1": long, "password2": long})
    assert answer.status_code == 200
    assert "at most 128 characters" in str(answer.context["adminform"].form.errors)
    shorter = {"password1": long[1:], "password2": long[1:]}
    assert administrator.post(ADD, NEW | shorter).status_code == 302


def test_a_user_who_is_deleted_here_leaves_the_record_of_what_they_did(administrator):
    user = UserFactory(name="Anna", administrator=True)
    LogEntry.objects.log_actions(user.pk, [user], CHANGE, "x", single_object=True)
    page = f"/admin/accounts/user/{user.pk}/delete/"
    assert administrator.post(page, {"post": "yes"}).status_code == 302
    assert LogEntry.objects.filter(user=user).exists()
    assert "Anna" not in str(list(LogEntry.objects.values()))
    assert User.objects.get(pk=user.pk).is_deleted
    assert administrator.post(page, {"post": "yes"}).status_code == 403


def test_the_last_superuser_is_not_deleted_here(administrator):
    page = f"/admin/accounts/user/{administrator.user.pk}/delete/"
    assert administrator.post(page, {"post": "yes"}).status_code == 403


def test_an_address_that_an_administrator_typed_is_verified(administrator):
    administrator.post(ADD, NEW)
    user = User.objects.get(email="new.person@example.org")
    assert user.emailaddress_set.get().verified
    page = f"/admin/accounts/user/{user.pk}/change/"
    administrator.post(page, {"email": "moved@example.org", "is_active": "on"})
    assert {(row.email, row.primary) for row in user.emailaddress_set.filter(verified=True)} == {
        ("new.person@example.org", False),
        ("moved@example.org", True),
    }


def test_a_change_of_something_else_verifies_nothing(administrator):
    user = UserFactory(confirmed=False)
    page = f"/admin/accounts/user/{user.pk}/change/"
    administrator.post(page, {"email": user.email, "name": "New", "is_active": "on"})
    user.refresh_from_db()
    assert user.name == "New"
    assert not user.emailaddress_set.get().verified


def test_an_address_that_another_account_has_confirmed_is_refused(administrator):
    other = UserFactory()
    other.emailaddress_set.create(email="taken@example.org", verified=True)
    answer = administrator.post(ADD, NEW | {"email": "Taken@example.org"})
    assert answer.status_code == 200
    assert "An account with this e-mail address exists." in answer.content.decode()


def test_a_superuser_made_on_the_server_logs_in_at_once(db, client):
    call_command("createsuperuser", email="Root@example.org", interactive=False, verbosity=0)
    user = User.objects.get()
    assert user.emailaddress_set.get().verified
    assert user.email == "root@example.org"


@pytest.mark.parametrize("model", ["EmailAddress", "Authenticator", "UserSession"])
def test_secrets_and_sessions_of_people_have_no_administration(model):
    assert model not in {registered.__name__ for registered in admin.site._registry}
