"""What was changed in a profile, when and by whom, from its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from organisations.models import Organisation, Statement
from organisations.moderating.changed import SEEN

MOST_SHOWN = 20
UNTOLD = {"updated_at", "created_at"}


@dataclass(frozen=True)
class Happened:
    """One change: the person may be gone, or it was no person."""

    when: datetime
    who: str
    what: str


def changes(organisation: Organisation, former: Iterable[int] = ()) -> list[Happened]:
    """The latest changes of the profile, of those merged into it, and of its statements."""
    newest_first = ["-history_date", "-history_id"]
    rows = list(
        Organisation.history.filter(id__in=[organisation.pk, *former])
        .select_related("history_user")
        .order_by(*newest_first)[: MOST_SHOWN + 1]
    )
    stated = (
        Statement.history.filter(organisation=organisation.pk)
        .select_related("history_user", "concept")
        .order_by(*newest_first)[:MOST_SHOWN]
    )
    happened = [
        Happened(row.history_date, str(row.history_user or ""), told)
        for row, before in _with_former(rows)
        if (told := _told(row, before))
    ]
    happened += [
        Happened(
            row.history_date,
            str(row.history_user or ""),
            f"{_kind(row)}: {row.get_role_display()} {row.concept}",
        )
        for row in stated
    ]
    return sorted(happened, key=lambda each: each.when, reverse=True)[:MOST_SHOWN]


def _with_former(rows: list[Any]) -> Iterable[tuple[Any, Any]]:
    """Each row with the state before it, where that is known."""
    for place, row in enumerate(rows[:MOST_SHOWN]):
        yield row, next((each for each in rows[place + 1 :] if each.id == row.id), None)


def _told(row: Any, before: Any) -> str:
    """What happened, in words; nothing where nothing did that is shown."""
    if row.history_change_reason == SEEN:
        return _("changes since verification seen by a moderator")
    if row.history_type != "~" or before is None:
        return _kind(row)
    changed = [
        str(field.verbose_name)
        for field in row.tracked_fields
        if field.name not in UNTOLD
        and getattr(row, field.attname) != getattr(before, field.attname)
    ]
    if row.status != before.status:
        step = f"{before.get_status_display()} → {row.get_status_display()}"
        changed = [f"{name} ({step})" if name == _("status") else name for name in changed]
    return _("changed: %(fields)s") % {"fields": ", ".join(changed)} if changed else ""


def _kind(row: Any) -> str:
    return {"+": _("added"), "~": _("changed"), "-": _("removed")}[row.history_type]
