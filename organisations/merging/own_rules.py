"""Rules for what organisations themselves keep."""

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.merging.rules import Outcome, fill, joined, rule
from organisations.models import (
    AccessRequest,
    ClusterInvitation,
    ClusterMembership,
    Logo,
    Organisation,
    Sector,
    Statement,
    TeamInvitation,
    TeamMember,
    WebsiteCheck,
)

RANK = {TeamMember.Role.OWNER: 2, TeamMember.Role.EDITOR: 1, TeamMember.Role.VIEWER: 0}


@rule(
    Statement,
    says=_(
        "one statement: the larger weight, both texts, the wider TRL, the later end of validity; "
        "the evidence of both"
    ),
    describe=lambda row: f"{row.get_role_display()} {row.concept}",
    fetch=("concept",),
)
def statements(stays: Statement, other: Statement) -> Outcome:
    stays.weight = max(stays.weight, other.weight)
    stays.text = joined(stays.text, other.text)
    if stays.trl_from is None or stays.trl_to is None:
        stays.trl_from, stays.trl_to = other.trl_from, other.trl_to
    elif other.trl_from is not None and other.trl_to is not None:
        stays.trl_from = min(stays.trl_from, other.trl_from)
        stays.trl_to = max(stays.trl_to, other.trl_to)
    if other.valid_until is None or stays.valid_until is None:
        stays.valid_until = None
    else:
        stays.valid_until = max(stays.valid_until, other.valid_until)
    return Outcome.DROP


@rule(
    Sector,
    says=_("one sector, with the source of the kept one"),
    describe=lambda row: str(row.concept),
    fetch=("concept",),
)
def sectors(stays: Sector, other: Sector) -> Outcome:
    return Outcome.DROP


@rule(
    TeamMember,
    says=_("the higher role"),
    describe=lambda row: f"{row.user}: {row.get_role_display()}",
    fetch=("user",),
)
def team(stays: TeamMember, other: TeamMember) -> Outcome:
    ranks: dict[str, int] = {role.value: rank for role, rank in RANK.items()}
    stays.role = max(stays.role, other.role, key=lambda role: ranks[role])
    return Outcome.DROP


@rule(
    TeamInvitation,
    says=_("the invitation that expires first is withdrawn"),
    describe=lambda row: row.get_role_display(),
)
def team_invitations(stays: TeamInvitation, other: TeamInvitation) -> Outcome:
    return withdraw_first(stays, other)


@rule(
    ClusterInvitation,
    says=_("the invitation that expires first is withdrawn"),
    describe=lambda row: row.organisation_name,
)
def cluster_invitations(stays: ClusterInvitation, other: ClusterInvitation) -> Outcome:
    return withdraw_first(stays, other)


def withdraw_first(
    stays: TeamInvitation | ClusterInvitation, other: TeamInvitation | ClusterInvitation
) -> Outcome:
    first = min(stays, other, key=lambda row: row.expires_at)
    first.withdrawn_at = timezone.now()
    return Outcome.BOTH


@rule(
    AccessRequest,
    says=_("the younger request is answered by the merge; its words join the older one's"),
    describe=lambda row: f"{row.get_kind_display()}: {row.user}",
    fetch=("user",),
)
def requests(stays: AccessRequest, other: AccessRequest) -> Outcome:
    older, younger = sorted((stays, other), key=lambda row: row.created_at)
    older.message = joined(older.message, younger.message)[:1000]
    younger.status = AccessRequest.Status.WITHDRAWN
    younger.decided_at = timezone.now()
    return Outcome.BOTH


@rule(
    ClusterMembership,
    says=_("one membership, since the earlier year"),
    describe=lambda row: f"{row.member} – {row.cluster}",
    fetch=("cluster", "member"),
)
def memberships(stays: ClusterMembership, other: ClusterMembership) -> Outcome:
    fill(stays, other, "since")
    if stays.since and other.since:
        stays.since = min(stays.since, other.since)
    return Outcome.DROP


@rule(Logo, says=_("the logo of the kept one"), describe=lambda row: "PNG")
def logos(stays: Logo, other: Logo) -> Outcome:
    return Outcome.DROP


@rule(
    WebsiteCheck,
    says=_("the later check of the same address, else that of the kept one"),
    describe=lambda row: row.url,
)
def website_checks(stays: WebsiteCheck, other: WebsiteCheck) -> Outcome:
    if other.checked_at > stays.checked_at and other.url == stays.url:
        for name in ("url", "outcome", "detail", "checked_at"):
            setattr(stays, name, getattr(other, name))
    return Outcome.DROP


@rule(
    Organisation.wanted_regions.through,
    says=_("named once"),
    describe=lambda row: str(row.region),
    fetch=("region",),
)
def wanted_regions(stays: Model, other: Model) -> Outcome:
    return Outcome.DROP
