"""Brings single rows of the committed data files into the database."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from regions.reference.files import Row
from regions.reference.upsert import Change

M = TypeVar("M", bound=models.Model)


def bring(
    row: Row, model: type[M], key: Mapping[str, Any], values: Mapping[str, Any]
) -> tuple[M, Change]:
    """Add the object with this natural key, or update the values that differ; nothing else.

    Raises DataFileError, naming the row, where a value or constraint of the model is broken.
    """
    found = model._default_manager.filter(**key).first()
    item = model(**key, **values) if found is None else found
    differing = [name for name, value in values.items() if getattr(item, name) != value]
    for name in differing:
        setattr(item, name, values[name])
    if found is None or differing:
        try:
            item.full_clean(validate_unique=False)
        except ValidationError as error:
            reasons = [f"{name}: {' '.join(found)}" for name, found in error.message_dict.items()]
            raise row.error("; ".join(reasons)) from error
    if found is None:
        item.save(force_insert=True)
        return item, Change(added=1)
    if differing:
        item.save()
        return item, Change(changed=1)
    return item, Change()
