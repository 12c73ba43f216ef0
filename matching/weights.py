"""Which weights are in force: ``weights.put_in_force(weights=…, by=…)``."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from matching.models import ScoringWeights


@transaction.atomic
def put_in_force(*, weights: ScoringWeights, by: User) -> ScoringWeights:
    """Score by this version from now on; the version before stays on record.

    All versions are locked, so that two administrators take turns. The index need not be built
    again: it holds the signals, and weighs them as it answers.
    """
    if not by.has_perm("matching.change_scoringweights"):
        raise PermissionDenied(_("Only administrators choose the weights."))
    before = [
        version
        for version in ScoringWeights.objects.select_for_update().order_by("pk")
        if version.in_force
    ]
    if before == [weights]:
        return weights
    for version in before:
        version.in_force = False
        version.save(update_fields=["in_force"])
    weights.in_force = True
    weights.save(update_fields=["in_force"])
    LogEntry.objects.log_actions(
        by.pk,
        [weights],
        CHANGE,
        _("Put in force; before: %(before)s.")
        % {"before": ", ".join(str(version) for version in before) or "–"},
        single_object=True,
    )
    return weights
