"""A draft that nobody published is discarded: ``discarding.discard(organisation=…, by=…)``."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import mail
from accounts.authorship import written_by
from accounts.models import User
from organisations import claims
from organisations.models import AccessRequest, Organisation, Statement
from organisations.models.invitations import messages_of_a_day
from organisations.refusals import NotPossible
from organisations.registration import FORM

Status = Organisation.Status


def refusal(organisation: Organisation) -> str:
    """Why this is no draft to discard, in words; empty where it is one.

    Only what its team made themselves is theirs to take away: a draft that was never submitted nor
    published, registered through the form, and of which no public source and no other organisation
    that was merged into it says anything. What moderators wrote stays, and messages that were sent
    today count against the limits of the day.
    """
    if organisation.status != Status.DRAFT or organisation.submitted_at is not None:
        return _("Only a draft can be discarded that was never submitted for verification.")
    if organisation.history.exclude(status=Status.DRAFT).exists():
        return _(
            "This profile was submitted or published before. Ask the moderators to archive it."
        )
    claimed = organisation.access_requests.filter(
        kind=AccessRequest.Kind.CLAIM, status=AccessRequest.Status.GRANTED
    )
    if (
        organisation.source_id is not None
        or set(organisation.registered) != {FORM}
        or Organisation.objects.with_projects().filter(pk=organisation.pk).exists()
        or organisation.statements.exclude(origin=Statement.Origin.DECLARED).exists()
        or organisation.former_addresses.exists()
        or claimed.exists()
    ):
        return _(
            "This organisation is known from public data, or was claimed. Ask the moderators to "
            "archive it."
        )
    if organisation.review_answers.filter(is_moderator=True).exists():
        return _("Moderators wrote about this profile. Ask them to archive it.")
    if messages_of_a_day(organisation.team_invitations.all()):
        return _(
            "Somebody was invited into the team today. Discard the draft tomorrow: until then the "
            "invitation is counted."
        )
    return ""


def may_discard(*, organisation: Organisation, user: User) -> bool:
    """Whether the user owns the organisation and it is a draft to discard."""
    return (
        organisation.status == Status.DRAFT
        and Organisation.objects.owned_by(user).filter(pk=organisation.pk).exists()
        and not refusal(organisation)
    )


def what_goes(organisation: Organisation, *, by: User) -> Iterator[str]:
    """What is discarded with a draft, in words; nothing that there is none of. Seven queries."""
    yield _("The profile of “%(name)s”, with all that it says.") % {"name": organisation.name}
    now = timezone.now()
    invited = organisation.team_invitations.filter(accepted_at=None, withdrawn_at=None)
    statements = organisation.statements.count()
    others = organisation.team.exclude(user=by).count()
    links = invited.filter(expires_at__gt=now).count()
    waiting = organisation.access_requests.filter(status=AccessRequest.Status.PENDING).count()
    clusters = organisation.cluster_memberships.count() + organisation.memberships.count()
    for count, words in (
        (statements, ngettext("%(count)d statement.", "%(count)d statements.", statements)),
        (
            others,
            ngettext(
                "The membership of %(count)d other person of the team, who is told by e-mail.",
                "The memberships of %(count)d other people of the team, who are told by e-mail.",
                others,
            ),
        ),
        (
            links,
            ngettext(
                "%(count)d invitation into the team; its link ends.",
                "%(count)d invitations into the team; their links end.",
                links,
            ),
        ),
        (
            waiting,
            ngettext(
                "%(count)d request to join that waits for an answer.",
                "%(count)d requests to join that wait for an answer.",
                waiting,
            ),
        ),
        (
            clusters,
            ngettext(
                "%(count)d membership in a cluster.", "%(count)d memberships in clusters.", clusters
            ),
        ),
    ):
        if count:
            yield words % {"count": count}
    if hasattr(organisation, "logo"):
        yield _("The logo.")


@transaction.atomic
def discard(*, organisation: Organisation, by: User) -> None:
    """Delete a draft with all that belongs to it, and tell the others of its team, and whoever
    asked to join it.

    What administrators keep of changes (simple-history) stays. Raises PermissionDenied for whoever
    does not own it, and NotPossible where `refusal` says why. Discarded already, nothing is done.
    """
    rows = Organisation.objects.select_for_update()
    present = rows.filter(pk=organisation.pk).first()
    if present is None:
        return
    if not Organisation.objects.owned_by(by).filter(pk=present.pk).exists():
        raise PermissionDenied(_("Only an owner may discard this draft."))
    reason = refusal(present)
    if reason:
        raise NotPossible(reason)
    others = present.team.filter(user__is_active=True).exclude(user=by).select_related("user")
    for member in others.order_by("pk"):
        mail.send(
            to=member.user.email,
            language=member.user.language,
            template="mail/draft_discarded",
            context={"name": present.name, "person": str(by)},
        )
    waiting = present.access_requests.filter(status=AccessRequest.Status.PENDING)
    for request in waiting.select_related("user", "organisation").order_by("pk"):
        claims.tell_requester(request, "access_refused", "")
    written_by(present, by).delete()
