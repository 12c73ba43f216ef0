"""Moderation of profiles: ``moderation.verify(organisation=…, by=…)``.

Which step is possible when is `Organisation.STEPS`. Every step is one transaction that locks the
profile, and is written to the log of the administration pages.
"""

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from organisations.models import Organisation

Step = Organisation.Step


class StepNotPossible(ValueError):
    """The profile is in a status from which this step does not lead."""


def verify(*, organisation: Organisation, by: User) -> Organisation:
    """Publish a profile: everyone may see it, and it may be suggested."""
    return _take(Step.VERIFY, organisation, by)


def reject(*, organisation: Organisation, by: User) -> Organisation:
    """Send a profile back to its team."""
    return _take(Step.REJECT, organisation, by)


def archive(*, organisation: Organisation, by: User) -> Organisation:
    """Withdraw a profile; what it took part in stays on record."""
    return _take(Step.ARCHIVE, organisation, by)


def reopen(*, organisation: Organisation, by: User) -> Organisation:
    """Put a rejected or archived profile before the moderators again."""
    return _take(Step.REOPEN, organisation, by)


@transaction.atomic
def _take(step: Organisation.Step, organisation: Organisation, by: User) -> Organisation:
    if not by.has_perm("organisations.change_organisation"):
        raise PermissionDenied(_("Only moderators change the status of a profile."))
    current = Organisation.objects.select_for_update().get(pk=organisation.pk)
    sources, target = Organisation.STEPS[step]
    if current.status not in sources:
        raise StepNotPossible(
            _("“%(name)s” is “%(status)s”: this step is not possible: %(step)s.")
            % {"name": current, "status": current.get_status_display(), "step": step.label}
        )
    organisation.status = target
    organisation.save(update_fields=["status", "updated_at"])
    LogEntry.objects.log_actions(
        by.pk,
        [organisation],
        CHANGE,
        _("Status: %(before)s → %(after)s.")
        % {"before": current.get_status_display(), "after": organisation.get_status_display()},
        single_object=True,
    )
    return organisation
