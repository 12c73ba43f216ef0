"""All of one's data, and the end of an account."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import PermissionDenied

from accounts import personal, services
from accounts.models import ApiToken, Consent, User
from organisations import moderation
from organisations.models import AccessRequest, Organisation, Review, TeamMember
from tests.accounts.conftest import text_of
from tests.factories import (
    PASSWORD,
    ApiTokenFactory,
    ConsentFactory,
    FeedbackFactory,
    OrganisationFactory,
    TeamMemberFactory,
    UserFactory,
)

DATA, DOWNLOAD, DELETE = "/account/data/", "/account/data/download/", "/account/delete/"


def test_every_reference_to_users_is_kept_or_left_out_with_a_reason():
    assert personal.uncovered() == set()
    assert all(personal._left_out.values())


def test_a_new_reference_would_be_found(monkeypatch):
    for label in ("organisations.TeamMember.user", "matching.Feedback.by", "accounts.Consent.user"):
        monkeypatch.setattr(personal, "_covered", personal._covered - {label})
        assert personal.uncovered() == {label}
        monkeypatch.undo()


def test_two_rooms_cannot_keep_the_same_thing():
    with pytest.raises(ValueError, match="teams"):
        personal.keeps("teams", TeamMember, "user", "role")


@pytest.fixture
def busy(anna, organisation):
    """Anna with a row of everything."""
    TeamMemberFactory(organisation=organisation, user=anna, role=TeamMember.Role.EDITOR)
    AccessRequest.objects.create(organisation=organisation, user=anna, kind="join", message="Hi")
    Review.objects.create(
        organisation=organisation,
        by=anna,
        innovation=3,
        clarity=3,
        expectations=3,
        guidelines=3,
        decision="publish",
    )
    FeedbackFactory(organisation=organisation, by=anna, kind="dismissed", reason="known")
    ConsentFactory(user=anna)
    ApiTokenFactory(user=anna, name="Website")
    Authenticator.objects.create(user=anna, type="totp", data={"secret": "SECRETKEY"})
    LogEntry.objects.log_actions(
        anna.pk, [organisation], CHANGE, "Status: a → b", single_object=True
    )
    return anna


def test_the_export_holds_everything_and_no_secret(member, busy, organisation):
    member.reauthenticate()
    answer = member.get(DOWNLOAD)
    assert answer["Content-Type"] == "application/json"
    assert "attachment" in answer["Content-Disposition"]
    told = answer.json()
    assert told["account"][0]["email"] == "anna@example.org"
    assert told["email_addresses"][0]["verified"] is True
    assert told["teams"] == [
        {
            "organisation_slug": organisation.slug,
            "organisation_name": organisation.name,
            "role": "editor",
        }
    ]
    for kind in (
        "requests",
        "reviews",
        "feedback",
        "consents",
        "sessions",
        "api_tokens",
        "second_factors",
        "administration_log",
        "former_teams",
    ):
        assert told[kind], kind
    text = text_of(answer)
    token = ApiToken.objects.get()
    busy.refresh_from_db()
    for secret in (token.digest, "SECRETKEY", busy.password, member.session.session_key):
        assert secret not in text


def test_the_export_tells_nothing_of_others(member, busy):
    other = UserFactory(email="bert@example.org", name="Bert")
    TeamMemberFactory(user=other)
    ConsentFactory(user=other)
    member.reauthenticate()
    assert "bert" not in text_of(member.get(DOWNLOAD)).lower()


@pytest.mark.parametrize(
    ("status", "in_team", "is_named"),
    [("verified", False, True), ("draft", False, False), ("draft", True, True)],
)
def test_a_request_names_no_unlisted_organisation(member, anna, status, in_team, is_named):
    place = OrganisationFactory(slug="hidden-one", name="Hidden One", status=status)
    AccessRequest.objects.create(organisation=place, user=anna, kind="join", message="Hi")
    TeamMemberFactory(organisation=place)
    TeamMemberFactory(user=anna)
    if in_team:
        TeamMemberFactory(organisation=place, user=anna)
    member.reauthenticate()
    answer = member.get(DOWNLOAD)
    (request,) = answer.json()["requests"]
    named = (request["organisation_slug"], request["organisation_name"])
    assert named == (("hidden-one", "Hidden One") if is_named else ("", ""))
    assert request["message"] == "Hi"
    assert is_named or "idden" not in text_of(answer)


def test_what_one_changed_is_told(anna, organisation):
    history = organisation.history.create(
        **organisation.history.values(
            *[
                f.attname
                for f in Organisation.history.model._meta.fields
                if f.name not in {"history_id", "history_user", "history_type"}
            ]
        ).first(),
        history_type="~",
        history_user=anna,
    )
    changes = personal.export(anna)["changes_made"]
    assert {
        "what": "organisations.Organisation",
        "number": organisation.pk,
        "date": history.history_date,
        "change": "changed",
    } in changes


def test_the_export_needs_the_password(member, visitor):
    member.get("/accounts/logout/")
    assert "reauthenticate" in member.get(DOWNLOAD)["Location"]
    assert member.post(DOWNLOAD).status_code == 405


@pytest.mark.parametrize("path", [DATA, DOWNLOAD, DELETE])
def test_pages_about_data_need_a_log_in(visitor, path):
    assert visitor.get(path)["Location"].startswith("/accounts/login/")


def test_deletion_needs_the_password_and_the_typed_address(member, anna):
    assert member.get(DELETE)["Location"].startswith("/accounts/reauthenticate/")
    member.reauthenticate()
    for typed in ("", "bert@example.org", "yes", "a\0b"):
        assert member.send(DELETE, email=typed).status_code == 400
    anna.refresh_from_db()
    assert anna.is_active


def test_the_person_goes_and_the_records_stay(member, another, busy, organisation):
    other = UserFactory(administrator=True)
    LogEntry.objects.log_actions(
        other.pk, [busy.teams.get(), busy], CHANGE, [{"changed": {"object": "Anna Example – AGH"}}]
    )
    another.log_in()
    keys = [row.session_key for row in UserSession.objects.filter(user=busy)]
    member.reauthenticate()
    mail.outbox.clear()
    assert member.send(DELETE, email="Anna@Example.org")["Location"] == "/account/deleted/"

    assert "Your account is deleted" in text_of(member.get("/account/deleted/"))
    assert not member.is_logged_in
    assert another.get("/account/").status_code == 302
    assert not Session.objects.filter(session_key__in=keys).exists()
    row = User.objects.get(pk=busy.pk)
    assert (row.name, row.position, row.phone, row.public_fields) == ("", "", "", [])
    assert row.email == f"account-{row.pk}@deleted.invalid"
    assert str(row) == "deleted account"
    assert not (row.is_active)
    assert not (row.is_staff)
    assert not (row.is_superuser)
    assert not (row.has_usable_password())
    for model in (EmailAddress, Authenticator, ApiToken, Consent, UserSession, AccessRequest):
        assert not model.objects.filter(user=row).exists(), model
    assert not row.teams.exists()
    assert Organisation.objects.filter(pk=organisation.pk).exists()
    assert Review.objects.get().by == row
    assert LogEntry.objects.filter(user=row).count() == 1
    assert "Anna" not in str(list(LogEntry.objects.values()))
    assert [message.to for message in mail.outbox] == [["anna@example.org"]]


def test_a_name_that_is_part_of_other_words_leaves_the_log_alone(anna):
    anna.name = "Anna"
    anna.save()
    administrator = UserFactory(administrator=True)
    town = OrganisationFactory(name="Annaberg")
    LogEntry.objects.log_actions(administrator.pk, [town], CHANGE, "x", single_object=True)
    services.delete_account(user=anna, by=anna)
    assert LogEntry.objects.get().object_repr == "Annaberg"


def test_the_address_may_be_used_anew(member, another, code):
    member.reauthenticate()
    member.send(DELETE, email="anna@example.org")
    another.sign_up("anna@example.org")
    another.send("/accounts/confirm-email/", code=code())
    assert another.is_logged_in


def test_what_a_moderator_decided_stays_on_record(anna):
    anna.is_superuser = True
    anna.save()
    UserFactory(administrator=True)
    organisation = OrganisationFactory(status="pending")
    moderation.verify(organisation=organisation, by=anna)
    services.delete_account(user=anna, by=anna)
    entry = LogEntry.objects.get()
    assert entry.content_type == ContentType.objects.get_for_model(Organisation)
    assert str(entry.user) == "deleted account"


def test_the_last_administrator_stays(visitor):
    user = UserFactory(email="anna@example.org", administrator=True)
    visitor.log_in()
    visitor.reauthenticate()
    answer = visitor.send(DELETE, email=user.email)
    assert answer.status_code == 400
    assert "the only account that administers" in text_of(answer)
    UserFactory(administrator=True)
    assert visitor.send(DELETE, email=user.email).status_code == 302


def test_nobody_deletes_another_person(anna):
    with pytest.raises(PermissionDenied):
        services.delete_account(user=anna, by=UserFactory(is_staff=True))


def test_who_owns_alone_is_told_what_happens(member, anna, organisation):
    TeamMemberFactory(organisation=organisation, user=anna, role=TeamMember.Role.OWNER)
    member.reauthenticate()
    assert "“AGH University” is left without a team" in text_of(member.get(DELETE))


def test_the_data_page(member):
    assert DOWNLOAD in text_of(member.get(DATA))
    assert json.dumps(PASSWORD) not in text_of(member.get(DATA))


def test_every_room_of_ours_was_asked():
    labels = {label.split(".")[0] for label in personal._covered}
    ours = {"accounts", "regions", "organisations", "matching"}
    assert ours <= labels
    assert all(apps.is_installed(name) for name in ours)
