"""Forms of clusters: whom to invite, which list to read, which label they hold."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from organisations.clusters.reading import ENCODINGS, FORMULA
from organisations.membership_rules import year_of_membership
from organisations.models import Organisation

if TYPE_CHECKING:
    OrganisationForm = forms.ModelForm[Organisation]
else:
    OrganisationForm = forms.ModelForm


class InvitationForm(forms.Form):
    """Whom a cluster invites: an e-mail address, and which organisation is meant."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    organisation = forms.CharField(
        label=gettext_lazy("Organisation (optional)"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Its name, or its PIC where it has one."),
    )
    since = forms.IntegerField(
        label=gettext_lazy("Member since (optional)"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
        help_text=gettext_lazy("A year."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the message"), choices=settings.LANGUAGES
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = (get_language() or "en")[:2]

    def clean_organisation(self) -> str:
        name: str = self.cleaned_data["organisation"].strip()
        if name.startswith(FORMULA):
            raise ValidationError(
                _("The name begins as a formula does (=, +, - or @). Write the name alone.")
            )
        return name

    def clean_since(self) -> int | None:
        return year_of_membership(self.cleaned_data["since"])


class ListForm(forms.Form):
    """A list of members as a CSV file."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        max_length=200,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        help_text=gettext_lazy("UTF-8 or UTF-16; at most 2,000 rows and 2 MB."),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        required=False,
        choices=[
            ("", gettext_lazy("UTF-8 or UTF-16 (recognised)")),
            *((name, name.capitalize()) for name in ENCODINGS),
        ],
        help_text=gettext_lazy("Change this only where the file is older than that."),
    )


class LabelForm(OrganisationForm):
    """The label of cluster management that a cluster holds, and since which year."""

    class Meta:
        model = Organisation
        fields = ["label", "label_year"]
        widgets = {"label_year": forms.TextInput(attrs={"inputmode": "numeric", "size": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label_year"].localize = False

    def clean_label_year(self) -> int | None:
        year: int | None = self.cleaned_data["label_year"]
        this_year = timezone.localdate().year
        if year is not None and not 2010 <= year <= this_year:
            raise ValidationError(
                _("The labels have been given since 2010: a year from then to %(year)s.")
                % {"year": this_year}
            )
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("label_year") and not cleaned.get("label"):
            self.add_error("label", _("Choose the label, or leave the year empty."))
        if cleaned.get("label") and not cleaned.get("label_year") and not self.errors:
            self.add_error("label_year", _("Give the year in which the label was given."))
        return cleaned
