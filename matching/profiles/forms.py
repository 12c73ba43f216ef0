"""The forms of a profile's steps.

What they check is what a reader can be told at once; the rules are those of the services
(`organisations.editing`, `organisations.stating`). Each gives its ``values`` as the services take
them.
"""

from datetime import date
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from organisations.editing import MOST_DESCRIPTION
from organisations.fields import WebsiteField
from organisations.identifiers import vat_number_of
from organisations.models import Organisation, Statement
from organisations.stating import FIELDS as CHECKED
from organisations.stating import MOST_TEXT, WITHOUT_TRL, errors_of
from regions.countries import countries
from regions.models import Region
from regions.naming import alphabetical_region, region_label
from regions.widgets import LongSelect

EUROPEAN: Final = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt"),
    *("lv", "nl", "pl", "pt", "ro", "sk", "sl", "sv"),
    *("is", "mk", "nb", "sq", "sr", "tr", "uk"),
)
"""The official languages of the Union, and those of the countries around it that work with it."""


class StepForm(forms.Form):
    """What a step asks, and the names of its fields that an organisation has too."""

    FIELDS: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """What was asked for, as `editing.edit` takes it."""
        return {name: self.cleaned_data[name] for name in self.FIELDS}


class WhoForm(StepForm):
    """Who the organisation is. Only name, kind and country are needed."""

    FIELDS = (
        *("name", "short_name", "kind", "description", "size", "website", "vat_number", "pic"),
        *("country", "city", "nuts3"),
    )

    name = forms.CharField(label=_("Name"), max_length=300)
    short_name = forms.CharField(
        label=_("Short name"),
        max_length=120,
        required=False,
        help_text=_("An acronym, or how others call you."),
    )
    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=[("", _("Choose a kind")), *Organisation.Kind.choices],
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=MOST_DESCRIPTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("A few sentences on what you do. Concepts to state are suggested from them."),
    )
    size = forms.ChoiceField(
        label=_("Size"),
        choices=[("", _("Not said")), *Organisation.Size.choices],
        required=False,
    )
    website = WebsiteField(label=_("Website"), required=False)
    vat_number = forms.CharField(
        label=_("VAT number"),
        max_length=20,
        required=False,
        help_text=_("With the code of its country, as in PL1234567890."),
    )
    pic = forms.RegexField(
        r"\A[0-9]{9}\Z",
        label=_("PIC"),
        required=False,
        help_text=_("Participant identification code of the European Commission, nine digits."),
        error_messages={"invalid": _("A PIC has nine digits.")},
    )
    country = forms.ChoiceField(label=_("Country"), widget=LongSelect)
    city = forms.CharField(label=_("Town"), max_length=120, required=False)
    nuts3 = forms.RegexField(r"\A[A-Z]{2}[0-9A-Z]{3}\Z", required=False, label=_("Area (NUTS 3)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = [("", _("Choose a country")), *countries()]

    def clean_vat_number(self) -> str:
        return vat_number_of(self.cleaned_data["vat_number"])


class LanguagesForm(StepForm):
    FIELDS = ("languages",)

    languages = forms.MultipleChoiceField(
        label=_("Working languages"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = self.fields["languages"]
        assert isinstance(languages, forms.MultipleChoiceField)
        languages.choices = language_choices()


def language_choices() -> list[tuple[str, str]]:
    """Codes and names, by name in the reader's language."""
    names = {code: str(get_language_info(code)["name_translated"]) for code in EUROPEAN}
    names["mt"] = str(_("Maltese"))
    return sorted(names.items(), key=lambda item: item[1].casefold())


class WantedForm(StepForm):
    """Regions and kinds of partner. Chosen regions are boxes to untick; one more is a choice."""

    FIELDS = ("wanted_kinds", "wanted_regions")

    wanted_kinds = forms.MultipleChoiceField(
        label=_("Kinds of partner"),
        choices=Organisation.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    wanted_regions = forms.MultipleChoiceField(
        label=_("Regions"), required=False, widget=forms.CheckboxSelectMultiple
    )
    add_region = forms.ChoiceField(label=_("Add a region"), required=False, widget=LongSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = Region.objects.homes().order_by(alphabetical_region(), "pk")
        names = [
            (slug, f"{region_label(name)} ({country})")
            for slug, name, country in regions.values_list("slug", "name", "country")
        ]
        self.region_names = dict(names)
        for field, choices in (
            ("wanted_regions", names),
            ("add_region", [("", _("Choose a region")), *names]),
        ):
            choice = self.fields[field]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = choices

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """The regions chosen so far, with their names."""
        wanted = self["wanted_regions"].value() or []
        return [(slug, name) for slug, name in self.region_names.items() if slug in wanted]

    def values(self) -> dict[str, Any]:
        values = super().values()
        added = self.cleaned_data["add_region"]
        if added:
            values["wanted_regions"] = sorted({*values["wanted_regions"], added})
        return values


class StatementForm(forms.Form):
    """How much a statement weighs, how mature the thing is, until when, and in which words."""

    weight = forms.TypedChoiceField(
        label=_("Weight"),
        coerce=int,
        choices=[(1, _("minor")), (2, _("normal")), (3, _("central"))],
        help_text=_("A central statement counts three times as much as a minor one."),
    )
    trl_from = forms.TypedChoiceField(label=_("TRL from"), required=False, coerce=int)
    trl_to = forms.TypedChoiceField(label=_("TRL to"), required=False, coerce=int)
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("After this day it no longer counts. Leave it empty to let it stand."),
    )
    text = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role = role
        if role == WITHOUT_TRL:
            del self.fields["trl_from"], self.fields["trl_to"]
            return
        for name in ("trl_from", "trl_to"):
            level = self.fields[name]
            assert isinstance(level, forms.TypedChoiceField)
            level.choices = [("", "–"), *((n, str(n)) for n in range(1, 10))]
            level.empty_value = None

    def clean_valid_until(self) -> date | None:
        until: date | None = self.cleaned_data["valid_until"]
        stands = self.initial.get("valid_until")
        if until and until < timezone.localdate() and until.isoformat() != stands:
            raise forms.ValidationError(_("This day is past."))
        return until

    def clean(self) -> None:
        """What the service would refuse, said together with all else that is wrong."""
        fit = {name: value for name, value in self.cleaned_data.items() if name in CHECKED}
        if not {"trl_from", "trl_to"} <= fit.keys():
            fit = {name: value for name, value in fit.items() if not name.startswith("trl")}
        for name, found in errors_of(Statement(role=self.role, **fit)).items():
            if name in fit:
                self.add_error(name, found)

    def values(self) -> dict[str, Any]:
        until = self.cleaned_data["valid_until"]
        return {**self.cleaned_data, "valid_until": until.isoformat() if until else None}


class OwnWordsForm(forms.Form):
    """A text to find concepts in; it is not kept."""

    words = forms.CharField(
        label=_("In your own words"),
        max_length=MOST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Write what you would tell a partner. It is not saved: it finds concepts."),
    )


class SearchForm(forms.Form):
    """Concepts by name."""

    q = forms.CharField(
        label=_("Search all vocabularies"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
