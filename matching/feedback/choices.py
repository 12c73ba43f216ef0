"""Saving and hiding suggestions: ``choices.dismiss(organisation=…, other=…, reason=…, by=…)``.

Each command locks the organisation, so that two people of one team take turns, and may be sent
twice: what holds already is returned as it is. Only those who may edit the organisation choose
for it; everyone else gets PermissionDenied. What is new raises TooManyChoices beyond `AN_HOUR`.
"""

from datetime import timedelta
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching import engine, index
from matching.feedback.models import Exclusion, Feedback
from organisations.models import Organisation
from regions.models import Region

AN_HOUR: Final = 300
"""Choices of one organisation, and as many regions and kinds that it leaves out."""

WAIT: Final = 600


class TooManyChoices(Exception):
    """An organisation chose so often within an hour that only a script can have done it; after
    `WAIT` seconds it may have room again."""


def save(
    *, organisation: Organisation, other: Organisation, by: User, rank_shown: int | None = None
) -> Feedback:
    """Keep a suggested partner on the organisation's list; a dismissal of it ends.

    ``rank_shown`` is the place at which it was suggested, if it was. Raises ValidationError for
    the organisation itself.
    """
    return _decide(
        Feedback(
            organisation=organisation,
            other=other,
            kind=Feedback.Kind.SAVED,
            rank_shown=rank_shown,
            by=by,
        )
    )


def dismiss(
    *,
    organisation: Organisation,
    other: Organisation,
    reason: Feedback.Reason,
    by: User,
    text: str = "",
    rank_shown: int | None = None,
) -> Feedback:
    """Suggest this partner to the organisation no more, and remember why; saved, it is no longer.

    Raises ValidationError for another reason without words, and for the organisation itself.
    """
    return _decide(
        Feedback(
            organisation=organisation,
            other=other,
            kind=Feedback.Kind.DISMISSED,
            reason=reason,
            text=text.strip(),
            rank_shown=rank_shown,
            by=by,
        )
    )


@transaction.atomic
def withdraw(*, feedback: Feedback, by: User) -> Feedback:
    """Undo a save or a dismissal; it stays on record as undone."""
    _lock(feedback.organisation, by)
    Feedback.objects.active().filter(pk=feedback.pk).update(withdrawn_at=timezone.now())
    feedback.refresh_from_db(fields=["withdrawn_at"])
    return feedback


def leave_out_region(*, organisation: Organisation, region: Region, by: User) -> Exclusion:
    """Suggest nobody who is at home in this region, until it is undone.

    Raises ValueError for an area, which is nobody's home region.
    """
    if region.kind != Region.Kind.HOME:
        raise ValueError(f"{region} is no home region")
    return _leave_out(Exclusion(organisation=organisation, region=region, by=by))


def leave_out_kind(*, organisation: Organisation, kind: Organisation.Kind, by: User) -> Exclusion:
    """Suggest no organisation of this kind, until it is undone."""
    return _leave_out(Exclusion(organisation=organisation, kind=kind, by=by))


@transaction.atomic
def bring_back(*, exclusion: Exclusion, by: User) -> Exclusion:
    """Suggest the region or kind again; the exclusion stays on record as undone."""
    _lock(exclusion.organisation, by)
    Exclusion.objects.active().filter(pk=exclusion.pk).update(withdrawn_at=timezone.now())
    exclusion.refresh_from_db(fields=["withdrawn_at"])
    return exclusion


@transaction.atomic
def _decide(wanted: Feedback) -> Feedback:
    assert wanted.by is not None
    _lock(wanted.organisation, wanted.by)
    known: Feedback | None = (
        Feedback.objects.active()
        .filter(organisation=wanted.organisation, other=wanted.other)
        .first()
    )
    if known is not None:
        same = (known.kind, known.reason, known.text) == (wanted.kind, wanted.reason, wanted.text)
        if same:
            return known
        known.withdrawn_at = timezone.now()
    _within_reason(wanted)
    _stamp_score(wanted)
    wanted.clean_fields(exclude=["organisation", "other", "by"])
    if known is not None:
        known.save(update_fields=["withdrawn_at"])
    wanted.validate_constraints()
    wanted.save()
    return wanted


@transaction.atomic
def _leave_out(wanted: Exclusion) -> Exclusion:
    assert wanted.by is not None
    _lock(wanted.organisation, wanted.by)
    known: Exclusion | None = (
        Exclusion.objects.active()
        .filter(organisation=wanted.organisation, region=wanted.region, kind=wanted.kind)
        .first()
    )
    if known is not None:
        return known
    _within_reason(wanted)
    wanted.full_clean()
    wanted.save()
    return wanted


def _lock(organisation: Organisation, by: User) -> None:
    """Take the organisation's turn, if ``by`` may speak for it."""
    may = Organisation.objects.editable_by(by).filter(pk=organisation.pk)
    if not list(may.select_for_update(of=("self",), no_key=True).values_list("pk")):
        raise PermissionDenied(
            _("Only those who edit %(organisation)s choose among its suggestions.")
            % {"organisation": organisation}
        )


def _within_reason(wanted: Feedback | Exclusion) -> None:
    """Nobody makes hundreds of choices an hour; a script would fill the record, which is kept."""
    lately = type(wanted).objects.filter(
        organisation=wanted.organisation, created_at__gte=timezone.now() - timedelta(hours=1)
    )
    if lately.count() >= AN_HOUR:
        raise TooManyChoices(
            _("%(organisation)s has made %(number)d choices within an hour. Go on later.")
            % {"organisation": wanted.organisation, "number": AN_HOUR}
        )


def _stamp_score(feedback: Feedback) -> None:
    """Remember how the two fitted at this moment; without an index nothing is known of it."""
    try:
        now = index.in_use()
        match = now.match(feedback.organisation.pk, feedback.other.pk)
    except (index.IndexNotBuilt, engine.EngineError):
        return
    feedback.score = match.score
    feedback.signals = dict(match.signals)
    feedback.weights_version = now.scoring.version
