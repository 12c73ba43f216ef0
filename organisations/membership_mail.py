"""Messages about memberships in clusters, each in its reader's language."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from django.core.mail import EmailMessage
from django.urls import reverse

from accounts.mail import deliver, message
from accounts.models import User
from organisations.models import ClusterInvitation, Organisation, TeamMember

Link = Callable[[str], str]


def invitations(
    invitation: ClusterInvitation,
    *,
    token: str,
    link: Link,
    readers: Collection[User] | None = None,
) -> list[EmailMessage]:
    """The invitation: to its address, or to those who speak for the organisation that is asked.

    ``readers`` are the latter where they are known already.
    """
    context = {
        "cluster": invitation.cluster,
        "organisation": invitation.member if not invitation.email else None,
        "name": invitation.member.name if invitation.member else invitation.organisation_name,
        "address": link(reverse("organisations:cluster-invitation", args=[token])),
        "expires_at": invitation.expires_at,
    }
    template = "mail/cluster_invitation"
    if invitation.email:
        to = [(invitation.email, invitation.language)]
    else:
        assert invitation.member is not None
        asked = speakers(invitation.member) if readers is None else readers
        to = [(user.email, user.language) for user in asked]
    return [
        message(to=email, language=language, template=template, context=context)
        for email, language in to
    ]


def tell_cluster(
    news: str,
    *,
    cluster: Organisation,
    organisation: Organisation | None,
    link: Link,
    invitation: ClusterInvitation | None = None,
    is_other_address: bool = False,
) -> None:
    """Tell the owners and editors of a cluster: "accepted", "declined" or "left"."""
    context = {
        "news": news,
        "cluster": cluster,
        "organisation": organisation,
        "invited": invitation.email if invitation else "",
        "is_other_address": is_other_address,
        "address": link(reverse("organisations:members", args=[cluster.slug])),
    }
    _send(_in_roles(cluster, TeamMember.Role.OWNER, TeamMember.Role.EDITOR), "news", context)


def tell_member(*, cluster: Organisation, organisation: Organisation, link: Link) -> None:
    """Tell those who speak for an organisation that the cluster ended the membership."""
    context = {
        "cluster": cluster,
        "organisation": organisation,
        "address": link(reverse("organisations:memberships", args=[organisation.slug])),
    }
    _send(speakers(organisation), "removed", context)


def speakers(organisation: Organisation) -> list[User]:
    """The owners of an organisation, or its editors where it has no owner."""
    return speakers_of([organisation.pk])[organisation.pk]


def speakers_of(organisations: Collection[int]) -> dict[int, list[User]]:
    """The same for many, by the organisation's key."""
    by_role: dict[str, dict[int, list[User]]] = defaultdict(lambda: defaultdict(list))
    for member in (
        TeamMember.objects.filter(organisation__in=organisations, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    ):
        by_role[member.role][member.organisation_id].append(member.user)
    owners, editors = by_role[TeamMember.Role.OWNER], by_role[TeamMember.Role.EDITOR]
    return {pk: owners.get(pk) or editors.get(pk, []) for pk in organisations}


def _in_roles(organisation: Organisation, *roles: str) -> list[User]:
    members = TeamMember.objects.filter(
        organisation=organisation, role__in=roles, user__is_active=True
    )
    return [member.user for member in members.select_related("user").order_by("pk")]


def _send(users: Iterable[User], name: str, context: dict[str, object]) -> None:
    deliver(
        *(
            message(
                to=user.email,
                language=user.language,
                template=f"mail/cluster_{name}",
                context=context,
            )
            for user in users
        )
    )
