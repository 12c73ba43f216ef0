"""Organisations and statements follow the files of profiles, as far as nobody edited them here.

What the files said last is kept in ``Organisation.registered``, so that a later load tells an edit
made here from an older version of the file: a field or statement follows its file as long as it is
as the file left it; what somebody changed, cleared or deleted stays so.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models

from organisations.models import FormerAddress, Organisation, Statement
from regions.reference.files import Row
from regions.reference.upsert import Change

REGISTERED: Final = "profiles"
"""Where ``Organisation.registered`` keeps what these files said last."""

FOLLOWED: Final = (
    "name",
    "short_name",
    "kind",
    "status",
    "description",
    "city",
    "country_id",
    "nuts3_id",
    "home_region_id",
    "latitude",
    "longitude",
    "source_id",
)
NOT_SAID: Final = ("", None, Organisation.Kind.OTHER)
"""What a field holds that nobody filled in."""

Said = dict[str, Any]


def merged_among(slugs: Iterable[str]) -> set[str]:
    """Which of the organisations were merged into others: the files do not bring them back."""
    addresses = FormerAddress.objects.filter(slug__in=list(slugs))
    return set(addresses.values_list("slug", flat=True))


def follow_organisations(wanted: list[tuple[Row, Organisation]]) -> Change:
    """Add the organisations of a file, and take over what it says anew of known ones."""
    known = {
        each.slug: each
        for each in Organisation.objects.filter(slug__in=[item.slug for _row, item in wanted])
    }
    merged = merged_among(item.slug for _row, item in wanted)
    lines: dict[str, int] = {}
    change = Change()
    for row, item in wanted:
        if item.slug in lines:
            raise row.error(f"line {lines[item.slug]} is about the same")
        lines[item.slug] = row.line
        _check(row, item)
        said = {name: getattr(item, name) for name in FOLLOWED}
        present = known.get(item.slug)
        if present is None and item.slug in merged:
            continue
        if present is None:
            item.registered = {REGISTERED: {"fields": said}}
            item.save(force_insert=True)
            change += Change(added=1)
        elif present.is_illustrative != item.is_illustrative:
            other = "an illustrative" if present.is_illustrative else "a real"
            raise row.error(f"slug {item.slug!r} belongs to {other} organisation")
        elif _follow(present, said):
            change += Change(changed=1)
    return change


def _follow(present: Organisation, said: Said) -> bool:
    """Take over what the file says anew of fields that nobody edited; tell whether it did."""
    before: Said = present.registered.get(REGISTERED, {})
    last: Said = before.get("fields", {})
    for name in FOLLOWED:
        value = getattr(present, name)
        if value == last[name] if name in last else value in NOT_SAID:
            setattr(present, name, said[name])
    if last == said:
        return False
    _remember(present, "fields", said)
    return True


def _remember(organisation: Organisation, part: str, said: Said) -> None:
    before: Said = organisation.registered.get(REGISTERED, {})
    organisation.registered = {**organisation.registered, REGISTERED: {**before, part: said}}
    organisation.save()


def _content(statement: Statement) -> list[Any]:
    """All that a statement says apart from its concept and role, as JSON keeps it."""
    until = statement.valid_until
    return [
        statement.weight,
        statement.trl_from,
        statement.trl_to,
        until.isoformat() if until else None,
        statement.text,
    ]


def follow_statements(
    organisation: Organisation, now: Mapping[str, Statement], concepts: Mapping[str, int]
) -> Change:
    """Add, change and remove declared statements that are as the file left them."""
    said = {key: _content(statement) for key, statement in now.items()}
    last: Said = organisation.registered.get(REGISTERED, {}).get("statements", {})
    if said == last:
        return Change()
    present = {
        (each.role, each.concept_id): each
        for each in organisation.statements.filter(origin=Statement.Origin.DECLARED)
    }
    added = changed = 0
    for key in last.keys() | said.keys():
        role, identifier = key.split(" ", 1)
        standing = present.get((role, concepts.get(identifier, 0)))
        if standing is None:
            if key in said and key not in last:
                now[key].save(force_insert=True)
                added += 1
        elif _content(standing) == last.get(key) != said.get(key):
            if key in said:
                now[key].pk = standing.pk
                now[key].save(force_update=True)
            else:
                standing.delete()
            changed += 1
    _remember(organisation, "statements", said)
    return Change(added, changed)


def _check(row: Row, item: models.Model) -> None:
    relations = {field.name for field in item._meta.concrete_fields if field.is_relation}
    try:
        item.clean_fields(exclude=relations)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise row.error(f"{name}: {messages[0]}") from error
