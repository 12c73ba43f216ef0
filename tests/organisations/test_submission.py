"""A profile is handed in for verification."""

import pytest
from django.core.exceptions import PermissionDenied

from organisations import submission
from organisations.models import Organisation
from organisations.moderating import messages
from organisations.moderation import StepNotPossible
from tests.factories import RegionRoleFactory, StatementFactory, TeamMemberFactory, UserFactory

Status = Organisation.Status


@pytest.fixture
def draft(organisation):
    organisation.status = Status.DRAFT
    organisation.save()
    StatementFactory(organisation=organisation)
    return organisation


@pytest.mark.parametrize("status", Status.values)
def test_every_status(draft, editor, status, django_capture_on_commit_callbacks, mailoutbox):
    draft.status = status
    draft.save()
    leads = status in {Status.DRAFT, Status.HELD, Status.REJECTED}
    with django_capture_on_commit_callbacks(execute=True):
        if leads or status == Status.PENDING:
            submission.submit(organisation=draft, by=editor.user, address="https://example.org/x")
        else:
            with pytest.raises(StepNotPossible):
                submission.submit(organisation=draft, by=editor.user)
    draft.refresh_from_db()
    assert draft.status == (Status.PENDING if leads else status)
    assert (draft.submitted_at is not None) == leads
    assert len(mailoutbox) == leads
    if leads:
        assert mailoutbox[0].to == [editor.user.email]
        assert "https://example.org/x" in mailoutbox[0].body


def test_twice_is_once(draft, editor, django_capture_on_commit_callbacks, mailoutbox):
    with django_capture_on_commit_callbacks(execute=True):
        first = submission.submit(organisation=draft, by=editor.user)
        second = submission.submit(organisation=draft, by=editor.user)
    assert first.submitted_at == second.submitted_at
    assert len(mailoutbox) == 1


def test_the_minimum(draft, editor):
    draft.statements.all().delete()
    draft.home_region = draft.country = None
    draft.save()
    with pytest.raises(submission.Incomplete) as lacking:
        submission.submit(organisation=draft, by=editor.user)
    assert set(lacking.value.missing) == {"country", "statements"}
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_only_editors_submit(draft, viewer, stranger):
    for client in (viewer, stranger):
        with pytest.raises(PermissionDenied):
            submission.submit(organisation=draft, by=client.user)


def submitted(draft, by, commit):
    with commit(execute=True):
        submission.submit(
            organisation=draft,
            by=by,
            address=f"https://regions.example/organisations/{draft.slug}/",
        )


def told(mailoutbox):
    return {mail.to[0]: mail for mail in mailoutbox if "/moderation/" in mail.body}


def test_every_moderator_of_the_region_is_told_once_in_their_language(
    draft, editor, mailoutbox, django_capture_on_commit_callbacks
):
    here = {"region": draft.home_region}
    one = RegionRoleFactory(**here, user__email="mo@example.org").user
    RegionRoleFactory(**here, user=one, role="editor")
    RegionRoleFactory(**here, user__email="fr@example.org", user__language="fr")
    RegionRoleFactory(**here, user__is_active=False)
    RegionRoleFactory(**here, role="editor")
    RegionRoleFactory()
    TeamMemberFactory(organisation=draft, user=RegionRoleFactory(**here).user, role="viewer")
    UserFactory(administrator=True)
    submitted(draft, editor.user, django_capture_on_commit_callbacks)
    mails = told(mailoutbox)
    assert set(mails) == {"mo@example.org", "fr@example.org"}
    assert len(mailoutbox) == 3
    english = mails["mo@example.org"]
    assert f"https://regions.example/moderation/{draft.slug}/" in english.body
    assert draft.name in english.body
    assert english.subject == "A profile waits for verification on Regions Meet"
    for private in (editor.user.email, editor.user.name):
        assert private not in english.body + english.subject
    # once more finds it waiting, and tells nobody
    submitted(draft, editor.user, django_capture_on_commit_callbacks)
    assert len(mailoutbox) == 3


def test_where_a_region_has_no_moderator_those_of_every_region_are_told(
    draft, editor, mailoutbox, django_capture_on_commit_callbacks
):
    everywhere = UserFactory(administrator=True)
    draft.status = Status.HELD
    draft.save()
    submitted(draft, editor.user, django_capture_on_commit_callbacks)
    (mail,) = told(mailoutbox).values()
    assert mail.to == [everywhere.email]
    assert mail.subject == "A profile was submitted again on Regions Meet"
    assert "submitted its profile again" in mail.body


def test_many_moderators_are_found_by_one_query(draft, editor, django_assert_num_queries):
    RegionRoleFactory.create_batch(10, region=draft.home_region)
    with django_assert_num_queries(1):
        assert len(messages.moderators_of(draft)) == 10


def test_a_refused_submission_tells_nobody(draft, editor, mailoutbox):
    RegionRoleFactory(region=draft.home_region)
    draft.statements.all().delete()
    with pytest.raises(submission.Incomplete):
        submission.submit(organisation=draft, by=editor.user, address="https://example.org/x")
    assert not mailoutbox
