"""The other side of an invitation: answering it, and leaving a cluster."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from organisations import memberships
from organisations.clusters.loading import internal, may_write, reader_of, to_login, writable
from organisations.membership_rules import MembershipRefused
from organisations.models import ClusterInvitation, Organisation, TeamMember


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What a link of a message leads to: which cluster invites, and the answer.

    To accept, one signs in and names an organisation that one may edit; to decline, the link is
    enough.
    """
    invited = memberships.invitation_of(token)
    if invited is None:
        raise Http404(_("There is no invitation at this address. Was the whole link copied?"))
    if request.method != "POST":
        return _invitation_page(request, invited, token)
    if request.POST.get("answer") == "decline":
        return _declined(request, invited, token)
    if not isinstance(request.user, User):
        return to_login(request)
    organisation = own_organisations(request.user).filter(slug=request.POST.get("organisation", ""))
    chosen = organisation.first()
    if chosen is None:
        error = _("Choose one of your organisations.")
        return _invitation_page(request, invited, token, error=error)
    try:
        memberships.accept(
            invitation=invited,
            organisation=chosen,
            by=request.user,
            link=request.build_absolute_uri,
        )
    except MembershipRefused as refusal:
        invited = memberships.invitation_of(token) or invited
        return _invitation_page(request, invited, token, error=str(refusal))
    messages.success(
        request,
        _("%(name)s is now a member of %(cluster)s.")
        % {"name": chosen, "cluster": invited.cluster},
    )
    return redirect("organisations:memberships", chosen.slug)


def _declined(request: HttpRequest, invited: ClusterInvitation, token: str) -> HttpResponse:
    try:
        memberships.decline(invitation=invited, link=request.build_absolute_uri)
    except MembershipRefused as refusal:
        return _invitation_page(request, invited, token, error=str(refusal))
    return redirect("organisations:cluster-invitation", token)


def _invitation_page(
    request: HttpRequest, invited: ClusterInvitation, token: str, error: str = ""
) -> HttpResponse:
    choices: list[Organisation] = []
    if isinstance(request.user, User):
        own = own_organisations(request.user).exclude(pk=invited.cluster_id)
        if invited.member is not None and not invited.email:
            own = own.filter(pk=invited.member.pk)
        choices = list(own.order_by("name", "pk")[:50])
    return render(
        request,
        "organisations/cluster_invitation.html",
        {
            "invitation": invited,
            "cluster": invited.cluster,
            "state": memberships.state_of(invited),
            "token": token,
            "choices": choices,
            "error": error,
        },
        status=HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK,
    )


def own_organisations(user: User) -> QuerySet[Organisation]:
    """The organisations of the user's own teams that they may speak for; not, for administrators,
    all there are."""
    return Organisation.objects.filter(
        pk__in=user.teams.filter(role__in=(TeamMember.Role.OWNER, TeamMember.Role.EDITOR)).values(
            "organisation"
        )
    )


@require_safe
@login_required
def own_memberships(request: HttpRequest, slug: str) -> HttpResponse:
    """The clusters that an organisation is in, and those that ask; its team alone."""
    organisation = internal(request, slug, cluster=False)
    asked = (
        ClusterInvitation.objects.filter(
            member=organisation,
            email="",
            accepted_at=None,
            withdrawn_at=None,
            expires_at__gt=timezone.now(),
            cluster__status=Organisation.Status.VERIFIED,
        )
        .select_related("cluster")
        .order_by("cluster__name", "pk")
    )
    return render(
        request,
        "organisations/memberships.html",
        {
            "organisation": organisation,
            "memberships": organisation.cluster_memberships.select_related(
                "cluster__home_region", "source"
            ).order_by("cluster__name", "pk"),
            "asked": asked,
            "by_cluster": memberships.BY_CLUSTER,
            "by_both": memberships.BY_BOTH,
            "may_write": may_write(request, organisation),
        },
    )


@require_POST
@login_required
def answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Accept or decline what a cluster asked this organisation."""
    organisation = writable(request, slug, cluster=False)
    invited = get_object_or_404(ClusterInvitation, member=organisation, email="", pk=pk)
    link, user = request.build_absolute_uri, reader_of(request)
    names = {"name": organisation, "cluster": invited.cluster}
    try:
        if request.POST.get("answer") == "accept":
            memberships.accept(invitation=invited, organisation=organisation, by=user, link=link)
            messages.success(request, _("%(name)s is now a member of %(cluster)s.") % names)
        elif request.POST.get("answer") == "decline":
            memberships.decline(invitation=invited, by=user, link=link)
            messages.success(request, _("You declined the invitation of %(cluster)s.") % names)
        else:
            messages.error(request, _("Choose whether to accept or to decline."))
    except MembershipRefused as error:
        messages.error(request, str(error))
    return redirect("organisations:memberships", slug)


@require_POST
@login_required
def leave(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End a membership of this organisation; one that had ended already stays so."""
    organisation = writable(request, slug, cluster=False)
    membership = (
        organisation.cluster_memberships.select_related("cluster", "member").filter(pk=pk).first()
    )
    if membership is None:
        messages.info(request, _("This membership had ended already."))
    else:
        memberships.leave(
            membership=membership, by=reader_of(request), link=request.build_absolute_uri
        )
        messages.success(
            request,
            _("%(name)s has left %(cluster)s.")
            % {"name": organisation, "cluster": membership.cluster},
        )
    return redirect("organisations:memberships", slug)
