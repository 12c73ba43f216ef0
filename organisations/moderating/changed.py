"""Verified profiles whose name, website, kind or home region is not what a moderator looked at.

Their teams may edit them, so that a profile can become somebody else's and no moderator notices.
What was looked at is the version in the profile's history that was published or marked as seen
last; of profiles that were loaded as verified, and edited by people since, what the source said:
CORDIS, or the files of profiles. Where both speak of one, either will do.

Who moderates the region in which a profile was is shown that it moved away; who moderates the one
where it is now marks it as seen.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from organisations import moderation
from organisations.following import REGISTERED
from organisations.models import Organisation
from organisations.querysets import OrganisationQuerySet, moderated_regions
from regions.models import NutsUnit, Region

SEEN: Final = "changes seen"
"""The reason in the history by which a moderator says to have looked."""

LOOKED_AT: Final = (Organisation.Step.VERIFY.value, SEEN)
FIELDS: Final = ("name", "website", "kind", "home_region_id")
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
    """Those that changed since they were looked at; ``looked_at`` is the number of that version,
    and ``loaded_…`` say what the source said, as text."""
    history: Any = Organisation.history.model
    looked = history.objects.filter(history_change_reason__in=LOOKED_AT)
    touched = history.objects.filter(
        Q(history_change_reason__in=LOOKED_AT) | Q(history_user__isnull=False)
    )
    latest = looked.filter(id=OuterRef("pk")).order_by("-history_date", "-history_id")
    differs = Q()
    not_as_loaded = Q()
    for name in FIELDS:
        differs |= ~Q(**{f"was_{name}": _text(OuterRef(name))})
        loaded = f"loaded_{name}"
        not_as_loaded |= Q(**{f"{loaded}__isnull": False}) & ~Q(**{loaded: _text(F(name))})
    version = (
        history.objects.filter(history_id=OuterRef("looked_at"))
        .annotate(**{f"was_{name}": _text(F(name)) for name in FIELDS})
        .filter(differs)
    )
    return (
        rows.verified()
        .filter(pk__in=touched.values("id"))
        .annotate(looked_at=Subquery(latest.values("history_id")[:1]))
        .annotate(
            cordis_nuts3=Cast(KT("registered__place__2"), BigIntegerField()),
            **{f"loaded_{name}": _loaded(name) for name in FIELDS},
        )
        .filter(Exists(version) | (Q(looked_at__isnull=True) & not_as_loaded))
    )


def _text(field: Any) -> Coalesce:
    return Coalesce(Cast(field, TextField()), Value(""), output_field=TextField())


def _loaded(name: str) -> Case:
    """What the source said of a field; nothing where that is not on record. It leaves out what it
    says nothing of, so that a profile whose name it knows and whose website not had none."""
    cordis: Any = KT(f"registered__{name}")
    files: Any = KT(f"registered__{REGISTERED}__fields__{name}")
    if name == "home_region_id":
        unit = NutsUnit.objects.filter(pk=OuterRef("cordis_nuts3"))
        cordis = Cast(Subquery(unit.values("home_region")[:1]), TextField())
    said = [cordis, files]
    if name == "website":
        is_known = Q(registered__has_any_keys=["name", REGISTERED])
        nothing = Value("", output_field=TextField())
        said.append(Case(When(is_known, then=nothing), output_field=TextField()))
    return Case(
        When(Exact(files, _text(F(name))), then=files),
        default=Coalesce(*said, output_field=TextField()),
        output_field=TextField(),
    )


def described(rows: Iterable[Any]) -> list[Changed]:
    """What is not as it was in rows of `among`; two queries for all of them."""
    rows = list(rows)
    history: Any = Organisation.history.model
    versions = history.objects.in_bulk([row.looked_at for row in rows if row.looked_at])
    befores = []
    for row in rows:
        version = versions.get(row.looked_at)
        before = {
            name: getattr(version, name) if version else getattr(row, f"loaded_{name}")
            for name in FIELDS
        }
        if not version and before["home_region_id"]:
            before["home_region_id"] = int(before["home_region_id"])
        befores.append(before)
    numbers = {each["home_region_id"] for each in befores} | {row.home_region_id for row in rows}
    regions = Region.objects.in_bulk(numbers - {None})
    return [
        Changed(row, _in_words(row, before, regions, is_known=row.looked_at is not None))
        for row, before in zip(rows, befores, strict=True)
    ]


def of(organisation: Organisation) -> Changed | None:
    """What changed in one profile, if anything did."""
    if not organisation.is_public:
        return None
    rows = among(Organisation.objects.filter(pk=organisation.pk))
    return next(iter(described(rows)), None)


def queue(user: User) -> QuerySet[Any]:
    """The user's profiles that changed, and those that moved out of their regions, the latest
    change first; ``is_moderated`` and ``may_be_judged`` as elsewhere."""
    history: Any = Organisation.history.model
    theirs = moderated_regions(user)
    was = history.objects.filter(history_id=OuterRef("looked_at"), home_region__in=theirs)
    regions = theirs.values(number=Cast("region", TextField()))
    moved = Exists(was) | Q(looked_at__isnull=True, loaded_home_region_id__in=regions)
    rows = among(moderation.with_rights(Organisation.objects.all(), user))
    return (
        rows.filter(Q(is_moderated=True) | moved)
        .select_related("home_region", "country")
        .order_by("-updated_at", "pk")
    )


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


def _in_words(
    row: Organisation, before: dict[str, Any], regions: dict[int, Region], *, is_known: bool
) -> list[tuple[str, str, str]]:
    """``is_known``: what was there before is, so that nothing means that there was nothing."""
    kinds = dict(Organisation.Kind.choices)
    said = []
    for name in FIELDS:
        was, now = before[name], getattr(row, name)
        if was == now or (was is None and not is_known):
            continue
        if name == "kind":
            was, now = kinds.get(was, was), kinds.get(now, now)
        elif name == "home_region_id":
            was, now = regions.get(was, was), regions.get(now, now)
        field: Any = Organisation._meta.get_field(name.removesuffix("_id"))
        said.append((str(field.verbose_name), str(was or "–"), str(now or "–")))
    return said
