"""How two rows become one where both cannot stand.

A rule belongs to a table with a unique constraint over an organisation. It is stated beside the
table that it is about: here for organisations, in `initiatives.merging` and `matching.merging` for
the rooms above, which this one does not know.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import Model


class Outcome(Enum):
    """What becomes of the other row."""

    DROP = "drop"  # its content is in the row that stays, and its whole in the record of the merge
    BOTH = "both"  # both stay: one of them was changed so that they agree


Combine = Callable[[Any, Any], Outcome]


@dataclass(frozen=True)
class Rule:
    """``combine(stays, other)`` changes the rows of the kept and of the other organisation.

    ``says`` states the rule in words; ``describe`` names a row, for which ``fetch`` are the
    relations that it needs; a row without a name is not worth telling of.
    """

    combine: Combine
    says: Any
    describe: Callable[[Any], str]
    fetch: tuple[str, ...] = ()
    defer: tuple[str, ...] = ()


RULES: dict[str, Rule] = {}
"""By label of the model, as in ``organisations.Statement``."""


class NoRule(RuntimeError):
    """A table has rows of both organisations that cannot both stand, and nobody said what then."""


def rule(
    model: type[Model],
    *,
    says: Any,
    describe: Callable[[Any], str],
    fetch: tuple[str, ...] = (),
    defer: tuple[str, ...] = (),
) -> Callable[[Combine], Combine]:
    """Register the decorated function as the rule of a table."""

    def register(combine: Combine) -> Combine:
        RULES[model._meta.label] = Rule(combine, says, describe, fetch, defer)
        return combine

    return register


def fill(stays: Model, other: Model, *names: str) -> None:
    """Take over what the row that stays leaves empty."""
    for name in names:
        if getattr(stays, name) in ("", None, [], {}):
            setattr(stays, name, getattr(other, name))


def joined(first: str, second: str) -> str:
    """Two texts as one, neither of them twice."""
    if second.strip() in first:
        return first
    if first.strip() in second:
        return second
    return f"{first}\n\n{second}"
