"""What waits for administrators: one number for each queue, with a link to its list.

Each number is one query over a partial index or a small table, and is asked only for those who may
see the list behind it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.db.models import Count, Min, Model, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from matching.models import Change
from matching.state import index_state
from organisations.models import AccessRequest, Organisation, WebsiteCheck
from organisations.moderating import changed
from regions.models import KeyFigure
from regions.templatetags.display import STALE_AFTER


@dataclass(frozen=True)
class Queue:
    """A number that somebody has to look at, or that says that nobody has to."""

    label: str
    count: int
    address: str
    oldest: datetime | None = None
    note: str = ""
    is_urgent: bool = False
    """Something does not work, rather than waits."""


def queues(*, by: User) -> list[Queue]:
    """The queues whose lists this person may see."""
    found: list[Queue] = []
    for model, count in COUNTS:
        if may_see(by, model):
            found += count()
    return found


def may_see(user: User, model: type[Model]) -> bool:
    name = f"{model._meta.app_label}.%s_{model._meta.model_name}"
    return user.has_perm(name % "view") or user.has_perm(name % "change")


def list_of(model: type[Model], **chosen: Any) -> str:
    options = model._meta
    if not admin.site.is_registered(model):
        return ""
    address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    return f"{address}?{urlencode(chosen)}" if chosen else address


def profiles() -> Iterator[Queue]:
    status = Organisation.Status
    # all but the verified have an index of their own
    counted: dict[str, Any] = Organisation.objects.withdrawn().aggregate(
        pending=Count("pk", filter=Q(status=status.PENDING)),
        oldest=Min("submitted_at", filter=Q(status=status.PENDING)),
        held=Count("pk", filter=Q(status=status.HELD)),
    )
    yield Queue(
        _("profiles waiting for verification"),
        counted["pending"],
        list_of(Organisation, status__exact=status.PENDING),
        counted["oldest"],
    )
    yield Queue(
        _("profiles on hold"), counted["held"], list_of(Organisation, status__exact=status.HELD)
    )
    yield Queue(
        _("verified profiles changed since a moderator looked"),
        changed.among(Organisation.objects.all()).count(),
        reverse("moderation:queue") + "#changed",
    )


def requests() -> Iterator[Queue]:
    pending = AccessRequest.objects.filter(status=AccessRequest.Status.PENDING)
    by_kind: dict[str, Any] = {
        row["kind"]: row
        for row in pending.order_by()
        .values("kind")
        .annotate(count=Count("pk"), oldest=Min("created_at"))
    }
    labels = {
        AccessRequest.Kind.CLAIM: _("claims of organisations"),
        AccessRequest.Kind.JOIN: _("requests to join a team"),
    }
    for kind, label in labels.items():
        row = by_kind.get(kind, {"count": 0, "oldest": None})
        address = list_of(AccessRequest, status__exact="pending", kind__exact=kind)
        yield Queue(label, row["count"], address, row["oldest"])


def accounts() -> Iterator[Queue]:
    unverified = EmailAddress.objects.filter(verified=False).count()
    yield Queue(
        _("unverified e-mail addresses"), unverified, list_of(User, emailaddress__verified__exact=0)
    )


def figures() -> Iterator[Queue]:
    before = oldest_current_year()
    yield Queue(
        _("key figures older than %(years)s years") % {"years": STALE_AFTER},
        KeyFigure.objects.filter(year__lt=before).count(),
        list_of(KeyFigure, year__lt=before),
    )


def oldest_current_year(*, today: date | None = None) -> int:
    """Figures of this year and later do not look stale (`display.is_stale`)."""
    return (today or timezone.localdate()).year - STALE_AFTER


def websites() -> Iterator[Queue]:
    fails = WebsiteCheck.Outcome.FAILS
    yield Queue(
        _("websites that do not answer"),
        WebsiteCheck.objects.filter(outcome=fails).count(),
        list_of(WebsiteCheck, outcome__exact=fails),
    )


def match_index() -> Iterator[Queue]:
    state = index_state()
    if state.built_on is None:
        note = _("There is no index: no suggestions are shown.")
    else:
        note = _("Index of %(count)s organisations, built on %(day)s.") % {
            "count": f"{state.organisations:,}",
            "day": state.built_on.isoformat(),
        }
    if state.problem:
        note = f"{note} {state.problem}"
    yield Queue(
        _("organisations changed since the match index was built"),
        state.changed,
        list_of(Change),
        note=note,
        is_urgent=bool(state.problem),
    )


def jobs() -> Iterator[Queue]:
    failed = ProcrastinateJob.objects.filter(status="failed").count()
    yield Queue(
        _("failed jobs"),
        failed,
        list_of(ProcrastinateJob, status__exact="failed"),
        is_urgent=bool(failed),
    )


COUNTS: list[tuple[type[Model], Callable[[], Iterator[Queue]]]] = [
    (Organisation, profiles),
    (AccessRequest, requests),
    (EmailAddress, accounts),
    (KeyFigure, figures),
    (WebsiteCheck, websites),
    (Change, match_index),
    (ProcrastinateJob, jobs),
]
