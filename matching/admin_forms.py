"""Forms of the administration of matching."""

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _

from matching.models import ScoringWeights
from matching.results import SIGNALS

if TYPE_CHECKING:
    FormOfWeights = forms.ModelForm[ScoringWeights]
else:
    FormOfWeights = forms.ModelForm

ALL: Final = 100


class WeightsForm(FormOfWeights):
    """A version of the weights; a wrong sum is said beside the heaviest, with what is missing."""

    class Meta:
        model = ScoringWeights
        fields = ["version", "note", *SIGNALS]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        weights = {signal: data[signal] for signal in SIGNALS if data.get(signal) is not None}
        total = sum(weights.values())
        if len(weights) == len(SIGNALS) and total != ALL:
            words = _("The six weights add up to 100 points. %(more)s points are missing.")
            if total > ALL:
                words = _("The six weights add up to 100 points. %(more)s are too many.")
            heaviest = max(weights, key=weights.__getitem__)
            self.add_error(heaviest, words % {"more": abs(ALL - total)})
        return data
