"""Two people edit the same thing at once: the second sees a merge, and nothing is lost.

A form carries the values that it was opened with, signed (`sealed`). When it is sent, `merged`
compares three versions field by field: as it was *opened*, as it is *present*, and as it is
*wanted*. What only one of the two changed is taken; where both changed the same field differently,
it is a `Clash`, and whoever writes asks the second person. Lists (languages, kinds, regions) are
sets: what each of the two added and took away holds, so they never clash.

Values are what JSON holds. Knows no model; anything with a form may use it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core import signing

SALT: Final = "regions-meet.edit"
KEEP_THEIRS, TAKE_MINE = "theirs", "mine"
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Clash:
    """A field that both changed differently: what the other saved, and what was wanted."""

    name: str
    theirs: Any
    mine: Any


@dataclass(frozen=True)
class Merge:
    """The outcome: what to write, what the other changed meanwhile, and what clashes."""

    changes: dict[str, Any] = field(default_factory=dict)
    taken_over: tuple[str, ...] = ()
    clashes: tuple[Clash, ...] = ()


class EditsClash(Exception):
    """Nothing was saved: somebody else saved other values of the same fields meanwhile."""

    def __init__(self, merge: Merge, present: Values) -> None:
        super().__init__(", ".join(clash.name for clash in merge.clashes))
        self.clashes = merge.clashes
        self.present = dict(present)
        self.settled = {
            name: merge.changes.get(name, value)
            for name, value in present.items()
            if name in merge.taken_over or isinstance(value, list)
        }
        """What the form shows next for the fields that need no choice but changed meanwhile: it is
        opened anew with what is present, and an old value would look like a wish."""


def sealed(values: Values, *, about: str) -> str:
    """The values that a form is opened with, for a hidden field; ``about`` names the thing."""
    return signing.dumps(dict(values), salt=f"{SALT}:{about}", compress=True)


def unsealed(text: str, *, about: str) -> dict[str, Any]:
    """What `sealed` made; nothing for text that is missing, damaged, or about another thing, so
    that every field that differs from the present one clashes, and nothing is overwritten."""
    try:
        values = signing.loads(text, salt=f"{SALT}:{about}")
    except signing.BadSignature:
        return {}
    return values if isinstance(values, dict) else {}


def is_sealed(text: str, *, about: str) -> bool:
    """Whether `sealed` made the text about this thing: whoever has it was given the form."""
    try:
        signing.loads(text, salt=f"{SALT}:{about}")
    except signing.BadSignature:
        return False
    return True


def merged(*, opened: Values, present: Values, wanted: Values) -> Merge:
    """Compare three versions of the fields of ``wanted``; see the module."""
    changes: dict[str, Any] = {}
    taken_over: list[str] = []
    clashes: list[Clash] = []
    for name, mine in wanted.items():
        theirs = present[name]
        if isinstance(mine, list):
            mine = _merged_set(opened.get(name, theirs), theirs, mine)
        elif name not in opened:
            if mine != theirs:
                clashes.append(Clash(name, theirs, mine))
            continue
        elif theirs != opened[name]:
            if mine == opened[name]:
                taken_over.append(name)
                continue
            if mine != theirs:
                clashes.append(Clash(name, theirs, mine))
                continue
        if mine != theirs:
            changes[name] = mine
    return Merge(changes, tuple(taken_over), tuple(clashes))


def decided(wanted: Values, *, opened: Values, choices: Mapping[str, str]) -> dict[str, Any]:
    """What is wanted after somebody chose between two values: a field whose choice is to keep
    theirs is left as it was opened."""
    return {
        name: opened[name] if choices.get(name) == KEEP_THEIRS and name in opened else value
        for name, value in wanted.items()
    }


def _merged_set(opened: list[Any], theirs: list[Any], mine: list[Any]) -> list[Any]:
    """What is present, without what I took away and with what I added, in that order; unchanged
    where that comes to the same."""
    kept = [item for item in theirs if item in mine or item not in opened]
    added = [item for item in mine if item not in opened and item not in theirs]
    return [*kept, *added]
