"""The parts of a dossier, and how a value of theirs is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import models
from django.http import Http404
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regions.dossiers.forms import (
    ContactForm,
    DistinctionForm,
    KeyFigureForm,
    PriorityForm,
    SourcedForm,
)
from regions.models import Concept, Distinction, KeyFigure, Priority, RegionContact
from regions.numbers import written_number


@dataclass(frozen=True)
class Section:
    """One kind of fact: what it is stored as, how it is edited, and what its pages are called."""

    slug: str
    model: Any
    form: type[SourcedForm]
    fetched: tuple[str, ...]
    title: str | Promise
    add: str | Promise
    change: str | Promise
    delete: str | Promise


SECTIONS: Final = {
    section.slug: section
    for section in (
        Section(
            "figures",
            KeyFigure,
            KeyFigureForm,
            ("indicator", "source"),
            gettext_lazy("Key figures"),
            gettext_lazy("Add a figure"),
            gettext_lazy("Correct a figure"),
            gettext_lazy("Delete a figure"),
        ),
        Section(
            "priorities",
            Priority,
            PriorityForm,
            ("concept__vocabulary", "source"),
            gettext_lazy("Priorities"),
            gettext_lazy("Add a priority"),
            gettext_lazy("Change a priority"),
            gettext_lazy("Delete a priority"),
        ),
        Section(
            "distinctions",
            Distinction,
            DistinctionForm,
            ("source",),
            gettext_lazy("Distinctions"),
            gettext_lazy("Add a distinction"),
            gettext_lazy("Change a distinction"),
            gettext_lazy("Delete a distinction"),
        ),
        Section(
            "contacts",
            RegionContact,
            ContactForm,
            ("source",),
            gettext_lazy("Contact offices"),
            gettext_lazy("Add a contact office"),
            gettext_lazy("Change a contact office"),
            gettext_lazy("Delete a contact office"),
        ),
    )
}


def section_of(slug: str) -> Section:
    """The section of an address; raises Http404."""
    if slug not in SECTIONS:
        raise Http404(_("A dossier has no such part."))
    return SECTIONS[slug]


def shown(row: Any, name: str) -> str:
    """A field of a row as readers see it."""
    field = row._meta.get_field(name)
    if field.choices:
        return str(getattr(row, f"get_{name}_display")())
    value = getattr(row, name)
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return written_number(value)
    if isinstance(value, Concept):
        return value.label
    if hasattr(value, "year") and not isinstance(value, models.Model):
        return date_format(value)
    return str(value)


@dataclass(frozen=True)
class Difference:
    """One field in which two versions differ."""

    label: str
    theirs: str
    ours: str


def differences(
    theirs: Any, ours: Any, names: Sequence[str], *, new_source: str = ""
) -> list[Difference]:
    """The fields in which two versions of a row differ; ``new_source`` is one that ours names and
    that was not stored."""
    found = []
    for name in names:
        before, after = shown(theirs, name), shown(ours, name)
        if new_source and name in ("source", "summary_source"):
            after = new_source
        if before != after:
            found.append(Difference(str(theirs._meta.get_field(name).verbose_name), before, after))
    return found
