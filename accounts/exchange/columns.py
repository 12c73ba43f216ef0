"""Columns of a table: one field of a model each, as text that people read and write.

Other rows are named by what people know them by (a slug, a code, an address), never by the number
that this database happens to give them.
"""

import copy
import re
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from import_export.fields import Field

from accounts.exchange.reading import in_list, shortened

if TYPE_CHECKING:

    class LibraryField:
        """What a column has from django-import-export."""

        attribute: str
        column_name: str

        def __init__(self, *, attribute: str, column_name: str) -> None: ...
else:
    LibraryField = Field

TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class Column(LibraryField):
    """A column that holds a field's value."""

    def __init__(self, attribute: str, *, column: str = "") -> None:
        super().__init__(attribute=attribute, column_name=column or attribute)

    def field(self, row: models.Model | type[models.Model]) -> Any:
        return row._meta.get_field(self.attribute)

    def prepare(self, cells: Iterable[str]) -> None:
        """Look up what all cells of a file speak of, in one go."""

    def shown(self, row: models.Model) -> Any:
        """The value as a file holds it: text, a number, a day, True or False, or None."""
        return getattr(row, self.attribute)

    def take(self, row: models.Model, cell: str) -> None:
        """Write a cell into the row's field. Raises ValidationError."""
        field, before = self.field(row), getattr(row, self.attribute)
        if isinstance(before, str) and same_text(cell, before):
            return
        text = cell.strip()
        if text == "":
            setattr(row, self.attribute, self.empty(field))
        elif field.choices and text not in dict(field.flatchoices):
            raise ValidationError(
                _("“%(value)s” is none of these: %(choices)s.")
                % {"value": shortened(text), "choices": in_list(k for k, _l in field.flatchoices)}
            )
        elif isinstance(field, models.BooleanField):
            if text.lower() not in TRUTH:
                raise ValidationError(_("Write true or false."))
            setattr(row, self.attribute, TRUTH[text.lower()])
        else:
            setattr(row, self.attribute, field.to_python(text))

    def empty(self, field: Any) -> Any:
        """What an empty cell means: nothing where that may be, or else the usual value."""
        if field.null:
            return None
        return field.get_default() if field.has_default() else ""

    def check(self, row: models.Model) -> None:
        """Raise ValidationError where the field may not hold its value; the database is not
        asked."""
        field, value = self.field(row), getattr(row, self.attribute)
        if value == "" and field.blank:
            return
        if value in (None, "") and not (field.null and field.blank):
            raise ValidationError(field.error_messages["blank"])
        field.clean(value, row)

    def finish(self, row: models.Model) -> None:
        """Write what can be written once the row has its number."""


class Shown(Column):
    """A column for reading: what it says comes about elsewhere, and is not taken from a file."""

    def take(self, row: models.Model, cell: str) -> None:
        pass

    def check(self, row: models.Model) -> None:
        pass


class Words(Column):
    """A list of codes, with spaces between them."""

    def shown(self, row: models.Model) -> str:
        return " ".join(getattr(row, self.attribute))

    def take(self, row: models.Model, cell: str) -> None:
        setattr(row, self.attribute, list(dict.fromkeys(re.split(r"[\s,;]+", cell.strip(" \t,;")))))
        if not cell.strip(" \t,;"):
            setattr(row, self.attribute, [])

    def check(self, row: models.Model) -> None:
        field: ArrayField[Any, Any] = self.field(row)
        field.clean(getattr(row, self.attribute), row)


class Finder(Protocol):
    """Finds rows by what people call them."""

    def find(self, names: Collection[str]) -> Mapping[str, models.Model]:
        """The rows of those names that are there."""

    def name(self, row: Any) -> str:
        """What a row is called in a file."""


class By(Finder):
    """Rows by one unique field."""

    def __init__(self, model: type[models.Model], field: str = "slug") -> None:
        self.model, self.by = model, field

    def find(self, names: Collection[str]) -> Mapping[str, models.Model]:
        found = self.model._default_manager.filter(**{f"{self.by}__in": names})
        return {self.name(row): row for row in found}

    def name(self, row: Any) -> str:
        return str(getattr(row, self.by))


class Reference(Column):
    """The row that a foreign key points at."""

    def __init__(self, attribute: str, finder: Finder, *, column: str = "") -> None:
        super().__init__(attribute, column=column)
        self.finder = finder
        self.found: Mapping[str, models.Model] = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> "Reference":
        # each import looks rows up anew
        fresh = copy.copy(self)
        fresh.found = {}
        return fresh

    def prepare(self, cells: Iterable[str]) -> None:
        self.found = self.finder.find({name for cell in cells for name in self.names(cell)})

    def names(self, cell: str) -> list[str]:
        return [cell.strip()] if cell.strip() else []

    def shown(self, row: models.Model) -> str:
        # asks for nothing that is not there: a new row has no object yet
        if getattr(row, self.field(row).attname) is None:
            return ""
        return self.finder.name(getattr(row, self.attribute))

    def take(self, row: models.Model, cell: str) -> None:
        names = self.names(cell)
        setattr(row, self.attribute, self.known(names[0]) if names else None)

    def known(self, name: str) -> models.Model:
        if name not in self.found:
            raise ValidationError(_("“%(name)s” is not known.") % {"name": shortened(name)})
        return self.found[name]

    def check(self, row: models.Model) -> None:
        field = self.field(row)
        if getattr(row, field.attname) is None and not field.null:
            raise ValidationError(field.error_messages["blank"])


class References(Reference):
    """The rows of a many-to-many field, with spaces between their names."""

    def names(self, cell: str) -> list[str]:
        return sorted(set(cell.split()))

    def shown(self, row: models.Model) -> str:
        rows = row.__dict__.get(self.pending)
        if rows is None:
            rows = getattr(row, self.attribute).all() if row.pk else []
        return " ".join(sorted(self.finder.name(each) for each in rows))

    def take(self, row: models.Model, cell: str) -> None:
        row.__dict__[self.pending] = [self.known(name) for name in self.names(cell)]

    def check(self, row: models.Model) -> None:
        if self.field(row).blank or self.shown(row):
            return
        raise ValidationError(self.field(row).error_messages["blank"])

    def finish(self, row: models.Model) -> None:
        rows = row.__dict__.pop(self.pending, None)
        if rows is not None:
            getattr(row, self.attribute).set(rows)

    @property
    def pending(self) -> str:
        return f"_{self.attribute}_from_file"


class Label(Column):
    """The label in one language, of labels kept by language; an empty cell takes it away."""

    def __init__(self, language: str) -> None:
        super().__init__("labels", column=f"label_{language}")
        self.language = language

    def shown(self, row: models.Model) -> str:
        return str((getattr(row, self.attribute) or {}).get(self.language, ""))

    def take(self, row: models.Model, cell: str) -> None:
        labels = dict(getattr(row, self.attribute) or {})
        if not same_text(cell, labels.get(self.language, "")):
            labels[self.language] = cell.strip()
        setattr(row, self.attribute, {key: label for key, label in labels.items() if label})

    def check(self, row: models.Model) -> None:
        if self.language == "en" and not self.shown(row):
            raise ValidationError(_("Give a label in English."))
        self.field(row).run_validators({self.language: self.shown(row) or "–"})


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but what files do to text: ends of lines, characters that
    a workbook cannot hold."""
    return one == other or plain(one) == plain(other)


def plain(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", re.sub(r"\r\n?", "\n", text))
