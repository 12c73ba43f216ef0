import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied

from organisations import moderation
from organisations.models import Organisation
from tests.factories import OrganisationFactory, UserFactory

Status, Step = Organisation.Status, Organisation.Step
SERVICES = {
    Step.VERIFY: moderation.verify,
    Step.REJECT: moderation.reject,
    Step.ARCHIVE: moderation.archive,
    Step.REOPEN: moderation.reopen,
}
LEADS_TO = {
    (Status.DRAFT, Step.VERIFY): Status.VERIFIED,
    (Status.PENDING, Step.VERIFY): Status.VERIFIED,
    (Status.PENDING, Step.REJECT): Status.REJECTED,
    (Status.DRAFT, Step.ARCHIVE): Status.ARCHIVED,
    (Status.PENDING, Step.ARCHIVE): Status.ARCHIVED,
    (Status.VERIFIED, Step.ARCHIVE): Status.ARCHIVED,
    (Status.REJECTED, Step.ARCHIVE): Status.ARCHIVED,
    (Status.REJECTED, Step.REOPEN): Status.PENDING,
    (Status.ARCHIVED, Step.REOPEN): Status.PENDING,
}


@pytest.mark.django_db
@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("status", Status)
def test_every_step_from_every_status(status, step):
    organisation = OrganisationFactory(status=status)
    moderator = UserFactory(administrator=True)
    target = LEADS_TO.get((status, step))
    assert (step in organisation.steps) is (target is not None)

    if target is None:
        with pytest.raises(moderation.StepNotPossible, match=organisation.name):
            SERVICES[step](organisation=organisation, by=moderator)
        assert not LogEntry.objects.exists()
    else:
        assert SERVICES[step](organisation=organisation, by=moderator) == organisation
        assert LogEntry.objects.get().user == moderator

    organisation.refresh_from_db()
    assert organisation.status == (target or status)


def test_only_moderators_take_steps(editor, organisation):
    with pytest.raises(PermissionDenied):
        moderation.archive(organisation=organisation, by=editor.user)
    organisation.refresh_from_db()
    assert organisation.status == Status.VERIFIED


@pytest.mark.django_db
def test_step_follows_what_is_stored_and_not_a_stale_copy():
    stale = OrganisationFactory(status=Status.PENDING)
    Organisation.objects.filter(pk=stale.pk).update(status=Status.ARCHIVED)
    with pytest.raises(moderation.StepNotPossible):
        moderation.verify(organisation=stale, by=UserFactory(administrator=True))
