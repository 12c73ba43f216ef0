"""What was changed in a dossier, when, and by whom."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.models import User
from regions.dossiers.sections import SECTIONS, Difference, differences
from regions.keeping import ABOUT, AS_LOADED
from regions.models import Region, RegionRole

READ: Final = 150
"""Records read of each kind; what was before them is not compared with."""

SHOWN: Final = 30
UNTOLD: Final = {"id", "region"}


@dataclass(frozen=True)
class Entry:
    """One change: when, by whom in words, of what, and which fields."""

    at: datetime
    who: str
    done: str
    what: str
    differences: list[Difference]


def history_of(region: Region, *, reader: User) -> list[Entry]:
    """The latest changes, the newest first.

    Readers are editors themselves, and are told what a writer is to the region, not who they are.
    """
    editors = set(
        RegionRole.objects.filter(region=region, role=RegionRole.Role.EDITOR).values_list(
            "user_id", flat=True
        )
    )
    entries: list[Entry] = []
    for model, filters, names in _kinds(region):
        records = list(
            model.history.filter(**filters)
            .select_related("history_user", *_related(model))
            .order_by("-history_date", "-history_id")[:READ]
        )
        before = _predecessors(records)
        for record in records:
            if record.history_change_reason == AS_LOADED:
                continue
            previous = before.get(record.history_id)
            changed = differences(previous, record, names) if previous is not None else []
            if record.history_type == "~" and previous is not None and not changed:
                continue
            entries.append(
                Entry(
                    at=record.history_date,
                    who=_who(record.history_user, editors, reader),
                    done=_done(record.history_type),
                    what=_what(model, record),
                    differences=changed if record.history_type == "~" else [],
                )
            )
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:SHOWN]


def _kinds(region: Region) -> Iterable[tuple[Any, dict[str, Any], list[str]]]:
    yield Region, {"id": region.pk}, list(ABOUT)
    for section in SECTIONS.values():
        names = [
            field.name for field in section.model._meta.concrete_fields if field.name not in UNTOLD
        ]
        yield section.model, {"region_id": region.pk}, names


def _related(model: Any) -> list[str]:
    """What a record names: its source, concept or indicator; but not what dossiers never change."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if field.is_relation and field.name not in {"region", "country"}
    ]


def _predecessors(records: list[Any]) -> dict[int, Any]:
    rows: dict[int, list[Any]] = defaultdict(list)
    for record in records:
        rows[record.id].append(record)
    return {newer.history_id: older for same in rows.values() for newer, older in pairwise(same)}


def _who(user: User | None, editors: set[int], reader: User) -> str:
    if user is None:
        return _("the site")
    if user.pk == reader.pk:
        return _("you")
    if user.pk in editors:
        return _("an editor of the region")
    return _("an administrator") if user.is_staff else _("a former editor")


def _done(kind: str) -> str:
    return {"+": _("added"), "~": _("changed"), "-": _("deleted")}[kind]


def _what(model: Any, record: Any) -> str:
    name = str(model._meta.verbose_name)
    title = (
        getattr(record, "title", "")
        or getattr(record, "office", "")
        or str(getattr(record, "indicator", None) or getattr(record, "concept", None) or "")
    )
    year = getattr(record, "year", None)
    return f"{name}{f' “{title}”' if title else ''}{f', {year}' if year else ''}"
