"""Moving everything that points at some rows to other rows of the same table.

Generic over `_meta.get_fields(include_hidden=True)`, so that no relation is forgotten: not those
without a name for the way back, not the tables between two others. Tables of history are left as
they are, since they say what was. A forgotten relation would still stop a merge: the row that goes
is deleted without following anything, and the database refuses while something points at it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import BooleanField, Case, Model, Q, UniqueConstraint, Value, When
from django.utils import timezone

from organisations.merging.rules import RULES, NoRule, Outcome, Rule

BATCH = 500


@dataclass(frozen=True)
class Relation:
    """A foreign key (or one-to-one) of some table to the rows that are moved."""

    model: type[Model]
    key: Any

    @property
    def name(self) -> str:
        return f"{self.model._meta.label}.{self.key.name}"

    @property
    def uniques(self) -> list[UniqueConstraint]:
        """The constraints that moving a row may break."""
        name, meta = self.key.name, self.model._meta
        found = [
            each
            for each in meta.constraints
            if isinstance(each, UniqueConstraint) and name in each.fields
        ]
        if self.key.unique:
            found.append(UniqueConstraint(fields=[name], name=f"{name}_itself"))
        for together in meta.unique_together:
            if name in together:
                found.append(UniqueConstraint(fields=together, name="_".join(together)))
        return found

    @property
    def siblings(self) -> list[Any]:
        """Other keys of the table to the same rows: a row must not relate one to itself."""
        return [
            each
            for each in self.model._meta.concrete_fields
            if each.related_model is self.key.related_model and each is not self.key
        ]

    @property
    def has_history(self) -> bool:
        return hasattr(self.model, "history")


def relations(model: type[Model]) -> list[Relation]:
    """Every key of any table to this one's rows, those of history left out."""
    back: Any = model._meta.get_fields(include_hidden=True)
    return [
        Relation(each.related_model, each.field)
        for each in back
        if each.auto_created
        and not each.concrete
        and (each.one_to_many or each.one_to_one)
        and not hasattr(each.related_model, "history_object")
    ]


@dataclass(frozen=True)
class Conflict:
    """Two rows that could not both stand, and what was done."""

    kind: Any
    what: str
    says: Any


@dataclass
class Moved:
    """What a move did: rows moved by relation, conflicts, and the rows that are no more."""

    counts: dict[Relation, int] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    dropped: list[dict[str, Any]] = field(default_factory=list)


def move_all(
    model: type[Model], pairs: Mapping[Any, Any], done: Moved, *, by: Any, why: str
) -> None:
    """Let everything that points at a key of ``pairs`` point at its value. Raises `NoRule`."""
    for relation, count in _counted(relations(model), pairs):
        if count:
            _Move(relation, pairs, done, by=by, why=why).run(count)


def _counted(found: list[Relation], pairs: Mapping[Any, Any]) -> Iterator[tuple[Relation, int]]:
    """How many rows each relation moves, in one query."""
    quote = connection.ops.quote_name
    parts = [
        f"(SELECT count(*) FROM {quote(each.model._meta.db_table)}"
        f" WHERE {quote(each.key.column)} = ANY(%s))"
        for each in found
    ]
    if not parts:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", [list(pairs)] * len(parts))
        counts = cursor.fetchone()
    yield from zip(found, counts, strict=True)


class _Move:
    """One relation's rows on their way."""

    def __init__(
        self, relation: Relation, pairs: Mapping[Any, Any], done: Moved, *, by: Any, why: str
    ) -> None:
        self.relation, self.pairs, self.done, self.by, self.why = relation, pairs, done, by, why
        self.model, self.key = relation.model, relation.key
        self.uniques = relation.uniques
        self.rule: Rule | None = RULES.get(self.model._meta.label)

    def run(self, count: int) -> None:
        plain = not (self.uniques or self.relation.siblings or self.relation.has_history)
        if plain and len(self.pairs) == 1:
            ((old, new),) = self.pairs.items()
            self.model._base_manager.filter(**{self.key.attname: old}).update(
                **{self.key.attname: new}
            )
            self._count(count)
            return
        self._one_by_one()

    def _one_by_one(self) -> None:
        rows = list(self._rows())
        standing = {
            key: row
            for row in rows
            if getattr(row, self.key.attname) not in self.pairs
            for key in self._keys(row, getattr(row, self.key.attname))
        }
        gone: dict[Any, Any] = {}
        dropped: list[Model] = []
        changed: dict[Any, Model] = {}
        moved: list[Model] = []
        for row in rows:
            old = getattr(row, self.key.attname)
            if old not in self.pairs:
                continue
            new = self.pairs[old]
            if any(getattr(row, each.attname) == new for each in self.relation.siblings):
                self._drop(row, dropped)
                continue
            keys = list(self._keys(row, new))
            stays = next((standing[key] for key in keys if key in standing), None)
            if stays is not None and self._combined(stays, row) is Outcome.DROP:
                gone[row.pk] = stays.pk
                changed[stays.pk] = stays
                self._drop(row, dropped)
                continue
            if stays is not None:
                changed[stays.pk] = stays
            moved.append(row)
            standing.update((key, row) for key in keys)
        if gone:
            move_all(self.model, gone, self.done, by=self.by, why=self.why)
        if dropped:
            keys_gone = [row.pk for row in dropped]
            rows_gone = self.model._base_manager.filter(pk__in=keys_gone)
            rows_gone._raw_delete(rows_gone.db)
        self._save(list(changed.values()), moved)
        self._count(len(moved))
        self._remember([*changed.values(), *moved], dropped)

    def _rows(self) -> Any:
        """The rows of both sides, each with whether the conditions of the constraints hold."""
        ends = [*self.pairs.keys(), *self.pairs.values()]
        rows = self.model._base_manager.filter(**{f"{self.key.attname}__in": ends})
        if self.rule:
            rows = rows.select_related(*self.rule.fetch).defer(*self.rule.defer)
        conditions = {
            f"holds_{place}": Case(
                When(each.condition, then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
            for place, each in enumerate(self.uniques)
            if isinstance(each.condition, Q)
        }
        return rows.annotate(**conditions).order_by("pk")

    def _keys(self, row: Model, owner: Any) -> Iterator[tuple[Any, ...]]:
        """What the row takes up of each unique constraint if it belongs to ``owner``."""
        meta: Any = self.model._meta
        for place, each in enumerate(self.uniques):
            if not getattr(row, f"holds_{place}", True):
                continue
            values = [
                owner if name == self.key.name else getattr(row, meta.get_field(name).attname)
                for name in each.fields
            ]
            if None not in values:
                yield (place, *values)

    def _combined(self, stays: Model, row: Model) -> Outcome:
        if self.rule is None:
            raise NoRule(f"{self.relation.name}: nobody said how two rows become one")
        outcome = self.rule.combine(stays, row)
        what = self.rule.describe(row)
        if what:
            kind = self.model._meta.verbose_name
            self.done.conflicts.append(Conflict(kind, what, self.rule.says))
        return outcome

    def _drop(self, row: Model, dropped: list[Model]) -> None:
        dropped.append(row)
        self.done.dropped.append({"model": self.model._meta.label, "row": as_json(row)})

    def _save(self, changed: list[Model], moved: list[Model]) -> None:
        """Those that stay first: one of them may have made room."""
        names = [each.name for each in self.model._meta.concrete_fields if not each.primary_key]
        if self.key.primary_key:
            for row in moved:
                old = getattr(row, self.key.attname)
                self.model._base_manager.filter(pk=old).update(**{self.key.name: self.pairs[old]})
            moved = []
        for row in moved:
            setattr(row, self.key.attname, self.pairs[getattr(row, self.key.attname)])
        for rows in (changed, moved):
            if rows:
                fields = names if rows is changed or changed else [self.key.name]
                self.model._base_manager.bulk_update(rows, fields, batch_size=BATCH)

    def _count(self, count: int) -> None:
        if count:
            self.done.counts[self.relation] = self.done.counts.get(self.relation, 0) + count

    def _remember(self, changed: list[Model], dropped: list[Model]) -> None:
        """Write the history that a save would have written, all of it in one go."""
        if not self.relation.has_history:
            return
        history: Any = self.model.history.model  # type: ignore[attr-defined]
        now = timezone.now()
        history.objects.bulk_create(
            [
                history(
                    history_date=now,
                    history_user=self.by,
                    history_change_reason=self.why,
                    history_type=kind,
                    **{each.attname: getattr(row, each.attname) for each in history.tracked_fields},
                )
                for kind, rows in (("~", changed), ("-", dropped))
                for row in rows
            ],
            batch_size=BATCH,
        )


def as_json(row: Model) -> dict[str, Any]:
    """All columns of a row, as JSON keeps them."""
    kept: dict[str, Any] = {}
    for each in row._meta.concrete_fields:
        value = getattr(row, each.attname)
        if isinstance(value, bytes | memoryview):
            value = each.value_to_string(row)  # base 64
        kept[each.attname] = json.loads(json.dumps(value, cls=DjangoJSONEncoder))
    return kept
