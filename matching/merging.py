"""How choices about suggestions of two organisations become one's, when the two are merged."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.feedback.models import Exclusion, Feedback
from matching.outbox.models import SuggestionList
from organisations.merging.rules import Outcome, rule


@rule(
    Feedback,
    says=_("the later choice holds, the earlier one stays on record as undone"),
    describe=lambda row: f"{row.organisation} – {row.other}: {row.get_kind_display()}",
    fetch=("organisation", "other"),
)
def feedback(stays: Feedback, other: Feedback) -> Outcome:
    earlier = min(stays, other, key=lambda row: row.created_at)
    earlier.withdrawn_at = timezone.now()
    return Outcome.BOTH


@rule(
    Exclusion,
    says=_("left out once; the other stays on record as undone"),
    describe=lambda row: row.what,
    fetch=("region",),
)
def exclusions(stays: Exclusion, other: Exclusion) -> Outcome:
    other.withdrawn_at = timezone.now()
    return Outcome.BOTH


@rule(
    SuggestionList,
    says=_("the list of the kept one; the next run makes it anew"),
    describe=lambda row: f"{row.made_at:%Y-%m-%d}",
)
def suggestion_lists(stays: SuggestionList, other: SuggestionList) -> Outcome:
    return Outcome.DROP
