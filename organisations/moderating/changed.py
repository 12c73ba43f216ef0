"""Verified profiles whose name, website or kind is not what a moderator looked at.

Their teams may edit them, so that a profile can become somebody else's and no moderator notices.
What was looked at is the version in the profile's history that was published or marked as seen
last; of profiles that were loaded as verified, and edited by people since, what the source said.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from organisations import moderation
from organisations.models import Organisation
from organisations.querysets import OrganisationQuerySet

SEEN: Final = "changes seen"
"""The reason in the history by which a moderator says to have looked."""

LOOKED_AT: Final = (Organisation.Step.VERIFY.value, SEEN)
FIELDS: Final = ("name", "website", "kind")
SHOWN: Final = 25


@dataclass(frozen=True)
class Changed:
    """A profile with what is not as it was: (field, before, after), in words."""

    organisation: Organisation
    changes: list[tuple[str, str, str]]

    @property
    def mark(self) -> str:
        """What whoever looks has before them, for the form to say."""
        return mark_of(self.organisation)


def mark_of(organisation: Organisation) -> str:
    said = json.dumps([getattr(organisation, name) for name in FIELDS])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def among(rows: OrganisationQuerySet) -> OrganisationQuerySet:
    """Those that changed since they were looked at; ``looked_at`` is the number of that version."""
    history: Any = Organisation.history.model
    looked = history.objects.filter(history_change_reason__in=LOOKED_AT)
    touched = history.objects.filter(
        Q(history_change_reason__in=LOOKED_AT) | Q(history_user__isnull=False)
    )
    latest = looked.filter(id=OuterRef("pk")).order_by("-history_date", "-history_id")
    same = {name: OuterRef(name) for name in FIELDS}
    version = history.objects.filter(history_id=OuterRef("looked_at"))
    loaded = {
        f"loaded_{name}": Cast(KeyTextTransform(name, "registered"), CharField()) for name in FIELDS
    }
    not_as_loaded = Q()
    for name in FIELDS:
        not_as_loaded |= Q(**{f"loaded_{name}__isnull": False}) & ~Q(**{f"loaded_{name}": F(name)})
    return (
        rows.verified()
        .filter(pk__in=touched.values("id"))
        .annotate(looked_at=Subquery(latest.values("history_id")[:1]), **loaded)
        .filter(Exists(version.exclude(**same)) | (Q(looked_at__isnull=True) & not_as_loaded))
    )


def described(rows: Iterable[Any]) -> list[Changed]:
    """What is not as it was in rows of `among`; one query for all of them."""
    rows = list(rows)
    history: Any = Organisation.history.model
    versions = history.objects.in_bulk([row.looked_at for row in rows if row.looked_at])
    found = []
    for row in rows:
        version = versions.get(row.looked_at)
        before = {
            name: getattr(version, name) if version else getattr(row, f"loaded_{name}")
            for name in FIELDS
        }
        found.append(Changed(row, _in_words(row, before)))
    return found


def of(organisation: Organisation) -> Changed | None:
    """What changed in one profile, if anything did."""
    if not organisation.is_public:
        return None
    rows = among(Organisation.objects.filter(pk=organisation.pk))
    return next(iter(described(rows)), None)


def queue(user: User) -> QuerySet[Any]:
    """The user's profiles that changed, the latest change first; ``may_be_judged`` as elsewhere."""
    rows = moderation.with_rights(Organisation.objects.moderated_by(user), user)
    return among(rows).select_related("home_region", "country").order_by("-updated_at", "pk")


@transaction.atomic
def seen(*, organisation: Organisation, by: User, mark: str) -> bool:
    """Record that a moderator looked at the changes: in the profile's history and in the log.

    ``mark`` is `mark_of` the profile that they saw. False where somebody has looked already. Raises
    PermissionDenied, and `moderation.DecidedMeanwhile` where it was changed again since.
    """
    current = moderation.locked(organisation, by)
    if mark != mark_of(current):
        raise moderation.DecidedMeanwhile(
            _("“%(name)s” was changed again while you looked at it.") % {"name": current}, None
        )
    changed = of(current)
    if changed is None:
        return False
    history: Any = Organisation.history.model
    history.objects.create(
        history_date=timezone.now(),
        history_user=by,
        history_type="~",
        history_change_reason=SEEN,
        **{each.attname: getattr(current, each.attname) for each in history.tracked_fields},
    )
    said = "; ".join(f"{label}: {before} → {after}" for label, before, after in changed.changes)
    LogEntry.objects.log_actions(
        by.pk,
        [current],
        CHANGE,
        _("Changes since verification seen: %(changes)s.") % {"changes": said},
        single_object=True,
    )
    return True


def _in_words(row: Organisation, before: dict[str, Any]) -> list[tuple[str, str, str]]:
    kinds = dict(Organisation.Kind.choices)
    said = []
    for name in FIELDS:
        was, now = before[name], getattr(row, name)
        if was is None or was == now:
            continue
        if name == "kind":
            was, now = kinds.get(was, was), kinds.get(now, now)
        field: Any = Organisation._meta.get_field(name)
        said.append((str(field.verbose_name), str(was or "–"), str(now or "–")))
    return said
