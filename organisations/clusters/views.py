"""The members of a cluster: who they are, who is invited, and what can be done about it."""

from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organisations import memberships
from organisations.clusters.forms import InvitationForm
from organisations.clusters.loading import internal, may_write, reader_of, writable
from organisations.clusters.planning import name_keys
from organisations.membership_rules import MembershipRefused
from organisations.models import ClusterInvitation, ClusterMembership, Organisation
from regions.filters import LONGEST_QUERY
from regions.lookups import Unaccented
from regions.querysets import words_in

PAGE: Final = 50
INVITATIONS_SHOWN: Final = 100


@require_safe
@login_required
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Members, by pages and search, and invitations that wait; its team alone."""
    return _page(request, internal(request, slug, cluster=True), InvitationForm())


def _page(request: HttpRequest, cluster: Organisation, form: InvitationForm) -> HttpResponse:
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    rows = _members(cluster)
    total = rows.count()
    if query:
        rows = rows.filter(words_in(query, "member__name", "member__short_name", "member__city"))
    waiting = (
        cluster.member_invitations.filter(accepted_at=None, withdrawn_at=None)
        .select_related("member")
        .order_by("-expires_at", "pk")
    )
    now = timezone.now()
    return render(
        request,
        "organisations/members.html",
        {
            "organisation": cluster,
            "query": query,
            "total": total,
            "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "invitations": waiting[:INVITATIONS_SHOWN],
            "invitation_count": waiting.count(),
            "now": now,
            "may_write": may_write(request, cluster),
            "by_cluster": memberships.BY_CLUSTER,
            "by_both": memberships.BY_BOTH,
            "form": form,
        },
        status=HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK,
    )


def _members(cluster: Organisation) -> QuerySet[ClusterMembership]:
    return (
        cluster.memberships.select_related("member__home_region", "member__country", "source")
        .order_by("member__name", "pk")
        .all()
    )


@require_POST
@login_required
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite an e-mail address."""
    cluster = writable(request, slug, cluster=True)
    form = InvitationForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["organisation"]
        try:
            memberships.invite(
                cluster=cluster,
                email=form.cleaned_data["email"],
                organisation_name=name,
                member=_meant(request, cluster, name),
                since=form.cleaned_data["since"],
                language=form.cleaned_data["language"],
                by=reader_of(request),
                link=request.build_absolute_uri,
            )
        except MembershipRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("The invitation of %(email)s is on its way.")
                % {"email": form.cleaned_data["email"]},
            )
            return redirect("organisations:members", slug)
    return _page(request, cluster, form)


def _meant(request: HttpRequest, cluster: Organisation, text: str) -> Organisation | None:
    """The one organisation of this PIC or exact name that the reader may see, if there is one."""
    if not text:
        return None
    visible = Organisation.objects.visible_to(request.user).exclude(pk=cluster.pk)
    if text.isascii() and text.isdecimal():
        return visible.filter(pic=text).first()
    named = visible.annotate(key=Unaccented("name")).filter(key=name_keys([text])[text])[:2]
    return named[0] if len(named) == 1 else None


@require_POST
@login_required
def resend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send an invitation again, with a new link."""
    cluster = writable(request, slug, cluster=True)
    invitation = get_object_or_404(ClusterInvitation, cluster=cluster, pk=pk)
    try:
        memberships.resend(
            invitation=invitation, by=reader_of(request), link=request.build_absolute_uri
        )
        messages.success(request, _("The invitation was sent again; the old link is void."))
    except MembershipRefused as error:
        messages.error(request, str(error))
    return redirect("organisations:members", slug)


@require_POST
@login_required
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an invitation back."""
    cluster = writable(request, slug, cluster=True)
    invitation = get_object_or_404(ClusterInvitation, cluster=cluster, pk=pk)
    try:
        memberships.withdraw(invitation=invitation, by=reader_of(request))
        messages.success(request, _("The invitation was withdrawn."))
    except MembershipRefused as error:
        messages.error(request, str(error))
    return redirect("organisations:members", slug)


@require_POST
@login_required
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End a membership; one that had ended already stays so."""
    cluster = writable(request, slug, cluster=True)
    membership = cluster.memberships.select_related("cluster", "member").filter(pk=pk).first()
    if membership is None:
        messages.info(request, _("This membership had ended already."))
    else:
        memberships.remove(
            membership=membership, by=reader_of(request), link=request.build_absolute_uri
        )
        messages.success(
            request, _("%(name)s is no longer a member.") % {"name": membership.member}
        )
    return redirect("organisations:members", slug)
