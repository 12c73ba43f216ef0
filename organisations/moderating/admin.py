"""The trail of moderation in the administration pages: what was decided, asked and sent.

All of it is written by services, and for reading here.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.administration import DerivedAdmin, SearchByOtherAdmin
from organisations.administration import OfModeratedRegions, organisations_named
from organisations.models import (
    AccessRequest,
    ClusterInvitation,
    FormerAddress,
    Logo,
    Review,
    ReviewAnswer,
    TeamInvitation,
    WebsiteCheck,
)


class TrailAdmin(DerivedAdmin, SearchByOtherAdmin):
    """Rows found by the organisation that they are about."""

    searched_by = {"organisation": organisations_named}
    search_help_text = _("Organisation.")
    list_select_related = ["organisation"]


@admin.register(Review)
class ReviewAdmin(OfModeratedRegions, TrailAdmin):
    list_display = ["created_at", "organisation", "decision", "total", "by"]
    list_filter = ["decision"]
    list_select_related = ["organisation", "by"]

    @admin.display(description=_("total of 20"))
    def total(self, review: Review) -> int:
        return review.total


@admin.register(ReviewAnswer)
class ReviewAnswerAdmin(OfModeratedRegions, TrailAdmin):
    list_display = ["created_at", "organisation", "author", "is_moderator"]
    list_filter = ["is_moderator"]
    list_select_related = ["organisation", "author"]


@admin.register(AccessRequest)
class AccessRequestAdmin(OfModeratedRegions, TrailAdmin):
    list_display = ["created_at", "organisation", "user", "kind", "status", "proof", "decided_by"]
    list_filter = ["status", "kind", "proof"]
    list_select_related = ["organisation", "user", "decided_by"]


@admin.register(WebsiteCheck)
class WebsiteCheckAdmin(OfModeratedRegions, TrailAdmin):
    list_display = ["organisation", "url", "outcome", "checked_at"]
    list_filter = ["outcome"]


@admin.register(FormerAddress)
class FormerAddressAdmin(TrailAdmin):
    """Addresses of profiles that were merged, with all that they were."""

    list_display = ["slug", "organisation", "created_at"]


@admin.register(Logo)
class LogoAdmin(TrailAdmin):
    list_display = ["organisation", "width", "height", "updated_at"]
    fields = ["organisation", "digest", "width", "height", "updated_at"]


INVITATION = ["email", "language", "invited_by", "created_at", "expires_at"]
SENT = ["sent_count", "last_sent_at"]
ANSWERED = ["accepted_at", "accepted_by", "withdrawn_at"]


@admin.register(TeamInvitation)
class TeamInvitationAdmin(TrailAdmin):
    """Invitations into teams; nothing here opens one."""

    list_display = ["created_at", "organisation", "email", "role", "expires_at", "accepted_at"]
    list_filter = ["role"]
    fields = ["organisation", "role", *INVITATION, *SENT, *ANSWERED]


@admin.register(ClusterInvitation)
class ClusterInvitationAdmin(TrailAdmin):
    """Invitations to clusters; nothing here opens one."""

    list_display = ["created_at", "cluster", "email", "member", "expires_at", "accepted_at"]
    list_select_related = ["cluster", "member"]
    searched_by = {"cluster": organisations_named, "member": organisations_named}
    fields = ["cluster", "organisation_name", "member", "since", *INVITATION, *SENT, *ANSWERED]
