"""What a person says about themselves, and what of it is public."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts import services
from accounts.models import User
from tests.accounts.conftest import text_of
from tests.factories import UserFactory

HOME = "/account/"
FORM = {"name": "Anna", "position": "Manager", "phone": "+48 1", "language": "pl"}


def test_the_page_needs_a_log_in(visitor):
    assert visitor.get(HOME)["Location"].startswith("/accounts/login/?next=/account/")
    assert visitor.send(HOME, **FORM)["Location"].startswith("/accounts/login/")


def test_nothing_is_public_unless_chosen(member, anna):
    assert anna.public_profile() == {}
    assert "Nothing." in text_of(member.get(HOME))
    member.send(HOME, **FORM)
    anna.refresh_from_db()
    assert (anna.name, anna.position, anna.language) == ("Anna", "Manager", "pl")
    assert anna.public_profile() == {}


def test_each_field_is_public_by_itself(member, anna):
    assert member.send(HOME, **FORM, public_fields=["phone", "name"])["Location"] == HOME
    anna.refresh_from_db()
    assert anna.public_fields == ["name", "phone"]
    assert anna.public_profile() == {"name": "Anna", "phone": "+48 1"}
    page = text_of(member.get(HOME))
    assert "Saved." in page
    assert page.count("checked") == 2


def test_empty_fields_and_inactive_people_show_nothing():
    user = User(email="a@example.org", public_fields=["name", "email"])
    assert user.public_profile() == {"email": "a@example.org"}
    user.is_active = False
    assert user.public_profile() == {}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": "x" * 151}, "at most 150"),
        ({"phone": "1" * 41}, "at most 40"),
        ({"name": "a\0b"}, "Null characters"),
        ({"language": "xx"}, "not one of the available choices"),
        ({"public_fields": ["password"]}, "not one of the available choices"),
    ],
)
def test_bad_input_is_told_and_changes_nothing(member, anna, changed, said):
    answer = member.send(HOME, **FORM | changed)
    assert answer.status_code == 400
    assert text_of(answer).count(said) >= 2  # at the top and by the field
    anna.refresh_from_db()
    assert anna.name == "Anna Example"


def test_text_is_only_text(member):
    member.send(HOME, **FORM | {"name": "<script>alert(1)</script>"}, public_fields=["name"])
    page = text_of(member.get(HOME))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_service_changes_only_what_is_given(anna):
    services.change_profile(user=anna, by=anna, position=" Head ")
    anna.refresh_from_db()
    assert (anna.name, anna.position) == ("Anna Example", "Head")


def test_nobody_changes_another_person(anna):
    with pytest.raises(PermissionDenied):
        services.change_profile(user=anna, by=UserFactory(administrator=True), name="X")


@pytest.mark.parametrize(
    "given",
    [{"language": "xx"}, {"public_fields": ["password"]}, {"name": "x" * 151}, {"phone": "1" * 41}],
)
def test_the_service_refuses_what_the_form_refuses(anna, given):
    with pytest.raises(ValidationError):
        services.change_profile(user=anna, by=anna, **given)


def test_the_page_is_cheap(member, connection_queries):
    assert connection_queries(member, HOME) <= 6
