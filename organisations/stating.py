"""What an organisation declares: added, changed and taken away, for pages and API alike."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from organisations.merging_edits import EditsClash, merged
from organisations.models import Organisation, Statement
from regions.models import Concept

MOST_TEXT: Final = 1_000
"""Characters of a statement's own words."""

MOST_STATEMENTS: Final = 300
"""Statements of one organisation: more say nothing, and cost every search."""

FIELDS: Final = ("weight", "trl_from", "trl_to", "valid_until", "text")
WITHOUT_TRL: Final = Statement.Role.INTERESTED
SEGMENTS: Final = "hydrogen-value-chain"


@dataclass(frozen=True)
class Changed:
    """A statement as it was saved, and which fields somebody else changed meanwhile."""

    statement: Statement
    taken_over: tuple[str, ...] = ()


class StatementGone(LookupError):
    """Somebody else removed the statement meanwhile."""


def as_stated(statement: Statement) -> dict[str, Any]:
    """The fields of a statement as JSON holds them: what a form is opened with."""
    until = statement.valid_until
    return {
        "weight": statement.weight,
        "trl_from": statement.trl_from,
        "trl_to": statement.trl_to,
        "valid_until": until.isoformat() if until else None,
        "text": statement.text,
    }


@transaction.atomic
def declare(
    *,
    organisation: Organisation,
    concepts: Collection[Concept],
    role: Statement.Role,
    by: User,
    values: Mapping[str, Any] | None = None,
) -> list[Statement]:
    """Declare that the organisation offers, needs or is interested in these concepts; those that
    it declares already stay as they are. Returns what is new.

    Raises PermissionDenied, and ValidationError by field for ``values`` out of range.
    """
    _lock(organisation, by)
    declared = organisation.statements.filter(origin=Statement.Origin.DECLARED)
    present = set(declared.values_list("role", "concept_id"))
    new = [one for one in dict.fromkeys(concepts) if (role, one.pk) not in present]
    if len(present) + len(new) > MOST_STATEMENTS:
        raise ValidationError(
            _("A profile holds %(most)d statements at most.") % {"most": MOST_STATEMENTS}
        )
    made = []
    for concept in new:
        statement = Statement(
            organisation=organisation,
            concept=concept,
            role=role,
            origin=Statement.Origin.DECLARED,
        )
        _write(statement, values or {})
        made.append(statement)
    return made


@transaction.atomic
def change(
    *,
    organisation: Organisation,
    statement: int,
    by: User,
    values: Mapping[str, Any],
    opened: Mapping[str, Any] | None = None,
) -> Changed:
    """Change weight, TRL, end or own words of one declared statement.

    ``opened`` is as in `editing.edit`. Raises PermissionDenied, `StatementGone`, ValidationError by
    field, and `EditsClash`.
    """
    _lock(organisation, by)
    found = (
        organisation.statements.filter(origin=Statement.Origin.DECLARED, pk=statement)
        .select_related("concept")
        .first()
    )
    if found is None:
        raise StatementGone
    before = as_stated(found)
    wanted = {name: _as_json(value) for name, value in values.items()}
    merge = merged(opened=before if opened is None else opened, present=before, wanted=wanted)
    if merge.clashes:
        raise EditsClash(merge, before)
    if merge.changes:
        _write(found, merge.changes)
    return Changed(found, merge.taken_over)


@transaction.atomic
def withdraw(*, organisation: Organisation, statement: int, by: User) -> bool:
    """Take a declared statement away; False where it is gone already. What projects demonstrate
    stays. Raises PermissionDenied."""
    _lock(organisation, by)
    found = organisation.statements.filter(origin=Statement.Origin.DECLARED, pk=statement).first()
    if found is None:
        return False
    found.delete()
    return True


@transaction.atomic
def set_segments(
    *, organisation: Organisation, codes: Collection[str], opened: Collection[str], by: User
) -> tuple[int, int]:
    """Offer exactly these segments of the hydrogen value chain, apart from what somebody else
    added or took away since ``opened``; returns how many were added and taken away.

    Raises PermissionDenied, and ValidationError for a code that is no segment.
    """
    _lock(organisation, by)
    chain = {one.code: one for one in Concept.objects.filter(vocabulary__scheme=SEGMENTS)}
    unknown = set(codes) - chain.keys()
    if unknown:
        raise ValidationError(_("“%(code)s” is no segment.") % {"code": min(unknown)[:40]})
    declared = {
        statement.concept.code: statement
        for statement in organisation.statements.filter(
            role=Statement.Role.OFFERS,
            origin=Statement.Origin.DECLARED,
            concept__vocabulary__scheme=SEGMENTS,
        ).select_related("concept")
    }
    merge = merged(
        opened={"segments": list(opened)},
        present={"segments": list(declared)},
        wanted={"segments": list(codes)},
    )
    wanted = merge.changes.get("segments", list(declared))
    gone = [statement for code, statement in declared.items() if code not in wanted]
    for statement in gone:
        statement.delete()
    added = declare(
        organisation=organisation,
        concepts=[chain[code] for code in wanted if code not in declared],
        role=Statement.Role.OFFERS,
        by=by,
    )
    return len(added), len(gone)


def _lock(organisation: Organisation, by: User) -> None:
    editable = Organisation.objects.editable_by(by)
    rows = editable.select_for_update(of=("self",), no_key=True).filter(pk=organisation.pk)
    if not list(rows.values_list("pk")):
        raise PermissionDenied(_("You may not edit this organisation."))


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _write(statement: Statement, values: Mapping[str, Any]) -> None:
    """Check and save. Errors are by field, in words for readers."""
    for name, value in values.items():
        if name not in FIELDS:
            raise ValueError(f"{name} is not for editors")
        if name == "valid_until" and isinstance(value, str):
            value = date.fromisoformat(value)
        if name == "text":
            value = (value or "").replace("\r\n", "\n").strip()
        setattr(statement, name, value)
    errors = errors_of(statement)
    if errors:
        raise ValidationError(errors)
    statement.save()


def errors_of(statement: Statement) -> dict[str, list[str]]:
    """All that is wrong with a statement, saved or not, by field and in words for readers."""
    errors: dict[str, list[str]] = {}
    if statement.weight not in (1, 2, 3):
        errors["weight"] = [_("A statement's weight is from 1 to 3.")]
    low, high = statement.trl_from, statement.trl_to
    if (low is None) != (high is None) or (
        low is not None and high is not None and not 1 <= low <= high <= 9
    ):
        errors["trl_from"] = [_("TRL goes from 1 to 9: give both ends, the lower first.")]
    elif low is not None and statement.role == WITHOUT_TRL:
        errors["trl_from"] = [_("An interest has no TRL.")]
    if len(statement.text) > MOST_TEXT:
        errors["text"] = [
            _("This is %(length)d characters long; %(most)d are the most.")
            % {"length": len(statement.text), "most": MOST_TEXT}
        ]
    elif "\0" in statement.text:
        errors["text"] = [_("This text holds a character that cannot be used.")]
    return errors
