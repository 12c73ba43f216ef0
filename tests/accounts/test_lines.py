"""Text of one line."""

import pytest
from django.core.exceptions import ValidationError

from accounts import services
from accounts.lines import one_line
from accounts.models import User
from organisations.models import Organisation
from tests.factories import UserFactory

EVIL = "Eve\n\n\u2028See\thttps://evil.example.org"
TAMED = "Eve See https://evil.example.org"
UNSEEN = "Eve\u202e\x07"


def test_line_breaks_become_spaces():
    assert one_line(f"  {EVIL}\r\n") == TAMED


@pytest.mark.parametrize("model", [User, Organisation])
def test_names_are_of_one_line_whoever_writes_them(model):
    field = model._meta.get_field("name")
    assert field.to_python(EVIL) == TAMED
    with pytest.raises(ValidationError):
        field.clean(UNSEEN, None)


def test_a_saved_name_has_one_line(db):
    user = UserFactory(name=EVIL)
    user.refresh_from_db()
    assert user.name == TAMED


@pytest.mark.parametrize("field", ["name", "position", "phone"])
def test_what_people_say_about_themselves_has_one_line(db, field):
    user = UserFactory()
    services.change_profile(user=user, by=user, **{field: "A\n\nB"})
    user.refresh_from_db()
    assert getattr(user, field) == "A B"
    with pytest.raises(ValidationError) as error:
        services.change_profile(user=user, by=user, **{field: UNSEEN})
    assert set(error.value.message_dict) == {field}


def test_the_page_refuses_what_cannot_be_seen(member, anna):
    form = {"position": "", "phone": "", "language": "en"}
    assert member.send("/account/", name=UNSEEN, **form).status_code == 400
    member.send("/account/", name=EVIL, **form)
    anna.refresh_from_db()
    assert anna.name == TAMED


def test_the_api_refuses_what_cannot_be_seen(member, anna):
    answer = member.patch("/api/v1/me/", {"name": UNSEEN}, content_type="application/json")
    assert (answer.status_code, list(answer.json())) == (400, ["name"])
