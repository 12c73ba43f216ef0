"""Whom the history of a row names as its writer."""

from typing import Any, TypeVar

from django.db import models

from accounts.models import User

M = TypeVar("M", bound=models.Model)


def written_by(row: M, user: User, *, reason: str = "") -> M:
    """The same row; what is saved or deleted of it next is noted as this user's doing."""
    noted: Any = row
    noted._history_user = user
    if reason:
        noted._change_reason = reason
    return row
