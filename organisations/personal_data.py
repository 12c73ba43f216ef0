"""What organisations keep about a person (see `accounts.personal`)."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from accounts import personal
from accounts.models import User
from organisations import leaving
from organisations.models import (
    AccessRequest,
    ClusterInvitation,
    Organisation,
    Review,
    ReviewAnswer,
    TeamInvitation,
    TeamMember,
)

WHERE = ("organisation__slug", "organisation__name")
SENT = ("email", "created_at", "expires_at", "accepted_at", "withdrawn_at")


def register() -> None:
    personal.keeps("teams", TeamMember, "user", *WHERE, "role")
    personal.keeps(
        "former_teams",
        TeamMember.history.model,
        "user",
        "organisation__slug",
        "role",
        "history_type",
        "history_date",
    )
    personal.keeps(
        "requests",
        AccessRequest,
        "user",
        "organisation_slug",
        "organisation_name",
        "kind",
        "status",
        "proof",
        "message",
        "answer",
        "created_at",
        "decided_at",
        rows=requests,
    )
    personal.keeps(
        "requests_answered",
        AccessRequest,
        "decided_by",
        *WHERE,
        "kind",
        "status",
        "answer",
        "decided_at",
    )
    scores = Review.CRITERIA
    personal.keeps("reviews", Review, "by", *WHERE, *scores, "decision", "reason", "created_at")
    personal.keeps("answers", ReviewAnswer, "author", *WHERE, "is_moderator", "text", "created_at")
    for kind, model, place in (
        ("team", TeamInvitation, WHERE),
        ("cluster", ClusterInvitation, ("cluster__slug", "cluster__name")),
    ):
        personal.keeps(f"{kind}_invitations_sent", model, "invited_by", *place, *SENT)
        personal.keeps(f"{kind}_invitations_accepted", model, "accepted_by", *place, *SENT)
        personal.keeps_rows(f"{kind}_invitations_received", received(model), *place, *SENT)
    personal.says_goodbye(leave, warns=warnings)


def requests(user: User) -> QuerySet[Any]:
    """What the person asked for. A request may be for an organisation that is not listed, which
    they know by the words they searched with alone: it is named to its team only."""
    known = Organisation.objects.filter(
        Q(pk__in=Organisation.objects.verified().values("pk"))
        | Q(pk__in=user.teams.values("organisation"))
    )
    return user.access_requests.annotate(
        **{
            f"organisation_{field}": Case(
                When(organisation__in=known.values("pk"), then=F(f"organisation__{field}")),
                default=Value(""),
                output_field=CharField(),
            )
            for field in ("slug", "name")
        }
    )


def received(model: Any) -> Any:
    """The invitations that were sent to an address that the person has confirmed."""

    def rows(user: User) -> QuerySet[Any]:
        own = EmailAddress.objects.filter(user=user, verified=True).values("email")
        found: QuerySet[Any] = model.objects.filter(email__in=own)
        return found

    return rows


def leave(user: User) -> None:
    """Leave every team, and take back what was asked and what others wrote to the person."""
    leaving.leave_all(user=user)
    user.access_requests.all().delete()
    for model in (TeamInvitation, ClusterInvitation):
        received(model)(user).delete()


def warnings(user: User) -> Iterable[str]:
    return leaving.consequences(user=user)
