"""Forms of saved searches."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from directory.saved import services
from directory.saved.models import SavedSearch
from organisations.models import Organisation


class FrequencyForm(forms.Form):
    """How often messages come."""

    frequency = forms.ChoiceField(
        label=_("Send what is new"),
        choices=SavedSearch.Frequency.choices,
        initial=SavedSearch.Frequency.WEEKLY,
    )


class SavedSearchForm(FrequencyForm):
    """A name, how often messages come, and whose fit and suggestions they tell."""

    name = forms.CharField(label=_("Name"), max_length=80)
    organisation = forms.ModelChoiceField(
        label=_("Suggestions for"),
        help_text=_("Messages then tell how well results fit, and new suggestions, too."),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("no organisation"),
    )
    field_order = ["name", "frequency", "organisation"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = services.organisations_of(user)
        if mine.exists():
            field = self.fields["organisation"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = mine
        else:
            del self.fields["organisation"]


class NewSearchForm(SavedSearchForm):
    """The same for a search that is not kept yet."""

    query = forms.CharField(widget=forms.HiddenInput, max_length=4_000)
