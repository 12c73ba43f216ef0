"""Filters of regions and concepts, and the kinds of filter that other rooms share.

One FilterSet serves the list page and the endpoint; every filter says no to a value that it does
not understand, so that a list is never silently the wrong one.
"""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from regions.models import Concept, Country, Region, Vocabulary
from regions.naming import alphabetical_region
from regions.querysets import RegionQuerySet, concepts_named
from regions.sorting import alphabetical_label
from regions.widgets import LongSelect

THEMES = "themes"
"""The scheme of the themes of the collaboration."""

LONGEST_QUERY = 100


class ConceptField(forms.CharField):
    """``scheme:code`` in an address or a form; the concept itself once cleaned."""

    default_error_messages = {
        "no_colon": _("Write a concept as vocabulary:code, for example themes:green-transition."),
        "unknown": _("There is no concept “%(value)s”."),
    }

    def clean(self, value: Any) -> Concept | None:
        text = super().clean(value)
        if not text:
            return None
        scheme, colon, code = text.partition(":")
        if not colon:
            raise ValidationError(self.error_messages["no_colon"], code="no_colon")
        concept = (
            Concept.objects.select_related("vocabulary")
            .filter(vocabulary__scheme=scheme, code=code)
            .first()
        )
        if concept is None:
            raise ValidationError(
                self.error_messages["unknown"], code="unknown", params={"value": text}
            )
        return concept


class ConceptCodeFilter(django_filters.CharFilter):  # type: ignore[misc]  # no types
    """A concept, as ``scheme:code``."""

    field_class = ConceptField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 145)
        super().__init__(*args, **kwargs)


class TextFilter(django_filters.CharFilter):  # type: ignore[misc]  # no types
    """What a reader types into a search box."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_QUERY)
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "search"}))
        super().__init__(*args, **kwargs)


class YesNoFilter(django_filters.TypedChoiceFilter):  # type: ignore[misc]  # no types
    """``true`` or ``false``; anything else is malformed, unlike Django's lenient check box."""

    def __init__(self, *args: Any, empty_label: Any = "", **kwargs: Any) -> None:
        super().__init__(
            *args,
            choices=[("", empty_label), ("true", _("yes")), ("false", _("no"))],
            coerce=lambda value: value == "true",
            empty_value=None,
            **kwargs,
        )
        extend_schema_field({"type": "boolean", "description": self.label})(self)


class YearFilter(django_filters.Filter):  # type: ignore[misc]  # no types
    """A year from 1900 to 2100."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args,
            min_value=1900,
            max_value=2100,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            **kwargs,
        )


class SlugFilter(django_filters.ModelChoiceFilter):  # type: ignore[misc]  # no types
    """One row of a small table, by the word that stands for it in addresses."""


def _regions_in_order(request: HttpRequest | None) -> QuerySet[Region]:
    return Region.objects.order_by(alphabetical_region(), "pk")


def region_filter(**kwargs: Any) -> SlugFilter:
    """A region or area by its slug."""
    return SlugFilter(
        label=_("Region"),
        queryset=_regions_in_order,
        to_field_name="slug",
        empty_label=_("All regions"),
        widget=LongSelect,
        **kwargs,
    )


def _countries_in_order(request: HttpRequest | None) -> QuerySet[Country]:
    return Country.objects.order_by(alphabetical_label("labels"), "pk")


def country_filter(**kwargs: Any) -> SlugFilter:
    """A country by the code that Eurostat uses."""
    return SlugFilter(
        label=_("Country"),
        queryset=_countries_in_order,
        empty_label=_("All countries"),
        widget=LongSelect,
        **kwargs,
    )


class RegionFilter(django_filters.FilterSet):  # type: ignore[misc]  # no types
    """Regions by name, country, kind, and a theme that they have made a priority."""

    q = TextFilter(
        label=_("Search"),
        help_text=_("Name, also in the region's own language, or capital."),
        method="search",
    )
    country = country_filter()
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=Region.Kind.choices, empty_label=_("Regions and areas")
    )
    theme = SlugFilter(
        label=_("Theme"),
        queryset=Concept.objects.filter(vocabulary__scheme=THEMES),
        to_field_name="code",
        empty_label=_("All themes"),
        method="on_theme",
    )

    class Meta:
        model = Region
        fields: list[str] = []

    def search(self, regions: RegionQuerySet, name: str, value: str) -> RegionQuerySet:
        return regions.named(value)

    def on_theme(self, regions: RegionQuerySet, name: str, value: Concept) -> RegionQuerySet:
        return regions.with_priority_on(value)


class ConceptFilter(django_filters.FilterSet):  # type: ignore[misc]  # no types
    """Concepts by their label in any language, or by vocabulary."""

    q = TextFilter(
        label=_("Search"), help_text=_("Label in any language, or code."), method="search"
    )
    scheme = SlugFilter(
        label=_("Vocabulary"),
        field_name="vocabulary",
        queryset=Vocabulary.objects.all(),
        to_field_name="scheme",
        empty_label=_("All vocabularies"),
    )

    class Meta:
        model = Concept
        fields: list[str] = []

    def search(self, concepts: QuerySet[Concept], name: str, value: str) -> QuerySet[Concept]:
        return concepts_named(concepts, value)
