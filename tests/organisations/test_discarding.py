"""Discarding a draft: whose, which, and what goes with it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from organisations import discarding, registration, teams
from organisations.models import (
    AccessRequest,
    FormerAddress,
    Organisation,
    Statement,
    TeamInvitation,
    TeamMember,
)
from organisations.refusals import NotPossible
from tests.factories import (
    AccessRequestFactory,
    CountryFactory,
    LogoFactory,
    ParticipationFactory,
    ReviewAnswerFactory,
    SourceFactory,
    StatementFactory,
    TeamInvitationFactory,
    TeamMemberFactory,
    UserFactory,
)


@pytest.fixture
def founder(db):
    return UserFactory(email="founder@example.org", name="Fay Founder")


@pytest.fixture
def draft(founder):
    return registration.register(
        by=founder,
        token="t" * 32,
        name="Łódź Hydrogen Works",
        kind="company",
        country=CountryFactory(),
        city="Łódź",
    )


def test_a_draft_goes_with_all_that_it_says(
    draft, founder, mailoutbox, django_capture_on_commit_callbacks
):
    StatementFactory(organisation=draft)
    TeamInvitationFactory(organisation=draft, invited_by=founder)
    TeamInvitation.objects.update(last_sent_at=timezone.now() - timedelta(days=2))
    LogoFactory(organisation=draft)
    colleague = UserFactory(email="colleague@example.org", language="pl")
    TeamMemberFactory(organisation=draft, user=colleague)
    gone = UserFactory(email="gone@example.org", is_active=False)
    TeamMemberFactory(organisation=draft, user=gone)
    lines = list(discarding.what_goes(draft, by=founder))
    assert lines == [
        "The profile of “Łódź Hydrogen Works”, with all that it says.",
        "1 statement.",
        "The memberships of 2 other people of the team, who are told by e-mail.",
        "1 invitation into the team; its link ends.",
        "The logo.",
    ]
    assert discarding.may_discard(organisation=draft, user=founder)
    with django_capture_on_commit_callbacks(execute=True):
        for _turn in range(2):
            discarding.discard(organisation=draft, by=founder)
    assert not Organisation.objects.exists()
    assert not Statement.objects.exists()
    assert not TeamMember.objects.exists()
    (message,) = mailoutbox
    assert message.to == ["colleague@example.org"]
    assert "Łódź Hydrogen Works" in message.body
    assert "Łódź Hydrogen Works" not in message.subject
    assert "Fay Founder" in message.body


@pytest.mark.parametrize("status", sorted(set(Organisation.Status.values) - {"draft"}))
def test_only_a_draft(draft, founder, status):
    Organisation.objects.filter(pk=draft.pk).update(status=status)
    with pytest.raises(NotPossible):
        discarding.discard(organisation=draft, by=founder)
    draft.refresh_from_db()
    assert not discarding.may_discard(organisation=draft, user=founder)


def was_verified(draft):
    draft.status = "verified"
    draft.save()
    draft.status = "draft"
    draft.save()


def was_submitted(draft):
    Organisation.objects.filter(pk=draft.pk).update(submitted_at=timezone.now())


def has_a_source(draft):
    Organisation.objects.filter(pk=draft.pk).update(source=SourceFactory())


def was_said_by_files(draft):
    draft.registered = {**draft.registered, "profiles": {"fields": {}}}
    draft.save()


def was_made_elsewhere(draft):
    Organisation.objects.filter(pk=draft.pk).update(registered={})


def takes_part(draft):
    ParticipationFactory(organisation=draft)


def is_shown_by_projects(draft):
    StatementFactory(organisation=draft, origin="demonstrated")


def another_was_merged_into_it(draft):
    FormerAddress.objects.create(organisation=draft, slug="former")


def was_claimed(draft):
    AccessRequestFactory(
        organisation=draft,
        kind=AccessRequest.Kind.CLAIM,
        status="granted",
        decided_at=timezone.now(),
    )


@pytest.mark.parametrize(
    "happened",
    [
        was_verified,
        was_submitted,
        has_a_source,
        was_said_by_files,
        was_made_elsewhere,
        takes_part,
        is_shown_by_projects,
        another_was_merged_into_it,
        was_claimed,
    ],
)
def test_what_is_not_the_teams_alone_stays(draft, founder, happened):
    happened(draft)
    draft.refresh_from_db()
    assert discarding.refusal(draft)
    with pytest.raises(NotPossible):
        discarding.discard(organisation=draft, by=founder)
    assert Organisation.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("role", ["viewer", "editor", None])
def test_only_an_owner(draft, role):
    other = UserFactory()
    if role:
        TeamMemberFactory(organisation=draft, user=other, role=role)
    with pytest.raises(PermissionDenied):
        discarding.discard(organisation=draft, by=other)
    assert not discarding.may_discard(organisation=draft, user=other)
    assert Organisation.objects.filter(pk=draft.pk).exists()


def test_discarding_gives_no_messages_back(draft, founder):
    """Whoever registers, invites and discards in turns sends no more than the limits allow."""
    invitation = teams.invite(
        organisation=draft, email="victim@example.org", role="viewer", by=founder
    )
    teams.withdraw(invitation=invitation, by=founder)
    with pytest.raises(NotPossible, match="tomorrow"):
        discarding.discard(organisation=draft, by=founder)
    assert not discarding.may_discard(organisation=draft, user=founder)
    TeamInvitation.objects.update(last_sent_at=timezone.now() - timedelta(days=2))
    discarding.discard(organisation=draft, by=founder)
    assert not Organisation.objects.exists()


def test_what_moderators_wrote_stays(draft, founder):
    ReviewAnswerFactory(organisation=draft, is_moderator=True)
    with pytest.raises(NotPossible, match="Moderators wrote"):
        discarding.discard(organisation=draft, by=founder)


def test_who_asked_to_join_is_told(draft, founder, mailoutbox, django_capture_on_commit_callbacks):
    AccessRequestFactory(organisation=draft, kind="join", user__email="asks@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        discarding.discard(organisation=draft, by=founder)
    (message,) = mailoutbox
    assert message.to == ["asks@example.org"]
    assert draft.name not in message.subject


def test_discarding_lets_nobody_register_without_end(founder, monkeypatch):
    monkeypatch.setattr(registration, "A_DAY", 3)

    def another(number):
        return registration.register(
            by=founder,
            token=f"{number}" * 32,
            name=f"Works number {number}",
            kind="company",
            country=CountryFactory(),
            city=f"Town {number}",
            seen=(),
        )

    for number in range(3):
        discarding.discard(organisation=another(number), by=founder)
    with pytest.raises(NotPossible, match="many organisations today"):
        another(4)
