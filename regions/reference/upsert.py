"""Brings a table into step with rows of data, touching only what differs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Change:
    """How many rows were added and changed; loading the same data again gives zeros."""

    added: int = 0
    changed: int = 0

    def __add__(self, other: "Change") -> "Change":
        return Change(self.added + other.added, self.changed + other.changed)


def upsert(
    wanted: Iterable[M],
    *,
    key: Sequence[str],
    among: models.QuerySet[M] | None = None,
) -> Change:
    """Add the objects that are new by their natural key, and update those that differ.

    ``key`` names attributes (``country_id``, not ``country``). Every other field is compared and
    written. Objects that are in the database alone are left: an administrator may have added
    them. ``among`` narrows which rows are read for comparison.
    """
    objects = list(wanted)
    if not objects:
        return Change()
    model = type(objects[0])
    rows: models.QuerySet[Any] = model._default_manager.all() if among is None else among
    own = [field.attname for field in model._meta.concrete_fields]
    primary = model._meta.pk.attname
    compared = [name for name in own if name not in key and (name != primary or primary in key)]
    if primary in key:
        compared = [name for name in compared if name != primary]
    known = {tuple(getattr(row, name) for name in key): row for row in rows}
    added: list[M] = []
    changed: list[M] = []
    for item in objects:
        row = known.get(tuple(getattr(item, name) for name in key))
        if row is None:
            added.append(item)
        elif any(getattr(row, name) != getattr(item, name) for name in compared):
            for name in compared:
                setattr(row, name, getattr(item, name))
            changed.append(row)
    model._default_manager.bulk_create(added, batch_size=500)
    if changed and compared:
        names = [model._meta.get_field(name).name for name in _fields(model, compared)]
        model._default_manager.bulk_update(changed, names, batch_size=500)
    return Change(len(added), len(changed))


def _fields(model: type[models.Model], attributes: Iterable[str]) -> list[str]:
    """Return field names (``country``) for attribute names (``country_id``)."""
    by_attribute = {field.attname: field.name for field in model._meta.concrete_fields}
    return [by_attribute[name] for name in attributes]
