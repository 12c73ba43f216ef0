"""Where personal data are kept: what a person's export holds, and what goes when they go.

Every room says in its ``AppConfig.ready`` what it keeps, so that accounts need not know the rooms
above them. A test fails when a model points to users and is neither kept here nor left out with a
reason.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, QuerySet
from django.utils import timezone

from accounts.models import User

Rows = Callable[[User], QuerySet[Any]]
Person = Callable[[User], None]
Warnings = Callable[[User], Iterable[str]]


@dataclass(frozen=True)
class Holding:
    """Rows about a person: ``show`` names the fields that their export has."""

    name: str
    rows: Rows
    show: tuple[str, ...]


_holdings: dict[str, Holding] = {}
_covered: set[str] = set()
_left_out: dict[str, str] = {}
_goodbyes: list[Person] = []
_warnings: list[Warnings] = []


def keeps(name: str, model: type[Model], field: str, *show: str, rows: Rows | None = None) -> None:
    """A room keeps rows whose ``field`` is the person; ``rows`` finds the same ones where what is
    shown of them has to be computed."""
    _covered.add(f"{model._meta.label}.{field}")
    keeps_rows(name, rows or (lambda user: model._default_manager.filter(**{field: user})), *show)


def keeps_rows(name: str, rows: Rows, *show: str) -> None:
    """A room keeps rows about a person that are found in another way, as by their address."""
    if name in _holdings:
        raise ValueError(f"two rooms keep {name!r}")
    _holdings[name] = Holding(name, rows, show)


def leaves_out(model: type[Model], field: str, *, because: str) -> None:
    """A reference to users that no export needs, and why."""
    _covered.add(f"{model._meta.label}.{field}")
    _left_out[f"{model._meta.label}.{field}"] = because


def says_goodbye(person: Person, *, warns: Warnings | None = None) -> None:
    """What a room does when a person deletes their account, in the same transaction, and what it
    tells them before."""
    _goodbyes.append(person)
    if warns is not None:
        _warnings.append(warns)


def export(user: User) -> dict[str, Any]:
    """Everything that is kept about a person, by kind; reads only."""
    told: dict[str, Any] = {
        "exported_at": timezone.now(),
        **{name: _told(holding.rows(user), holding.show) for name, holding in _holdings.items()},
    }
    told["changes_made"] = list(_changes_by(user))
    return told


def _told(rows: QuerySet[Any], show: tuple[str, ...]) -> list[Mapping[str, Any]]:
    return [{field.replace("__", "_"): row[field] for field in show} for row in rows.values(*show)]


def history_models() -> Iterator[type[Model]]:
    """The models in which django-simple-history keeps who changed what."""
    return (model for model in apps.get_models() if hasattr(model, "history_user"))


def _changes_by(user: User) -> Iterator[dict[str, Any]]:
    for model in history_models():
        key = model.instance_type._meta.pk.attname  # type: ignore[attr-defined]
        changes = model._default_manager.filter(history_user=user).order_by("history_date")
        for number, date, kind in changes.values_list(key, "history_date", "history_type"):
            yield {
                "what": model.instance_type._meta.label,  # type: ignore[attr-defined]
                "number": number,
                "date": date,
                "change": {"+": "made", "~": "changed", "-": "deleted"}[kind],
            }


def warnings(user: User) -> list[str]:
    """What a person is told before their account is deleted."""
    return [sentence for warns in _warnings for sentence in warns(user)]


def goodbye(user: User) -> None:
    """Let every room forget the person."""
    for leave in _goodbyes:
        leave(user)


def uncovered() -> set[str]:
    """References to users that no room has spoken for; those of histories are known here."""
    historical = set(history_models())
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
        and field.related_model is User
        and not (model in historical and field.name == "history_user")
    } - _covered
