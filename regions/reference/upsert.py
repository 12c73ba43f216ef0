"""Brings a table into step with rows of data, touching only what differs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from regions.reference.files import Row

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Change:
    """How many rows were added and changed; loading the same data again gives zeros."""

    added: int = 0
    changed: int = 0

    def __add__(self, other: "Change") -> "Change":
        return Change(self.added + other.added, self.changed + other.changed)


def upsert(
    wanted: Iterable[tuple[Row, M]],
    *,
    key: Sequence[str],
    among: "models.QuerySet[M] | None" = None,
    kept: Collection[tuple[object, ...]] = (),
) -> Change:
    """Add the objects that are new by their natural key, and update those that differ.

    ``key`` names attributes (``country_id``, not ``country``). Every other field is compared and
    written. Objects that are in the database alone are left: an administrator may have added
    them. ``among`` narrows which rows are read for comparison. What has a natural key of ``kept``
    is left as it is, or away. Raises DataFileError for a row
    whose value its field refuses, and for a second row with the same key.
    """
    pairs = list(wanted)
    if not pairs:
        return Change()
    model = type(pairs[0][1])
    manager = model._default_manager
    fields = {field.attname: field.name for field in model._meta.concrete_fields}
    compared = [name for name in fields if name not in key and name != model._meta.pk.attname]
    unchecked = {field.name for field in model._meta.concrete_fields if field.is_relation}
    known = {
        tuple(getattr(row, name) for name in key): row
        for row in (manager.all() if among is None else among)
    }
    lines: dict[tuple[object, ...], int] = {}
    added: list[M] = []
    changed: list[M] = []
    for row, item in pairs:
        _check(row, item, unchecked)
        natural = tuple(getattr(item, name) for name in key)
        if natural in lines:
            raise row.error(f"line {lines[natural]} is about the same")
        lines[natural] = row.line
        if natural in kept:
            continue
        present = known.get(natural)
        if present is None:
            added.append(item)
        elif any(getattr(present, name) != getattr(item, name) for name in compared):
            for name in compared:
                setattr(present, name, getattr(item, name))
            changed.append(present)
    manager.bulk_create(added, batch_size=500)
    if changed:
        manager.bulk_update(changed, [fields[name] for name in compared], batch_size=500)
    return Change(len(added), len(changed))


def _check(row: Row, item: models.Model, unchecked: set[str]) -> None:
    try:
        item.clean_fields(exclude=unchecked)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise row.error(f"{name}: {messages[0]}") from error
