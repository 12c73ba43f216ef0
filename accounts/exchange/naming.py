"""Rows with a slug of their own, which a file may leave out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.exchange.reading import Sheet, in_list
from accounts.exchange.rows import Rows
from accounts.slugs import free_slugs, slug_of

SLUG = "slug"


@dataclass(frozen=True)
class _Known:
    """A row that is here, by what a file may call it."""

    slug: str
    name: str
    says: Mapping[str, str]
    is_nameable: bool


@dataclass
class _Here:
    """The rows that a file may mean where it gives no slug."""

    by_number: dict[tuple[str, str], _Known] = field(default_factory=dict)
    by_name: dict[str, list[_Known]] = field(default_factory=lambda: defaultdict(list))


class NamedRows(Rows):
    """Rows known by their slug; where a file gives none, by a number of their own, then by exactly
    the same name. What is known by none of them is new, and gets a slug made of its name.

    Two of the same name are not the same if both say something in one of the columns ``apart``, and
    not the same there. A name that several have here means none of them: the row is wrong.

    Of what is here, only rows that are `nameable` are meant by a name, as if the others were not
    here. A number is in no two rows: where it is that of another, the row is wrong.
    """

    named: ClassVar[str] = "name"
    own_numbers: ClassVar[tuple[str, ...]] = ()
    """Columns that no two rows have in common."""
    apart: ClassVar[Mapping[str, str]] = {}
    """Further columns that tell two of the same name apart, with the path to what they say."""

    @property
    def known_by(self) -> str:
        """How a row of a file is known again, in words."""
        numbers = [self.fields[name].column_name for name in self.own_numbers]
        words = {
            "slug": SLUG,
            "numbers": ", ".join(numbers),
            "name": self.named,
            "apart": ", ".join(self.apart),
        }
        if self.own_numbers and self.apart:
            text = _(
                "%(slug)s; where it is empty or missing by %(numbers)s, then by the same %(name)s"
                " unless %(apart)s differ. What is not found is new, and gets a slug made of its"
                " %(name)s."
            )
        elif self.own_numbers:
            text = _(
                "%(slug)s; where it is empty or missing by %(numbers)s, then by the same %(name)s."
                " What is not found is new, and gets a slug made of its %(name)s."
            )
        else:
            text = _(
                "%(slug)s; where it is empty or missing by the same %(name)s. What is not found is"
                " new, and gets a slug made of its %(name)s."
            )
        return text % words

    def nameable(self) -> Any:
        """The rows that a file may mean without their slug."""
        return self.get_queryset()

    def described(self, slugs: Collection[str]) -> Mapping[str, str]:
        """By their slugs, what a preview says of rows that were found without them."""
        return {}

    def completed(self, sheet: Sheet) -> Sheet:
        """The table with a slug in every row: that of the row that is meant, or a new one."""
        if not {self.named, *self.own_numbers} & set(sheet.headers):
            return sheet
        headers = sheet.headers if SLUG in sheet.headers else [*sheet.headers, SLUG]
        added = [""] * (len(headers) - len(sheet.headers))
        rows = [[*cells, *added] for cells in sheet.rows]
        place = headers.index(SLUG)
        without = {
            index: dict(zip(headers, (cell.strip() for cell in cells), strict=True))
            for index, cells in enumerate(rows)
            if not cells[place].strip()
        }
        if not without:
            return sheet
        here = self.here(without.values())
        wrong: dict[int, str] = {}
        new: dict[int, str] = {}
        first: dict[tuple[str, ...], int] = {}
        found: dict[int, str] = {}
        for index, said in without.items():
            number = sheet.numbers[index]
            try:
                known, how = self.meant(said, here)
            except LookupError as error:
                wrong[index] = str(error)
                continue
            if known is not None:
                rows[index][place] = known.slug
                self.found_by[number] = how
                found[number] = known.slug
                continue
            name = said.get(self.named, "")
            key = (name, *(said.get(each, "") for each in (*self.own_numbers, *self.apart)))
            if name and first.setdefault(key, number) != number:
                wrong[index] = _("This is the same as row %(row)s.") % {"row": first[key]}
                continue
            new[index] = name
        described = self.described(set(found.values())) if found else {}
        self.found_as = {number: described.get(slug, "") for number, slug in found.items()}
        for index, slug in zip(new, self.new_slugs(list(new.values())), strict=True):
            rows[index][place] = slug
        kept = [index for index in range(len(rows)) if index not in wrong]
        return replace(
            sheet,
            headers=headers,
            rows=[rows[index] for index in kept],
            numbers=[sheet.numbers[index] for index in kept],
            wrong=[
                *sheet.wrong,
                *((sheet.numbers[index], message) for index, message in wrong.items()),
            ],
        )

    def here(self, rows: Iterable[Mapping[str, str]]) -> _Here:
        """What is here of the numbers and names in rows without a slug; a query for each kind."""
        rows, found = list(rows), _Here()
        paths = {**{name: name for name in self.own_numbers}, **self.apart}

        def known(rows: Any, column: str, cells: Collection[str]) -> list[_Known]:
            is_nameable = Exists(self.nameable().filter(pk=OuterRef("pk")))
            fetched = rows.filter(**{f"{column}__in": cells}).annotate(is_nameable=is_nameable)
            return [
                _Known(
                    slug,
                    name,
                    {key: str(v) for key, v in zip(paths, says, strict=True) if v},
                    is_nameable,
                )
                for slug, name, is_nameable, *says in fetched.order_by("pk").values_list(
                    SLUG, self.named, "is_nameable", *paths.values()
                )
            ]

        for column in self.own_numbers:
            cells = {each for row in rows if (each := self.number(column, row.get(column, "")))}
            for one in known(self.get_queryset(), column, cells) if cells else ():
                found.by_number[column, one.says[column]] = one
        names = {row.get(self.named, "") for row in rows} - {""}
        for one in known(self.nameable(), self.named, names) if names else ():
            found.by_name[one.name].append(one)
        return found

    def number(self, column: str, cell: str) -> str:
        """A cell as the database shows it; nothing where it is wrong, which is told later."""
        model_field: Any = self.model._meta.get_field(column)
        try:
            return str(model_field.clean(cell, None)) if cell else ""
        except ValidationError:
            return ""

    def meant(self, said: Mapping[str, str], here: _Here) -> tuple[_Known | None, str]:
        """The row that is meant, and the column that told; LookupError where several may be, and
        where the number is that of a row that is not `nameable`."""
        for column in self.own_numbers:
            known = here.by_number.get((column, self.number(column, said.get(column, ""))))
            if known is not None and not known.is_nameable:
                raise LookupError(
                    _(
                        "%(slug)s has this %(column)s, and nobody has verified it. Write its slug"
                        " if you mean it."
                    )
                    % {"slug": known.slug, "column": column}
                )
            if known is not None:
                return known, column
        named = [
            known
            for known in here.by_name.get(said.get(self.named, ""), [])
            if not any(
                said.get(column) and known.says.get(column, said[column]) != said[column]
                for column in (*self.own_numbers, *self.apart)
            )
        ]
        if len(named) > 1:
            raise LookupError(
                _("Several have this name: %(slugs)s. Write the slug of the one that you mean.")
                % {"slugs": in_list(known.slug for known in named)}
            )
        return (named[0], self.named) if named else (None, "")

    def new_slugs(self, names: Sequence[str]) -> list[str]:
        """A free slug for each name."""
        slug: Any = self.model._meta.get_field(SLUG)
        otherwise = str(self.model._meta.model_name)
        longest = slug.max_length - 10
        bases = [slug_of(name, longest=longest, otherwise=otherwise) for name in names]
        return free_slugs(bases, self.taken)

    def taken(self, slugs: Collection[str]) -> set[str]:
        rows = self.model._default_manager.filter(slug__in=slugs)
        return set(rows.values_list(SLUG, flat=True))
