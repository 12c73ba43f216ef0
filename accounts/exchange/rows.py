"""Rows of a file into rows of a table: all of them, or none.

Built on the resources of django-import-export, which know transactions and count results. Columns,
look-ups and messages are ours: every other row that a file names is looked up once for the whole
file, what the database refuses is told in the words of its constraint, and a file of ten thousand
bad rows is judged in seconds.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.db.utils import DataError, IntegrityError
from django.utils.translation import gettext as _
from import_export.instance_loaders import ModelInstanceLoader
from import_export.resources import Resource
from import_export.results import RowResult

from accounts.exchange.columns import Column, Reference
from accounts.exchange.reading import Sheet, Unreadable, in_list, shortened
from accounts.models import User

if TYPE_CHECKING:

    class LibraryResource:
        """What the rows have from django-import-export."""

        fields: dict[str, Column]

        def import_data(self, dataset: Any, **options: Any) -> Any: ...

        def get_import_id_fields(self) -> list[str]: ...
else:
    LibraryResource = Resource

SHOWN: Final = 100
"""Rows of a preview that are shown; all are counted."""


@dataclass(frozen=True)
class Wrong:
    """What is wrong in one cell, or in a row (no column)."""

    row: int
    column: str
    message: str
    value: str = ""


@dataclass(frozen=True)
class Change:
    """What becomes of a row: the columns that change, with before and after."""

    row: int
    is_new: bool
    name: str
    columns: list[tuple[str, Any, Any]]
    found_by: str = ""
    """The column by which the row was known again, where it is not the usual one."""
    found_as: str = ""
    """What the row that was found so is, in words."""


@dataclass
class Outcome:
    """What an import did, or would do."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    written: list[tuple[bool, Any, str]] = field(default_factory=list)
    """Of each row that was written: whether it is new, its number, what it is called."""
    digest: Any = field(default_factory=hashlib.sha256)

    @property
    def rows(self) -> int:
        return self.new + self.changed + self.unchanged + self.bad

    @property
    def fingerprint(self) -> str:
        """Stands for every single change, shown or not."""
        return str(self.digest.hexdigest())


class Rows(LibraryResource):
    """How the rows of one model stand in a file. Subclasses list their columns and rules.

    ``Meta.import_id_fields`` names the columns by which a row is known again. A column that a file
    lacks is left as it is; a new row then gets the usual values.
    """

    fetched: ClassVar[tuple[str, ...]] = ()
    prefetched: ClassVar[tuple[str, ...]] = ()

    class Meta:
        use_transactions = True
        # no savepoint around every row by the library: `Rows.save` makes one where it writes
        use_bulk = True
        # rows are found by `Rows.before_import`; the library wants to be told of a loader
        instance_loader_class = ModelInstanceLoader

    def __init__(self, *, by: User | None = None, scope: Any = None, reason: str = "") -> None:
        super().__init__()
        self.by, self.scope, self.reason = by, scope, reason
        self.outcome = Outcome()
        self.numbers: list[int] = []
        self.known: dict[tuple[Any, ...], models.Model] = {}
        self.seen: dict[tuple[Any, ...], int] = {}
        self.found_by: dict[int, str] = {}
        self.found_as: dict[int, str] = {}

    @property
    def model(self) -> type[models.Model]:
        model: type[models.Model] = self._meta.model  # type: ignore[attr-defined]  # set by the library
        return model

    @property
    def columns(self) -> list[Column]:
        return list(self.fields.values())

    @property
    def identifying(self) -> list[Column]:
        return [self.fields[name] for name in self.get_import_id_fields()]

    @property
    def known_by(self) -> str:
        """How a row of a file is known again, in words."""
        return ", ".join(column.column_name for column in self.identifying)

    @property
    def headers(self) -> list[str]:
        return [column.column_name for column in self.columns]

    def get_queryset(self) -> Any:
        """The rows that a file can speak of."""
        return self.model._default_manager.all() if self.scope is None else self.scope

    def table(self, rows: Any) -> Iterator[list[Any]]:
        """The rows as an export holds them, read in pieces."""
        for row in self.with_related(rows).iterator(chunk_size=1_000):
            yield [column.shown(row) for column in self.columns]

    def with_related(self, rows: Any) -> Any:
        return rows.select_related(*self.fetched).prefetch_related(*self.prefetched)

    def bring_in(self, sheet: Sheet, *, dry_run: bool) -> Outcome:
        """Import the table; nothing is written if any row is wrong, or in a dry run.

        Raises `Unreadable` for headers that are not those of the table.
        """
        sheet = self.completed(sheet)
        self.check_headers(sheet.headers)
        self.dry_run = dry_run or bool(sheet.wrong)
        for number, message in sheet.wrong:
            self.outcome.bad += 1
            self.tell(Wrong(number, "", message))
        self.numbers = sheet.numbers
        dataset = tablib.Dataset(*sheet.rows, headers=sheet.headers)
        result = self.import_data(
            dataset, dry_run=self.dry_run, raise_errors=False, rollback_on_validation_errors=True
        )
        if result.base_errors:
            raise result.base_errors[0].error
        self.outcome.wrong.sort(key=lambda wrong: wrong.row)
        return self.outcome

    def completed(self, sheet: Sheet) -> Sheet:
        """The table with what can be filled in before its rows are looked at."""
        return sheet

    def check_headers(self, headers: list[str]) -> None:
        missing = [each.column_name for each in self.identifying if each.column_name not in headers]
        unknown = [header for header in headers if header not in self.headers]
        complaints = []
        if missing:
            complaints.append(
                _("These columns are missing: %(names)s.") % {"names": in_list(missing)}
            )
        if unknown:
            complaints.append(
                _("These columns are not known here: %(names)s.") % {"names": in_list(unknown)}
            )
        if complaints:
            columns = _("The columns are: %(names)s.") % {"names": ", ".join(self.headers)}
            raise Unreadable(" ".join([*complaints, columns]))

    def before_import(self, dataset: Any, **options: Any) -> None:
        """Look up all rows that the file names, and all those that it is about."""
        for column in self.columns:
            if column.column_name in dataset.headers:
                column.prepare(dataset[column.column_name])
        keys = [self.key(dict(zip(dataset.headers, cells, strict=True))) for cells in dataset]
        wanted = models.Q()
        for place, column in enumerate(self.identifying):
            if column.field(self.model).null:
                continue
            values: Iterable[Any] = {key[place] for key in keys if key}
            if isinstance(column, Reference):
                values = [column.found[name].pk for name in values if name in column.found]
            wanted &= models.Q(**{f"{column.attribute}__in": values})
        rows = self.with_related(self.get_queryset().filter(wanted))
        if not self.dry_run:
            rows = rows.select_for_update(of=("self",)).order_by("pk")
        self.known = {tuple(each.shown(row) for each in self.identifying): row for row in rows}

    def key(self, row: dict[str, str]) -> tuple[Any, ...]:
        """What the row is known by; empty where a cell of it is wrong, or all are empty: two rows
        that say nothing are not the same."""
        blank = self.model()
        try:
            for column in self.identifying:
                column.take(blank, row[column.column_name])
        except ValidationError:
            return ()
        key = tuple(column.shown(blank) for column in self.identifying)
        return key if any(key) else ()

    def import_row(self, row: dict[str, str], instance_loader: Any, **options: Any) -> RowResult:
        """Take one row in. Called by the library."""
        number = self.numbers[options["row_number"] - 1]
        result = RowResult()
        try:
            result.import_type = self.take_in(row, number)
        except ValidationError as error:
            result.import_type = RowResult.IMPORT_TYPE_INVALID
            result.validation_error = error
            self.outcome.bad += 1
            for column, messages in by_column(error).items():
                for message in messages:
                    value = shortened(row.get(column, "")) if column else ""
                    self.tell(Wrong(number, column, message, value))
        return result

    def take_in(self, cells: dict[str, str], number: int) -> str:
        key = self.key(cells)
        first = self.seen.setdefault(key, number) if key else number
        if first != number:
            raise ValidationError(_("This is the same as row %(row)s.") % {"row": first})
        row = self.known.get(key) if key else None
        is_new = row is None
        if row is None:
            row = self.new()
        before = {each.column_name: None if is_new else each.shown(row) for each in self.columns}
        errors: dict[str, list[str]] = {}
        for column in self.columns:
            if column.column_name not in cells and not is_new:
                continue
            try:
                if column.column_name in cells:
                    column.take(row, cells[column.column_name])
                # what was so before is nobody's fault now
                if is_new or differs(column.shown(row), before[column.column_name]):
                    column.check(row)
            except ValidationError as error:
                errors[column.column_name] = error.messages
        if errors:
            raise ValidationError(errors)
        if not is_new and not self.changes(row, before):
            self.outcome.unchanged += 1
            return str(RowResult.IMPORT_TYPE_SKIP)
        self.rules(row, cells=cells, before=before, is_new=is_new)
        changes = self.changes(row, before)
        name = shortened(row)
        self.save(row, is_new)
        found_by = self.found_by.get(number, "")
        found_as = self.found_as.get(number, "")
        self.note(Change(number, is_new, name, changes, found_by, found_as), row)
        kind = RowResult.IMPORT_TYPE_NEW if is_new else RowResult.IMPORT_TYPE_UPDATE
        return str(kind)

    def changes(self, row: models.Model, before: dict[str, Any]) -> list[tuple[str, Any, Any]]:
        """The columns that are not as before."""
        return [
            (each.column_name, before[each.column_name], after)
            for each in self.columns
            if differs(after := each.shown(row), before[each.column_name])
        ]

    def new(self) -> models.Model:
        return self.model()

    def rules(
        self, row: Any, *, cells: dict[str, str], before: dict[str, Any], is_new: bool
    ) -> None:
        """What else has to hold before the row is saved, or follows from what it says. Raises
        ValidationError, by the names of the columns."""

    def save(self, row: models.Model, is_new: bool) -> None:
        row._change_reason = self.reason[:100]  # type: ignore[attr-defined]  # read by the history
        try:
            with transaction.atomic():
                row.save(force_insert=is_new)
                for column in self.columns:
                    column.finish(row)
        except (IntegrityError, DataError) as error:
            raise self.in_words(error) from error

    def in_words(self, error: IntegrityError | DataError) -> ValidationError:
        """What the database refused, in the words of its constraint."""
        diagnosis = getattr(error.__cause__, "diag", None)
        name = getattr(diagnosis, "constraint_name", None)
        for constraint in self.model._meta.constraints:
            if constraint.name == name:
                message = str(constraint.get_violation_error_message())
                return ValidationError({self.column_of(constraint): [message]})
        found = re.match(r"Key \(([^)]+)\)", getattr(diagnosis, "message_detail", None) or "")
        columns = [each for each in self.columns if found and each.attribute == found[1]]
        if columns:
            return ValidationError(
                {columns[0].column_name: [_("Another row has this value already.")]}
            )
        return ValidationError(_("The database does not take this row."))

    def column_of(self, constraint: models.BaseConstraint) -> str:
        """The columns that a constraint is about, as far as the table has them."""
        about: set[str] = set(getattr(constraint, "fields", ()))
        condition = getattr(constraint, "condition", None)
        if isinstance(constraint, models.CheckConstraint) and condition is not None:
            about = set(condition.referenced_base_fields)
        names = [each.column_name for each in self.columns if each.attribute in about]
        return ", ".join(names) or NON_FIELD_ERRORS

    def note(self, change: Change, row: models.Model) -> None:
        outcome = self.outcome
        if change.is_new:
            outcome.new += 1
        else:
            outcome.changed += 1
        outcome.digest.update(repr((change.row, change.is_new, change.columns)).encode())
        if len(outcome.changes) < SHOWN:
            shown = [column for column in change.columns if any(column[1:])]
            outcome.changes.append(replace(change, columns=shown))
        if not self.dry_run:
            outcome.written.append((change.is_new, row.pk, change.name))

    def tell(self, wrong: Wrong) -> None:
        if len(self.outcome.wrong) < SHOWN:
            self.outcome.wrong.append(wrong)

    def after_import(self, dataset: Any, result: Any, **options: Any) -> None:
        """Nothing: no file brings numbers of its own, so no sequence has to follow."""

    def get_diff_headers(self) -> list[str]:
        return self.headers


def by_column(error: ValidationError) -> dict[str, list[str]]:
    """Messages by column; those about the whole row under ""."""
    if not hasattr(error, "error_dict"):
        return {"": error.messages}
    return {
        "" if column == NON_FIELD_ERRORS else column: messages
        for column, messages in error.message_dict.items()
    }


def differs(after: Any, before: Any) -> bool:
    return bool((after if after is not None else "") != (before if before is not None else ""))
