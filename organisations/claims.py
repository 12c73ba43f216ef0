"""Claims and wishes to join: ``claims.grant(request=…, by=…, role=…)``."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from organisations.models import AccessRequest, Organisation, TeamMember


class AnsweredAlready(ValueError):
    """Somebody answered the request before."""


@transaction.atomic
def grant(*, request: AccessRequest, by: User, role: TeamMember.Role, page: str = "") -> TeamMember:
    """Take the person into the team, as a moderator or an owner."""
    pending = _pending(request, by)
    member, _new = TeamMember.objects.update_or_create(
        organisation=pending.organisation, user=pending.user, defaults={"role": role}
    )
    is_claim = pending.kind == AccessRequest.Kind.CLAIM
    pending.proof = AccessRequest.Proof.MODERATOR if is_claim else AccessRequest.Proof.OWNER
    _decide(pending, AccessRequest.Status.GRANTED, by)
    return member


@transaction.atomic
def refuse(*, request: AccessRequest, by: User, answer: str) -> AccessRequest:
    """Refuse, and say why."""
    pending = _pending(request, by)
    pending.answer = answer
    return _decide(pending, AccessRequest.Status.REFUSED, by)


def _pending(request: AccessRequest, by: User) -> AccessRequest:
    pending = (
        AccessRequest.objects.select_for_update(of=["self"])
        .select_related("organisation", "user")
        .get(pk=request.pk)
    )
    of_owners = (
        pending.kind == AccessRequest.Kind.JOIN
        and pending.organisation.team.filter(role="owner", user__is_active=True).exists()
    )
    judged = (
        Organisation.objects.owned_by(by) if of_owners else Organisation.objects.moderated_by(by)
    )
    if pending.user_id == by.pk or not judged.filter(pk=pending.organisation_id).exists():
        raise PermissionDenied(_("You cannot answer this request."))
    if pending.status != AccessRequest.Status.PENDING:
        raise AnsweredAlready(_("This request was answered already."))
    return pending


def _decide(request: AccessRequest, status: AccessRequest.Status, by: User) -> AccessRequest:
    request.status, request.decided_by, request.decided_at = status, by, timezone.now()
    request.save()
    return request
