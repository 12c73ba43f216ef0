import pytest

from accounts.models import User
from tests.factories import PASSWORD, UserFactory

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
