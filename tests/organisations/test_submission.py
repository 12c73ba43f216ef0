"""A profile is handed in for verification."""

import pytest
from django.core.exceptions import PermissionDenied

from organisations import submission
from organisations.models import Organisation
from organisations.moderation import StepNotPossible
from tests.factories import StatementFactory

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
