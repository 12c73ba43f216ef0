"""Merging duplicate organisations: ``merging.merge(keep=…, duplicate=…, by=…)``.

Everything that points at the duplicate points at the kept organisation afterwards; where two rows
cannot both stand, the rule of their table makes one of them or changes one so that both can. The
kept profile says first, and takes from the other what it leaves empty. The duplicate as a whole,
and each row that is no more, are kept in `FormerAddress.was`; its address leads to the kept one.

Only moderators of every region merge, since a merge touches what others wrote. The status of the
kept profile stays: a merge publishes nothing that nobody looked at.
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from organisations.merging import own_rules, people  # noqa: F401 -- states the rules of this room
from organisations.merging.moving import Conflict, Moved, as_json, move_all
from organisations.models import FormerAddress, Organisation
from organisations.moderating import messages

PLACE = ("city", "country_id", "nuts3_id", "home_region_id", "latitude", "longitude")
FILLED = ("short_name", "pic", "description", "website", "vat_number", "size", "source_id")


class MergeRefused(ValueError):
    """These two are not merged, or not without a further word; the message says why."""


class NumbersDiffer(MergeRefused):
    """The two have different PICs or VAT numbers: most likely they are two organisations."""


@dataclass
class Merge:
    """What a merge did, or would do."""

    keep: Organisation
    duplicate: Organisation
    filled: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    """Of the filled ones, those that now hold what both had."""
    moved: list[tuple[str, int]] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@transaction.atomic
def merge(
    *,
    keep: Organisation,
    duplicate: Organisation,
    by: User,
    despite_numbers: bool = False,
    page: str = "",
) -> Merge:
    """Merge ``duplicate`` into ``keep``; the first is no more afterwards, and its team is told.
    ``page`` is the address of the kept one, for the message.

    Raises PermissionDenied, `NumbersDiffer` unless ``despite_numbers``, and `MergeRefused` for an
    organisation with itself, for one that was merged or deleted meanwhile, for an invented one, and
    for a cluster's members that would have no cluster.
    """
    done, was, roles = _made_one(keep, duplicate, by, despite_numbers)
    kept, other = done.keep, done.duplicate
    _remember_address(kept, other, was)
    _log(done, by)
    now = kept.team.filter(user__in=roles).select_related("user").order_by("pk")
    messages.tell_of_merge(kept, now, before=roles, former_name=other.name, page=page)
    return done


def preview(
    *, keep: Organisation, duplicate: Organisation, by: User, despite_numbers: bool = False
) -> Merge:
    """Make one of the two, tell what it did, and undo all of it."""
    with transaction.atomic():
        done, _was, _roles = _made_one(keep, duplicate, by, despite_numbers)
        transaction.set_rollback(True)
    return done


def _made_one(
    keep: Organisation, duplicate: Organisation, by: User, despite_numbers: bool
) -> tuple[Merge, dict[str, Any], dict[int, str]]:
    """Let everything be the kept one's and delete the other. Returns what was done, the other as it
    was with the rows that are no more, and the roles of its people."""
    if not by.has_perm("organisations.change_organisation"):
        raise PermissionDenied(_("Only moderators of all regions merge profiles."))
    if keep.pk == duplicate.pk:
        raise MergeRefused(_("Choose two different profiles."))
    # in the order of their numbers, whichever is kept: two merges never wait for each other
    rows = Organisation.objects.select_for_update(of=["self"]).filter(
        pk__in=[keep.pk, duplicate.pk]
    )
    found = {row.pk: row for row in rows.order_by("pk")}
    if len(found) < 2:
        raise MergeRefused(_("One of the two is gone: it was merged or deleted meanwhile."))
    kept, other = found[keep.pk], found[duplicate.pk]
    _check(kept, other, despite_numbers)
    coming = people.coming(kept, other)
    warned = warnings_about(kept, other) + coming.warnings()
    done = Merge(keep=kept, duplicate=other, warnings=warned)
    was = as_json(other)
    roles = {member.user_id: str(member.role) for member in coming.members}
    coming.hand_over(other, by=by)
    moved = Moved()
    why = f"merge of {other.slug}"[:100]
    move_all(Organisation, {other.pk: kept.pk}, moved, by=by, why=why)
    done.conflicts = moved.conflicts
    done.moved = [
        (str(relation.model._meta.verbose_name_plural), count)
        for relation, count in moved.counts.items()
    ]
    done.filled, done.joined = _fill(kept, other)
    _delete(other, by, why)
    kept._history_user = by  # type: ignore[attr-defined]  # what simple-history reads
    took = f"{why}; from it: {', '.join(done.filled)}" if done.filled else why
    kept._change_reason = took[:100]  # type: ignore[attr-defined]
    kept.save()
    return done, {**was, "dropped": moved.dropped}, roles


def warnings_about(kept: Organisation, other: Organisation) -> list[str]:
    """What whoever merges should know."""
    said = []
    if other.is_public and not kept.is_public:
        said.append(
            _("The profile that goes is public, and the one that stays is not: %(status)s.")
            % {"status": kept.get_status_display()}
        )
    if kept.kind != other.kind:
        said.append(
            _("They are of different kinds: %(kept)s stays, %(other)s goes.")
            % {"kept": kept.get_kind_display(), "other": other.get_kind_display()}
        )
    if kept.country_id != other.country_id and kept.country_id and other.country_id:
        said.append(_("They are in different countries."))
    return said


def differing_numbers(kept: Organisation, other: Organisation) -> list[str]:
    """The numbers by which registers tell the two apart, in words."""
    said = []
    for name in ("pic", "vat_number"):
        one, two = getattr(kept, name), getattr(other, name)
        if one and two and one != two:
            said.append(f"{_label(name)}: {one} ≠ {two}")
    return said


def _check(kept: Organisation, other: Organisation, despite_numbers: bool) -> None:
    if kept.is_illustrative or other.is_illustrative:
        raise MergeRefused(_("An invented organisation is not merged: a file says what it is."))
    if other.is_cluster and not kept.is_cluster and other.memberships.exists():
        raise MergeRefused(
            _("“%(other)s” is a cluster with members, and “%(kept)s” is none: keep the cluster.")
            % {"other": other, "kept": kept}
        )
    numbers = differing_numbers(kept, other)
    if numbers and not despite_numbers:
        raise NumbersDiffer(
            _("Different numbers speak for two organisations: %(numbers)s.")
            % {"numbers": "; ".join(numbers)}
        )


def _fill(kept: Organisation, other: Organisation) -> tuple[list[str], list[str]]:
    """Take from the other what the kept one leaves empty; returns the names of those fields, and
    of those among them where both had something.

    The place is one field in this sense: half of one place and half of another is no place.
    """
    # an address in a website's domain opens a profile: one that nobody looked at gives none
    fields = FILLED if other.is_public else [name for name in FILLED if name != "website"]
    filled = [name for name in fields if not getattr(kept, name) and getattr(other, name)]
    if not (kept.city or kept.nuts3_id or kept.home_region_id) and (
        not kept.country_id or kept.country_id == other.country_id
    ):
        filled += [name for name in PLACE if getattr(kept, name) != getattr(other, name)]
    if kept.is_cluster and other.label and not kept.label:
        filled += ["label", "label_year"]
    for name in filled:
        setattr(kept, name, getattr(other, name))
    joined = []
    for name in ("languages", "wanted_kinds"):
        more = [each for each in getattr(other, name) if each not in getattr(kept, name)]
        if more:
            joined += [name] if getattr(kept, name) else []
            setattr(kept, name, [*getattr(kept, name), *more])
            filled.append(name)
    kept.registered = {**other.registered, **kept.registered}
    if kept.status == Organisation.Status.PENDING:
        waiting = [each for each in (kept.submitted_at, other.submitted_at) if each]
        kept.submitted_at = min(waiting, default=None)
    return _labels(filled), _labels(joined)


def _labels(names: list[str]) -> list[str]:
    return [_label(name.removesuffix("_id")) for name in names]


def _label(name: str) -> str:
    named: Any = Organisation._meta.get_field(name)
    return str(named.verbose_name)


def _delete(other: Organisation, by: User, why: str) -> None:
    """Delete the row and nothing else: the database refuses while anything points at it."""
    history: Any = Organisation.history.model
    history.objects.create(
        history_date=timezone.now(),
        history_user=by,
        history_type="-",
        history_change_reason=why,
        **{each.attname: getattr(other, each.attname) for each in history.tracked_fields},
    )
    row = Organisation.objects.filter(pk=other.pk)
    row._raw_delete(row.db)


def _remember_address(kept: Organisation, other: Organisation, was: dict[str, Any]) -> None:
    """Let the old address lead to the kept profile; one that had it before is kept within."""
    address = FormerAddress.objects.filter(slug=other.slug).first()
    if address is None:
        address = FormerAddress(slug=other.slug)
    else:
        was["before"] = address.was
    address.organisation, address.was = kept, was
    address.save()


def _log(done: Merge, by: User) -> None:
    """What was logged of the other is the kept one's from now on; and which fields came from
    where."""
    kept, other = done.keep, done.duplicate
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Organisation), object_id=str(other.pk)
    ).update(object_id=str(kept.pk))
    said = _("Merged with “%(name)s” (%(slug)s, no. %(pk)s).") % {
        "name": other.name,
        "slug": other.slug,
        "pk": other.pk,
    }
    LogEntry.objects.log_actions(
        by.pk, [kept], CHANGE, f"{said} {taken_from_where(done)}", single_object=True
    )


def taken_from_where(done: Merge) -> str:
    """Which fields the kept profile has from the other, and which both have in part, in words."""
    alone = [label for label in done.filled if label not in done.joined]
    said = []
    if alone:
        said.append(_("From it: %(fields)s.") % {"fields": ", ".join(alone)})
    if done.joined:
        said.append(_("From both: %(fields)s.") % {"fields": ", ".join(done.joined)})
    rest = _("All else is from “%(name)s” (%(slug)s).") if said else _("All is from “%(name)s”.")
    return " ".join([*said, rest % {"name": done.keep.name, "slug": done.keep.slug}])
