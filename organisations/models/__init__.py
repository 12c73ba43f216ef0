"""Organisations and clusters, what they state about themselves, and who may speak for them."""

from organisations.models.clusters import ClusterInvitation, ClusterMembership
from organisations.models.invitations import Invitation
from organisations.models.keeping import FormerAddress, Logo
from organisations.models.organisation import Organisation
from organisations.models.reviewing import Review, ReviewAnswer, WebsiteCheck
from organisations.models.statements import Sector, Statement
from organisations.models.team import AccessRequest, TeamInvitation, TeamMember

__all__ = [
    "AccessRequest",
    "ClusterInvitation",
    "ClusterMembership",
    "FormerAddress",
    "Invitation",
    "Logo",
    "Organisation",
    "Review",
    "ReviewAnswer",
    "Sector",
    "Statement",
    "TeamInvitation",
    "TeamMember",
    "WebsiteCheck",
]
