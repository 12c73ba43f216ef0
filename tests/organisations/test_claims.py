"""Claims and wishes to join: who gets in, by whose word, and what is told to whom."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from organisations import claims
from organisations.models import AccessRequest, Organisation, TeamMember
from organisations.refusals import AnsweredAlready, NotPossible
from regions.models import RegionRole
from tests.factories import OrganisationFactory, TeamMemberFactory, UserFactory

pytestmark = pytest.mark.django_db
Status, Kind, Role = AccessRequest.Status, AccessRequest.Kind, TeamMember.Role


@pytest.fixture
def moderator(unclaimed):
    user = UserFactory(email="moderator@example.org")
    RegionRole.objects.create(user=user, region=unclaimed.home_region, role="moderator")
    return user


@pytest.fixture
def admin():
    return UserFactory(administrator=True)


def role_of(user, organisation):
    member = TeamMember.objects.filter(user=user, organisation=organisation).first()
    return member and member.role


def test_an_address_in_the_domain_of_the_website_proves_a_claim_at_once(
    unclaimed, person, mailoutbox, django_capture_on_commit_callbacks
):
    user = person("private@example.net", "anna@institute.example.org")
    with django_capture_on_commit_callbacks(execute=True):
        asked = claims.ask(organisation=unclaimed, by=user, page="https://site.example.org/x/")
    assert (asked.kind, asked.status, asked.proof) == (Kind.CLAIM, Status.GRANTED, "email")
    assert asked.decided_by is None
    assert role_of(user, unclaimed) == Role.OWNER
    (message,) = mailoutbox
    assert message.to == ["private@example.net"]
    assert "https://site.example.org/x/" in message.body


@pytest.mark.parametrize(
    "email",
    [
        "anna@example.org",
        "anna@mail.institute.example.org",
        "a@institute.example.org.example.net",
    ],
)
def test_other_addresses_wait_for_a_moderator(unclaimed, person, email):
    asked = claims.ask(organisation=unclaimed, by=person(email), message=" I work there. ")
    assert (asked.kind, asked.status, asked.message) == (
        Kind.CLAIM,
        Status.PENDING,
        "I work there.",
    )
    assert not TeamMember.objects.exists()


def test_an_address_that_was_not_verified_proves_nothing(unclaimed):
    user = UserFactory(email="anna@institute.example.org", confirmed=False)
    assert claims.ask(organisation=unclaimed, by=user).status == Status.PENDING


def test_the_website_of_a_profile_that_is_not_public_proves_nothing(unclaimed, person):
    Organisation.objects.filter(pk=unclaimed.pk).update(status="draft")
    user = person("anna@institute.example.org")
    assert claims.ask(organisation=unclaimed, by=user).status == Status.PENDING


def test_a_public_mail_provider_proves_nothing(person):
    provider = OrganisationFactory(website="https://www.gmail.com")
    assert claims.ask(organisation=provider, by=person("a@gmail.com")).status == Status.PENDING


def test_where_there_is_an_owner_one_asks_to_join(
    organisation, owner, viewer, editor, person, mailoutbox, django_capture_on_commit_callbacks
):
    Organisation.objects.filter(pk=organisation.pk).update(website="https://agh.example.org")
    user = person("anna@agh.example.org", name="Anna")
    with django_capture_on_commit_callbacks(execute=True):
        asked = claims.ask(organisation=organisation, by=user, message="Hello")
    assert (asked.kind, asked.status) == (Kind.JOIN, Status.PENDING)
    told = {message.to[0]: message.body for message in mailoutbox}
    assert set(told) == {"anna@agh.example.org", "owner@example.org"}
    assert "“Anna” (anna@agh.example.org)" in told["owner@example.org"]
    assert "Hello" in told["owner@example.org"]


def test_a_team_whose_owners_are_gone_can_be_claimed(organisation, owner, viewer):
    owner.is_active = False
    owner.save()
    assert claims.ask(organisation=organisation, by=UserFactory()).kind == Kind.CLAIM


def test_asking_twice_is_asking_once(unclaimed):
    user = UserFactory()
    first = claims.ask(organisation=unclaimed, by=user, message="one")
    assert claims.ask(organisation=unclaimed, by=user, message="two") == first
    assert AccessRequest.objects.get().message == "one"


def test_a_waiting_claim_is_proved_by_an_address_added_later(unclaimed, person):
    user = person("anna@example.net")
    waiting = claims.ask(organisation=unclaimed, by=user)
    user.emailaddress_set.create(email="anna@institute.example.org", verified=True)
    assert claims.ask(organisation=unclaimed, by=user).pk == waiting.pk
    assert AccessRequest.objects.get().status == Status.GRANTED


def test_who_cannot_ask(organisation, viewer, unclaimed):
    with pytest.raises(NotPossible, match="already"):
        claims.ask(organisation=organisation, by=viewer.user)
    for field in ({"is_illustrative": True}, {"status": "archived", "is_illustrative": False}):
        Organisation.objects.filter(pk=unclaimed.pk).update(**field)
        with pytest.raises(NotPossible, match="cannot be claimed"):
            claims.ask(organisation=unclaimed, by=UserFactory())


def test_after_a_refusal_one_waits_a_week(unclaimed, moderator):
    user = UserFactory()
    asked = claims.ask(organisation=unclaimed, by=user)
    claims.refuse(request=asked, by=moderator, answer="Who are you?")
    with pytest.raises(NotPossible, match="a week"):
        claims.ask(organisation=unclaimed, by=user)
    AccessRequest.objects.update(decided_at=timezone.now() - timedelta(days=8))
    assert claims.ask(organisation=unclaimed, by=user).status == Status.PENDING


def test_nobody_asks_everywhere():
    user = UserFactory()
    for _turn in range(claims.MOST_PENDING):
        claims.ask(organisation=OrganisationFactory(), by=user)
    with pytest.raises(NotPossible, match="10 requests"):
        claims.ask(organisation=OrganisationFactory(), by=user)


def test_a_moderator_of_the_region_grants_a_claim(unclaimed, moderator):
    user = UserFactory()
    asked = claims.ask(organisation=unclaimed, by=user)
    member = claims.grant(request=asked, by=moderator)
    assert (member.user, member.role) == (user, Role.OWNER)
    asked.refresh_from_db()
    assert (asked.status, asked.proof, asked.decided_by) == (
        Status.GRANTED,
        "moderator",
        moderator,
    )
    assert claims.grant(request=asked, by=moderator) == member


def test_claims_that_wait_go_to_the_new_owner(unclaimed, moderator):
    one, two = UserFactory(), UserFactory()
    first = claims.ask(organisation=unclaimed, by=one)
    second = claims.ask(organisation=unclaimed, by=two)
    claims.grant(request=first, by=moderator)
    second.refresh_from_db()
    assert (second.kind, second.status) == (Kind.JOIN, Status.PENDING)
    with pytest.raises(PermissionDenied):
        claims.grant(request=second, by=moderator)
    assert claims.grant(request=second, by=one, role="editor").role == Role.EDITOR


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_an_owner_grants_a_wish_to_join(organisation, owner, role):
    asked = claims.ask(organisation=organisation, by=UserFactory())
    assert claims.grant(request=asked, by=owner, role=role).role == role
    asked.refresh_from_db()
    assert asked.proof == "owner"


def test_nobody_becomes_an_owner_by_asking_to_join(organisation, owner):
    asked = claims.ask(organisation=organisation, by=UserFactory())
    with pytest.raises(NotPossible, match="viewer or an editor"):
        claims.grant(request=asked, by=owner, role="owner")
    assert role_of(asked.user, organisation) is None


@pytest.mark.parametrize("who", ["editor", "viewer", "stranger", "moderator", "self"])
def test_others_do_not_answer_a_wish_to_join(
    organisation, owner, editor, viewer, stranger, moderator, who
):
    RegionRole.objects.create(user=moderator, region=organisation.home_region, role="moderator")
    asked = claims.ask(organisation=organisation, by=UserFactory())
    by = {
        "editor": editor.user,
        "viewer": viewer.user,
        "stranger": stranger.user,
        "moderator": moderator,
        "self": asked.user,
    }[who]
    for answer in (claims.grant, claims.refuse):
        with pytest.raises(PermissionDenied):
            answer(request=asked, by=by)
    asked.refresh_from_db()
    assert asked.status == Status.PENDING


def test_others_do_not_answer_a_claim(unclaimed, admin):
    elsewhere = UserFactory()
    RegionRole.objects.create(
        user=elsewhere, region=OrganisationFactory().home_region, role="moderator"
    )
    asked = claims.ask(organisation=unclaimed, by=admin)
    for by in (elsewhere, UserFactory(), admin):  # an administrator does not grant their own
        with pytest.raises(PermissionDenied):
            claims.grant(request=asked, by=by)


def test_an_answer_is_given_once(
    unclaimed, moderator, mailoutbox, django_capture_on_commit_callbacks
):
    user = UserFactory()
    asked = claims.ask(organisation=unclaimed, by=user)
    with django_capture_on_commit_callbacks(execute=True):
        claims.refuse(request=asked, by=moderator, answer="No.")
        assert claims.refuse(request=asked, by=moderator).answer == "No."
    assert [message.to for message in mailoutbox] == [[user.email]]
    assert "No." in mailoutbox[0].body
    with pytest.raises(AnsweredAlready):
        claims.grant(request=asked, by=moderator)
    with pytest.raises(AnsweredAlready):
        claims.withdraw(request=asked, by=user)


def test_one_withdraws_ones_own(unclaimed, moderator):
    user = UserFactory()
    asked = claims.ask(organisation=unclaimed, by=user)
    with pytest.raises(PermissionDenied):
        claims.withdraw(request=asked, by=UserFactory())
    for _turn in range(2):
        assert claims.withdraw(request=asked, by=user).status == Status.WITHDRAWN
    with pytest.raises(AnsweredAlready):
        claims.grant(request=asked, by=moderator)
    with pytest.raises(NotPossible, match="a day after"):
        claims.ask(organisation=unclaimed, by=user)
    AccessRequest.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert claims.ask(organisation=unclaimed, by=user).pk != asked.pk


def test_nobody_writes_to_very_many_owners_in_a_day(monkeypatch):
    monkeypatch.setattr(claims, "A_DAY", 3)
    user = UserFactory()
    for _turn in range(3):
        asked = claims.ask(organisation=OrganisationFactory(), by=user)
        claims.withdraw(request=asked, by=user)
    with pytest.raises(NotPossible, match="tomorrow"):
        claims.ask(organisation=OrganisationFactory(), by=user)


def test_a_website_that_a_team_may_have_written_proves_nothing(organisation, editor, person):
    Organisation.objects.filter(pk=organisation.pk).update(website="https://mine.example.org")
    second = person("me@mine.example.org")
    assert claims.ask(organisation=organisation, by=second).status == Status.PENDING


def test_moderators_too_answer_who_joins_a_profile_that_nobody_verified(
    organisation, owner, person, admin
):
    Organisation.objects.filter(pk=organisation.pk).update(status="draft")
    asked = claims.ask(organisation=organisation, by=person("real@example.net"))
    assert asked.kind == Kind.JOIN
    assert list(claims.pending_for(admin)) == [asked]
    assert claims.grant(request=asked, by=admin).role == Role.VIEWER


def test_what_waits_for_a_moderator(unclaimed, organisation, owner, moderator, admin, stranger):
    claim = claims.ask(organisation=unclaimed, by=UserFactory())
    joining = claims.ask(organisation=organisation, by=UserFactory())
    assert list(claims.pending_for(moderator)) == [claim]
    assert list(claims.pending_for(admin)) == [claim]
    assert not claims.pending_for(stranger.user).exists()
    owner.is_active = False
    owner.save()
    assert list(claims.pending_for(admin)) == [claim, joining]
    assert claims.grant(request=joining, by=admin, role="owner").role == Role.OWNER


def test_a_message_about_a_profile_that_is_not_public_does_not_name_it(
    unclaimed, mailoutbox, django_capture_on_commit_callbacks
):
    Organisation.objects.filter(pk=unclaimed.pk).update(status="pending")
    with django_capture_on_commit_callbacks(execute=True):
        claims.ask(organisation=unclaimed, by=UserFactory())
    (message,) = mailoutbox
    assert unclaimed.name not in message.body + message.subject


def test_whoever_is_in_keeps_the_role(organisation, owner):
    user = UserFactory()
    asked = claims.ask(organisation=organisation, by=user)
    TeamMemberFactory(organisation=organisation, user=user, role=Role.EDITOR)
    assert claims.grant(request=asked, by=owner, role="viewer").role == Role.EDITOR
