"""Forms of registration, claims and teams."""

import secrets
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.lines import one_line, refuse_unseen
from organisations.fields import WebsiteField
from organisations.identifiers import pic_of, vat_number_of
from organisations.models import Organisation, TeamMember
from organisations.registering.finding import LONGEST, SHORTEST
from regions.countries import countries
from regions.models import Country
from regions.widgets import LongSelect

MOST_SEEN: Final = 2_000


def line_of(text: str) -> str:
    """The text on one line. Raises ValidationError for characters that it may not hold."""
    line = one_line(text)
    refuse_unseen(line)
    return line


class SearchForm(forms.Form):
    """One box for whatever tells an organisation."""

    q = forms.CharField(
        label=_("Name, place, PIC, VAT number or website"),
        min_length=SHORTEST,
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class RegistrationForm(forms.Form):
    """The few fields that make a draft.

    ``token`` makes one sending of the form one organisation; ``seen`` are the marks of the
    near-duplicates that the person says not to be.
    """

    name = forms.CharField(
        label=_("Name"),
        max_length=300,
        min_length=2,
        help_text=_("The full name, as it stands in a public register."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    kind = forms.ChoiceField(label=_("Kind"))
    country = forms.ModelChoiceField(
        label=_("Country"), queryset=Country.objects.none(), widget=LongSelect
    )
    city = forms.CharField(
        label=_("Place"), max_length=120, help_text=_("The town or city of the seat.")
    )
    website = WebsiteField(
        label=_("Website (optional)"),
        required=False,
        help_text=_("As in https://example.org. Leave it empty if there is none."),
    )
    short_name = forms.CharField(label=_("Short name (optional)"), max_length=120, required=False)
    pic = forms.CharField(
        label=_("PIC (optional)"),
        max_length=20,
        required=False,
        help_text=_("Nine digits, if the organisation has taken part in European programmes."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    vat_number = forms.CharField(
        label=_("VAT number (optional)"),
        max_length=24,
        required=False,
        help_text=_("With the letters of its country, as in PL1234567890."),
    )
    token = forms.CharField(max_length=64, min_length=16, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=MOST_SEEN, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", "–"), *Organisation.Kind.choices]  # type: ignore[attr-defined]
        country = self.fields["country"]
        assert isinstance(country, forms.ModelChoiceField)
        country.queryset = Country.objects.all()
        country.choices = [("", "–"), *countries()]
        self.fields["token"].initial = secrets.token_urlsafe(24)

    def clean_name(self) -> str:
        name = line_of(self.cleaned_data["name"])
        if not any(c.isalpha() for c in name):
            raise ValidationError(_("A name has letters."), code="name")
        return name

    def clean_short_name(self) -> str:
        return line_of(self.cleaned_data["short_name"])

    def clean_city(self) -> str:
        return line_of(self.cleaned_data["city"])

    def clean_pic(self) -> str:
        return pic_of(self.cleaned_data["pic"])

    def clean_vat_number(self) -> str:
        return vat_number_of(self.cleaned_data["vat_number"])

    def clean_seen(self) -> frozenset[str]:
        return frozenset(filter(None, self.cleaned_data["seen"].split(",")))


class MessageForm(forms.Form):
    """What a claim or a wish to join says."""

    message = forms.CharField(
        label=_("Message"),
        max_length=1000,
        required=False,
        help_text=_("Say who you are and what you do there."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class InvitationForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=_("Role"), initial=TeamMember.Role.EDITOR)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = TeamMember.Role.choices  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    """A role in a team."""

    role = forms.ChoiceField(choices=TeamMember.Role.choices)


class AnswerForm(forms.Form):
    """Why a wish to join is refused."""

    answer = forms.CharField(max_length=1000, required=False)


class LogoForm(forms.Form):
    """An image for the profile."""

    image = forms.FileField(
        label=_("Image"),
        help_text=_("PNG, JPEG or WebP, at most 2 MB. It is made to fit 400 × 400 pixels."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
