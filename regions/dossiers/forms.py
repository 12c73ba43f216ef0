"""Forms of a dossier: each fact with its source."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regions.keeping import ABOUT, NewSource, check_year, digest_of, sources_for
from regions.models import (
    Distinction,
    Indicator,
    KeyFigure,
    Priority,
    Region,
    RegionContact,
    Source,
)
from regions.numbers import NoNumber, read_number, written_number
from regions.own_texts import said

if TYPE_CHECKING:
    AnyModelForm = forms.ModelForm[Any]
    Indicators = forms.ModelChoiceField[Indicator]
    Sources = forms.ModelChoiceField[Source]
else:
    AnyModelForm = forms.ModelForm
    Indicators = forms.ModelChoiceField
    Sources = forms.ModelChoiceField

YEAR = forms.TextInput(attrs={"inputmode": "numeric", "size": 4})


class NumberField(forms.CharField):
    """A number, written as in the reader's language."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_length=60, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return written_number(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_number(text)
        except NoNumber as error:
            raise ValidationError(str(error), code="number") from error

    def run_validators(self, value: Any) -> None:
        if isinstance(value, Decimal):
            DecimalValidator(18, 2)(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True


class IndicatorField(Indicators):
    """An indicator with its unit, so that nobody writes millions where euros are meant."""

    def label_from_instance(self, indicator: Indicator) -> str:
        return f"{indicator} ({said(indicator.unit)})" if indicator.unit else str(indicator)


class SourcedForm(AnyModelForm):
    """A fact of a region and where it comes from: a source that the region cites, or a new one.

    ``opened`` is what the row was when the form was opened.
    """

    source_name: ClassVar[str] = "source"
    source_is_needed: ClassVar[bool] = True

    source = Sources(
        queryset=Source.objects.none(),
        required=False,
        label=gettext_lazy("Source"),
        empty_label=gettext_lazy("a new one, named below"),
    )
    new_title = forms.CharField(
        label=gettext_lazy("New source: title"),
        max_length=240,
        required=False,
        help_text=gettext_lazy("For example the name of a yearbook, a strategy or a web page."),
    )
    new_publisher = forms.CharField(
        label=gettext_lazy("New source: publisher"), max_length=160, required=False
    )
    new_url = forms.URLField(
        label=gettext_lazy("New source: address"),
        max_length=200,
        required=False,
        assume_scheme="https",
    )
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = region
        current = getattr(self.instance, f"{self.source_name}_id")
        offered = sources_for(region)
        if current is not None:
            offered = Source.objects.filter(pk__in=offered.values("pk")) | Source.objects.filter(
                pk=current
            )
        source: Any = self.fields["source"]
        source.queryset = offered.order_by("title", "pk")
        source.initial = current
        if self.instance.pk is not None:
            self.fields["opened"].initial = self.digest(self.instance)

    def digest(self, row: Any) -> str:
        return digest_of(row)

    def clean_year(self) -> int | None:
        year: int | None = self.cleaned_data["year"]
        try:
            check_year(year, is_needed=False)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        named = cleaned.get("new_title") or ""
        if cleaned.get("new_publisher") or cleaned.get("new_url"):
            if not named:
                self.add_error("new_title", _("Give the title of the new source as well."))
        elif not named and not cleaned.get("source") and self.needs_source(cleaned):
            self.add_error("source", _("Choose a source, or name a new one."))
        return cleaned

    def needs_source(self, cleaned: dict[str, Any]) -> bool:
        return self.source_is_needed

    def _post_clean(self) -> None:
        # a new source wins over the one that was chosen before
        setattr(self.instance, self.source_name, self.cleaned_data.get("source"))
        super()._post_clean()  # type: ignore[misc]  # Django's hook, unknown to the stubs

    @property
    def new_source(self) -> NewSource | None:
        title = self.cleaned_data["new_title"]
        if not title:
            return None
        return NewSource(title, self.cleaned_data["new_publisher"], self.cleaned_data["new_url"])


class KeyFigureForm(SourcedForm):
    """A figure; its indicator and year are fixed once it is stored."""

    indicator = IndicatorField(
        queryset=Indicator.objects.order_by("position", "slug"),
        label=gettext_lazy("Indicator, with its unit"),
    )
    value = NumberField(label=gettext_lazy("Value"))
    year = forms.IntegerField(
        label=gettext_lazy("Reference year"),
        widget=YEAR,
        help_text=gettext_lazy("The year that the figure speaks of, not that of the publication."),
    )
    rank = forms.IntegerField(
        label=gettext_lazy("Rank (optional)"),
        min_value=1,
        max_value=9999,
        required=False,
        widget=YEAR,
        help_text=gettext_lazy("As your source gives it; the site does not compute it."),
    )
    rank_of = forms.IntegerField(
        label=gettext_lazy("Out of (optional)"),
        min_value=1,
        max_value=9999,
        required=False,
        widget=YEAR,
        help_text=gettext_lazy("How many regions were ranked."),
    )

    class Meta:
        model = KeyFigure
        fields = [
            "indicator",
            "value",
            "qualifier",
            "year",
            "rank",
            "rank_scope",
            "rank_of",
            "note",
        ]

    field_order = [*Meta.fields, "source", "new_title", "new_publisher", "new_url", "opened"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.fields["indicator"].disabled = True
            self.fields["year"].disabled = self.instance.year is not None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("rank")) != bool(cleaned.get("rank_scope")) and "rank" in cleaned:
            self.add_error("rank_scope", _("A rank needs its scope, and a scope its rank."))
        return cleaned


class PriorityForm(SourcedForm):
    """A priority; its concept was found by search before."""

    year = forms.IntegerField(
        label=gettext_lazy("Reference year (optional)"), required=False, widget=YEAR
    )

    class Meta:
        model = Priority
        fields = ["kind", "title", "year", "is_historic"]
        labels = {
            "title": gettext_lazy("In the region’s own words (optional)"),
            "is_historic": gettext_lazy("Historic: no longer in force"),
        }

    field_order = [*Meta.fields, "source", "new_title", "new_publisher", "new_url", "opened"]


class DistinctionForm(SourcedForm):
    """An award or honourable mention."""

    year = forms.IntegerField(label=gettext_lazy("Year (optional)"), required=False, widget=YEAR)

    class Meta:
        model = Distinction
        fields = ["title", "awarded_by", "year", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    field_order = [*Meta.fields, "source", "new_title", "new_publisher", "new_url", "opened"]


class ContactForm(SourcedForm):
    """An office to write to."""

    website = forms.URLField(
        label=gettext_lazy("Website (optional)"),
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Where the office says how to reach it. No e-mail addresses here."),
    )

    class Meta:
        model = RegionContact
        fields = ["office", "organisation", "website"]
        help_texts = {
            "office": gettext_lazy("The name of an office or department, never of a person.")
        }

    field_order = [*Meta.fields, "source", "new_title", "new_publisher", "new_url", "opened"]


class AboutForm(SourcedForm):
    """The summary with its source, the capital and the website."""

    source_name = "summary_source"

    website = forms.URLField(
        label=gettext_lazy("Website"), max_length=200, required=False, assume_scheme="https"
    )

    class Meta:
        model = Region
        fields = ["summary", "capital", "website"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 6, "maxlength": 1500})}

    field_order = [
        "summary",
        "source",
        "new_title",
        "new_publisher",
        "new_url",
        "capital",
        "website",
        "opened",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].label = _("Source of the summary")

    def digest(self, row: Any) -> str:
        return digest_of(row, ABOUT)

    def clean_summary(self) -> str:
        summary: str = self.cleaned_data["summary"].strip()
        if len(summary) > 1500:
            raise ValidationError(
                _("At most 1,500 characters; these are %(number)s.") % {"number": len(summary)}
            )
        return summary

    def needs_source(self, cleaned: dict[str, Any]) -> bool:
        return bool(cleaned.get("summary"))
