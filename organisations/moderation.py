"""Moderation of profiles: ``moderation.verify(organisation=…, by=…)``.

Which step is possible when is `Organisation.STEPS`. Every step is one transaction that locks the
profile, is written to the log of the administration pages and to the profile's history, and is told
to the owners and editors of the team.

Moderators are those who may change every organisation, and those who moderate the region in which
one is at home (`OrganisationQuerySet.moderated_by`). Nobody judges a profile in whose team they
are, since a verified profile is one that somebody else has looked at; only a superuser may, so that
a site with a single administrator can work, and the log names them.
"""

from datetime import timedelta
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from organisations.models import Organisation, Review, ReviewAnswer
from organisations.moderating import messages
from organisations.querysets import OrganisationQuerySet

Step = Organisation.Step
Decision = Review.Decision

STEP_OF = {
    Decision.PUBLISH: Step.VERIFY,
    Decision.HOLD: Step.HOLD,
    Decision.REJECT: Step.REJECT,
}
PUBLISH_FROM = 10
HOLD_FROM = 5
MOST_ANSWERS = 20
"""Answers about one profile by one person in a day: each is a message to somebody."""


class StepNotPossible(ValueError):
    """The profile is in a status from which this step does not lead."""


class ReasonNeeded(ValueError):
    """Whoever does not publish, or decides otherwise than the scores propose, says why."""


class DecidedMeanwhile(StepNotPossible):
    """Somebody decided after the moderator had looked; ``review`` is theirs, if there is one."""

    def __init__(self, message: str, review: Review | None) -> None:
        super().__init__(message)
        self.review = review


class TooManyAnswers(ValueError):
    """More answers in a day than a conversation needs."""


def proposal(
    *, innovation: int, clarity: int, expectations: int, guidelines: int
) -> Review.Decision:
    """What the four scores propose: any 0 hold, else 10 and more publish, 5 to 9 hold, below
    that reject."""
    scores = (innovation, clarity, expectations, guidelines)
    total = sum(scores)
    if 0 in scores or HOLD_FROM <= total < PUBLISH_FROM:
        return Decision.HOLD
    return Decision.PUBLISH if total >= PUBLISH_FROM else Decision.REJECT


def with_rights(rows: OrganisationQuerySet, by: User) -> OrganisationQuerySet:
    """Adds ``is_moderated``, whether ``by`` moderates the profile, and ``may_be_judged``, whether
    they may take steps with it: as a moderator outside of its team."""
    is_moderated = Exists(Organisation.objects.moderated_by(by).filter(pk=OuterRef("pk")))
    in_team = Exists(by.teams.filter(organisation=OuterRef("pk")))
    may_be_judged = Q(is_moderated) if by.is_superuser else Q(is_moderated) & ~Q(in_team)
    return rows.annotate(
        is_moderated=is_moderated,
        may_be_judged=ExpressionWrapper(may_be_judged, output_field=BooleanField()),
    )


def may_judge(*, organisation: Organisation, by: User) -> bool:
    """Whether ``by`` may take steps with this profile: a moderator of it outside of its team."""
    rows = with_rights(Organisation.objects.filter(pk=organisation.pk), by)
    return rows.filter(**{"may_be_judged": True}).exists()


def state_of(organisation: Organisation, latest: Review | None) -> str:
    """What a moderator saw who opened the page: the status, and the number of the last review."""
    return f"{organisation.status}-{latest.pk if latest else 0}"


@transaction.atomic
def review(
    *,
    organisation: Organisation,
    by: User,
    innovation: int,
    clarity: int,
    expectations: int,
    guidelines: int,
    decision: Review.Decision,
    reason: str = "",
    seen: str | None = None,
    page: str = "",
) -> Review:
    """Score a profile by the four criteria, 0 to 5 each, and publish, hold or reject it.

    ``seen`` is the `state_of` the profile when ``by`` opened it; ``page`` is the address at which
    its team reads the verdict, for the message. Raises PermissionDenied if ``by`` may not judge the
    profile, `DecidedMeanwhile` where it is in another state now, `StepNotPossible`, `ReasonNeeded`,
    or ValidationError for a score out of range.
    """
    current = locked(organisation, by)
    latest = current.reviews.select_related("by").first()
    if seen is not None and seen != state_of(current, latest):
        raise DecidedMeanwhile(_("This profile was decided on while you looked at it."), latest)
    scores = {
        "innovation": innovation,
        "clarity": clarity,
        "expectations": expectations,
        "guidelines": guidelines,
    }
    decision, reason = Decision(decision), reason.strip()
    verdict = Review(organisation=current, by=by, decision=decision, reason=reason, **scores)
    verdict.clean_fields()
    if not reason and decision != Decision.PUBLISH:
        raise ReasonNeeded(_("Say why the profile is not published."))
    proposed = proposal(**scores)
    if not reason and decision != proposed:
        raise ReasonNeeded(
            _("The scores propose to %(proposed)s. Say why you decide otherwise.")
            % {"proposed": proposed.label}
        )
    _take(STEP_OF[decision], current, by, reason=reason, given=organisation)
    verdict.save()
    messages.tell_team(current, "reviewed", page=page, review=verdict)
    return verdict


def verify(
    *, organisation: Organisation, by: User, reason: str = "", page: str = ""
) -> Organisation:
    """Publish a profile: everyone may see it, and it may be suggested."""
    return _step(Step.VERIFY, organisation, by, reason, page)


def hold(*, organisation: Organisation, by: User, reason: str, page: str = "") -> Organisation:
    """Ask the team for more before it is decided on. Raises `ReasonNeeded` without a reason."""
    return _step(Step.HOLD, organisation, by, reason, page)


def reject(*, organisation: Organisation, by: User, reason: str, page: str = "") -> Organisation:
    """Send a profile back to its team. Raises `ReasonNeeded` without a reason."""
    return _step(Step.REJECT, organisation, by, reason, page)


def archive(
    *, organisation: Organisation, by: User, reason: str = "", page: str = ""
) -> Organisation:
    """Withdraw a profile; what it took part in stays on record."""
    return _step(Step.ARCHIVE, organisation, by, reason, page)


def reopen(
    *, organisation: Organisation, by: User, reason: str = "", page: str = ""
) -> Organisation:
    """Put a held, rejected or archived profile before the moderators again."""
    return _step(Step.REOPEN, organisation, by, reason, page)


@transaction.atomic
def answer(*, organisation: Organisation, by: User, text: str, page: str = "") -> ReviewAnswer:
    """Write to the moderators as an owner or editor, or to the team as a moderator.

    The same words sent twice in a row are one answer. ``page`` is the address at which the other
    side reads it. Raises PermissionDenied for everyone else, ValidationError without a text,
    `TooManyAnswers`.
    """
    current = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    is_member = current.team.filter(user=by, role__in=["owner", "editor"]).exists()
    if not is_member and not may_judge(organisation=current, by=by):
        raise PermissionDenied(_("Owners, editors and moderators write here."))
    latest = current.review_answers.last()
    if latest is not None and latest.author_id == by.pk and latest.text == text.strip():
        return latest
    since = timezone.now() - timedelta(days=1)
    if current.review_answers.filter(author=by, created_at__gt=since).count() >= MOST_ANSWERS:
        raise TooManyAnswers(_("You wrote many times today. Please go on tomorrow."))
    written = ReviewAnswer(
        organisation=current, author=by, is_moderator=not is_member, text=text.strip()
    )
    written.clean_fields()
    written.save()
    if is_member:
        messages.tell_moderators(current, page=page)
    else:
        messages.tell_team(current, "review_answered", page=page, answer=written)
    return written


@transaction.atomic
def _step(
    step: Organisation.Step, organisation: Organisation, by: User, reason: str, page: str
) -> Organisation:
    """Take a step without scores; its reason stands in the conversation with the team."""
    current, reason = locked(organisation, by), reason.strip()
    _check_possible(step, current)
    if step in {Step.HOLD, Step.REJECT} and not reason:
        raise ReasonNeeded(_("Say why the profile is not published."))
    _take(step, current, by, reason=reason, given=organisation)
    if reason:
        said = ReviewAnswer(organisation=current, author=by, is_moderator=True, text=reason)
        said.clean_fields()
        said.save()
    messages.tell_team(current, "reviewed", page=page, reason=reason)
    return current


def locked(organisation: Organisation, by: User) -> Organisation:
    """The profile as stored, for somebody who may judge it. Raises PermissionDenied."""
    current = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation.pk).first()
    if current is None:
        raise StepNotPossible(_("This organisation is no longer here."))
    if not Organisation.objects.moderated_by(by).filter(pk=current.pk).exists():
        raise PermissionDenied(_("Only moderators change the status of a profile."))
    if not may_judge(organisation=current, by=by):
        raise PermissionDenied(_("You are in the team of this profile: somebody else decides."))
    return current


def _check_possible(step: Organisation.Step, current: Organisation) -> None:
    sources, _target = Organisation.STEPS[step]
    if current.status not in sources:
        raise StepNotPossible(
            _("“%(name)s” is “%(status)s”: this step is not possible: %(step)s.")
            % {"name": current, "status": current.get_status_display(), "step": step.label}
        )


def _take(
    step: Organisation.Step,
    current: Organisation,
    by: User,
    *,
    reason: str,
    given: Organisation,
) -> None:
    """Write the new status to the locked row ``current``, and let ``given`` say it as well."""
    _check_possible(step, current)
    before: Any = current.get_status_display()
    current.status = Organisation.STEPS[step][1]
    changed = ["status", "updated_at"]
    if step == Step.REOPEN:
        current.submitted_at = timezone.now()  # it waits from now on
        changed.append("submitted_at")
    current._history_user = by  # type: ignore[attr-defined]  # what simple-history reads
    current._change_reason = step.value  # type: ignore[attr-defined]
    current.save(update_fields=changed)
    given.status, given.submitted_at = current.status, current.submitted_at
    said = _("Status: %(before)s → %(after)s.") % {
        "before": before,
        "after": current.get_status_display(),
    }
    LogEntry.objects.log_actions(
        by.pk,
        [current],
        CHANGE,
        f"{said} {reason}".strip(),
        single_object=True,
    )
